package plot

import "math"

// A scale carries values in [low, high] to places in [from, to]; a value beyond
// an end is carried to that end.
type scale struct {
	low, high, from, to float64
	log                 bool
}

func (s scale) at(x float64) float64 {
	low, high := s.low, s.high
	x = min(max(x, low), high)
	if s.log {
		x, low, high = math.Log10(x), math.Log10(low), math.Log10(high)
	}
	return s.from + (x-low)/(high-low)*(s.to-s.from)
}

// percentScale covers shares with round ends in [0, 1], at least least apart.
func percentScale(values []float64, least float64) (scale, []float64) {
	low, high := 1.0, 0.0
	for _, v := range values {
		if finite(v) {
			v = min(max(v, 0), 1)
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		low, high = 0, 1
	}
	if short := least - (high - low); short > 0 {
		low, high = low-short/2, high+short/2
		low, high = low-max(high-1, 0), high-min(low, 0)
		low, high = max(low, 0), min(high, 1)
	}
	var ticks []float64
	for _, step := range []float64{1, 2, 5, 10, 20} {
		ticks = steps(low, high, step)
		if len(ticks) <= 6 {
			break
		}
	}
	return scale{low: ticks[0], high: ticks[len(ticks)-1]}, ticks
}

// steps lists the multiples of step percent from the last at or below low to
// the first at or above high.
func steps(low, high, step float64) []float64 {
	const rounding = 1e-9
	var ticks []float64
	for i := math.Floor(low*100/step + rounding); i <= math.Ceil(high*100/step-rounding); i++ {
		ticks = append(ticks, i*step/100)
	}
	return ticks
}

// logScale covers the positive values, with a margin, in a logarithmic
// scale; ok is false if there are none. Ticks stand at powers of ten, and at
// twice and five times those if there would be fewer than three.
func logScale(values []float64) (s scale, ticks []float64, ok bool) {
	low, high := math.Inf(1), 0.0
	for _, v := range values {
		if positive(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	if high == 0 {
		return scale{}, nil, false
	}
	a, b := math.Log10(low), math.Log10(high)
	margin := max(0.06*(b-a), 0.15-(b-a)/2, 0.04)
	a, b = a-margin, b+margin
	s = scale{low: math.Pow(10, a), high: math.Pow(10, b), log: true}
	for _, multiples := range [][]float64{{1}, {1, 3}, {1, 2, 5}, {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9}} {
		ticks = logTicks(a, b, multiples)
		if len(ticks) >= 3 {
			break
		}
	}
	return s, ticks, true
}

// logTicks lists the multiples of the powers of ten in [10^a, 10^b], at most
// about seven powers.
func logTicks(a, b float64, multiples []float64) []float64 {
	var ticks []float64
	step := max(1, math.Ceil((b-a)/7))
	for e := math.Floor(a); e <= b; e += step {
		for _, m := range multiples {
			if x := e + math.Log10(m); x >= a && x <= b {
				ticks = append(ticks, m*math.Pow(10, e))
			}
		}
	}
	return ticks
}

// positive tells whether x can be a length in tokens or a price in dollars. What
// lies beyond the bounds would only press the rest together.
func positive(x float64) bool { return x >= 1e-9 && x <= 1e12 }
