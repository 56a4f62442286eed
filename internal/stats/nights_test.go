package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// nightOf draws k scores of 0 or 1 of each of n problems with chance p.
func nightOf(r *rand.Rand, n, k int, p float64) [][]float64 {
	out := make([][]float64, n)
	for i := range out {
		for range k {
			score := 0.0
			if r.Float64() < p {
				score = 1
			}
			out[i] = append(out[i], score)
		}
	}
	return out
}

func TestLabelsOfPlainScoresAreTestedAsAllAre(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 30 {
		cur, base := nightOf(r, 5, 2, 0.5), nightOf(r, 5, 3, 0.7)
		fast, ok := relabelledFast(cur, base)
		require.True(t, ok)
		_, slow := TwoSampleWithin(cur, base, 1)
		assert.InEpsilon(t, slow, fast, 1e-9)
	}
	// One problem, right thrice before and wrong now: one choice of four.
	p, ok := relabelledFast([][]float64{{0}}, [][]float64{{1, 1, 1}})
	assert.True(t, ok)
	assert.InDelta(t, 0.25, p, 1e-12)
}

func TestLabelsOfOtherScoresAreLeftToTheGeneralTest(t *testing.T) {
	for name, x := range map[string][2][][]float64{
		"graded":         {{{0.5}}, {{1}}},
		"unequal now":    {{{1}, {1, 0}}, {{1}, {1}}},
		"unequal before": {{{1}, {1}}, {{1}, {1, 0}}},
	} {
		_, ok := relabelledFast(x[0], x[1])
		assert.False(t, ok, name)
	}
	test := CompareNights([][]float64{{0.5}, {0.25}}, [][][]float64{{{1}, {0.75}}}, 1)
	assert.InDelta(t, 0.25, test.P, 1e-12)
	assert.InDelta(t, 0.5, test.Drop(), 1e-12)
}

func TestCutEndsNeverMakeAPValueSmaller(t *testing.T) {
	w := window{0, []float64{1e-30, 1e-25, 0.5, 0.5}}.plus([]float64{1})
	assert.Equal(t, 2, w.from)
	total := 0.0
	for _, c := range w.chance {
		total += c
	}
	assert.InDelta(t, 1, total, 1e-15)
}

func TestOneNightIsTestedByLabelsAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	test := CompareNights(nightOf(r, 50, 2, 0.6), [][][]float64{nightOf(r, 50, 2, 0.8)}, 1)
	assert.Equal(t, test.Relabelled, test.P)
	assert.Zero(t, test.NightSD)
}

func TestNightsThatDifferMakeADropLessSurprising(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	alike, apart := make([][][]float64, 5), make([][][]float64, 5)
	for j, p := range []float64{0.7, 0.9, 0.8, 0.75, 0.85} {
		alike[j], apart[j] = nightOf(r, 200, 4, 0.8), nightOf(r, 200, 4, p)
	}
	cur := nightOf(r, 200, 4, 0.7)
	a, b := CompareNights(cur, alike, 1), CompareNights(cur, apart, 1)
	assert.Less(t, a.P, 0.01)
	assert.Greater(t, b.P, 0.05)
	assert.Less(t, b.Relabelled, 0.001, "labels alone would have cried wolf")
	assert.InDelta(t, 0.08, b.NightSD, 0.02)
	assert.Less(t, a.Detectable(0.01, 0.8, 0), b.Detectable(0.01, 0.8, 0))
}

func TestManyWidelyDifferentNightsArePredictedByStudentsT(t *testing.T) {
	means := []float64{0.5, 0.54, 0.47, 0.52, 0.55, 0.49, 0.51}
	noise := make([]float64, len(means))
	for i := range noise {
		noise[i] = 1e-8
	}
	test := NightTest{Nights: len(means), now: 1e-8, then: noise, nights: spread(means, noise)}
	m := float64(len(means))
	drop := StudentTQuantile(0.99, m-1) * math.Sqrt(Variance(means)*(1+1/m))
	assert.InDelta(t, 0.01, test.lower(drop), 0.004)
}

func TestAnIntervalOfPerfectNightsDoesNotCollapse(t *testing.T) {
	all := nightOf(rand.New(rand.NewPCG(1, 1)), 30, 1, 1)
	test := CompareNights(all, [][][]float64{all}, 1)
	assert.Equal(t, 1.0, test.P)
	assert.Greater(t, test.Interval(0.9).High, 0.08, "three failures of thirty may be unseen")
}

func TestTrialsForIsTheInverseOfDetectable(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	test := CompareNights(nightOf(r, 100, 4, 0.7), [][][]float64{nightOf(r, 100, 4, 0.7)}, 1)
	target := test.Detectable(0.01, 0.8, 0)
	assert.InDelta(t, 1, test.TrialsFor(target, 0.01, 0.8), 0.01)
	assert.InDelta(t, 4, test.TrialsFor(target/2, 0.01, 0.8), 0.05)
	test.NightSD = 0.5
	assert.Positive(t, test.TrialsFor(target, 0.01, 0.8))
	assert.True(t, test.TrialsFor(target, 0.01, 0.8) > 1e300, "no number of trials helps")
}
