// Package stats holds estimators and intervals: floats in, floats out. It knows
// nothing of evaluations.
package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// An Interval is a closed interval of real numbers.
type Interval struct{ Low, High float64 }

// Wilson gives the score interval of a binomial proportion of x successes in n
// at confidence conf in (0, 1): Wilson (1927), JASA 22:209. It does not
// collapse at 0 or n. With n < 1 it is [0, 1].
func Wilson(x, n int, conf float64) Interval {
	if n < 1 {
		return Interval{0, 1}
	}
	return WilsonScore(float64(x)/float64(n), n, conf)
}

// WilsonScore is Wilson for a mean p in [0, 1] of n scores in [0, 1]; for graded
// scores it is conservative, because their variance is at most p(1-p).
func WilsonScore(p float64, n int, conf float64) Interval {
	if n < 1 {
		return Interval{0, 1}
	}
	z := math.Sqrt2 * math.Erfinv(conf)
	size := float64(n)
	centre := (p + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	out := Interval{max(0, centre-half), min(1, centre+half)}
	// At the ends the exact value is the end itself, not its rounding.
	if p == 0 {
		out.Low = 0
	}
	if p == 1 {
		out.High = 1
	}
	return out
}

// resamples is how often Bootstrap draws.
const resamples = 2000

// Bootstrap gives the percentile interval of the mean of x at confidence conf,
// by drawing x anew with replacement 2000 times (Efron 1979). The same seed
// gives the same interval. With fewer than two values it is [min, max] of x, or
// [0, 1] of nothing.
func Bootstrap(x []float64, conf float64, seed uint64) Interval {
	switch len(x) {
	case 0:
		return Interval{0, 1}
	case 1:
		return Interval{x[0], x[0]}
	}
	r := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	means := make([]float64, resamples)
	for i := range means {
		sum := 0.0
		for range x {
			sum += x[r.IntN(len(x))]
		}
		means[i] = sum / float64(len(x))
	}
	slices.Sort(means)
	return Interval{quantileSorted(means, (1-conf)/2), quantileSorted(means, (1+conf)/2)}
}

// Quantile gives the p-quantile, p in [0, 1], of x by linear interpolation:
// type 7 of Hyndman and Fan (1996). x need not be sorted and is not changed; of
// nothing it is NaN.
func Quantile(x []float64, p float64) float64 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	return quantileSorted(sorted, p)
}

func quantileSorted(x []float64, p float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	at := p * float64(len(x)-1)
	low := int(math.Floor(at))
	if low >= len(x)-1 {
		return x[len(x)-1]
	}
	return x[low] + (at-float64(low))*(x[low+1]-x[low])
}

// Mean gives the arithmetic mean; of nothing it is NaN.
func Mean(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
