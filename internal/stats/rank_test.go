package stats_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

func TestRanksSpreadOverWhatIsNotTold(t *testing.T) {
	best, worst := stats.Ranks([][]bool{{false, false, true}, {false, false, true}, {false, false, false}})
	assert.Equal(t, []int{1, 1, 3}, best)
	assert.Equal(t, []int{2, 2, 3}, worst)
	best, worst = stats.Ranks(nil)
	assert.Empty(t, best)
	assert.Empty(t, worst)
}

func TestNormaliseHasNoScaleAtChanceOne(t *testing.T) {
	assert.Zero(t, stats.Normalise(0.2, 0.25))
	assert.Zero(t, stats.Normalise(1, 1))
	near(t, 100, stats.Normalise(1, 0.25))
}

func TestAPriorKeepsARatingFinite(t *testing.T) {
	free, held := stats.Prior{SD: math.Inf(1)}, stats.Prior{Mean: 1500, SD: 400}
	difficulties := []float64{1200, 1800, 2400}
	rating, se := stats.Rating(difficulties, []float64{1, 1, 1}, free)
	assert.True(t, math.IsInf(rating, 1) && math.IsInf(se, 1))
	rating, se = stats.Rating(difficulties, []float64{0, 0, 0}, free)
	assert.True(t, math.IsInf(rating, -1) && math.IsInf(se, 1))
	above, _ := stats.Rating(difficulties, []float64{1, 1, 1}, held)
	below, se := stats.Rating(difficulties, []float64{0, 0, 0}, held)
	assert.True(t, 1500 < above && above < 3500 && 0 < below && below < 1500, "%v %v", below, above)
	assert.Less(t, se, held.SD, "what was tried tells something")
	rating, se = stats.Rating(nil, nil, held)
	assert.Equal(t, []float64{1500, 400}, []float64{rating, se})
}

func TestPerformanceHasNoFiniteRatingAtTheEnds(t *testing.T) {
	field := []float64{1000, 1500, 2000}
	assert.True(t, math.IsInf(stats.Performance(field, 1), 1))
	assert.True(t, math.IsInf(stats.Performance(field, 4), -1))
	assert.Greater(t, stats.Performance(field, 2), stats.Performance(field, 3))
}

func TestStrengthNeedsSomeLosses(t *testing.T) {
	_, ok := stats.BradleyTerry([][]float64{{0, 3}, {0, 0}})
	assert.False(t, ok)
	got, ok := stats.BradleyTerry([][]float64{{0, 3}, {1, 0}})
	assert.True(t, ok)
	near(t, math.Log(3), got[0]-got[1])
	got, ok = stats.BradleyTerry([][]float64{{0}})
	assert.True(t, ok)
	assert.Len(t, got, 1)
}
