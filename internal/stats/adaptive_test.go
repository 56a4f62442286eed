package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

// TestAStreamsLengthKnowsNothingOfItsScores is why the estimate is unbiased: at
// given levels, whatever one stream's scores are, its counts stay.
func TestAStreamsLengthKnowsNothingOfItsScores(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	counts := func(w *exam, stream int) []int {
		a := stats.NewAllocation(len(w.scores), simulatedPilot, simulatedMost)
		for _, level := range []float64{7, 12, 25, 40} {
			a.Raise(level, w.shown(a))
		}
		out := make([]int, len(w.scores))
		for i := range out {
			even, odd := a.Counts(i)
			out[i] = [2]int{even, odd}[stream]
		}
		return out
	}
	for stream := range 2 {
		w := newExam(r, 50, 0.6, 1)
		own, other := counts(w, stream), counts(w, 1-stream)
		for i := range w.scores {
			for j := range w.scores[i][stream] {
				w.scores[i][stream][j] = float64(r.IntN(2))
			}
		}
		assert.Equal(t, own, counts(w, stream))
		assert.NotEqual(t, other, counts(w, 1-stream), "the other stream's do depend on them")
	}
}

func TestTrialsGoWhereOutcomesVary(t *testing.T) {
	problems := make([]stats.Streams, 40)
	for i := range problems {
		problems[i] = stats.Streams{{1, 1, 1, 1}, {1, 1, 1, 1}}
		if i < 10 {
			problems[i] = stats.Streams{{1, 0, 1, 0}, {0, 1, 0, 1}}
		}
	}
	a := stats.NewAllocation(40, 8, 64)
	a.Raise(16, problems)
	mixed, _ := a.Counts(0)
	settled, _ := a.Counts(39)
	assert.Equal(t, 6, settled, "three quarters of the average go to every problem")
	assert.Greater(t, mixed, 12)
	assert.InDelta(t, 16*40, a.Total(), 20)
	before := a.Total()
	a.Raise(10, problems)
	assert.Equal(t, before, a.Total(), "nothing is taken back")
	a.Raise(1000, problems)
	assert.True(t, a.Full())
	assert.Equal(t, 64*40, a.Total())
}

func TestScoresBeyondTheCountsAreNotLookedAt(t *testing.T) {
	w := newExam(rand.New(rand.NewPCG(8, 8)), 30, 0.5, 1)
	a, b := stats.NewAllocation(30, 4, 64), stats.NewAllocation(30, 4, 64)
	for _, level := range []float64{6, 11} {
		a.Raise(level, w.shown(a))
		b.Raise(level, w.scores)
	}
	for i := range w.scores {
		e1, o1 := a.Counts(i)
		e2, o2 := b.Counts(i)
		assert.Equal(t, []int{e1, o1}, []int{e2, o2})
	}
}

func TestFitWithEqualStreamsIsThePlainMean(t *testing.T) {
	nan := math.NaN()
	f := stats.Fit([]stats.Streams{{{1, 0}, {1, 1}}, {{0, 0}, {0, nan, 0}}, {{nan}, nil}})
	assert.Equal(t, 2, f.Problems)
	assert.Equal(t, 8, f.Trials)
	assert.InDelta(t, 0.375, f.Mean, 1e-12)
	// One stream of s² = ½, n = 2: ¼·½/2; a fair coin: ¼·¼·(½+½).
	assert.InDelta(t, (1.0/16+1.0/16)/4, f.Variance, 1e-12)
	assert.InDelta(t, 4, f.Freedom, 1e-12)
	assert.InDelta(t, (0.25+0.25)/2, f.Noise, 1e-12)
	assert.Equal(t, 4, f.Uniform())
}

func TestAMeanWeighsBothStreamsAlikeWhateverTheirLengths(t *testing.T) {
	f := stats.Fit([]stats.Streams{{{1, 1}, {0, 0, 0, 0, 1, 1}}})
	assert.InDelta(t, (1+1.0/3)/2, f.Mean, 1e-12)
}

func TestSingleTrialsHaveTheVarianceOfACoin(t *testing.T) {
	problems := make([]stats.Streams, 100)
	for i := range problems {
		problems[i] = stats.Streams{{float64(i % 2)}, nil}
	}
	f := stats.Fit(problems)
	assert.InDelta(t, 0.5, f.Mean, 1e-12)
	assert.InDelta(t, math.Sqrt(0.25/100), math.Sqrt(f.Variance), 0.001)
	assert.InDelta(t, 0.098, f.HalfWidth(0.95), 0.003)
}

func TestAgreementIsNotCertainty(t *testing.T) {
	all := make([]stats.Streams, 100)
	for i := range all {
		all[i] = stats.Streams{{1, 1}, {1, 1}}
	}
	f := stats.Fit(all)
	i := f.Interval(0.95)
	assert.InDelta(t, 1, i.High, 0)
	// The rule of three on 400 trials says 0.75pp.
	assert.Less(t, i.Low, 1-0.0075)
	assert.Greater(t, i.Low, 0.98)
	assert.InDelta(t, 1, stats.Fit(nil).HalfWidth(0.95), 0)
	assert.Zero(t, stats.Fit(nil).Uniform())
}

func TestTheHalfWidthIsStudents(t *testing.T) {
	for df, quantile := range map[float64]float64{3: 3.182, 4: 2.776, 6: 2.447, 10: 2.228, 30: 2.042, 1e9: 1.960} {
		f := stats.CrossFit{Problems: 1, Variance: 1, Freedom: df}
		assert.InEpsilon(t, quantile, f.HalfWidth(0.95), 0.01, "%g degrees of freedom", df)
	}
}
