package main

import (
	"fmt"
	"math"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/stats"
	"github.com/evalr/evalr/internal/store"
)

// An arm is one model at one benchmark, which adapts by itself.
type arm struct {
	model, benchmark string
	replay           bool // the model holds only certain attempts
	kMax             int
	index            map[string]int // of a problem in scores
	scores           []stats.Streams
	apart            int // problems that the baseline does not have
	allocation       *stats.Allocation
	rule             rule
	reason           string // why sampling ended; empty while it goes on
	standing         string // for the person who watches
	difference       *store.Difference
}

// A rule decides after each round what is next. Its reason to stop is empty
// while level, the trials a problem on the average, is to be gone to.
type rule interface {
	next(a *arm, f stats.CrossFit) (level float64, reason string)
}

// put notes the score of a trial.
func (a *arm) put(problem string, trial int, score float64) {
	if i, ok := a.index[problem]; ok {
		putScore(&a.scores[i], trial, score)
	}
}

// putScore puts a score at its place in the stream of its trial number.
func putScore(s *stats.Streams, trial int, score float64) {
	stream, at := trial%2, trial/2
	for len(s[stream]) <= at {
		s[stream] = append(s[stream], math.NaN())
	}
	s[stream][at] = score
}

// wanted lists the trials that a problem is to have so far, by number. Problems
// that are not compared have k.
func (a *arm) wanted(problem string, k int) []int {
	i, ok := a.index[problem]
	even, odd := k/2, k/2
	if ok {
		even, odd = a.allocation.Counts(i)
	}
	var out []int
	for at := range max(even, odd) {
		if at < even {
			out = append(out, 2*at)
		}
		if at < odd {
			out = append(out, 2*at+1)
		}
	}
	return out
}

// look judges what the rounds so far gave, and raises the allocation unless
// sampling is to end. It looks at the trials that those rounds asked for alone:
// a resumed run, which knows some of later rounds, so takes the same way.
func (a *arm) look() {
	shown := make([]stats.Streams, len(a.scores))
	for i, s := range a.scores {
		even, odd := a.allocation.Counts(i)
		shown[i] = stats.Streams{s[0][:min(even, len(s[0]))], s[1][:min(odd, len(s[1]))]}
	}
	f := stats.Fit(shown)
	level, reason := a.rule.next(a, f)
	if reason == "k_max" && a.replay && f.Trials < a.allocation.Total() {
		reason = "replay"
	}
	if a.reason = reason; reason == "" {
		a.allocation.Raise(level, shown)
	}
}

// reached says where the arm stands, by all that is recorded.
func (a *arm) reached() store.Reached {
	f := stats.Fit(a.scores)
	return store.Reached{
		Model: a.model, Benchmark: a.benchmark, Score: f.Mean, HalfWidth: f.HalfWidth(0.95), Trials: f.Trials,
		Uniform: f.Uniform() * f.Problems, Full: a.kMax * f.Problems, Reason: a.reason, Difference: a.difference,
	}
}

// toWidth goes on until the rerun interval is narrow enough.
type toWidth struct{ half float64 }

func (w toWidth) next(a *arm, f stats.CrossFit) (float64, string) {
	half := f.HalfWidth(0.95)
	a.standing = fmt.Sprintf("%.1f%% ±%.2gpp after %d trials", 100*f.Mean, 100*half, f.Trials)
	level, more := stats.Width{Half: w.half}.Next(a.allocation, f)
	switch {
	case more:
		left := float64(f.Trials) * (half*half/(w.half*w.half) - 1)
		left = min(left, float64(a.kMax*len(a.scores)-f.Trials))
		a.standing += fmt.Sprintf("; ±%.2gpp takes some %.0f more", 100*w.half, left)
		return level, ""
	case half <= w.half:
		return level, "reached"
	}
	return level, "k_max"
}

// toDecision goes on until a contest with the baseline is decided.
type toDecision struct {
	contest *stats.Contest
	looks   int // so far
}

func (d *toDecision) next(a *arm, f stats.CrossFit) (float64, string) {
	look := d.looks
	d.looks++
	decision, in := d.contest.Judge(look, f)
	a.difference = &store.Difference{Mean: f.Mean - d.contest.Base.Mean, Low: in.Low, High: in.High}
	a.standing = fmt.Sprintf("%s after %d trials, look %d of %d", differenceText(*a.difference), f.Trials, look+1, len(d.contest.Looks()))
	switch {
	case decision != stats.Undecided:
		return 0, string(decision)
	case look+1 == len(d.contest.Looks()):
		return 0, "k_max"
	case d.contest.Hopeless(look, f):
		return 0, "hopeless"
	}
	return d.contest.Looks()[look+1], ""
}

func differenceText(d store.Difference) string {
	return fmt.Sprintf("%+.1fpp [%+.1f, %+.1f] to the baseline", 100*d.Mean, 100*d.Low, 100*d.High)
}

// newArm makes the arm of a model at a suite. base, if there is one, is the
// baseline's scores by problem.
func (h *house) newArm(m *engine.Model, s *engine.Suite, base map[string]*stats.Streams) (*arm, error) {
	_, holder := m.Runner.(eval.Holder)
	a := &arm{model: m.Runner.Name(), benchmark: s.Benchmark.Name, replay: holder, kMax: h.spec.KMax, index: map[string]int{}}
	var compared []stats.Streams
	for _, p := range s.Problems {
		if base != nil {
			was := base[p.ID]
			if was == nil {
				a.apart++
				continue
			}
			compared = append(compared, *was)
		}
		a.index[p.ID] = len(a.index)
	}
	a.scores = make([]stats.Streams, len(a.index))
	a.allocation = stats.NewAllocation(len(a.index), h.spec.K, h.spec.KMax)
	if base == nil {
		half, err := parsePoints(h.spec.Until)
		a.rule = toWidth{half}
		return a, err
	}
	margin, err := parsePoints(h.spec.Margin)
	a.rule = &toDecision{contest: stats.NewContest(stats.Fit(compared), margin, h.spec.K, h.spec.KMax)}
	return a, err
}
