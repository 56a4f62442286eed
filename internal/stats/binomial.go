package stats

import "math"

// Wilson gives the score interval of a binomial proportion of x successes in n
// at confidence conf in (0, 1): Wilson (1927), JASA 22:209. It does not
// collapse at 0 or n. With n < 1 it is [0, 1].
func Wilson(x, n int, conf float64) Interval {
	if n < 1 {
		return Interval{0, 1}
	}
	return WilsonScore(float64(x)/float64(n), float64(n), conf)
}

// WilsonScore is Wilson for a mean p in [0, 1] of n scores in [0, 1], where n
// may be an effective number of scores and no whole one. For graded scores it is
// conservative, because their variance is at most p(1-p). With n not above 0 it
// is [0, 1].
func WilsonScore(p float64, n float64, conf float64) Interval {
	return score(p, n, math.Sqrt2*math.Erfinv(conf))
}

// score is the interval of all q with |p-q| at most z·sqrt(q(1-q)/n).
func score(p, n, z float64) Interval {
	if !(n > 0) {
		return Interval{0, 1}
	}
	p = min(1, max(0, p))
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	out := Interval{centre - half, centre + half}.within()
	// At the ends the exact value is the end itself, not its rounding.
	if p <= 0 {
		out.Low = 0
	}
	if p >= 1 {
		out.High = 1
	}
	return out
}

// ClopperPearson gives the exact interval of x successes in n at confidence conf:
// it covers at least that often, whatever the proportion (Clopper and Pearson
// 1934, Biometrika 26:404). With n < 1 it is [0, 1].
func ClopperPearson(x, n int, conf float64) Interval {
	out := Interval{0, 1}
	if n < 1 {
		return out
	}
	a, b := float64(x), float64(n-x)
	if x > 0 {
		out.Low = betaQuantile((1-conf)/2, a, b+1)
	}
	if x < n {
		out.High = betaQuantile((1+conf)/2, a+1, b)
	}
	return out
}

// Jeffreys gives the equal-tailed interval of the Beta(1/2, 1/2) prior after x
// successes in n, with the lower end 0 at x = 0 and the upper 1 at x = n (Brown,
// Cai and DasGupta 2001, Statistical Science 16:101). With n < 1 it is [0, 1].
func Jeffreys(x, n int, conf float64) Interval {
	out := Interval{0, 1}
	if n < 1 {
		return out
	}
	a, b := float64(x)+0.5, float64(n-x)+0.5
	if x > 0 {
		out.Low = betaQuantile((1-conf)/2, a, b)
	}
	if x < n {
		out.High = betaQuantile((1+conf)/2, a, b)
	}
	return out
}

// UniformBeta gives the equal-tailed interval of the uniform prior after x
// successes in n: quantiles of Beta(1+x, 1+n-x), the advice of Bowyer et al.
// (2025, arXiv:2503.01747) for small sets. With n < 1 it is [0, 1].
func UniformBeta(x, n int, conf float64) Interval {
	if n < 1 {
		return Interval{0, 1}
	}
	a, b := float64(x)+1, float64(n-x)+1
	return Interval{betaQuantile((1-conf)/2, a, b), betaQuantile((1+conf)/2, a, b)}
}
