// Package stats holds estimators, intervals and tests: floats in, floats out. It
// knows nothing of evaluations.
package stats

// An Interval is a closed interval of real numbers.
type Interval struct{ Low, High float64 }

// within gives the interval cut to [0, 1].
func (i Interval) within() Interval {
	return Interval{min(1, max(0, i.Low)), min(1, max(0, i.High))}
}
