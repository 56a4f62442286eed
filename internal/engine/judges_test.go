package engine_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
)

// asking is a scorer that asks models; without them it judges by unasked.
type asking struct {
	scorer
	unasked eval.Scorer
}

func (a asking) Unasked(eval.Problem) eval.Scorer { return a.unasked }

func TestWhatJudgesSaidAndTookIsKeptOfWhatTheyCouldNotDecide(t *testing.T) {
	took := &eval.Judging{Calls: 2}
	said := []eval.Check{{Name: "judge:a", OK: true}, {Name: "judge:b"}}
	tie := func(context.Context, eval.Problem, eval.Response) (eval.Verdict, error) {
		return eval.Verdict{Checks: said, Judging: took}, &eval.Failure{Kind: eval.FailGrader, Message: "a tie"}
	}
	for a := range engine.Run(t.Context(), plan(t, &engine.Model{Runner: runner{"m", echo}}, suite(1, tie), 1)) {
		assert.Equal(t, "a tie", a.Err.Message)
		assert.Equal(t, eval.Verdict{Checks: said, Judging: took}, a.Verdict)
	}
}

func TestGuessesAreNotSentToJudges(t *testing.T) {
	never := func(context.Context, eval.Problem, eval.Response) (eval.Verdict, error) {
		require.Fail(t, "a judge was asked about a guess")
		return eval.Verdict{}, nil
	}
	s := suite(1, nil)
	task := engine.Task{Suite: s, Problem: &s.Problems[0]}
	s.Benchmark.Scorer = asking{scorer: never}
	assert.False(t, task.Right(t.Context())("0"))
	s.Benchmark.Scorer = asking{scorer: never, unasked: scorer(equals)}
	assert.True(t, task.Right(t.Context())("0"))
	assert.False(t, task.Right(t.Context())("1"))
}

func TestWhatCannotBeJudgedBecauseTheRunIsSpentIsKeptAndEndsTheRun(t *testing.T) {
	asked := 0
	counts := func(ctx context.Context, q eval.Request) (eval.Response, error) {
		asked++
		return echo(ctx, q)
	}
	broke := func(context.Context, eval.Problem, eval.Response) (eval.Verdict, error) {
		return eval.Verdict{Judging: &eval.Judging{Calls: 1}}, fmt.Errorf("%w: %w", &eval.Failure{Kind: eval.FailGrader, Message: "no money"}, eval.ErrSpent)
	}
	p := plan(t, &engine.Model{Runner: runner{"m", counts}, Concurrency: 1}, suite(100, broke), 1)
	var got []eval.Attempt
	for a := range engine.Run(t.Context(), p) {
		got = append(got, a)
	}
	assert.Len(t, got, asked, "every answer is kept")
	assert.Less(t, asked, 10, "and no other is asked for, but those that were under way")
	for _, a := range got {
		assert.Equal(t, "no money", a.Err.Message)
		assert.NotEmpty(t, a.Response.Raw)
		assert.Equal(t, &eval.Judging{Calls: 1}, a.Verdict.Judging)
	}
}

func TestAnAnswerWhoseJudgeIsNotWaitedForIsKept(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	waits := func(ctx context.Context, _ eval.Problem, _ eval.Response) (eval.Verdict, error) {
		interrupt()
		<-ctx.Done()
		return eval.Verdict{}, ctx.Err()
	}
	s := suite(3, nil)
	s.Benchmark.Scorer = asking{scorer: waits}
	var got []eval.Attempt
	for a := range engine.Run(ctx, plan(t, &engine.Model{Runner: runner{"m", echo}}, s, 1)) {
		got = append(got, a)
	}
	require.NotEmpty(t, got)
	for _, a := range got {
		assert.Equal(t, eval.FailGrader, a.Err.Kind)
		assert.NotEmpty(t, a.Response.Raw)
	}
}
