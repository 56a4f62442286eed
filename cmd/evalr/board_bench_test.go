package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/leaderboard"
)

// BenchmarkBoard makes the board of the run folders in EVALR_BIG, as
// eval/evaltest/bigboard writes them: 1,000,000 attempts of 20 models at 10
// benchmarks.
func BenchmarkBoard(b *testing.B) {
	big := os.Getenv("EVALR_BIG")
	if big == "" {
		b.Skip("EVALR_BIG names no folder of generated runs (go run ./eval/evaltest/bigboard -out DIR)")
	}
	dirs, err := filepath.Glob(filepath.Join(big, "*"))
	require.NoError(b, err)
	for b.Loop() {
		board, err := boardOf(dirs, leaderboard.Options{})
		require.NoError(b, err)
		require.NoError(b, leaderboard.Text(io.Discard, board, leaderboard.Layout{}))
	}
}
