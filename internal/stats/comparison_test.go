package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

func TestPairingGainsByCorrelation(t *testing.T) {
	a := []float64{1, 1, 0, 0, 1, 0.5}
	mean, se, corr := stats.PairedDifference(a, a, make([]string, 6))
	assert.Zero(t, mean)
	assert.Zero(t, se)
	near(t, 1, corr)
	_, _, corr = stats.PairedDifference(a, make([]float64, 6), make([]string, 6))
	assert.Zero(t, corr, "what does not vary does not correlate")
	mean, se, corr = stats.PairedDifference(nil, nil, nil)
	assert.Zero(t, mean+se+corr)
}

func TestClusteredDifferencesHaveClusteredErrors(t *testing.T) {
	a, b := []float64{1, 1, 1, 0, 0, 0}, []float64{0, 0, 0, 0, 0, 0}
	alone := make([]string, 6)
	pairs := []string{"x", "x", "x", "y", "y", "y"}
	_, se, _ := stats.PairedDifference(a, b, alone)
	_, clustered, _ := stats.PairedDifference(a, b, pairs)
	assert.Greater(t, clustered, 1.5*se)
}

func TestMcNemarOfManyProblemsDoesNotOverflow(t *testing.T) {
	near(t, 1, stats.McNemarExact(5000, 5000))
	assert.InDelta(t, math.Erfc(2/math.Sqrt2), stats.McNemarMidP(4900, 5100), 1e-4, "two standard errors")
	assert.InDelta(t, math.Exp2(-299), stats.McNemarExact(0, 300), 1e-9*math.Exp2(-299))
	for _, c := range [][2]int{{0, 0}, {3, 3}, {0, 1}} {
		near(t, 1, stats.McNemarExact(c[0], c[1]))
		assert.LessOrEqual(t, stats.McNemarMidP(c[0], c[1]), 1.0)
	}
}

func TestAdjustedValuesKeepOrderAndAreNeverBelowTheRaw(t *testing.T) {
	p := []float64{0.04, 0.001, 0.04, 1, 0.2, 0, 0.03}
	holm, bh := stats.Holm(p), stats.BenjaminiHochberg(p)
	for i := range p {
		assert.True(t, p[i] <= bh[i] && bh[i] <= holm[i] && holm[i] <= 1)
		for j := range p {
			if p[i] <= p[j] {
				assert.LessOrEqual(t, holm[i], holm[j])
				assert.LessOrEqual(t, bh[i], bh[j])
			}
		}
	}
	assert.Empty(t, stats.Holm(nil))
	assert.Empty(t, stats.BenjaminiHochberg(nil))
}

func TestAnUnmadeTestFindsNothing(t *testing.T) {
	p := []float64{0.01, math.NaN(), 0.02}
	assert.Equal(t, stats.Holm([]float64{0.01, 1, 0.02}), stats.Holm(p))
	assert.Equal(t, stats.BenjaminiHochberg([]float64{0.01, 1, 0.02}), stats.BenjaminiHochberg(p))
}

func TestSampleSizeAndDetectableDifferenceAreInverse(t *testing.T) {
	d := stats.Design{Omega2: 0.08, SigmaA2: 0.1, SigmaB2: 0.12, KA: 4, KB: 2, Alpha: 0.01, Power: 0.9}
	for _, delta := range []float64{0.005, 0.03, 0.2} {
		near(t, delta, stats.MDE(d, stats.SampleSize(d, delta)))
	}
	more := d
	more.KA, more.KB = 16, 16
	assert.Less(t, stats.MDE(more, 198), stats.MDE(d, 198), "more trials find less")
}
