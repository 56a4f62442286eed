package stats_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

func TestHypergeometric(t *testing.T) {
	// Two of four drawn, two marked: 1/6, 4/6, 1/6.
	assert.InDelta(t, 1.0/6, stats.Hypergeometric(0, 2, 4, 2), 1e-12)
	assert.InDelta(t, 4.0/6, stats.Hypergeometric(1, 2, 4, 2), 1e-12)
	assert.InDelta(t, 1.0/6, stats.Hypergeometric(2, 2, 4, 2), 1e-12)
	assert.Zero(t, stats.Hypergeometric(3, 2, 4, 2))
	assert.Zero(t, stats.Hypergeometric(1, 5, 4, 2), "more marked than there are")
}

func TestQuantilesAreThoseOfQuantile(t *testing.T) {
	x := []float64{3, 1, 4, 1, 5, 9, 2, 6}
	got := stats.Quantiles(x, 0.1, 0.5, 0.9)
	for i, p := range []float64{0.1, 0.5, 0.9} {
		assert.InDelta(t, stats.Quantile(x, p), got[i], 1e-12)
	}
	assert.Equal(t, []float64{3, 1, 4, 1, 5, 9, 2, 6}, x, "the argument is not sorted")
}
