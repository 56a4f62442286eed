package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

func TestWilsonAgreesWithPublishedValues(t *testing.T) {
	for _, c := range []struct {
		x, n      int
		low, high float64
	}{
		{8, 10, 0.4902, 0.9433}, {24, 30, 0.6269, 0.9049}, {30, 30, 0.8865, 1}, {0, 30, 0, 0.1135},
	} {
		i := stats.Wilson(c.x, c.n, 0.95)
		assert.InDelta(t, c.low, i.Low, 5e-5, "%d/%d", c.x, c.n)
		assert.InDelta(t, c.high, i.High, 5e-5, "%d/%d", c.x, c.n)
	}
	assert.Equal(t, stats.Interval{Low: 0, High: 1}, stats.Wilson(0, 0, 0.95))
}

func TestBootstrapIsSeededAndCoversTheMean(t *testing.T) {
	x := make([]float64, 200)
	for i := range x {
		x[i] = float64(i%4) / 3
	}
	a, b := stats.Bootstrap(x, 0.95, 7), stats.Bootstrap(x, 0.95, 7)
	assert.Equal(t, a, b)
	assert.NotEqual(t, a, stats.Bootstrap(x, 0.95, 8))
	assert.Less(t, a.Low, 0.5)
	assert.Greater(t, a.High, 0.5)
	// The normal approximation: ±1.96·sd/√n.
	half := 1.96 * math.Sqrt(5.0/36) / math.Sqrt(200)
	assert.InDelta(t, 2*half, a.High-a.Low, 0.25*half)
	assert.Equal(t, stats.Interval{Low: 0, High: 1}, stats.Bootstrap(nil, 0.95, 1))
	assert.Equal(t, stats.Interval{Low: 0.5, High: 0.5}, stats.Bootstrap([]float64{0.5}, 0.95, 1))
}

func TestQuantileInterpolates(t *testing.T) {
	x := []float64{4, 1, 3, 2}
	assert.InDelta(t, 2.5, stats.Quantile(x, 0.5), 1e-12)
	assert.InDelta(t, 1.75, stats.Quantile(x, 0.25), 1e-12)
	assert.InDelta(t, 4, stats.Quantile(x, 1), 1e-12)
	assert.Equal(t, []float64{4, 1, 3, 2}, x, "the input is not sorted in place")
	assert.True(t, math.IsNaN(stats.Quantile(nil, 0.5)))
	assert.True(t, math.IsNaN(stats.Mean(nil)))
}
