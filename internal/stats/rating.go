package stats

import "math"

// A Prior is what is held of a rating before a problem was tried: normal with
// Mean and SD > 0. An SD of +Inf holds nothing.
type Prior struct{ Mean, SD float64 }

// eloScale is ln 10/400: 400 points are odds of ten to one.
const eloScale = math.Ln10 / 400

// EloExpected gives the expected score of a player rated a against one rated b:
// 1/(1+10^((b-a)/400)).
func EloExpected(a, b float64) float64 { return 1 / (1 + math.Exp((b-a)*eloScale)) }

// Rating gives the most probable rating of a model that solved problem i, of
// rated difficulty difficulties[i], in a share solved[i] in [0, 1] of its trials,
// where each is won as in EloExpected; se is its standard error, the inverse
// root of the curvature there. Without a prior (SD +Inf) and with nothing or
// everything solved there is no maximum: the rating is then -Inf or +Inf and so
// is se, and of no problems at all it is the prior's mean.
func Rating(difficulties, solved []float64, prior Prior) (rating, se float64) {
	precision := 1 / (prior.SD * prior.SD)
	if len(difficulties) == 0 {
		return prior.Mean, prior.SD
	}
	// slope falls in r, so its one zero is bracketed and halved.
	slope := func(r float64) float64 {
		sum := (prior.Mean - r) * precision / eloScale
		for i, d := range difficulties {
			sum += solved[i] - EloExpected(r, d)
		}
		return sum
	}
	if precision == 0 {
		switch total := Mean(solved); {
		case total <= 0:
			return math.Inf(-1), math.Inf(1)
		case total >= 1:
			return math.Inf(1), math.Inf(1)
		}
	}
	r := falling(slope, Mean(difficulties))
	curvature := precision
	for _, d := range difficulties {
		e := EloExpected(r, d)
		curvature += eloScale * eloScale * e * (1 - e)
	}
	return r, 1 / math.Sqrt(curvature)
}

// Performance gives the rating at which a player would be expected to come rank-th
// (from 1, may be a half) among opponents of these ratings and itself:
// Σ 1/(1+10^((r-r_j)/400)) = rank-1. First of all has no finite rating and is
// +Inf; last of all, -Inf.
func Performance(opponents []float64, rank float64) float64 {
	ahead := rank - 1
	switch n := float64(len(opponents)); {
	case ahead <= 0:
		return math.Inf(1)
	case ahead >= n:
		return math.Inf(-1)
	}
	return falling(func(r float64) float64 {
		sum := -ahead
		for _, o := range opponents {
			sum += EloExpected(o, r)
		}
		return sum
	}, Mean(opponents))
}

// falling gives the zero of a falling function that has one, near start.
func falling(f func(float64) float64, start float64) float64 {
	low, high := start-400, start+400
	for width := 400.0; f(low) < 0 && width < 1e9; width *= 2 {
		low -= width
	}
	for width := 400.0; f(high) > 0 && width < 1e9; width *= 2 {
		high += width
	}
	for range 200 {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			break
		}
		if f(middle) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}
