package leaderboard

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

// A world is what nights are drawn from: problems whose chances have the shape of
// a benchmark at about 75%, k trials a night, m nights of baseline, and a shift
// of all problems of a night, normal on the logit scale, that moves the mean
// score by tau. The run is lower by drop in the mean, on the logit scale too.
type world struct {
	n, k, m   int
	tau, drop float64
	cells     int
}

// A nightly makes nights of a world.
type nightly struct {
	world
	r      *rand.Rand
	logits []float64
}

func newNightly(w world, seed uint64) *nightly {
	s := &nightly{world: w, r: rand.New(rand.NewPCG(seed, 1))}
	for range w.n {
		s.logits = append(s.logits, 1.8+2*s.r.NormFloat64())
	}
	return s
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func (s *nightly) mean(shift float64) float64 {
	total := 0.0
	for _, l := range s.logits {
		total += logistic(l + shift)
	}
	return total / float64(len(s.logits))
}

// shift is what moves the mean by so much.
func (s *nightly) shift(by float64) float64 {
	low, high, want := -20.0, 20.0, s.mean(0)+by
	for range 50 {
		if middle := (low + high) / 2; s.mean(middle) < want {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

func (s *nightly) night(shift float64) [][]float64 {
	out, scores := make([][]float64, s.n), make([]float64, s.n*s.k)
	for i, l := range s.logits {
		p := logistic(l + shift)
		out[i] = scores[i*s.k : (i+1)*s.k]
		for t := range out[i] {
			if s.r.Float64() < p {
				out[i][t] = 1
			}
		}
	}
	return out
}

// gate simulates nights and gives the share of them with each decision. Cells of
// one night have different shifts.
func (s *nightly) gate(nights int) map[Decision]float64 {
	unit := (s.shift(0.005) - s.shift(-0.005)) / 0.01 // logits a point
	fall := s.shift(-s.drop)
	o, _ := GateOptions{}.usual()
	found := map[Decision]float64{}
	for range nights {
		cells := make([]GateCell, max(1, s.cells))
		for c := range cells {
			var base [][][]float64
			for range s.m {
				base = append(base, s.night(s.tau*unit*s.r.NormFloat64()))
			}
			test := stats.CompareNights(s.night(fall+s.tau*unit*s.r.NormFloat64()), base, s.r.Uint64())
			cells[c].stats = &test
		}
		settle(cells, o)
		g := Gate{}
		for _, c := range cells {
			g.add(c.Decision, c.Why)
		}
		found[g.Decision] += 1 / float64(nights)
	}
	return found
}

func TestNightsDoNotCryWolf(t *testing.T) {
	for _, w := range []world{
		{n: 30, k: 2, m: 3, tau: 0.02},
		{n: 100, k: 1, m: 5, tau: 0.02},
		{n: 100, k: 1, m: 1},
		{n: 60, k: 1, m: 3, tau: 0.01, cells: 3},
	} {
		found := newNightly(w, 7).gate(300)
		// More than 8 of 300 has a chance of 0.4% if one in a hundred is a false alarm.
		assert.LessOrEqual(t, found[Regression], 8.0/300, "%+v", w)
	}
}

func TestNightsFindWhatIsThere(t *testing.T) {
	found := newNightly(world{n: 200, k: 2, m: 5, tau: 0.005, drop: 0.1}, 7).gate(60)
	assert.GreaterOrEqual(t, found[Regression], 0.8)
}

func TestASmallDropIsToleratedHoweverCertain(t *testing.T) {
	found := newNightly(world{n: 400, k: 40, m: 3, drop: 0.01}, 7).gate(20)
	assert.Zero(t, found[Regression])
}

// TestGateSimulation prints the tables of docs/gate.md. EVALR_SIMULATE is the
// number of nights of each figure.
func TestGateSimulation(t *testing.T) {
	nights, err := strconv.Atoi(os.Getenv("EVALR_SIMULATE"))
	if err != nil {
		t.Skip("a long simulation: set EVALR_SIMULATE to a number of nights")
	}
	taus, drops := []float64{0, 0.005, 0.01, 0.02}, []float64{0.02, 0.05, 0.1}
	row := func(w world, taus, drops []float64) {
		fmt.Printf("| %d | %d | %d |", w.n, w.k, w.m)
		for _, w.tau = range taus {
			for _, w.drop = range drops {
				fmt.Printf(" %.2f%% |", 100*newNightly(w, 1).gate(nights)[Regression])
			}
		}
		fmt.Println()
	}
	const head = "\n| problems | trials | nights | τ 0 | τ 0.5 pp | τ 1 pp | τ 2 pp |\n|--:|--:|--:|--:|--:|--:|--:|\n"
	t.Run("false", func(*testing.T) {
		fmt.Print(head)
		for _, size := range [][2]int{{30, 1}, {30, 4}, {198, 1}, {198, 4}, {500, 1}, {500, 4}} {
			for _, m := range []int{1, 3, 5, 7} {
				row(world{n: size[0], k: size[1], m: m}, taus, []float64{0})
			}
		}
	})
	t.Run("cells", func(*testing.T) {
		fmt.Print(head)
		for _, m := range []int{1, 3, 5, 7} {
			row(world{n: 100, k: 2, m: m, cells: 4}, taus, []float64{0})
		}
	})
	t.Run("power", func(*testing.T) {
		fmt.Print("\n| problems | trials | nights | drop 2 pp | drop 5 pp | drop 10 pp |\n|--:|--:|--:|--:|--:|--:|\n")
		for _, size := range [][2]int{{30, 4}, {198, 1}, {198, 4}, {500, 4}} {
			for _, m := range []int{1, 3, 5, 7} {
				row(world{n: size[0], k: size[1], m: m}, []float64{0.005}, drops)
			}
		}
	})
}
