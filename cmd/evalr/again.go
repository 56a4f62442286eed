package main

import (
	"context"
	"fmt"
	"iter"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/scoring/cot"
)

// judgeAgain judges the recorded answers that could not be judged when they were
// given, so that their models need not be asked, and paid, once more. What still
// cannot be judged is left to a later resume: another answer in its place would be
// paid for twice, and favour the answers that are easy to judge.
func (m *measurement) judgeAgain(ctx context.Context) (stopped bool, err error) {
	run, err := store.Open(m.spec.Out)
	if err != nil {
		return false, usage(fmt.Errorf("read %s: %w", m.spec.Out, err), "")
	}
	ctx, stop := interruptible(ctx)
	defer stop()
	var broken error
	plan := &engine.Plan{Split: cot.Split, Measure: cot.Measure, Judges: m.judging()}
	var judged []eval.Key
	var last *eval.Failure
	for _, is := range engine.Rejudge(ctx, plan, m.waiting(run, &broken)) {
		if ctx.Err() == nil && m.fails(is) {
			m.halted = once(m.halted, is.Key.Model)
		}
		if is.Err != nil {
			last = is.Err
		}
		if is.Err != nil && is.Verdict.Judging == nil {
			continue // nothing is new
		}
		if err := m.journal.Append(is); err != nil {
			return false, infrastructure(fmt.Errorf("record an attempt: %w", err), "resume with: %s", m.resume(m.spec.Out))
		}
		if is.Err == nil {
			judged = append(judged, is.Key)
		}
	}
	for _, k := range judged { // not before: the reader of what waits notes it there
		delete(m.unjudged, k)
	}
	if len(judged) > 0 {
		m.note("judged %d recorded answers that could not be judged before", len(judged))
	}
	if last != nil {
		m.note("warning: %d recorded answers still cannot be judged; they are kept, and not asked for again: %s", len(m.unjudged), line(last.Error(), 200))
	}
	return ctx.Err() != nil, broken
}

// waiting reads the answers of a run that wait for a verdict, with their tasks, and
// notes them.
func (m *measurement) waiting(run *store.Run, broken *error) iter.Seq2[engine.Task, eval.Attempt] {
	tasks := map[eval.Key]engine.Task{}
	for _, s := range m.suites {
		for i := range s.Problems {
			tasks[eval.Key{Benchmark: s.Benchmark.Name, Problem: s.Problems[i].ID}] = engine.Task{Suite: s, Problem: &s.Problems[i]}
		}
	}
	done := m.journal.Done()
	wanted := func(a eval.Attempt) bool { return unjudged(a) && !done[a.Key] }
	return func(yield func(engine.Task, eval.Attempt) bool) {
		for a, err := range run.TranscriptsOf(wanted) {
			if err != nil {
				*broken = usage(fmt.Errorf("read %s: %w", m.spec.Out, err), "")
				return
			}
			task, known := tasks[eval.Key{Benchmark: a.Key.Benchmark, Problem: a.Key.Problem}]
			if !known || !answered(a) {
				continue
			}
			m.unjudged[a.Key] = true
			if !yield(task, a) {
				return
			}
		}
	}
}

// unjudged says whether an attempt failed at its judging.
func unjudged(a eval.Attempt) bool {
	return a.Err != nil && (a.Err.Kind == eval.FailGrader || a.Err.Kind == eval.FailData)
}

// answered says whether the model was asked: data may have failed before.
func answered(a eval.Attempt) bool { return len(a.Request.Messages) > 0 }
