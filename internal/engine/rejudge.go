package engine

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"github.com/evalr/evalr/eval"
)

// Rejudge judges recorded answers again: the path of Run from Split on. It
// yields each attempt as it was beside what it is now, in no particular order,
// and stops early when ctx ends. p.Judges of 0 means one a CPU.
func Rejudge(ctx context.Context, p *Plan, recorded iter.Seq2[Task, eval.Attempt]) iter.Seq2[eval.Attempt, eval.Attempt] {
	type pair struct{ was, is eval.Attempt }
	return func(yield func(eval.Attempt, eval.Attempt) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		in, out := make(chan answer), make(chan pair)
		var all sync.WaitGroup
		all.Go(func() {
			defer close(in)
			for task, a := range recorded {
				select {
				case in <- answer{task: task, attempt: a}:
				case <-ctx.Done():
					return
				}
			}
		})
		judges := p.Judges
		if judges <= 0 {
			judges = runtime.NumCPU()
		}
		for range judges {
			all.Go(func() {
				for a := range in {
					before := a.attempt
					a.attempt.Err, a.attempt.Verdict = nil, eval.Verdict{}
					if now, ok, _ := p.verdict(ctx, a); ok {
						out <- pair{before, now}
					}
				}
			})
		}
		go func() { all.Wait(); close(out) }()
		defer func() {
			cancel()
			for range out { // drained so that every goroutine ends
			}
		}()
		for done := range out {
			if !yield(done.was, done.is) {
				return
			}
		}
	}
}
