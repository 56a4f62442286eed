package stats

import (
	"math"
	"slices"
)

// inSteps gives x, of values not below 0, as whole multiples of the largest
// common unit, where that is a multiple of 1/D with D up to 5040: means of k
// trials with k up to 10, and of most pairs of numbers of trials, are so. 5040
// is 7!. It is false where there is no such unit.
func inSteps(x []float64) (steps []int, unit float64, ok bool) {
	if len(x) > 0 && slices.Max(x) > 1e6 {
		return nil, 0, false
	}
	for d := 1.0; d <= 5040; d++ {
		if slices.ContainsFunc(x, func(v float64) bool { return math.Abs(v*d-math.Round(v*d)) > 1e-9*v*d }) {
			continue
		}
		steps, common := make([]int, len(x)), 0
		for i, v := range x {
			steps[i] = int(math.Round(v * d))
			common = gcd(common, steps[i])
		}
		for i := range steps {
			steps[i] /= max(1, common)
		}
		return steps, float64(max(1, common)) / d, true
	}
	return nil, 0, false
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func total(steps []int) int {
	sum := 0
	for _, s := range steps {
		sum += s
	}
	return sum
}
