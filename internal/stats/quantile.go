package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

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

// Variance gives the sample variance (divisor n-1); of fewer than two values it
// is 0, since nothing was seen to vary.
func Variance(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	mean, sum := Mean(x), 0.0
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return sum / float64(len(x)-1)
}

// NormalQuantile gives the p-quantile, p in (0, 1), of the standard normal
// distribution.
func NormalQuantile(p float64) float64 { return mathext.NormalQuantile(p) }

// StudentTQuantile gives the p-quantile, p in (0, 1), of Student's t with df > 0
// degrees of freedom, by way of the beta distribution.
func StudentTQuantile(p, df float64) float64 {
	if p == 0.5 {
		return 0
	}
	if df > 1e4 {
		// The beta function loses figures there; the expansion about the normal
		// (Abramowitz and Stegun 26.7.5) is good to 1/df³.
		z := NormalQuantile(p)
		return z + (z*z*z+z)/(4*df) + (5*math.Pow(z, 5)+16*z*z*z+3*z)/(96*df*df)
	}
	tail := min(p, 1-p)
	// x = df/(df+t²) is Beta(df/2, 1/2) at twice the tail.
	t := 0.0
	if x := betaQuantile(2*tail, df/2, 0.5); x < 0.5 {
		t = math.Sqrt(df * (1 - x) / x)
	} else {
		// Near the middle 1-x would cancel: take it from the mirrored beta.
		y := betaQuantile(1-2*tail, 0.5, df/2)
		t = math.Sqrt(df * y / (1 - y))
	}
	if p < 0.5 {
		return -t
	}
	return t
}

// betaQuantile gives the p-quantile of Beta(a, b): gonum's as a start, which is
// good to about eight figures and in a far tail sometimes to none, and from there
// by Newton's method, held in a bracket.
func betaQuantile(p, a, b float64) float64 {
	switch {
	case p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	low, high := 0.0, 1.0
	x := mathext.InvRegIncBeta(a, b, p)
	for range 100 {
		if !(x > low && x < high) {
			x = low + (high-low)/2
		}
		excess := mathext.RegIncBeta(a, b, x) - p
		if excess > 0 {
			high = x
		} else {
			low = x
		}
		density := math.Exp((a-1)*math.Log(x) + (b-1)*math.Log1p(-x) - mathext.Lbeta(a, b))
		next := x - excess/density
		if math.Abs(next-x) <= 1e-15*x {
			break
		}
		x = next
	}
	return min(high, max(low, x))
}
