package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

// flipped tries all signs of d: the share of sums as far from 0 as Σ d, and the
// share not above it.
func flipped(d []float64) (twoSided, lower float64) {
	seen := 0.0
	for _, v := range d {
		seen += v
	}
	for signs := range 1 << len(d) {
		sum := 0.0
		for i, v := range d {
			if signs>>i&1 == 1 {
				v = -v
			}
			sum += v
		}
		if math.Abs(sum) >= math.Abs(seen)-1e-9 {
			twoSided++
		}
		if sum <= seen+1e-9 {
			lower++
		}
	}
	all := math.Exp2(float64(len(d)))
	return twoSided / all, lower / all
}

func TestSignFlipsAreExactWithAndWithoutACommonUnit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		d := make([]float64, 1+r.IntN(11))
		irregular := make([]float64, len(d))
		for i := range d {
			d[i] = float64(r.IntN(13)-6) / 12
			irregular[i] = r.NormFloat64()
		}
		for _, d := range [][]float64{d, irregular} {
			two, lower := flipped(d)
			near(t, two, stats.PairedPermutation(d, 1), d)
			near(t, lower, stats.PairedPermutationOneSided(d, 1), d)
		}
	}
	assert.InDelta(t, 1, stats.PairedPermutation(make([]float64, 50), 1), 0, "no difference is no evidence")
	assert.InDelta(t, 1, stats.PairedPermutationOneSided(nil, 1), 0)
}

func TestTheScaleOfDifferencesDoesNotMatter(t *testing.T) {
	d := []float64{0.25, 0.5, -0.25, 0, 0.75, 1, 0, 0.5, 0.1 + 0.2 - 0.3}
	for _, scale := range []float64{1e-300, 1e-13, 1.0 / 3, 1e7, 1e200} {
		scaled := make([]float64, len(d))
		for i := range d {
			scaled[i] = d[i] * scale
		}
		near(t, 0.09375, stats.PairedPermutation(scaled, 1), scale)
	}
}

func TestSignFlipsOfOnesAreMcNemars(t *testing.T) {
	for _, c := range [][2]int{{1, 6}, {40, 60}, {0, 900}, {300, 301}, {0, 1}} {
		d := make([]float64, 0, c[0]+c[1])
		for range c[0] {
			d = append(d, -1)
		}
		for range c[1] {
			d = append(d, 1)
		}
		near(t, stats.McNemarExact(c[0], c[1]), stats.PairedPermutation(d, 1), c)
	}
}

func TestDrawnSignsAgreeWithTheNormalLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, shift := range []float64{0, 0.05, 0.15, 0.3} {
		d := make([]float64, 400)
		sum, squares := 0.0, 0.0
		for i := range d {
			d[i] = r.NormFloat64() - shift
			sum += d[i]
			squares += d[i] * d[i]
		}
		lower := math.Erfc(-sum/math.Sqrt(squares)/math.Sqrt2) / 2
		two := 2 * min(lower, 1-lower)
		assert.InDelta(t, two, stats.PairedPermutation(d, 7), 0.2*two+3e-5)
		assert.InDelta(t, lower, stats.PairedPermutationOneSided(d, 7), 0.2*lower+3e-5)
		assert.InDelta(t, stats.PairedPermutation(d, 7), stats.PairedPermutation(d, 7), 0, "a seed decides")
	}
}

func TestSignFlipsAreHonestUnderTheNullHypothesis(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	found := 0
	const tries = 1000
	for i := range tries {
		d := make([]float64, 40)
		for j := range d {
			d[j] = float64(r.IntN(5)-2) / 4
		}
		if stats.PairedPermutation(d, uint64(i)) <= 0.05 {
			found++
		}
	}
	assert.LessOrEqual(t, float64(found)/tries, 0.05+noise(tries))
	assert.Positive(t, found)
}

func TestPairsOfModelsAgreeWithEachPairAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	x := make([][]float64, 6)
	for m := range x {
		x[m] = make([]float64, 150)
		for i := range x[m] {
			for range 4 {
				if r.Float64() < 0.4+0.05*float64(m) {
					x[m][i] += 0.25
				}
			}
			if m < 2 {
				x[m][i] = math.Round(x[m][i])
			}
		}
	}
	p := stats.PairwisePermutation(x, 9)
	for a := range x {
		near(t, 1, p[a][a])
		for b := range a {
			assert.InDelta(t, p[a][b], p[b][a], 0)
			d := make([]float64, len(x[a]))
			for i := range d {
				d[i] = x[a][i] - x[b][i]
			}
			want := stats.PairedPermutation(d, 1)
			if a < 2 {
				near(t, want, p[a][b], "binary scores are compared exactly")
			}
			assert.InDelta(t, want, p[a][b], 4*math.Sqrt(want/9999)+2e-4)
		}
	}
	assert.Empty(t, stats.PairwisePermutation(nil, 1))
	same := [][]float64{{0.5, 0.25}, {0.5, 0.25}}
	near(t, 1, stats.PairwisePermutation(same, 1)[0][1])
}

func FuzzPairedPermutation(f *testing.F) {
	f.Add(0.25, 0.5, -0.25, uint64(1))
	f.Add(1e-300, -1e300, 3.0, uint64(1))
	f.Fuzz(func(t *testing.T, a, b, c float64, seed uint64) {
		for _, v := range []float64{a, b, c} {
			if math.IsNaN(v) || math.Abs(v) > 1e300 {
				return
			}
		}
		d := []float64{a, b, c, a, b - c}
		for _, p := range []float64{stats.PairedPermutation(d, seed), stats.PairedPermutationOneSided(d, seed)} {
			assert.True(t, p > 0 && p <= 1, "%v of %v", p, d)
		}
	})
}

func BenchmarkPairedPermutation(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	quarters, irregular, close := make([]float64, 500), make([]float64, 500), make([]float64, 500)
	for i := range quarters {
		quarters[i] = float64(r.IntN(9)-4) / 4
		close[i] = r.NormFloat64()
		irregular[i] = r.NormFloat64() + 0.5
	}
	for name, d := range map[string][]float64{"exact": quarters, "drawn-far": irregular, "drawn-close": close, "enumerated-20": irregular[:20]} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				stats.PairedPermutation(d, 1)
			}
		})
	}
}

func BenchmarkPairwisePermutation20x500(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	x := make([][]float64, 20)
	for m := range x {
		x[m] = make([]float64, 500)
		for i := range x[m] {
			x[m][i] = float64(r.IntN(5)) / 4
		}
	}
	for b.Loop() {
		stats.PairwisePermutation(x, 1)
	}
}
