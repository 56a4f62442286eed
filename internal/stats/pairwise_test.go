package stats_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

// ladder gives the scores of m models, each better than the one before, of four
// trials on n problems.
func ladder(m, n int) [][]float64 {
	r := rand.New(rand.NewPCG(3, 4))
	x := make([][]float64, m)
	for i := range x {
		x[i] = make([]float64, n)
		for j := range x[i] {
			for range 4 {
				if r.Float64() < float64(i)/float64(m) {
					x[i][j] += 0.25
				}
			}
		}
	}
	return x
}

func TestManyModelsCanStillBeToldApart(t *testing.T) {
	const models = 40 // 780 pairs: a p-value of 1e-4 becomes 0.078
	p := stats.PairwisePermutation(ladder(models, 30), 1)
	var flat []float64
	for i := range p {
		flat = append(flat, p[i][i+1:]...)
	}
	assert.Less(t, slices.Min(stats.Holm(flat)), 1e-3)
}

func TestPairsThatMayBeSignificantAreComparedAsEachPairAlone(t *testing.T) {
	x := ladder(12, 30)
	p := stats.PairwisePermutation(x, 1)
	refined := 0
	for a := range x {
		for b := range a {
			d := make([]float64, len(x[a]))
			for i := range d {
				d[i] = x[a][i] - x[b][i]
			}
			if want := stats.PairedPermutation(d, 1); want > 1e-9 && want < 0.055 {
				near(t, want, p[a][b])
				refined++
			}
		}
	}
	assert.Greater(t, refined, 10)
}

func TestDrawsThatNoneReachedAreBounded(t *testing.T) {
	// Irrational sizes have no common unit, and 60 are too many to enumerate.
	d := make([]float64, 60)
	for i := range d {
		d[i] = math.Sqrt(float64(2 + i))
	}
	p := stats.PairedPermutation(d, 1)
	assert.Less(t, p, 1e-10, "all signs alike happens twice in 2^60")
	assert.GreaterOrEqual(t, p, math.Exp2(-59))
}

func TestTheBoundIsNeverBelowTheChance(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		d := make([]float64, 1+r.IntN(12))
		for i := range d {
			d[i] = r.NormFloat64() + 0.5
		}
		exact, _ := flipped(d)
		assert.GreaterOrEqual(t, stats.AtMost(d), exact-1e-12, "%v", d)
	}
	near(t, 0.5, stats.AtMost([]float64{1, 1}), "where the bound is reached")
}
