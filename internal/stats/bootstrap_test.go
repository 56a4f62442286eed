package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

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
	assert.Equal(t, stats.Interval{Low: 0.5, High: 0.5}, stats.Bootstrap([]float64{0.5}, 0.95, 1))
}

func TestBootstrapsOfNothingSayNothing(t *testing.T) {
	all := stats.Interval{Low: 0, High: 1}
	assert.Equal(t, all, stats.Bootstrap(nil, 0.95, 1))
	assert.Equal(t, all, stats.ClusterBootstrap(nil, nil, 0.95, 1))
	assert.Equal(t, all, stats.TwoLevelBootstrap([][]float64{nil, {}}, 0.95, 1))
}

func TestWholeClustersAreDrawn(t *testing.T) {
	scores, clusters := make([]float64, 400), make([]string, 400)
	for i := range scores {
		scores[i] = float64(i / 10 % 2)
		clusters[i] = string(rune('a' + i/10))
	}
	in := stats.ClusterBootstrap(scores, clusters, 0.95, 1)
	width := 2 * 1.96 * stats.ClusteredSE(scores, clusters)
	assert.InDelta(t, width, in.High-in.Low, 0.15*width)
	alone := stats.ClusterBootstrap(scores, make([]string, 400), 0.95, 1)
	assert.InDelta(t, 3.2, (in.High-in.Low)/(alone.High-alone.Low), 0.5, "√10 times as wide as of problems alone")
}

func TestTwoLevelsCountTheNoiseOfTrialsTwice(t *testing.T) {
	var scores [][]float64
	for i := range 300 {
		scores = append(scores, []float64{1, float64(i % 2), 0, float64(i % 3 % 2)})
	}
	// The bootstrap's own variance: population variances, of means and within.
	means, within := make([]float64, len(scores)), 0.0
	for i, s := range scores {
		means[i] = stats.Mean(s)
		within += stats.Variance(s) * 3 / 4 / 4
	}
	n := float64(len(scores))
	se := math.Sqrt((stats.Variance(means)*(n-1)/n + within/n) / n)
	in := stats.TwoLevelBootstrap(scores, 0.95, 1)
	assert.InDelta(t, 2*1.96*se, in.High-in.Low, 0.1*2*1.96*se)
	assert.Equal(t, in, stats.TwoLevelBootstrap(append([][]float64{nil}, scores...), 0.95, 1), "a problem without trials is skipped")
}
