package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// MajAtK gives the chance that a majority vote of k trials, drawn without
// replacement from all trials, is right: the exact mean over all subsets of size
// k, where a tie of several classes gives each its share. counts holds the trials
// of each class of answer, correct is the index of the right class or -1 where
// no trial gave the right answer. It is an error unless 1 ≤ k ≤ the number of
// trials, no count is negative and correct is in range.
func MajAtK(counts []int, correct, k int) (float64, error) {
	n := 0
	for i, c := range counts {
		if c < 0 {
			return 0, fmt.Errorf("class %d has %d trials", i, c)
		}
		n += c
	}
	switch {
	case k < 1 || k > n:
		return 0, fmt.Errorf("k = %d is not in 1 to %d, the number of trials", k, n)
	case correct < -1 || correct >= len(counts):
		return 0, fmt.Errorf("correct class %d of %d", correct, len(counts))
	case correct == -1:
		return 0, nil
	}
	// The votes of a subset of fixed size are distributed as independent
	// binomials given their total, whatever their common chance: one near k/n
	// keeps all factors in the range of floats for any n.
	theta := (float64(k) + 0.5) / (float64(n) + 1)
	right, rivals := counts[correct], append(append([]int{}, counts[:correct]...), counts[correct+1:]...)
	sum := 0.0
	for t, p := range binomialPMF(right, min(right, k), theta) {
		if t > 0 {
			sum += p * rivalsBeaten(rivals, t, k-t, theta)
		}
	}
	return min(1, sum/binomialPMF(n, k, theta)[k]), nil
}

// rivalsBeaten gives the chance that rivals draw left votes together while none
// has more than t, weighted by 1/(1+j) where j of them have t. That weight is the
// integral of y^j over y in [0, 1], and the integrand a polynomial, so Gauss's
// rule with enough nodes is exact.
func rivalsBeaten(rivals []int, t, left int, theta float64) float64 {
	small, room := 0, 0
	var large []int
	for _, c := range rivals {
		room += min(c, t)
		if c < t {
			small += c
		} else {
			large = append(large, c)
		}
	}
	if room < left {
		return 0
	}
	ties := min(len(large), left/t)
	nodes := ties/2 + 1
	x, w := make([]float64, nodes), make([]float64, nodes)
	quad.Legendre{}.FixedLocations(x, w, 0, 1)
	// Rivals that cannot reach t are as good as one heap of trials.
	start := binomialPMF(small, min(small, left), theta)
	votes := make([][]float64, len(large))
	for i, c := range large {
		votes[i] = binomialPMF(c, t, theta)
	}
	sum := 0.0
	for i := range nodes {
		sum += w[i] * drawn(start, votes, left, x[i])
	}
	return sum
}

// drawn gives the chance of left votes in all, from those of start and of each
// class of votes; the highest number of votes of a class counts y-fold.
func drawn(start []float64, votes [][]float64, left int, y float64) float64 {
	now, next := make([]float64, left+1), make([]float64, left+1)
	top := copy(now, start) - 1
	for _, v := range votes {
		last := len(v) - 1
		clear(next)
		for j, p := range v {
			if j == last {
				p *= y
			}
			for i := 0; i <= top && i+j <= left; i++ {
				next[i+j] += p * now[i]
			}
		}
		now, next = next, now
		top = min(left, top+last)
	}
	return now[left]
}

// binomialPMF gives the chances of 0 to upto successes in n at chance p in (0, 1).
func binomialPMF(n, upto int, p float64) []float64 {
	out := make([]float64, upto+1)
	all, _ := math.Lgamma(float64(n + 1))
	for x := range out {
		a, _ := math.Lgamma(float64(x + 1))
		b, _ := math.Lgamma(float64(n - x + 1))
		out[x] = math.Exp(all - a - b + float64(x)*math.Log(p) + float64(n-x)*math.Log1p(-p))
	}
	return out
}
