package leaderboard

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/evalr/evalr/internal/stats"
)

// A GateCell is one model at one benchmark: the run against its nights, on the
// problems that all have. Scores and shares are in [0, 1].
type GateCell struct {
	Model     string   `json:"model"`
	Benchmark string   `json:"benchmark"`
	Decision  Decision `json:"decision"`
	Why       string   `json:"why"`
	// Unrecovered says of a cell that is not decided that it was a regression the
	// night before, and is still lower than it may be.
	Unrecovered bool `json:"unrecovered,omitempty"`
	// Test is nil where nothing was tested.
	Test *GateTest `json:"test,omitempty"`
	// Changes are of what may explain a drop.
	Changes []Change `json:"changes,omitempty"`
	// Lost are at most five problems that most trials of the nights had right and
	// most of the run have wrong, the clearest first.
	Lost []Lost `json:"lost,omitempty"`

	nights []string // names of the runs compared with, oldest first
	left   int      // problems that are not common
	stats  *stats.NightTest
}

// A GateTest is the statistics of a cell.
type GateTest struct {
	Problems int     `json:"problems"` // common to all nights
	LeftOut  int     `json:"left_out"` // problems that some night lacks
	Nights   int     `json:"nights"`
	Current  float64 `json:"current"`
	Baseline float64 `json:"baseline"` // mean of the nights
	Drop     float64 `json:"drop"`
	// DropLow and DropHigh are one-sided bounds at 95% each.
	DropLow  float64 `json:"drop_low"`
	DropHigh float64 `json:"drop_high"`
	P        float64 `json:"p"`      // one-sided
	PHolm    float64 `json:"p_holm"` // adjusted for all cells
	// NightSD is the standard deviation between nights beyond that of trials; null
	// with one night, of which it is not known.
	NightSD *float64 `json:"night_sd"`
	Method  string   `json:"method"`
	// Detectable is the true drop that turns four of five such nights red.
	Detectable float64 `json:"detectable_drop"`
	// TrialsFactor is about how many times the trials of every night would make
	// MaxDrop detectable; null where no number of trials would.
	TrialsFactor *float64 `json:"trials_factor"`
}

// A Lost is a problem that was right and is wrong, with its mean scores.
type Lost struct {
	Problem  string  `json:"problem"`
	Current  float64 `json:"current"`
	Baseline float64 `json:"baseline"`
}

// The ways of testing, as they are named to the reader.
const (
	byLabels = "permutation of trials within problems"
	byNights = "permutation of trials within problems, and prediction of a night"
)

// boundsAt is the confidence of both bounds of a drop together: 95% each.
const boundsAt = 0.90

func (c GateCell) name() string { return c.Model + " at " + c.Benchmark }

// compare tests the run against the nights and notes what else moved.
func (c *GateCell) compare(now *sheet, nights []*sheet) {
	all := append([]*sheet{now}, nights...)
	common := func(l *line) bool {
		return !slices.ContainsFunc(all, func(sh *sheet) bool {
			m := sh.byID[l.problem.ID]
			return m == nil || len(m.trials) == 0
		})
	}
	cur, before := now.part(common), []*sheet{}
	known := map[string]bool{}
	for _, sh := range all {
		for _, l := range sh.lines {
			known[l.problem.ID] = true
		}
	}
	c.left = len(known) - len(cur.lines)
	if len(cur.lines) == 0 {
		c.Decision, c.Why = Infrastructure, "no problem has a verdict in the run and in every baseline"
		return
	}
	var base [][][]float64
	for _, sh := range nights {
		c.nights = append(c.nights, sh.run)
		before = append(before, sh.part(common))
		base = append(base, before[len(before)-1].trialScores())
	}
	test := stats.CompareNights(cur.trialScores(), base, seedOf(c.Benchmark))
	c.stats = &test
	c.Changes = changes(cur, before)
	c.Lost = lost(cur, before)
}

// trialScores are the scores of the trials of each problem.
func (sh *sheet) trialScores() [][]float64 {
	out := make([][]float64, len(sh.lines))
	for i, l := range sh.lines {
		for _, t := range l.trials {
			out[i] = append(out[i], t.score)
		}
	}
	return out
}

func lost(now *sheet, nights []*sheet) []Lost {
	var out []Lost
	for i, l := range now.lines {
		f := Lost{Problem: l.problem.ID, Current: now.unit(l).Mean}
		for _, sh := range nights {
			f.Baseline += sh.unit(sh.lines[i]).Mean / float64(len(nights))
		}
		if f.Baseline > 0.5 && f.Current < 0.5 {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Lost) int {
		return cmp.Compare(a.Current-a.Baseline, b.Current-b.Baseline)
	})
	return out[:min(len(out), 5)]
}

// settle decides the cells that were tested, all together.
func settle(cells []GateCell, o GateOptions) {
	var p []float64
	for _, c := range cells {
		if c.stats != nil {
			p = append(p, c.stats.P)
		}
	}
	adjusted := stats.Holm(p)
	alpha := o.Alpha / float64(max(1, len(p)))
	for i := range cells {
		c := &cells[i]
		if c.stats == nil {
			continue
		}
		t := c.stats
		bounds := t.Interval(boundsAt)
		c.Test = &GateTest{
			Problems: t.Problems, LeftOut: c.left, Nights: t.Nights, Current: t.Current, Baseline: t.Baseline,
			Drop: t.Drop(), DropLow: max(-1, bounds.Low), DropHigh: min(1, bounds.High), P: t.P, PHolm: adjusted[0], Method: byLabels,
			Detectable: min(1, t.Detectable(alpha, power, o.MaxDrop)),
		}
		adjusted = adjusted[1:]
		if t.Nights > 1 {
			c.Test.NightSD, c.Test.Method = known(t.NightSD), byNights
		}
		if f := t.TrialsFor(o.MaxDrop, alpha, power); !math.IsInf(f, 1) {
			c.Test.TrialsFactor = known(f)
		}
		c.Decision, c.Why = c.Test.decide(o)
	}
}

// decide calls a drop a regression only if it is beyond chance and beyond what is
// tolerated. A run passes if a larger drop is ruled out, or if none is seen by a
// test that would see it; anything else is open.
func (t GateTest) decide(o GateOptions) (Decision, string) {
	fell := fmt.Sprintf("%s against %s, a drop of %s (p %s)", percent(t.Current), percent(t.Baseline), points(t.Drop), pValue(t.PHolm))
	allowed := points(o.MaxDrop) + " allowed"
	const close = 1e-12 // what rounding makes of a drop that is just as allowed
	beyond := t.Drop > o.MaxDrop+close
	switch {
	case beyond && t.PHolm <= o.Alpha:
		return Regression, fell + ", beyond chance and the " + allowed
	case t.DropHigh <= o.MaxDrop+close:
		return Pass, fmt.Sprintf("%s; a drop of more than the %s is ruled out at 95%%", fell, allowed)
	case !beyond && t.Detectable <= o.MaxDrop+close:
		return Pass, fmt.Sprintf("%s, within the %s, and a larger one would have been seen", fell, allowed)
	case beyond:
		return Inconclusive, fmt.Sprintf("%s: chance is not ruled out; drops under %s are not seen reliably", fell, points(t.Detectable))
	}
	return Inconclusive, fmt.Sprintf("%s: nothing is wrong as far as can be seen, but drops under %s are not seen reliably", fell, points(t.Detectable))
}

func percent(x float64) string { return fmt.Sprintf("%.1f%%", 100*x) }

// points writes a difference of scores in points of a hundred.
func points(x float64) string { return fmt.Sprintf("%.1f pp", 100*x) }
