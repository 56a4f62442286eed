package leaderboard

import (
	"cmp"
	"math"
	"slices"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/stats"
)

func pairing(a, b *sheet) Pairing {
	p := Pairing{Benchmark: a.benchmark, Paired: pair(a, b), Method: "sign-flip permutation"}
	if p.Problems == 0 {
		return p
	}
	if p.Units == p.Problems && !a.graded && !b.graded && a.single() && b.single() {
		p.Method = "McNemar's exact test"
	}
	common := commonLines(a, b)
	p.A, p.B = side(a, common.a), side(b, common.b)
	p.A.RightTokens, p.B.RightTokens = bothRight(common)
	p.flip(a, b, common)
	p.plan(common.units(a, b))
	return p
}

// Better says which model is significantly better, all pairs considered: 1 is A,
// -1 is B and 0 neither.
func (p Pairing) Better() int {
	if p.Adjusted > alpha || p.Diff == 0 {
		return 0
	}
	if p.Diff > 0 {
		return 1
	}
	return -1
}

// single says whether no problem has more than one trial.
func (sh *sheet) single() bool {
	return !slices.ContainsFunc(sh.lines, func(l *line) bool { return len(l.trials) > 1 })
}

// A common is the lines that two sheets share, in the same order.
type common struct{ a, b []*line }

func commonLines(a, b *sheet) common {
	var c common
	for _, l := range a.judged() {
		if m := b.twin(l); m != nil {
			c.a, c.b = append(c.a, l), append(c.b, m)
		}
	}
	return c
}

func (c common) units(a, b *sheet) (ua, ub []stats.Unit) {
	for i := range c.a {
		ua, ub = append(ua, a.unit(c.a[i])), append(ub, b.unit(c.b[i]))
	}
	return ua, ub
}

// plan says what this comparison could find and what would decide it.
func (p *Pairing) plan(ua, ub []stats.Unit) {
	_, noiseA, knownA := stats.Split(ua)
	_, noiseB, knownB := stats.Split(ub)
	seA, okA := stats.RerunSE(ua)
	seB, okB := stats.RerunSE(ub)
	if okA && okB {
		p.RerunSE = known(math.Hypot(seA, seB))
	}
	if p.Units < 2 || p.SE <= negligible {
		return
	}
	n := float64(p.Problems)
	reach := stats.NormalQuantile(1-alpha/2) + stats.NormalQuantile(power)
	p.Detectable = known(reach * p.SE)
	if p.Adjusted <= alpha && p.P <= alpha || math.Abs(p.Diff) <= negligible {
		return
	}
	// The standard error that would find a difference of this size.
	want := math.Abs(p.Diff) / reach
	p.MoreProblems = beyond(n*(p.SE*p.SE)/(want*want), n)
	if !knownA || !knownB {
		return
	}
	noise := noiseA/float64(p.A.Trials) + noiseB/float64(p.B.Trials)
	between := math.Max(0, n*p.SE*p.SE-noise)
	if room := n*want*want - between; room > 0 {
		factor := noise / room // how many times as many trials
		p.MoreTrials = beyond(factor*float64(max(p.A.Trials, p.B.Trials)), float64(max(p.A.Trials, p.B.Trials)))
	}
}

// power is the chance with which a planned comparison finds what is there.
const power = 0.8

// beyond is how many more than have are needed; nil if none, or more than anyone
// would make.
func beyond(need, have float64) *int {
	more := math.Ceil(need - have)
	if !(more >= 1) || more > 1e6 {
		return nil
	}
	n := int(more)
	return &n
}

func side(sh *sheet, lines []*line) Side {
	s := Side{Model: sh.model, Run: sh.run}
	score, tokens, counted, judged, cut, failed := 0.0, 0.0, 0, 0, 0, 0
	cost, priced := 0.0, 0
	for _, l := range lines {
		score += sh.unit(l).Mean
		s.Trials = max(s.Trials, len(l.trials))
		failed += l.errors
		for _, t := range l.trials {
			judged++
			if eval.Outcomes[t.outcome] == eval.Truncated {
				cut++
			}
			if t.tokens >= 0 {
				tokens, counted = tokens+float64(t.tokens), counted+1
			}
			if t.cost >= 0 {
				cost, priced = cost+t.cost, priced+1
			}
		}
	}
	s.Score = score / float64(len(lines))
	s.Truncated = float64(cut) / float64(judged)
	s.Errors = float64(failed) / float64(judged+failed)
	s.Tokens = ratio(tokens, float64(counted))
	if priced > 0 {
		s.Cost = &cost
	}
	return s
}

// bothRight gives the mean tokens of correct answers to the problems that both
// models solved at least once.
func bothRight(c common) (a, b *float64) {
	var sumA, sumB float64
	n := 0
	for i := range c.a {
		x, okA := rightTokens(c.a[i])
		y, okB := rightTokens(c.b[i])
		if okA && okB {
			sumA, sumB, n = sumA+x, sumB+y, n+1
		}
	}
	return ratio(sumA, float64(n)), ratio(sumB, float64(n))
}

func rightTokens(l *line) (float64, bool) {
	total, n := 0.0, 0
	for _, t := range l.trials {
		if eval.Outcomes[t.outcome] == eval.Correct && t.tokens >= 0 {
			total, n = total+float64(t.tokens), n+1
		}
	}
	return total / float64(max(n, 1)), n > 0
}

// flip lists the problems at which one model is better, the largest differences
// first.
func (p *Pairing) flip(a, b *sheet, c common) {
	p.Flips = []Flip{}
	for i := range c.a {
		f := Flip{Problem: c.a[i].problem.ID, A: a.unit(c.a[i]).Mean, B: b.unit(c.b[i]).Mean}
		switch {
		case f.A > f.B+negligible:
			p.ABetter++
		case f.A < f.B-negligible:
			p.BBetter++
		default:
			continue
		}
		f.ShowA = Showing{a.run, a.label, c.a[i].example(f.A > f.B)}
		f.ShowB = Showing{b.run, b.label, c.b[i].example(f.B > f.A)}
		p.Flips = append(p.Flips, f)
	}
	slices.SortStableFunc(p.Flips, func(x, y Flip) int {
		return cmp.Compare(math.Abs(y.A-y.B), math.Abs(x.A-x.B))
	})
}

// example is the number of the trial with the most points, or with the fewest.
func (l *line) example(best bool) int {
	chosen := l.trials[0]
	for _, t := range l.trials {
		if best && t.score > chosen.score || !best && t.score < chosen.score {
			chosen = t
		}
	}
	return int(chosen.number)
}
