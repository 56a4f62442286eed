package main

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/store"
)

// TestParametersAsServed goes from what a probe recorded to the board's column.
func TestParametersAsServed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	j, err := store.Create(dir, store.Manifest{
		Name: "n", Status: "finished", Spec: json.RawMessage(`{}`),
		Models: []store.ModelInfo{{Label: "mine", Facts: &eval.EngineFacts{Parameters: 30_532_122_624, Active: 3_350_000_000}}},
	})
	require.NoError(t, err)
	require.NoError(t, j.Append(eval.Attempt{Key: eval.Key{Benchmark: "b", Problem: "p", Model: "mine"}, Verdict: eval.Verdict{Outcome: eval.Correct, Score: 1}}))
	require.NoError(t, j.Close())
	code, out, errs := evalr(t, "leaderboard", dir, "--columns", "model,params")
	require.Zero(t, code, errs)
	assert.Contains(t, out, "3.35B/30.53B (as served)")

	published := leaderboard.Facts{TotalParams: new(671.0)}
	assert.Equal(t, published, withServed(published, &eval.EngineFacts{Parameters: 5}), "a publication goes before")
	assert.Equal(t, leaderboard.Facts{}, withServed(leaderboard.Facts{}, &eval.EngineFacts{}))
}

func TestEnginesAreComparedByTheirVersion(t *testing.T) {
	assert.Equal(t, "vllm 0.11.0", engineAndVersion(eval.EngineFacts{Engine: "vllm", Version: "0.11.0"}))
	assert.Empty(t, engineAndVersion(eval.EngineFacts{Engine: "vllm"}), "not known, rather than another")
}
