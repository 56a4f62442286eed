package leaderboard

import (
	"slices"

	"github.com/evalr/evalr/internal/stats"
)

// A Rank is a place with what the data leave open: Best counts the models that
// are significantly better, Worst those that are not significantly worse.
type Rank struct {
	Place int `json:"place"`
	Best  int `json:"best"`
	Worst int `json:"worst"`
	// Top says that no difference from the first is significant.
	Top bool `json:"top"`
}

// alpha is the level at which one model is called better than another, of all
// comparisons on one benchmark together.
const alpha = 0.05

// rank sets the ranks of rows of one benchmark and part, which are sorted by
// score. All pairs are compared on their common problems, by paired tests that
// are adjusted together (Holm).
func rank(rows []*Row) {
	var scored []*Row
	for _, r := range rows {
		if r.Score != nil && r.sheet != nil {
			scored = append(scored, r)
		}
	}
	rankBy(scored, pairwise(scored))
}

// rankBy sets the ranks of rows that are sorted by score, from the p value of
// each pair.
func rankBy(rows []*Row, p [][]float64) {
	if len(rows) == 0 {
		return
	}
	better := betterThan(rows, p)
	best, worst := stats.Ranks(better)
	place := 1
	for i, r := range rows {
		if i > 0 && ordinal(*r.Score) < ordinal(*rows[i-1].Score) {
			place = i + 1
		}
		// A place lies within its interval; tests on other problems in common could
		// say otherwise, because better-than is not transitive.
		r.Rank = &Rank{Place: place, Best: min(best[i], place), Worst: max(worst[i], place), Top: !better[0][i]}
	}
}

// betterThan says which row is significantly better than which, all pairs
// considered.
func betterThan(rows []*Row, p [][]float64) [][]bool {
	n := len(rows)
	var flat []float64
	for i := range n {
		flat = append(flat, p[i][i+1:]...)
	}
	adjusted := stats.Holm(flat)
	out := make([][]bool, n)
	for i := range out {
		out[i] = make([]bool, n)
	}
	k := 0
	for i := range n {
		for j := i + 1; j < n; j++ {
			if adjusted[k] <= alpha {
				if ahead(rows[i], rows[j]) {
					out[i][j] = true
				} else {
					out[j][i] = true
				}
			}
			k++
		}
	}
	return out
}

// ahead says which of two is better, on their common problems where they have
// any.
func ahead(a, b *Row) bool {
	if a.sheet == nil || b.sheet == nil {
		return *a.Score > *b.Score
	}
	return diffOn(a.sheet, b.sheet) > 0
}

// pairwise gives the p value of each pair. Models with the same problems share
// their random signs; others are compared one by one.
func pairwise(rows []*Row) [][]float64 {
	n := len(rows)
	p := make([][]float64, n)
	for i := range p {
		p[i] = make([]float64, n)
	}
	var alike [][]int // rows with the same judged problems
	for i, r := range rows {
		at := slices.IndexFunc(alike, func(g []int) bool { return sameProblems(rows[g[0]].sheet, r.sheet) })
		if at < 0 {
			alike = append(alike, []int{i})
			continue
		}
		alike[at] = append(alike[at], i)
	}
	group := make([]int, n)
	for g, members := range alike {
		for _, i := range members {
			group[i] = g
		}
		var x [][]float64
		for _, i := range members {
			x = append(x, rows[i].sheet.unitScores())
		}
		q := stats.PairwisePermutation(x, seedOf(rows[members[0]].Benchmark))
		for a, i := range members {
			for b, j := range members {
				p[i][j] = q[a][b]
			}
		}
	}
	for i := range n {
		for j := range i {
			if group[i] != group[j] {
				one := pair(rows[i].sheet, rows[j].sheet)
				p[i][j], p[j][i] = one.P, one.P
			}
		}
	}
	return p
}

// unitScores are the scores of the independent units, in the order of problems.
func (sh *sheet) unitScores() []float64 {
	var means []float64
	var clusters []string
	for _, l := range sh.judged() {
		means, clusters = append(means, sh.unit(l).Mean), append(clusters, l.problem.Cluster)
	}
	return unitSums(means, clusters)
}

func sameProblems(a, b *sheet) bool {
	return slices.EqualFunc(a.judged(), b.judged(), func(x, y *line) bool {
		return x.problem.ID == y.problem.ID && x.problem.Cluster == y.problem.Cluster && !x.differs(y)
	})
}

// diffOn is the difference on the common problems.
func diffOn(a, b *sheet) float64 {
	total := 0.0
	for _, l := range a.judged() {
		if m := b.twin(l); m != nil {
			total += a.unit(l).Mean - b.unit(m).Mean
		}
	}
	return total
}
