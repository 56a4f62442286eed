package leaderboard

import (
	"hash/fnv"
	"math"

	"github.com/evalr/evalr/internal/stats"
)

// Paired is the difference of two models on the problems that both have, the
// first less the second, in points of the score from -1 to 1.
type Paired struct {
	Problems int `json:"problems"` // in common
	OnlyA    int `json:"only_a,omitempty"`
	OnlyB    int `json:"only_b,omitempty"`
	// Units is the number of independent units: clusters of problems that share a
	// source count once.
	Units int     `json:"units"`
	Diff  float64 `json:"diff"`
	SE    float64 `json:"se"`
	Low   float64 `json:"ci_low"` // at 95%, for new problems
	High  float64 `json:"ci_high"`
	Corr  float64 `json:"corr"` // of the two scores over problems
	// P is two-sided, of the sign-flip permutation test over units; where every
	// score is 0 or 1 that is McNemar's exact test.
	P float64 `json:"p"`

	a, b     []float64 // means of the common problems
	clusters []string
	d        []float64 // sums of differences, one a unit
}

// pair matches two sheets by problem.
func pair(a, b *sheet) Paired {
	p := Paired{P: 1}
	for _, l := range a.lines {
		if len(l.trials) == 0 {
			continue
		}
		m := b.twin(l)
		if m == nil {
			p.OnlyA++
			continue
		}
		p.a, p.b = append(p.a, a.unit(l).Mean), append(p.b, b.unit(m).Mean)
		p.clusters = append(p.clusters, l.problem.Cluster)
	}
	p.Problems = len(p.a)
	p.OnlyB = len(b.judged()) - p.Problems
	if p.Problems == 0 {
		return p
	}
	p.Diff, p.SE, p.Corr = stats.PairedDifference(p.a, p.b, p.clusters)
	p.d = unitSums(p.differences(), p.clusters)
	p.Units = len(p.d)
	p.P = stats.PairedPermutation(p.d, seedOf(a.benchmark))
	p.bound()
	return p
}

func (p *Paired) differences() []float64 {
	d := make([]float64, len(p.a))
	for i := range d {
		d[i] = p.a[i] - p.b[i]
	}
	return d
}

// negligible is a difference of scores that is no more than the rounding of
// floats: 0.3-0.2 is not 0.2-0.1.
const negligible = 1e-12

// bound sets the interval: Student's t over the units. Where all are alike or
// there is but one, it says how far the units that were not seen could move the
// mean, each of them to -1 or to 1, if they are as many as may have gone unseen
// (Clopper and Pearson), so that it does not collapse. Student's t is too sure
// where few units differ; no difference is in the interval unless the test, which
// is exact there, excludes it.
func (p *Paired) bound() {
	if p.Units > 1 && p.SE > negligible {
		half := p.SE * stats.StudentTQuantile((1+confidence)/2, float64(p.Units-1))
		p.Low, p.High = math.Max(-1, p.Diff-half), math.Min(1, p.Diff+half)
	} else {
		unseen := stats.ClopperPearson(0, p.Units, confidence).High
		p.Low, p.High = p.Diff-unseen*(1+p.Diff), p.Diff+unseen*(1-p.Diff)
	}
	if p.P > 1-confidence {
		p.Low, p.High = math.Min(p.Low, 0), math.Max(p.High, 0)
	}
}

// unitSums adds up what belongs to one cluster; an empty name is a cluster of its
// own. The order of first appearance is kept.
func unitSums(x []float64, clusters []string) []float64 {
	at := map[string]int{}
	var out []float64
	for i, v := range x {
		if c := clusters[i]; c != "" {
			if j, ok := at[c]; ok {
				out[j] += v
				continue
			}
			at[c] = len(out)
		}
		out = append(out, v)
	}
	return out
}

// seedOf makes resampling depend on what is resampled alone, so that the same
// attempts give the same board.
func seedOf(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}
