package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
)

const defaultConcurrency = 32

// Run carries out the plan and yields each attempt as it is finished, in no
// particular order. An attempt that fails is yielded with Err set.
//
// When ctx is cancelled no further request is sent and those in flight are
// given up, unrecorded; what was already answered is still judged and yielded,
// because it was paid for, or yielded without a verdict where a model would have to be
// asked for one. When the caller breaks out of the loop everything
// ends at once. When a Runner or a Scorer says that the run is spent
// (eval.ErrSpent), no further attempt is begun and those in flight go on to their
// ends; an answer that cannot be judged for that is yielded with Err set, so that it
// is kept and can be judged later. Run returns after all its goroutines have.
func Run(ctx context.Context, p *Plan) iter.Seq[eval.Attempt] {
	return func(yield func(eval.Attempt) bool) {
		asking, stopAsking := context.WithCancel(ctx)
		judging, stopJudging := context.WithCancel(context.WithoutCancel(ctx))
		defer stopJudging()
		defer stopAsking()
		beginning, spent := context.WithCancel(ctx)
		defer spent()

		answered := make(chan answer, p.judges())
		finished := make(chan eval.Attempt)
		go func() {
			defer close(answered)
			p.ask(asking, begins{beginning.Done(), spent}, answered)
		}()
		go func() {
			defer close(finished)
			p.judge(patience{judging, asking}, spent, answered, finished)
		}()
		// A caller that stops listening must not leave a worker blocked.
		defer func() {
			for range finished { // drained so that every goroutine ends
			}
		}()
		for a := range finished {
			if !yield(a) {
				stopAsking()
				stopJudging()
				return
			}
		}
	}
}

// An answer is an attempt that was asked and is yet to be judged.
type answer struct {
	task    Task
	attempt eval.Attempt
}

// begins says whether attempts may still be begun.
type begins struct {
	over  <-chan struct{}
	spent func() // none from now on
}

func (p *Plan) judges() int { return max(p.Judges, 1) }

// ask sends the requests of all tasks, with each model's own concurrency, and
// returns when the last one is answered or given up.
func (p *Plan) ask(ctx context.Context, may begins, out chan<- answer) {
	queues := map[*Model][]Task{}
	for _, t := range p.Tasks {
		queues[t.Model] = append(queues[t.Model], t)
	}
	var all sync.WaitGroup
	for m, queue := range queues {
		ctx, stop := p.asking(ctx, m.Runner.Name())
		defer stop()
		tasks := make(chan Task)
		all.Go(func() {
			defer close(tasks)
			for _, t := range queue {
				select {
				case tasks <- t:
				case <-ctx.Done():
					return
				case <-may.over:
					return
				}
			}
		})
		workers := m.Concurrency
		if workers <= 0 {
			workers = defaultConcurrency
		}
		for range min(workers, len(queue)) {
			all.Go(func() { work(ctx, tasks, out, may.spent) })
		}
	}
	all.Wait()
}

func work(ctx context.Context, tasks <-chan Task, out chan<- answer, spent func()) {
	for t := range tasks {
		if ctx.Err() != nil {
			return
		}
		a, ok, over := t.ask(ctx)
		if over {
			spent()
		}
		if !ok {
			return
		}
		out <- answer{task: t, attempt: a}
	}
}

// patience is how long judging goes on: to the end for what is quick, and as long as
// the run asks models for what asks a model itself.
type patience struct{ all, askers context.Context }

func (p patience) of(a answer) context.Context {
	if _, asks := a.task.Suite.Benchmark.Scorer.(eval.Asker); asks {
		return p.askers
	}
	return p.all
}

// unheard is an answer whose judge was not waited for. It is kept, and can be judged
// later.
func unheard(a answer) eval.Attempt {
	a.attempt.Err = &eval.Failure{Kind: eval.FailGrader, Message: "the run was interrupted before the answer was judged", Hint: "resume the run"}
	return a.attempt
}

// judge judges what was answered and returns when answered is closed and empty.
func (p *Plan) judge(until patience, spent func(), answered <-chan answer, finished chan<- eval.Attempt) {
	var all sync.WaitGroup
	for range p.judges() {
		all.Go(func() {
			for a := range answered {
				attempt, ok, over := p.verdict(until.of(a), a)
				if over {
					spent()
				}
				if !ok && until.all.Err() == nil {
					attempt, ok = unheard(a), true
				}
				if ok {
					finished <- attempt
				}
			}
		})
	}
	all.Wait()
}

// ask makes the request of a task; ok is false when it was given up because ctx
// ended or, which spent says as well, the run is spent.
func (t Task) ask(ctx context.Context) (a eval.Attempt, ok, spent bool) {
	a = eval.Attempt{Key: t.Key, Started: time.Now()}
	defer func() {
		if r := recover(); r != nil {
			a.Err, ok = panicked(r), true
		}
	}()
	request, err := t.Request()
	if err != nil {
		a.Err = failure(err, eval.FailData)
		return a, true, false
	}
	a.Request = request
	response, err := t.Model.Runner.Generate(ctx, a.Request)
	switch {
	case errors.Is(err, eval.ErrSpent):
		return a, false, true
	case err != nil && ctx.Err() != nil:
		return a, false, false
	}
	a.Response, a.Cost = response, response.Cost
	a.Err = failure(err, eval.FailInternal)
	return a, true, false
}

// verdict parts, judges and measures an answer; ok is false when judging was given
// up because ctx ended. spent says that it failed because the run is spent.
func (p *Plan) verdict(ctx context.Context, in answer) (a eval.Attempt, ok, spent bool) {
	a = in.attempt
	defer func() {
		if r := recover(); r != nil {
			a.Verdict, a.Err, ok = eval.Verdict{}, panicked(r), true
		}
	}()
	if a.Err != nil {
		return a, true, false
	}
	a.Response = p.Split(a.Response, a.Request.Prefill)
	verdict, err := in.task.Suite.Benchmark.Scorer.Score(ctx, *in.task.Problem, a.Response)
	if err != nil {
		if ctx.Err() != nil {
			return a, false, false
		}
		a.Err = failure(err, eval.FailGrader)
		// What judges said and took is kept of what they could not decide.
		a.Verdict = eval.Verdict{Checks: verdict.Checks, Judging: verdict.Judging}
		return a, true, errors.Is(err, eval.ErrSpent)
	}
	a.Verdict = verdict
	if p.Measure != nil {
		a.Measures = p.Measure(*in.task.Problem, a.Response, verdict, in.task.Right(ctx))
	}
	return a, true, false
}

// Right judges a text as if it were the final part of a response to the task: true
// if that would be correct. A failure of the scorer is not, nor is what a model
// would have to be asked about.
func (t Task) Right(ctx context.Context) func(final string) bool {
	scorer := eval.Unasked(t.Suite.Benchmark.Scorer, *t.Problem)
	return func(final string) bool {
		if scorer == nil {
			return false
		}
		r := eval.Response{Raw: final, Text: final, State: eval.ThoughtNone, Stop: eval.StopEnd}
		v, err := scorer.Score(ctx, *t.Problem, r)
		return err == nil && v.Outcome == eval.Correct
	}
}

// failure gives err as a Failure of the given kind unless it is one already;
// nil stays nil.
func failure(err error, kind string) *eval.Failure {
	if err == nil {
		return nil
	}
	var f *eval.Failure
	if errors.As(err, &f) {
		return f
	}
	return &eval.Failure{Kind: kind, Message: err.Error()}
}

func panicked(r any) *eval.Failure {
	stack := debug.Stack()
	if len(stack) > 2000 {
		stack = stack[:2000]
	}
	return &eval.Failure{Kind: eval.FailInternal, Message: fmt.Sprintf("panic: %v\n%s", r, stack)}
}
