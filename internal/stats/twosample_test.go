package stats_test

import (
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

// relabelled tries all ways to share out each problem's trials between two runs:
// the share of mean differences not above the one seen.
func relabelled(cur, base [][]float64) float64 {
	below, all := 0.0, 0.0
	seen := 0.0
	for i := range cur {
		seen += stats.Mean(cur[i]) - stats.Mean(base[i])
	}
	var share func(i int, sum float64)
	share = func(i int, sum float64) {
		if i == len(cur) {
			all++
			if sum <= seen+1e-9 {
				below++
			}
			return
		}
		pool := append(append([]float64{}, cur[i]...), base[i]...)
		for s := range 1 << len(pool) {
			if bits.OnesCount(uint(s)) != len(cur[i]) {
				continue
			}
			first, second := 0.0, 0.0
			for j, v := range pool {
				if s>>j&1 == 1 {
					first += v
				} else {
					second += v
				}
			}
			share(i+1, sum+first/float64(len(cur[i]))-second/float64(len(base[i])))
		}
	}
	share(0, 0)
	return below / all
}

func TestTwoRunsAreComparedOverAllRelabellings(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		var cur, base [][]float64
		for range 1 + r.IntN(4) {
			a, b := make([]float64, 1+r.IntN(3)), make([]float64, 1+r.IntN(3))
			for _, s := range [][]float64{a, b} {
				for j := range s {
					s[j] = float64(r.IntN(3)) / 2
				}
			}
			cur, base = append(cur, a), append(base, b)
		}
		diff, p := stats.TwoSampleWithin(cur, base, 1)
		near(t, relabelled(cur, base), p, "%v %v", cur, base)
		want := 0.0
		for i := range cur {
			want += (stats.Mean(cur[i]) - stats.Mean(base[i])) / float64(len(cur))
		}
		assert.InDelta(t, want, diff, 1e-12)
	}
}

func TestDrawnRelabellingsAgreeWithExactOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, k := range []int{4, 8} { // from a list of all choices, and shuffled
		cur, base := runs(r, 60, k, 0.08)
		_, exact := stats.TwoSampleWithin(cur, base, 1)
		for i := range cur {
			// Too little to change the order of any two sums, yet no common unit.
			for j := range cur[i] {
				cur[i][j] += 1e-7 * r.Float64()
			}
		}
		_, drawn := stats.TwoSampleWithin(cur, base, 1)
		assert.Less(t, exact, 0.3)
		assert.InDelta(t, exact, drawn, 0.2*exact+1e-4)
	}
}

func TestARunIsNotLowerThanItself(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	found := 0
	const tries = 1000
	for range tries {
		cur, base := runs(r, 30, 3, 0)
		if _, p := stats.TwoSampleWithin(cur, base, 1); p <= 0.05 {
			found++
		}
	}
	assert.LessOrEqual(t, float64(found)/tries, 0.05+noise(tries))
	assert.Positive(t, found)
	cur, base := runs(r, 300, 4, 0.15)
	_, p := stats.TwoSampleWithin(cur, base, 1)
	assert.Less(t, p, 1e-6)
	_, p = stats.TwoSampleWithin(base, cur, 1)
	assert.Greater(t, p, 0.999)
}

func TestProblemsOfOneRunAloneAreSkipped(t *testing.T) {
	diff, p := stats.TwoSampleWithin([][]float64{{0, 0}, {1}, nil, {1}}, [][]float64{{1, 1}, nil, {1}}, 1)
	assert.InDelta(t, -1, diff, 1e-12)
	near(t, 1.0/6, p)
	diff, p = stats.TwoSampleWithin(nil, nil, 1)
	assert.Zero(t, diff)
	near(t, 1, p)
}

// runs makes two runs of n problems and k trials of which the first is lower by
// about loss.
func runs(r *rand.Rand, n, k int, loss float64) (cur, base [][]float64) {
	for range n {
		chance := r.Float64()
		trials := func(p float64) []float64 {
			out := make([]float64, k)
			for j := range out {
				if r.Float64() < p {
					out[j] = 1
				}
			}
			return out
		}
		cur, base = append(cur, trials(chance-loss)), append(base, trials(chance))
	}
	return cur, base
}

func BenchmarkTwoSampleWithin(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	graded := func(cur [][]float64, base [][]float64) ([][]float64, [][]float64) {
		for i := range cur {
			for j := range cur[i] {
				cur[i][j] *= r.Float64()
			}
		}
		return cur, base
	}
	for name, make := range map[string]func() ([][]float64, [][]float64){
		"binary-500x4":  func() ([][]float64, [][]float64) { return runs(r, 500, 4, 0.05) },
		"binary-500x16": func() ([][]float64, [][]float64) { return runs(r, 500, 16, 0.05) },
		"graded-500x4":  func() ([][]float64, [][]float64) { return graded(runs(r, 500, 4, 0.05)) },
	} {
		b.Run(name, func(b *testing.B) {
			cur, base := make()
			for b.Loop() {
				stats.TwoSampleWithin(cur, base, 1)
			}
		})
	}
}
