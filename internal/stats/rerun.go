package stats

import "math"

// RerunSE gives the standard error of the mean when the same problems are run
// again with as many trials: sqrt(Σ σ²_i/K_i)/n. It is false where no problem has
// two trials, since nothing is then known of that noise.
func RerunSE(units []Unit) (float64, bool) {
	noise, _, known := trialNoise(units)
	if !known {
		return 0, false
	}
	return math.Sqrt(noise) / float64(len(units)), true
}

// Rerun gives the interval at confidence conf of the score that the model has on
// these same problems: what is uncertain because each was tried only a few
// times. It is Wilson's on an effective number of trials, lies in [0, 1] and does
// not collapse at 0% or 100%. Where no problem has two trials it is false, with
// Wilson's on the number of trials: no noise within problems is wider, because
// unequal chances only narrow a binomial (Hoeffding 1956).
func Rerun(units []Unit, conf float64) (Interval, bool) {
	if len(units) == 0 {
		return Interval{0, 1}, false
	}
	n, inverse := float64(len(units)), 0.0
	for _, u := range units {
		inverse += 1 / float64(max(1, u.Trials))
	}
	means, _ := columns(units)
	p, share := Mean(means), 1.0
	noise, _, known := trialNoise(units)
	if known {
		share = shareOfMost(noise/inverse, p, n)
	}
	return WilsonScore(p, n*n/inverse/share, conf), known
}
