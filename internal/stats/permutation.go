package stats

import "math"

const (
	// draws is how many permutations a Monte Carlo test makes at most: the
	// smallest p-value it can give is 1/(draws+1) = 1e-5.
	draws = 99_999
	// enough extreme draws end a test early: p is then known to a twentieth
	// (Besag and Clifford 1991, Biometrika 78:301).
	enough = 400
	// affordable is how many additions a test may cost: some tenth of a second.
	affordable = 50_000_000
	// slack is the relative difference up to which two sums are a tie.
	slack = 1e-12
)

// PairedPermutation gives the two-sided p-value of differences d between two
// models on the same problems, if the sign of each was a matter of chance:
// P(|Σ ±d_i| ≥ |Σ d_i|). It is exact where the differences are multiples of a
// common unit, as means of a few trials are, or at most 20 are not 0; else it
// draws up to 99,999 signs from seed and gives the valid (1+#)/(1+draws), ending
// early when p is plainly large, or what p can be at most (atMost) where that is
// less than draws can resolve. Of zeros it is 1.
func PairedPermutation(d []float64, seed uint64) float64 {
	f := newFlips(d)
	far := math.Abs(f.seen)
	p, exact := f.p(seed, func(sum float64) bool { return math.Abs(sum) >= far })
	if most := f.atMost(); !exact && most < 1.0/(1+draws) {
		return most
	}
	return p
}

// atMost bounds the two-sided p-value. A sum of randomly signed numbers whose
// squares add up to 1 exceeds x > 0 with a chance of at most c·P(Z > x), Z being
// standard normal, where c = 1/(4·P(Z > √2)) is the least there can be (Bentkus
// and Dzindzalieta 2015, Bernoulli 21:1231). Draws cannot say that a p-value is
// smaller than one in their number; many comparisons need to know.
func (f flips) atMost() float64 {
	if f.squares == 0 {
		return 1
	}
	return clampP(math.Erfc(math.Abs(f.seen)/math.Sqrt(2*f.squares)) / (2 * math.Erfc(1)))
}

// PairedPermutationOneSided is PairedPermutation for the alternative that d is
// lower than 0 in the mean: P(Σ ±d_i ≤ Σ d_i).
func PairedPermutationOneSided(d []float64, seed uint64) float64 {
	f := newFlips(d)
	p, _ := f.p(seed, func(sum float64) bool { return sum <= f.seen })
	return p
}

// flips are the differences whose signs are drawn.
type flips struct {
	sizes      []float64 // of the differences that are not 0
	seen, most float64   // the sum as it is, and with all signs positive
	squares    float64   // the sum of their squares
}

func newFlips(d []float64) flips {
	var f flips
	largest := 0.0
	for _, v := range d {
		largest = max(largest, math.Abs(v))
	}
	for _, v := range d {
		// 0.1+0.2 less 0.3 is no difference.
		if math.Abs(v) > slack*largest {
			f.sizes = append(f.sizes, math.Abs(v))
			f.seen += v
			f.most += math.Abs(v)
			f.squares += v * v
		}
	}
	return f
}

// p gives the chance that a sum of randomly signed sizes is extreme, and whether
// that is exact. extreme may compare plainly: it is asked with the allowance that
// makes a tie.
func (f flips) p(seed uint64, extreme func(float64) bool) (p float64, exact bool) {
	if len(f.sizes) == 0 {
		return 1, true
	}
	tied := func(sum float64) bool {
		allowed := slack * f.most
		return extreme(sum) || extreme(sum-allowed) || extreme(sum+allowed)
	}
	if steps, unit, ok := inSteps(f.sizes); ok && f.cost(steps) <= affordable {
		return f.counted(steps, unit, tied), true
	}
	if len(f.sizes) <= 20 {
		return f.enumerated(tied), true
	}
	return f.drawn(seed, tied), false
}

// cost is how many additions counted makes.
func (f flips) cost(steps []int) int { return total(steps) * len(steps) / 2 }

// counted builds the distribution of the sum of those steps that keep their
// sign, of which twice less the total is the signed sum.
func (f flips) counted(steps []int, unit float64, extreme func(float64) bool) float64 {
	all := total(steps)
	chance := make([]float64, all+1)
	chance[0] = 1
	top := 0
	for _, s := range steps {
		top += s
		for i := top; i >= 0; i-- {
			chance[i] /= 2
			if i >= s {
				chance[i] += chance[i-s] / 2
			}
		}
	}
	p := 0.0
	for i, c := range chance {
		if extreme(float64(2*i-all) * unit) {
			p += c
		}
	}
	return clampP(p)
}

// enumerated tries all signs.
func (f flips) enumerated(extreme func(float64) bool) float64 {
	count := 0
	var sign func(i int, sum float64)
	sign = func(i int, sum float64) {
		if i == len(f.sizes) {
			if extreme(sum) {
				count++
			}
			return
		}
		sign(i+1, sum+f.sizes[i])
		sign(i+1, sum-f.sizes[i])
	}
	sign(0, 0)
	return float64(count) / math.Exp2(float64(len(f.sizes)))
}

func (f flips) drawn(seed uint64, extreme func(float64) bool) float64 {
	r := newSigner(seed, [][]float64{f.sizes})
	sum := make([]float64, 1)
	return besagClifford(draws, func() bool {
		r.draw(sum)
		return extreme(sum[0])
	})
}

// besagClifford gives the valid p-value of a test whose draws under the null
// hypothesis, at most so many, are as extreme as what was seen, or not.
func besagClifford(draws int, extreme func() bool) float64 {
	count := 0
	for made := 1; made <= draws; made++ {
		if extreme() {
			count++
		}
		if count == enough {
			return float64(count) / float64(made)
		}
	}
	return float64(1+count) / float64(1+draws)
}

// clampP keeps a p-value that came as a sum in (0, 1]: what is too small for a
// float is still not 0.
func clampP(p float64) float64 { return min(1, max(math.SmallestNonzeroFloat64, p)) }
