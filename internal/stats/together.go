package stats

// Together gives the interval at confidence conf of the mean of independent
// scores, each of which counts the same, from their own intervals at conf, which
// are Wilson's on any effective number (as those of NewProblems are). It is
// Wilson's too: on as many problems as would be as uncertain as the mean is, with
// its variance drawn towards the most there could be as in NewProblems. Of one
// score it is that score's, of nothing [0, 1].
//
// The root of the sum of squares of the half widths is too narrow where the
// intervals are lopsided, and that of each side alone where several lie near one
// end: then it covers 91 times of 100.
func Together(scores []float64, own []Interval, conf float64) Interval {
	if len(scores) == 0 {
		return Interval{0, 1}
	}
	z := NormalQuantile((1 + conf) / 2)
	mean, count := Mean(scores), float64(len(scores))
	perProblem, variance := 0.0, 0.0 // sums of 1/n and of p(1-p)/n
	for i, p := range scores {
		n := z * z / doubtOf(p, own[i])
		perProblem += 1 / n
		variance += p * (1 - p) / n
	}
	n, share := count*count/perProblem, 1.0
	if most := mean * (1 - mean); most > 0 {
		weight := evidence(mean, n)
		share = (variance/perProblem/most*weight + doubt) / (weight + doubt)
	}
	return score(mean, n/share, z)
}

// doubtOf gives z²/n of Wilson's interval of a score: from the end that is
// farther from its own limit, where the figures are best.
func doubtOf(p float64, own Interval) float64 {
	end := own.Low
	if p < 0.5 {
		end = own.High
	}
	return (p - end) * (p - end) / (end * (1 - end))
}
