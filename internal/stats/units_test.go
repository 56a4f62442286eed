package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

func TestAClusterOfCopiesCountsOnce(t *testing.T) {
	var single, copied []stats.Unit
	r := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		u := stats.Unit{Mean: float64(r.IntN(5)) / 4, Trials: 4}
		single = append(single, u)
		u.Cluster = string(rune('a' + len(single)))
		copied = append(copied, u, u, u)
	}
	near(t, stats.SE(single), stats.SE(copied))
	alone, _ := stats.NewProblems(single, 0.95)
	clustered, method := stats.NewProblems(copied, 0.95)
	assert.Equal(t, "wilson-clustered", method)
	assert.GreaterOrEqual(t, clustered.High-clustered.Low, alone.High-alone.Low)
	assert.InDelta(t, alone.High-alone.Low, clustered.High-clustered.Low, 0.25*(alone.High-alone.Low))
}

func TestOneClusterShowsNothingOfClusters(t *testing.T) {
	scores := []float64{1, 0, 0.5, 1}
	near(t, stats.ClusteredSE(scores, make([]string, 4)), stats.ClusteredSE(scores, []string{"a", "a", "a", "a"}))
	assert.Zero(t, stats.ClusteredSE(nil, nil))
	assert.Zero(t, stats.ClusteredSE([]float64{1}, []string{""}))
	assert.Zero(t, stats.MillerSE([]float64{1}, []string{""}))
}

func TestScoresThatOpposeEachOtherLeaveMillersErrorAboveZero(t *testing.T) {
	// The scores of each cluster cancel out: the products are as negative as can be.
	se := stats.MillerSE([]float64{1, 0, 0.75, 0.25}, []string{"a", "a", "b", "b"})
	near(t, math.Sqrt(0.625*(1.0/12-1.0/16)), se)
}

func TestSplitTakesALoneTrialForAsNoisyAsTheRest(t *testing.T) {
	all := units([][]float64{{1, 0, 1, 0}, {1, 1, 1, 0}, {0, 0, 0, 0}})
	_, want, _ := stats.Split(all)
	_, within, known := stats.Split(append(all, stats.Unit{Mean: 1, Trials: 1}))
	assert.True(t, known)
	near(t, want, within)
	_, _, known = stats.Split(units([][]float64{{1}, {0}}))
	assert.False(t, known)
	between, _, known := stats.Split(units([][]float64{{1, 0}, {0, 1}}))
	assert.True(t, known)
	assert.Zero(t, between, "never below 0")
}

func TestRerunIsWilsonsOnTrialsWhereNothingIsKnown(t *testing.T) {
	once := units([][]float64{{1}, {0}, {1}, {1}})
	_, known := stats.RerunSE(once)
	assert.False(t, known)
	in, known := stats.Rerun(once, 0.95)
	assert.False(t, known)
	assert.Equal(t, stats.Wilson(3, 4, 0.95), in)
	in, known = stats.Rerun(nil, 0.95)
	assert.False(t, known)
	assert.Equal(t, stats.Interval{Low: 0, High: 1}, in)
	perfect := units([][]float64{{1, 1, 1}, {1, 1, 1}})
	in, known = stats.Rerun(perfect, 0.95)
	assert.True(t, known)
	assert.Equal(t, stats.Wilson(6, 6, 0.95), in)
	se, _ := stats.RerunSE(units([][]float64{{1, 0}, {1, 1}, {1, 0, 1, 0}}))
	near(t, math.Sqrt(0.5/2+1.0/3/4)/3, se)
}

func TestTheDefaultIsWilsonsForOneTrialAndAtTheEnds(t *testing.T) {
	for _, scores := range [][][]float64{
		{{1}, {0}, {1}, {1}, {0}, {1}, {1}}, {{1, 1}, {1, 1}, {1, 1}}, {{0, 0}, {0, 0}, {0, 0}}, {{1}},
	} {
		u := units(scores)
		x := 0
		for _, s := range scores {
			x += int(stats.Mean(s))
		}
		in, method := stats.NewProblems(u, 0.95)
		assert.Equal(t, stats.Wilson(x, len(u), 0.95), in)
		assert.Equal(t, "wilson", method)
	}
	in, method := stats.NewProblems(nil, 0.95)
	assert.Equal(t, stats.Interval{Low: 0, High: 1}, in)
	assert.Equal(t, "none", method)
}

func TestMoreTrialsNarrowTheDefaultButNeverBeyondTheirNumber(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	scores := make([][]float64, 100)
	few := make([][]float64, 100)
	for i := range scores {
		scores[i] = make([]float64, 16)
		for j := range scores[i] {
			scores[i][j] = float64(r.IntN(2))
		}
		few[i] = scores[i][:2]
	}
	wide, _ := stats.NewProblems(units(few), 0.95)
	narrow, method := stats.NewProblems(units(scores), 0.95)
	assert.Equal(t, "wilson-effective", method)
	assert.Less(t, narrow.High-narrow.Low, 0.6*(wide.High-wide.Low))
	pooled := stats.Wilson(800, 1600, 0.95)
	assert.GreaterOrEqual(t, narrow.High-narrow.Low, pooled.High-pooled.Low)
}

func FuzzIntervalsHoldTheMean(f *testing.F) {
	f.Add(uint64(1), 30, 4, 0, 0.95)
	f.Add(uint64(2), 1, 1, 1, 0.99)
	f.Add(uint64(3), 200, 2, 5, 0.9)
	f.Add(uint64(4), 2, 3, 2, 0.5)
	f.Fuzz(func(t *testing.T, seed uint64, n, k, groups int, conf float64) {
		if n < 1 || n > 300 || k < 1 || k > 20 || groups < 0 || !(conf > 0 && conf < 1) {
			return
		}
		r := rand.New(rand.NewPCG(seed, 1))
		u := make([]stats.Unit, n)
		ease := r.Float64() * 1.2
		for i := range u {
			s := make([]float64, 1+r.IntN(k))
			for j := range s {
				s[j] = min(1, max(0, ease+r.NormFloat64()*float64(seed%3)))
			}
			u[i] = units([][]float64{s})[0]
			if groups > 0 {
				u[i].Cluster = string(rune('a' + r.IntN(groups)%50))
			}
		}
		mean := 0.0
		for _, v := range u {
			mean += v.Mean / float64(n)
		}
		in, _ := stats.NewProblems(u, conf)
		holds(t, in, mean)
		in, _ = stats.Rerun(u, conf)
		holds(t, in, mean)
		between, within, _ := stats.Split(u)
		for _, v := range []float64{stats.SE(u), between, within} {
			assert.True(t, v >= 0 && v <= 1, "%v", v)
		}
	})
}

func holds(t *testing.T, in stats.Interval, mean float64) {
	t.Helper()
	assert.True(t, 0 <= in.Low && in.Low <= mean+1e-12 && mean <= in.High+1e-12 && in.High <= 1, "%v of %v", in, mean)
}
