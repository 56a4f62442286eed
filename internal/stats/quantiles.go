package stats

import "slices"

// Quantiles gives several quantiles of x, as Quantile does each, by sorting once.
func Quantiles(x []float64, ps ...float64) []float64 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	out := make([]float64, len(ps))
	for i, p := range ps {
		out[i] = quantileSorted(sorted, p)
	}
	return out
}
