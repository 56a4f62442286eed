package stats

import "math"

// NewProblems gives the interval at confidence conf of the score on new problems
// of the same kind, the default beside a score, and the name of its method. It
// is Wilson's on an effective number of problems: as many single binary trials as
// would be as uncertain as the problem means are seen to be. It lies in [0, 1],
// contains the mean, and does not collapse at 0% or 100%. The method is:
//
//   - "wilson": one binary trial a problem, or all problems alike at an end; the
//     effective number is the number of problems.
//   - "wilson-effective": several trials or graded scores, whose means vary less.
//   - "wilson-clustered": problems come in clusters; the number is divided by the
//     design effect and the quantile is Student's of the clusters less one.
//   - "none": no problems, and [0, 1].
//
// docs/statistics.md holds the simulation that chose it.
func NewProblems(units []Unit, conf float64) (Interval, string) {
	if len(units) == 0 {
		return Interval{0, 1}, "none"
	}
	means, clusters := columns(units)
	p, n := Mean(means), float64(len(units))
	v := Variance(means) * (n - 1) / n
	seen := shareOfMost(v, p, n)
	if g := float64(len(clusterResiduals(means, clusters))); g > 1 && g < n {
		size := n / seen / designEffect(units, p, g)
		return score(p, size, StudentTQuantile((1+conf)/2, g-1)), "wilson-clustered"
	}
	if seen == 1 {
		return WilsonScore(p, n, conf), "wilson"
	}
	return WilsonScore(p, n/seen, conf), "wilson-effective"
}

// doubt is the weight of the worst case, in problems at a score of a half, in an
// estimate of variance.
const doubt = 2

// evidence is what n scores of mean p tell of their own variance, in scores at a
// half: little where nearly all are alike.
func evidence(p, n float64) float64 { return 4 * n * p * (1 - p) }

// shareOfMost gives the variance v of n scores with mean p as a share of p(1-p),
// the most it can be, drawn towards 1: a small variance on few problems, and most
// of all one of 0, may be luck.
func shareOfMost(v, p, n float64) float64 {
	most := p * (1 - p)
	if most <= 0 || v >= most*(1-1e-12) {
		return 1
	}
	weight := evidence(p, n)
	return (v/most*weight + doubt) / (weight + doubt)
}

// designEffect gives how many times the variance of the mean of units in g
// clusters exceeds that of as many problems alone: as seen, but at least 1, and
// drawn by its logarithm towards the worst case, where a cluster is one problem.
func designEffect(units []Unit, p, g float64) float64 {
	means, clusters := columns(units)
	n := float64(len(units))
	seen := 0.0 // the logarithm of 1
	if v := Variance(means) / n; v > 0 {
		se := ClusteredSE(means, clusters)
		seen = math.Log(max(1, se*se/v))
	}
	weight := evidence(p, g)
	return min(n, math.Exp((weight*seen+doubt*math.Log(n/g))/(weight+doubt)))
}
