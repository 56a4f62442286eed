package evaltest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
)

// ShotsContract is what every Benchmark with Shots promises: from holds their
// file.
func ShotsContract(t *testing.T, b eval.Benchmark, from eval.Data) {
	require.NotNil(t, b.Shots)
	assert.Positive(t, b.Shots.Protocol)
	assert.NotEmpty(t, b.Shots.Source)
	assert.NotEmpty(t, b.Shots.Files)
	assert.NotEmpty(t, b.Shots.From)
	examples, files, err := b.Shots.Load(t.Context(), from)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(examples), b.Shots.Protocol)
	require.NotEmpty(t, files)
	for _, f := range files {
		assert.Len(t, f.SHA256, 64)
		assert.Positive(t, f.Rows)
	}
	again, _, err := b.Shots.Load(t.Context(), from)
	require.NoError(t, err)
	assert.Equal(t, examples, again, "loading is deterministic")
	for _, e := range examples {
		require.NotEmpty(t, e.Problem.ID)
		require.NotEmpty(t, e.Problem.Text, e.Problem.ID)
		require.NotEmpty(t, b.Prompt(e.Problem), e.Problem.ID)
		v, err := b.Scorer.Score(t.Context(), e.Problem, eval.Response{Raw: e.Answer, Text: e.Answer, State: eval.ThoughtNone, Stop: eval.StopEnd})
		require.NoError(t, err, e.Problem.ID)
		assert.Equal(t, eval.Correct, v.Outcome, "%s: the worked answer is read as %q: %s", e.Problem.ID, v.Answer, v.Why)
	}
}
