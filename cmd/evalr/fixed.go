package main

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/scoring/cot"
)

// A carrier carries a plan out and hands each attempt to record as well. stopped
// says that the user or the error budget ended it.
type carrier func(plan *engine.Plan, record func(eval.Attempt)) (stopped bool, err error)

// runFixed makes k trials of every problem.
func (h *house) runFixed(journal *store.Journal, begun string, carry carrier, note func(string, ...any)) (stopped bool, err error) {
	plan, err := h.expand(h.done(journal))
	if err != nil {
		return false, usage(err, "")
	}
	h.noteLeft(plan, note)
	if err := h.equip(plan, journal); err != nil {
		return false, err
	}
	// What adaptive sampling gave out unevenly is even again.
	if a := journal.Manifest().Adaptive; a != nil && h.spec.K >= a.KMax && h.from == 0 {
		if err := journal.SetManifest(func(m *store.Manifest) { m.Adaptive = nil }); err != nil {
			return false, infrastructure(fmt.Errorf("write the manifest: %w", err), "")
		}
	}
	note("%s: %d attempts to make%s", begun, len(plan.Tasks), recorded(plan.Recorded))
	return carry(plan, func(eval.Attempt) {})
}

// done are the attempts that need not be made: those with a verdict, and those that
// are answered and wait for one.
func (h *house) done(journal *store.Journal) map[eval.Key]bool {
	done := journal.Done()
	for k := range h.unjudged {
		done[k] = true
	}
	return done
}

// expand plans the trials up to k, or those from a number on.
func (h *house) expand(done map[eval.Key]bool) (*engine.Plan, error) {
	if h.from == 0 && len(h.spec.KBy) > 0 {
		return engine.ExpandTrials(h.models, h.suites, func(k eval.Key) []int { return engine.First(h.spec.trials(k.Benchmark))(k) }, done)
	}
	if h.from == 0 {
		return engine.Expand(h.models, h.suites, h.spec.K, done)
	}
	var later []int
	for trial := h.from; trial < h.spec.K; trial++ {
		later = append(later, trial)
	}
	plan, err := engine.ExpandTrials(h.models, h.suites, func(eval.Key) []int { return later }, done)
	if err == nil {
		plan.Recorded = len(done)
	}
	return plan, err
}

func recorded(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d are recorded already", n)
}

// noteLeft says what was left out of a plan.
func (h *house) noteLeft(plan *engine.Plan, note func(string, ...any)) {
	for _, s := range h.suites {
		if n := plan.Left[s.Benchmark.Name]; n > 0 {
			note("%s: left out %d attempts that the replay does not hold", s.Benchmark.Name, n)
		}
	}
}

// judging is how many attempts are judged at once.
func (h *house) judging() int {
	switch {
	case h.spec.Judges > 0:
		return h.spec.Judges
	case len(h.judges) > 0: // judging waits for a service
		return max(runtime.NumCPU(), 32)
	}
	return runtime.NumCPU()
}

// equip gives a plan what it needs to be carried out, and the manifest its size.
func (h *house) equip(plan *engine.Plan, journal *store.Journal) error {
	if len(plan.Tasks)+plan.Recorded == 0 {
		return usage(errors.New("there is nothing to do: no attempt is planned"), "does the replay file hold problems of these benchmarks? `evalr list benchmarks` names them")
	}
	plan.Split, plan.Measure = cot.Split, cot.Measure
	plan.Judges = h.judging()
	return journal.SetManifest(func(m *store.Manifest) {
		m.Planned, m.Skipped, m.Status = len(plan.Tasks)+plan.Recorded, plan.Left, "running"
		m.Finished = nil
	})
}
