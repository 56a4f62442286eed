package stats

import (
	"math"
	"slices"
)

// pairDraws is how many signs PairwisePermutation draws: p is at least 1e-4.
const pairDraws = 9_999

// PairwisePermutation gives the two-sided p-value of PairedPermutation for each
// two of M models, as a symmetric matrix with 1 on the diagonal: x[m][i] is the
// score of model m on problem i, which all have tried. Two models with scores of
// 0 and 1 alone are compared exactly (there it is McNemar's test); for the rest
// one set of 9,999 random signs serves all pairs, because the signed sum of
// differences is the difference of signed sums.
func PairwisePermutation(x [][]float64, seed uint64) [][]float64 {
	p := make([][]float64, len(x))
	binary := make([]bool, len(x))
	for m := range x {
		p[m] = make([]float64, len(x))
		p[m][m] = 1
		binary[m] = !slices.ContainsFunc(x[m], func(v float64) bool { return v != 0 && v != 1 })
	}
	var pairs []modelPair
	for a := range x {
		for b := range a {
			if binary[a] && binary[b] {
				p[a][b] = McNemarExact(discordant(x[a], x[b]))
				p[b][a] = p[a][b]
			} else {
				pairs = append(pairs, newModelPair(x, a, b))
			}
		}
	}
	if len(pairs) == 0 {
		return p
	}
	s, sums := newSigner(seed, x), make([]float64, len(x))
	for range pairDraws {
		s.draw(sums)
		for i := range pairs {
			if c := &pairs[i]; math.Abs(sums[c.a]-sums[c.b]) >= c.far {
				c.extreme++
			}
		}
	}
	for _, c := range pairs {
		p[c.a][c.b] = float64(1+c.extreme) / float64(1+pairDraws)
		p[c.b][c.a] = p[c.a][c.b]
	}
	return p
}

// A modelPair counts how many signed sums of two models were as far apart as far.
type modelPair struct {
	a, b    int
	far     float64
	extreme int
}

func newModelPair(x [][]float64, a, b int) modelPair {
	sum, size := 0.0, 0.0
	for i := range x[a] {
		sum += x[a][i] - x[b][i]
		size += math.Abs(x[a][i]) + math.Abs(x[b][i])
	}
	return modelPair{a: a, b: b, far: math.Abs(sum) - slack*size}
}

// discordant counts the problems that only a solved, and that only b did.
func discordant(a, b []float64) (onlyA, onlyB int) {
	for i := range a {
		switch {
		case a[i] > b[i]:
			onlyA++
		case b[i] > a[i]:
			onlyB++
		}
	}
	return onlyA, onlyB
}
