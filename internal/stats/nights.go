package stats

import (
	"math"
	"slices"
	"sync"
)

// A NightTest asks whether one run is lower than earlier runs on the same
// problems by more than trials and nights explain. Scores are in [0, 1].
type NightTest struct {
	Current, Baseline float64 // means over problems; of the nights' means
	Problems, Nights  int
	// P is the one-sided p-value that the current run is lower: the greater of
	// Relabelled and, of two nights or more, Predicted.
	P float64
	// Relabelled is TwoSampleWithin's, which knows of no differences between
	// nights; Predicted is that of a night drawn as the others were.
	Relabelled, Predicted float64
	// NightSD estimates the standard deviation between nights beyond the noise of
	// trials; 0 where nothing is seen of it or, with one night, nothing is known.
	NightSD float64

	now  float64   // variance of Current from its trials
	then []float64 // the same of each night's mean
	nights
}

// CompareNights makes the test. cur[i] are the scores of the trials of problem i
// now, base[j][i] those of night j; every problem has a trial in each, and there
// is a night and a problem.
func CompareNights(cur [][]float64, base [][][]float64, seed uint64) NightTest {
	t := NightTest{Problems: len(cur), Nights: len(base)}
	before := make([][]float64, len(cur))
	within := make([]float64, len(cur)) // variance of one trial
	for i := range cur {
		all := slices.Clone(cur[i])
		for _, night := range base {
			all = append(all, night[i]...)
		}
		within[i], before[i] = Variance(all), all[len(cur[i]):]
	}
	t.Current, t.now = nightMean(cur, within)
	means := make([]float64, len(base))
	t.then = make([]float64, len(base))
	for j, night := range base {
		means[j], t.then[j] = nightMean(night, within)
	}
	t.Baseline = Mean(means)
	var fast bool
	if t.Relabelled, fast = relabelledFast(cur, before); !fast {
		_, t.Relabelled = TwoSampleWithin(cur, before, seed)
	}
	t.P = t.Relabelled
	t.nights = spread(means, t.then)
	if t.Nights > 1 {
		t.NightSD = math.Sqrt(max(0, Variance(means)-Mean(t.then)))
		t.Predicted = t.lower(t.Drop())
		t.P = max(t.P, t.Predicted)
	}
	return t
}

// nightMean gives the mean over problems and its variance from trials alone,
// which is at least what failures could be that have not been seen, so that it
// does not collapse where all answers are right.
func nightMean(scores [][]float64, within []float64) (mean, variance float64) {
	n, trials := float64(len(scores)), 0
	for i, s := range scores {
		mean += Mean(s) / n
		variance += within[i] / float64(len(s)) / n / n
		trials += len(s)
	}
	unseen := Wilson(0, trials, 0.90).High / NormalQuantile(0.95)
	return mean, max(variance, unseen*unseen)
}

// Drop is how much lower the current run is.
func (t NightTest) Drop() float64 { return t.Baseline - t.Current }

// Interval gives the drop that the current state has against a usual night, at
// confidence conf in (0, 1). With one night it knows of trials alone.
func (t NightTest) Interval(conf float64) Interval {
	half := t.quantile((1 - conf) / 2)
	return Interval{t.Drop() - half, t.Drop() + half}
}

// Detectable gives the true drop of which a share power of such tests at level
// alpha would find more than least: about, since it takes NightSD for true.
func (t NightTest) Detectable(alpha, power, least float64) float64 {
	return max(least, t.quantile(alpha)) + NormalQuantile(power)*math.Sqrt(t.variance(t.NightSD*t.NightSD))
}

// TrialsFor gives the factor by which the trials of every night would have to
// grow for Detectable to be target, if the differences between nights were known
// to be NightSD; +Inf where they alone hide such a drop.
func (t NightTest) TrialsFor(target, alpha, power float64) float64 {
	z := NormalQuantile(1-alpha) + NormalQuantile(power)
	room := target*target/z/z - t.NightSD*t.NightSD*(1+1/float64(t.Nights))
	if room <= 0 {
		return math.Inf(1)
	}
	return t.variance(0) / room
}

// lower is the chance that a night as the others is lower than their mean by d.
func (t NightTest) lower(d float64) float64 {
	sum, weights := 0.0, 0.0
	for i, tau := range t.taus {
		sum += t.weights[i] * math.Erfc(d/math.Sqrt(2*t.variance(tau*tau))) / 2
		weights += t.weights[i]
	}
	return sum / weights
}

// variance is that of the drop if nothing has changed, for a variance between
// nights.
func (t NightTest) variance(between float64) float64 {
	m := float64(t.Nights)
	return t.now + between + (Mean(t.then)+between)/m
}

// quantile inverts lower, for p below a half.
func (t NightTest) quantile(p float64) float64 {
	low, high := 0.0, 1.0
	for t.lower(high) > p {
		high *= 2
	}
	for high-low > 1e-5 {
		if middle := (low + high) / 2; t.lower(middle) > p {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// nights is what is believed of the standard deviation between nights: weights
// of its possible values.
type nights struct{ taus, weights []float64 }

// spread weighs the standard deviations between nights by how well they agree
// with the nights' means, given the variances of those from trials (a normal
// model with a flat prior on the common mean; Gelman 2006, Bayesian Analysis
// 1:515). Of one night nothing can be learnt: then there is none.
func spread(means, noise []float64) nights {
	if len(means) < 2 {
		return nights{[]float64{0}, []float64{1}}
	}
	taus := usualSpreads()
	logs := make([]float64, len(taus))
	top := math.Inf(-1)
	for i, tau := range taus {
		precision, centre := 0.0, 0.0
		for j, v := range noise {
			precision += 1 / (v + tau*tau)
			centre += means[j] / (v + tau*tau)
		}
		centre /= precision
		logs[i] = -math.Log(precision) / 2
		for j, v := range noise {
			s, d := v+tau*tau, means[j]-centre
			logs[i] -= (math.Log(s) + d*d/s) / 2
		}
		top = max(top, logs[i])
	}
	for i := range logs {
		logs[i] = math.Exp(logs[i] - top)
	}
	return nights{taus, logs}
}

// usualSpread is the scale of what is believed of the standard deviation between
// nights before any is seen: half of Student's t with 3 degrees of freedom. At
// 3 points of a hundred, false alarms stay at the level as long as nights differ
// by up to 2 (docs/gate.md has them measured); a scale of 2 would let them rise a
// fifth higher there.
const usualSpread = 0.03

// usualSpreads are quantiles of that distribution, each as likely as the others.
var usualSpreads = sync.OnceValue(func() []float64 {
	taus := make([]float64, 100)
	for i := range taus {
		u := (float64(i) + 0.5) / float64(len(taus))
		taus[i] = usualSpread * StudentTQuantile((1+u)/2, 3)
	}
	return taus
})
