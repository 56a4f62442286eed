package stats

import (
	"cmp"
	"math"
	"slices"
)

// Holm adjusts p-values so that the chance of any false finding among all is at
// most the level (Holm 1979). The order of p is kept; a NaN, from a test that
// could not be made, counts as 1.
func Holm(p []float64) []float64 {
	out := made(p)
	least := 0.0
	for i, at := range ascending(out) {
		least = max(least, min(1, float64(len(p)-i)*out[at]))
		out[at] = least
	}
	return out
}

// BenjaminiHochberg adjusts p-values so that the expected share of false findings
// among the findings is at most the level, for independent or positively
// dependent tests (Benjamini and Hochberg 1995). The order of p is kept; a NaN
// counts as 1.
func BenjaminiHochberg(p []float64) []float64 {
	out := made(p)
	most := 1.0
	order := ascending(out)
	for i := len(order) - 1; i >= 0; i-- {
		most = min(most, out[order[i]]*float64(len(p))/float64(i+1))
		out[order[i]] = most
	}
	return out
}

// made gives a copy of p with 1 for NaN.
func made(p []float64) []float64 {
	out := slices.Clone(p)
	for i, v := range out {
		if math.IsNaN(v) {
			out[i] = 1
		}
	}
	return out
}

// ascending gives the places of p from the smallest value to the largest.
func ascending(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	return order
}
