package stats

import (
	"cmp"
	"slices"
)

// Holm adjusts p-values so that the chance of any false finding among all is at
// most the level (Holm 1979). The order of p is kept.
func Holm(p []float64) []float64 {
	out := make([]float64, len(p))
	least := 0.0
	for i, at := range ascending(p) {
		least = max(least, min(1, float64(len(p)-i)*p[at]))
		out[at] = least
	}
	return out
}

// BenjaminiHochberg adjusts p-values so that the expected share of false findings
// among the findings is at most the level, for independent or positively
// dependent tests (Benjamini and Hochberg 1995). The order of p is kept.
func BenjaminiHochberg(p []float64) []float64 {
	out := make([]float64, len(p))
	most := 1.0
	order := ascending(p)
	for i := len(order) - 1; i >= 0; i-- {
		most = min(most, p[order[i]]*float64(len(p))/float64(i+1))
		out[order[i]] = most
	}
	return out
}

// ascending gives the places of p from the smallest value to the largest. NaN,
// the p-value of a test that could not be made, is read as 1 in place.
func ascending(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	return order
}
