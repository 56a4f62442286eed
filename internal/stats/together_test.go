package stats_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

func TestTheIntervalOfAMean(t *testing.T) {
	for _, x := range []int{0, 1, 15, 29, 30} {
		own := stats.Wilson(x, 30, 0.95)
		one := stats.Together([]float64{float64(x) / 30}, []stats.Interval{own}, 0.95)
		assert.InDelta(t, own.Low, one.Low, 1e-12, "one score is its own mean")
		assert.InDelta(t, own.High, one.High, 1e-12)
	}
	perfect := stats.Wilson(30, 30, 0.95)
	two := stats.Together([]float64{1, 1}, []stats.Interval{perfect, perfect}, 0.95)
	assert.InDelta(t, stats.Wilson(60, 60, 0.95).Low, two.Low, 1e-12, "two sets of 30 are 60")
	assert.InDelta(t, 1, two.High, 1e-15)
	assert.Equal(t, stats.Interval{Low: 0, High: 1}, stats.Together(nil, nil, 0.95))
}

func TestTheIntervalOfAMeanCovers(t *testing.T) {
	const worlds, n = 4000, 30
	r := rand.New(rand.NewPCG(9, 9))
	for _, chances := range [][]float64{{0.97, 0.97}, {0.9, 0.95}, {0.5, 0.98}, {0.1, 0.9}, {0.5, 0.6, 0.7}, {0.05, 0.03}, {0.8, 0.9, 0.95, 0.97}} {
		held, truth := 0.0, stats.Mean(chances)
		for range worlds {
			var scores []float64
			var own []stats.Interval
			for _, p := range chances {
				x := 0
				for range n {
					if r.Float64() < p {
						x++
					}
				}
				scores, own = append(scores, float64(x)/n), append(own, stats.Wilson(x, n, 0.95))
			}
			if i := stats.Together(scores, own, 0.95); i.Low <= truth && truth <= i.High {
				held++
			}
		}
		assert.InDelta(t, 0.955, held/worlds, 0.02, "%v", chances)
	}
}
