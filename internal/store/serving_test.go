package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/store"
)

func TestHowAnAnswerWasServedIsRead(t *testing.T) {
	dir, j := create(t)
	a := attempt(1)
	a.Response.Tries, a.Response.Cached = 3, true
	a.Response.Timing = eval.Timing{
		Queue: 1500 * time.Microsecond, FirstToken: 20 * time.Millisecond, FirstAnswer: 2 * time.Second, Total: 3 * time.Second,
		Gaps: eval.Gaps{N: 99, P50: 20 * time.Millisecond, P99: 250 * time.Millisecond, Max: time.Second},
	}
	a.Verdict.Judging = &eval.Judging{Cost: new(0.01), Prompt: 100, Output: 5, Calls: 1}
	a.Verdict.Checks = []eval.Check{{Name: eval.JudgeCheck + "j", OK: true, Note: "correct: "}}
	failed := failed(2)
	failed.Err.Status, failed.Err.Hint = 503, "wait"
	failed.Verdict = eval.Verdict{Checks: a.Verdict.Checks, Judging: &eval.Judging{Prompt: 7, Calls: 2}}
	require.NoError(t, j.Append(a))
	require.NoError(t, j.Append(failed))
	require.NoError(t, j.Close())
	got := attempts(t, dir)
	require.Len(t, got, 2)
	assert.Equal(t, a.Response.Timing, got[0].Response.Timing)
	assert.Equal(t, []any{3, true}, []any{got[0].Response.Tries, got[0].Response.Cached})
	assert.Equal(t, a.Verdict, got[0].Verdict)
	assert.Equal(t, failed.Err, got[1].Err)
	assert.Equal(t, failed.Verdict, got[1].Verdict, "judges who reached no verdict were paid too")

	run, err := store.Open(dir)
	require.NoError(t, err)
	for lean, err := range run.WithoutMeasures().Attempts() {
		require.NoError(t, err)
		assert.Zero(t, lean.Response.Timing.Gaps)
		assert.NotZero(t, lean.Response.Timing.Total)
	}
}

func TestALaterJudgingReplacesWhatJudgesTook(t *testing.T) {
	dir, j := create(t)
	require.NoError(t, j.Append(attempt(1)))
	require.NoError(t, j.Append(attempt(2)))
	require.NoError(t, j.Close())
	run, err := store.Open(dir)
	require.NoError(t, err)
	s, err := run.Rescore("test", nil)
	require.NoError(t, err)
	took := &eval.Judging{Calls: 4}
	again := attempt(1)
	again.Verdict.Judging = took
	lost := attempt(2)
	lost.Verdict, lost.Err = eval.Verdict{Judging: took}, &eval.Failure{Kind: eval.FailGrader, Message: "a tie"}
	require.NoError(t, s.Append(again))
	require.NoError(t, s.Append(lost))
	require.NoError(t, s.Close())
	for i, a := range attempts(t, dir) {
		assert.Equal(t, took, a.Verdict.Judging, i)
	}
}
