package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

func TestQuantileInterpolates(t *testing.T) {
	x := []float64{4, 1, 3, 2}
	assert.InDelta(t, 2.5, stats.Quantile(x, 0.5), 1e-12)
	assert.InDelta(t, 1.75, stats.Quantile(x, 0.25), 1e-12)
	assert.InDelta(t, 4, stats.Quantile(x, 1), 1e-12)
	assert.Equal(t, []float64{4, 1, 3, 2}, x, "the input is not sorted in place")
	assert.True(t, math.IsNaN(stats.Quantile(nil, 0.5)))
	assert.True(t, math.IsNaN(stats.Mean(nil)))
}

func TestVarianceOfOneValueIsZero(t *testing.T) {
	assert.Zero(t, stats.Variance(nil))
	assert.Zero(t, stats.Variance([]float64{3}))
	assert.InDelta(t, 2.5, stats.Variance([]float64{1, 2, 3, 4, 5}), 1e-12)
}

func TestStudentsTIsSymmetricAndTendsToTheNormal(t *testing.T) {
	for _, p := range []float64{0.001, 0.3, 0.49, 0.5, 0.51, 0.9, 0.9999} {
		near(t, stats.NormalQuantile(p), stats.StudentTQuantile(p, 1e12), p)
		// With one degree of freedom it is Cauchy's.
		near(t, math.Tan(math.Pi*(p-0.5)), stats.StudentTQuantile(p, 1), p)
		near(t, stats.StudentTQuantile(p, 9999.999), stats.StudentTQuantile(p, 10000.001), p)
		for _, df := range []float64{1, 2.5, 29, 1e5} {
			near(t, -stats.StudentTQuantile(p, df), stats.StudentTQuantile(1-p, df), p, df)
		}
	}
}
