package main

import (
	"encoding/json"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/store"
)

// TestServingReadsWhatTheJournalHolds goes from recorded attempts to the figures.
func TestServingReadsWhatTheJournalHolds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	j, err := store.Create(dir, store.Manifest{Name: "n", Status: "finished", Spec: json.RawMessage(`{}`)})
	require.NoError(t, err)
	start := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for i := range 10 { // each begins a second after the one before and takes four
		require.NoError(t, j.Append(eval.Attempt{
			Key: eval.Key{Benchmark: "b", Problem: strconv.Itoa(i), Model: "m"}, Started: start.Add(time.Duration(i) * time.Second),
			Verdict: eval.Verdict{Outcome: eval.Correct, Score: 1},
			Response: eval.Response{
				Usage: eval.Usage{Output: new(300)}, Tries: 2, Cached: i == 9,
				Timing: eval.Timing{
					Queue: 500 * time.Millisecond, FirstToken: time.Second, FirstAnswer: 3 * time.Second, Total: 4 * time.Second,
					Gaps: eval.Gaps{N: 299, P50: 10 * time.Millisecond, P99: 20 * time.Millisecond, Max: time.Second},
				},
			},
		}))
	}
	require.NoError(t, j.Close())
	code, out, errs := evalr(t, "serving", dir, "--format", "json")
	require.Zero(t, code, errs)
	var got leaderboard.Serving
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	flat := func(x float64) *leaderboard.Spread { return &leaderboard.Spread{P50: x, P90: x, P99: x, N: 9} }
	assert.Equal(t, []leaderboard.ServingRow{{
		Model: "m", Benchmark: "b", Requests: 9, Cached: 1, Tokens: 2700, Tries: &leaderboard.Tries{Mean: 2, Max: 2, N: 9},
		InFlight: &leaderboard.InFlight{Mean: 3, Max: 4, BusySeconds: 12, Requests: 9}, Aggregate: new(225.0),
		Queue: flat(0.5), FirstToken: flat(1), FirstAnswer: flat(3), Total: flat(4), Rate: flat(100),
		Gaps: &leaderboard.GapRow{Medians: *flat(0.01), Slowest: *flat(0.02), Max: 1},
	}}, got.Rows)
}
