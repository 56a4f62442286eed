package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/store"
)

// BenchmarkAttempts opens a run of 20,000 attempts and reads it.
func BenchmarkAttempts(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "run")
	j, err := store.Create(dir, store.Manifest{})
	require.NoError(b, err)
	c := evaltest.Campaign{Models: 1, Benchmarks: 4, Problems: 500, Trials: 10}
	for a := range c.Attempts(0) {
		require.NoError(b, j.Append(a))
	}
	require.NoError(b, j.Close())
	info, err := os.Stat(filepath.Join(dir, "attempts.jsonl"))
	require.NoError(b, err)
	b.SetBytes(info.Size())
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		run, err := store.Open(dir)
		require.NoError(b, err)
		for _, err := range run.Attempts() {
			require.NoError(b, err)
			n++
		}
	}
	require.Equal(b, 20000*b.N, n)
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "attempts/s")
}
