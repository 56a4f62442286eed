package stats

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/combin"
)

// TwoSampleWithin compares two runs on the same problems: cur[i] and base[i] are
// the scores of the trials of problem i in each. diff is the mean over problems
// of mean(cur[i]) - mean(base[i]); pLower is the one-sided p-value that cur is
// lower, if it was chance which trials of a problem came from which run. It is
// exact where scores are multiples of a common unit, as 0 and 1 are, and the
// numbers of trials allow; else it draws up to 99,999 permutations from seed and
// gives the valid (1+#)/(1+draws), ending early when p is plainly large. A
// problem without trials on either side is skipped; of nothing diff is 0 and
// pLower 1.
func TwoSampleWithin(cur, base [][]float64, seed uint64) (diff, pLower float64) {
	var problems []pooled
	for i := range min(len(cur), len(base)) {
		if len(cur[i]) > 0 && len(base[i]) > 0 {
			problems = append(problems, pooled{slices.Concat(cur[i], base[i]), len(cur[i])})
			diff += Mean(cur[i]) - Mean(base[i])
		}
	}
	if len(problems) == 0 {
		return 0, 1
	}
	if p, ok := relabelledExactly(problems); ok {
		pLower = p
	} else {
		pLower = relabelled(problems, seed)
	}
	return diff / float64(len(problems)), pLower
}

// A pooled problem holds the scores of both runs; the first of them are cur's.
// The difference of means is weight times the sum of the first, less a constant
// that no relabelling changes.
type pooled struct {
	scores []float64
	first  int
}

func (p pooled) weight() float64 { return 1/float64(p.first) + 1/float64(len(p.scores)-p.first) }

func (p pooled) weighted() float64 {
	sum := 0.0
	for _, s := range p.scores[:p.first] {
		sum += s
	}
	return p.weight() * sum
}

// relabelled draws which scores are the first.
func relabelled(problems []pooled, seed uint64) float64 {
	seen, size := 0.0, 0.0
	draw := make([]func() float64, len(problems))
	r := generator(seed)
	for i, p := range problems {
		seen += p.weighted()
		for _, s := range p.scores {
			size += p.weight() * math.Abs(s)
		}
		draw[i] = p.relabel(r)
	}
	// A draw costs as much as several additions.
	most := min(draws, max(pairDraws, affordable/5/len(problems)))
	return besagClifford(most, func() bool {
		sum := 0.0
		for _, d := range draw {
			sum += d()
		}
		return sum <= seen+slack*size
	})
}

// relabel gives a function that draws the weighted sum of the first scores anew:
// from a list of all choices, where that is short, or by shuffling.
func (p pooled) relabel(r *rand.Rand) func() float64 {
	if len(p.scores) <= 12 { // at most 924 choices
		var all []float64
		for _, chosen := range combin.Combinations(len(p.scores), p.first) {
			sum := 0.0
			for _, i := range chosen {
				sum += p.scores[i]
			}
			all = append(all, p.weight()*sum)
		}
		return func() float64 { return all[r.IntN(len(all))] }
	}
	return func() float64 {
		for i := range p.first {
			j := i + r.IntN(len(p.scores)-i)
			p.scores[i], p.scores[j] = p.scores[j], p.scores[i]
		}
		return p.weighted()
	}
}

// relabelledExactly adds up the distributions of the problems' sums. It is false
// where scores have no common unit or the distribution is too long.
func relabelledExactly(problems []pooled) (p float64, ok bool) {
	var scores, weights []float64
	for _, p := range problems {
		scores, weights = append(scores, p.scores...), append(weights, p.weight())
	}
	if slices.Min(scores) < 0 {
		return 0, false
	}
	steps, _, whole := inSteps(scores)
	factors, _, weighty := inSteps(weights)
	if !whole || !weighty {
		return 0, false
	}
	chance, seen := []float64{1}, 0
	cost := 0
	for i, p := range problems {
		own := steps[:len(p.scores)]
		steps = steps[len(p.scores):]
		seen += factors[i] * total(own[:p.first])
		pmf := subsetSums(own, p.first)
		length := len(chance) + factors[i]*(len(pmf)-1)
		if cost += len(pmf) * length; cost > affordable || len(own) > 500 {
			return 0, false
		}
		next := make([]float64, length)
		for h, q := range pmf {
			if q > 0 {
				for j, c := range chance {
					next[h*factors[i]+j] += q * c
				}
			}
		}
		chance = next
	}
	for _, c := range chance[:seen+1] {
		p += c
	}
	return clampP(p), true
}

// subsetSums gives the chances of the sums 0, 1, … of size of the steps, all
// choices being alike. Of 500 steps their number still is a float.
func subsetSums(steps []int, size int) []float64 {
	all := total(steps)
	count := make([][]float64, size+1) // by how many are chosen, and their sum
	for j := range count {
		count[j] = make([]float64, all+1)
	}
	count[0][0] = 1
	for i, s := range steps {
		for j := min(size, i+1); j > 0; j-- {
			for sum := all; sum >= s; sum-- {
				count[j][sum] += count[j-1][sum-s]
			}
		}
	}
	choices := 0.0
	for _, c := range count[size] {
		choices += c
	}
	for sum := range count[size] {
		count[size][sum] /= choices
	}
	return count[size]
}
