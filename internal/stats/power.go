package stats

import "math"

// A Design is a paired comparison of models A and B as it is planned: the
// variance between problems of their difference in true score (Omega2), the
// variance of one trial of each within a problem, the trials of each, the
// two-sided level Alpha and the wanted chance Power of finding a true difference,
// both in (0, 1).
type Design struct {
	Omega2           float64
	SigmaA2, SigmaB2 float64
	KA, KB           int
	Alpha, Power     float64
}

// SampleSize gives how many problems find a difference delta > 0 between the
// scores: (z_{1-α/2} + z_power)²·(ω² + σ_A²/K_A + σ_B²/K_B)/δ², not rounded up
// (Miller 2024, arXiv:2411.00640, section 5).
func SampleSize(d Design, delta float64) float64 {
	z := d.factor() / delta
	return z * z * d.variance()
}

// MDE gives the smallest difference that n > 0 problems find: the inverse of
// SampleSize.
func MDE(d Design, n float64) float64 { return d.factor() * math.Sqrt(d.variance()/n) }

func (d Design) factor() float64 { return NormalQuantile(1-d.Alpha/2) + NormalQuantile(d.Power) }

func (d Design) variance() float64 {
	return d.Omega2 + d.SigmaA2/float64(max(1, d.KA)) + d.SigmaB2/float64(max(1, d.KB))
}
