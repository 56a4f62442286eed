package stats

import (
	"math"
	"slices"
)

const (
	// pairDraws is how many signs PairwisePermutation draws for all pairs at once.
	pairDraws = 9_999
	// doubtful is how many draws may be extreme where p may matter: no pair of
	// which 6 of 100 are is significant at 5%.
	doubtful = 600
	// beyondDoubt is a p-value that no number of pairs makes large.
	beyondDoubt = 1e-9
)

// PairwisePermutation gives the two-sided p-value of PairedPermutation for each
// two of M models, as a symmetric matrix with 1 on the diagonal: x[m][i] is the
// score of model m on problem i, which all have tried. Two models with scores of
// 0 and 1 alone are compared exactly (there it is McNemar's test); for the rest
// one set of 9,999 random signs serves all pairs, because the signed sum of
// differences is the difference of signed sums. Such draws cannot show a p-value
// below 1e-4, which is what the pairs of 33 models need to be told apart: those
// that may be significant are then tested by PairedPermutation, as long as it is
// affordable, and the rest of those are bounded.
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
	left := 20 * affordable
	for _, c := range pairs {
		p[c.a][c.b] = c.refined(x, seed, &left)
		p[c.b][c.a] = p[c.a][c.b]
	}
	return p
}

// refined is the p-value of a pair after the draws that all pairs share. left is
// how many additions may still be made to know it better.
func (c modelPair) refined(x [][]float64, seed uint64, left *int) float64 {
	p := float64(1+c.extreme) / float64(1+pairDraws)
	if c.extreme > doubtful {
		return p
	}
	d := make([]float64, len(x[c.a]))
	for i := range d {
		d[i] = x[c.a][i] - x[c.b][i]
	}
	f := newFlips(d)
	if most := f.atMost(); most < beyondDoubt {
		return most
	}
	cost := draws * (len(d)/8 + 1)
	if steps, _, ok := inSteps(f.sizes); ok {
		cost = min(cost, f.cost(steps))
	}
	if *left -= cost; *left >= 0 {
		return PairedPermutation(d, seed)
	}
	return min(p, max(f.atMost(), beyondDoubt))
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
