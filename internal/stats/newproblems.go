package stats

// NewProblems gives the interval at confidence conf of the score on new problems
// of the same kind, and the name of the method.
func NewProblems(units []Unit, conf float64) (Interval, string) {
	if len(units) == 0 {
		return Interval{0, 1}, "none"
	}
	means, _ := columns(units)
	p, n := Mean(means), float64(len(units))
	se := SE(units)
	return WilsonScore(p, n/shrink(se*se*(n-1), p, n), conf), "wilson-effective"
}

// doubt is the weight, in problems, of the worst case in an estimate of variance.
const doubt = 2

// shrink gives the variance v of n scores with mean p as a part of p(1-p), the
// most it can be, drawn a little towards the whole: a variance seen on few
// problems, and most of all one of 0, may be so by luck.
func shrink(v, p, n float64) float64 {
	most := p * (1 - p)
	if most <= 0 {
		return 1
	}
	return (n*v/most + doubt) / (n + doubt)
}
