package batch_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
)

type alwaysRight struct{}

func (alwaysRight) Score(_ context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
	if r.Raw != p.Text {
		return eval.Verdict{Outcome: eval.Incorrect}, nil
	}
	return eval.Verdict{Outcome: eval.Correct, Score: 1}, nil
}

// The engine holds all attempts of a run at once, so that they are one batch; and
// gives them up at once when it is interrupted.
func TestTheEngineMakesOneBatchOfARun(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		const problems, trials = 100, 4
		b.options.Quiet, b.options.Longest, b.options.MaxRequests = time.Minute, time.Minute, problems*trials
		suite := engine.Suite{Benchmark: eval.Benchmark{
			Name: "b", Scorer: alwaysRight{},
			Prompt: func(p eval.Problem) []eval.Message { return []eval.Message{{Role: eval.User, Content: p.Text}} },
		}}
		for i := range problems {
			suite.Problems = append(suite.Problems, eval.Problem{ID: fmt.Sprint(i), Text: fmt.Sprintf("question %d", i)})
		}
		run := func(ctx context.Context) (right int) {
			r := b.open()
			defer r.Close()
			plan, err := engine.Expand([]*engine.Model{{Runner: r, Concurrency: r.Concurrency()}}, []*engine.Suite{&suite}, trials, nil)
			require.NoError(t, err)
			plan.Split = func(r eval.Response, _ string) eval.Response { return r }
			for a := range engine.Run(ctx, plan) {
				require.Nil(t, a.Err)
				if a.Verdict.Outcome == eval.Correct {
					right++
				}
			}
			return right
		}
		b.service.Tick = 0
		ctx, interrupt := context.WithCancel(t.Context())
		b.service.After = afterSubmission(interrupt)
		assert.Equal(t, 0, run(ctx))
		b.service.Hook(nil, nil)
		b.service.Advance(time.Hour)
		assert.Equal(t, problems*trials, run(t.Context()))
		assert.Equal(t, 1, b.service.Made())
		b.once(problems * trials)
	})
}
