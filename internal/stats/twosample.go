package stats

import (
	"math/rand/v2"
	"slices"
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
	n := float64(len(problems))
	diff /= n
	return diff, relabelled(problems, diff*n, seed)
}

// A pooled problem holds the scores of both runs; the first of them are cur's.
type pooled struct {
	scores []float64
	first  int
}

// difference gives the mean of the first scores less that of the others.
func (p pooled) difference() float64 { return Mean(p.scores[:p.first]) - Mean(p.scores[p.first:]) }

// shuffle draws anew which scores are the first.
func (p pooled) shuffle(r *rand.Rand) {
	for i := range p.first {
		j := i + r.IntN(len(p.scores)-i)
		p.scores[i], p.scores[j] = p.scores[j], p.scores[i]
	}
}

func relabelled(problems []pooled, seen float64, seed uint64) float64 {
	allowed := seen + slack*float64(len(problems))
	r := generator(seed)
	return besagClifford(func() bool {
		sum := 0.0
		for _, p := range problems {
			p.shuffle(r)
			sum += p.difference()
		}
		return sum <= allowed
	})
}
