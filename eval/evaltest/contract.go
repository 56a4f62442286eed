package evaltest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
)

// A Runner is scripted by a function.
type Runner struct {
	Label string
	F     func(context.Context, eval.Request) (eval.Response, error)
}

// Name is the label.
func (r Runner) Name() string { return r.Label }

// Generate calls the script.
func (r Runner) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	return r.F(ctx, q)
}

// RunnerContract is what every Runner promises. request must be answered by the
// runner that open gives.
func RunnerContract(t *testing.T, open func(*testing.T) eval.Runner, request eval.Request) {
	t.Run("has a name", func(t *testing.T) { assert.NotEmpty(t, open(t).Name()) })
	t.Run("answers", func(t *testing.T) {
		r, err := open(t).Generate(t.Context(), request)
		require.NoError(t, err)
		assert.NotEmpty(t, r.Raw+r.Reasoning)
	})
	t.Run("a cancelled request ends with the context's error", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := open(t).Generate(ctx, request)
		require.ErrorIs(t, err, context.Canceled)
	})
	t.Run("may be used by many at once", func(t *testing.T) {
		r := open(t)
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				_, err := r.Generate(t.Context(), request)
				var f *eval.Failure
				assert.True(t, err == nil || errors.As(err, &f), "an error is a Failure: %v", err)
			})
		}
		all.Wait()
	})
}

// BenchmarkContract is what every Benchmark promises.
func BenchmarkContract(t *testing.T, b eval.Benchmark, from eval.Data) {
	require.NotEmpty(t, b.Name)
	require.NotNil(t, b.Scorer)
	assert.NotEmpty(t, b.About.Summary)
	set, err := b.Load(t.Context(), from)
	require.NoError(t, err)
	require.NotEmpty(t, set.Problems)
	again, err := b.Load(t.Context(), from)
	require.NoError(t, err)
	assert.Equal(t, set, again, "loading is deterministic")
	seen := map[string]bool{}
	for _, p := range set.Problems {
		require.NotEmpty(t, p.ID)
		require.False(t, seen[p.ID], "the id %s stands twice", p.ID)
		seen[p.ID] = true
		require.NotEmpty(t, p.Text, p.ID)
		require.True(t, len(p.Answer) > 0 || p.Tests != nil, "%s has neither gold nor tests", p.ID)
		messages := b.Prompt(p)
		require.NotEmpty(t, messages, p.ID)
		for _, m := range messages {
			require.NotEmpty(t, m.Content, p.ID)
		}
	}
	t.Run("an empty answer is no answer, a cut one truncated", func(t *testing.T) {
		p := set.Problems[0]
		v, err := b.Scorer.Score(t.Context(), p, eval.Response{Stop: eval.StopEnd, State: eval.ThoughtClosed})
		require.NoError(t, err)
		assert.Equal(t, eval.NoAnswer, v.Outcome)
		v, err = b.Scorer.Score(t.Context(), p, eval.Response{Stop: eval.StopLength, State: eval.ThoughtOpen, Thought: "hm"})
		require.NoError(t, err)
		assert.Equal(t, eval.Truncated, v.Outcome)
		v, err = b.Scorer.Score(t.Context(), p, eval.Response{Stop: eval.StopRefusal})
		require.NoError(t, err)
		assert.Equal(t, eval.Refused, v.Outcome)
	})
}
