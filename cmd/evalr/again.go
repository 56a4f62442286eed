package main

import (
	"context"
	"fmt"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/scoring/cot"
)

// judgeAgain judges the recorded answers that could not be judged when they were
// given, so that their models need not be asked, and paid, once more.
func (m *measurement) judgeAgain(ctx context.Context) error {
	run, err := store.Open(m.spec.Out)
	if err != nil {
		return usage(fmt.Errorf("read %s: %w", m.spec.Out, err), "")
	}
	tasks := map[eval.Key]engine.Task{}
	for _, s := range m.suites {
		for i := range s.Problems {
			tasks[eval.Key{Benchmark: s.Benchmark.Name, Problem: s.Problems[i].ID}] = engine.Task{Suite: s, Problem: &s.Problems[i]}
		}
	}
	var broken error
	recorded := func(yield func(engine.Task, eval.Attempt) bool) {
		for a, err := range run.TranscriptsOf(unjudged) {
			if err != nil {
				broken = err
				return
			}
			task, known := tasks[eval.Key{Benchmark: a.Key.Benchmark, Problem: a.Key.Problem}]
			if known && !yield(task, a) {
				return
			}
		}
	}
	plan := &engine.Plan{Split: cot.Split, Measure: cot.Measure, Judges: m.judging()}
	judged := 0
	for _, is := range engine.Rejudge(ctx, plan, recorded) {
		if is.Err != nil {
			continue // still cannot be judged
		}
		if err := m.journal.Append(is); err != nil {
			return infrastructure(fmt.Errorf("record an attempt: %w", err), "resume with: %s", m.resume(m.spec.Out))
		}
		judged++
	}
	if judged > 0 {
		m.note("judged %d recorded answers that could not be judged before", judged)
	}
	return broken
}

// unjudged says whether a model answered and nobody could judge it.
func unjudged(a eval.Attempt) bool {
	return a.Err != nil && (a.Err.Kind == eval.FailGrader || a.Err.Kind == eval.FailData)
}
