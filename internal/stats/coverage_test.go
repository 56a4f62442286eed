package stats_test

import (
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

var (
	scores    = []float64{0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95}
	spreads   = []float64{0.5, 2, 10}
	newTruth  = func(w world) func(drawn) float64 { return func(drawn) float64 { return w.p } }
	hereTruth = func(d drawn) float64 { return d.here }
)

// informed is where a set has at least five problems' worth of each outcome.
func informed(w world) bool { return float64(w.n)*min(w.p, 1-w.p) >= 5-1e-9 }

func TestTheDefaultIntervalCoversNewProblems(t *testing.T) {
	for _, w := range []world{
		{n: 30, k: 1, p: 0.5, s: 2}, {n: 30, k: 4, p: 0.95, s: 0.5}, {n: 30, k: 4, p: 0.2, s: 0.5},
		{n: 30, k: 16, p: 0.05, s: 0.5}, {n: 198, k: 4, p: 0.65, s: 2}, {n: 198, k: 16, p: 0.05, s: 10},
		{n: 120, k: 2, p: 0.3, s: 2, groups: 20, clusterS: 3}, {n: 200, k: 1, p: 0.9, s: 2, groups: 14, clusterS: 0.5},
	} {
		f := w.try(candidates()[:1], 400, 11, newTruth(w))[0]
		assert.GreaterOrEqual(t, f.coverage, 0.94-noise(f.made), "%+v", w)
		assert.Less(t, f.width, 0.6, "%+v: an interval that covers by saying nothing", w)
	}
}

func TestPoolingTrialsWouldNotCover(t *testing.T) {
	w := world{n: 30, k: 16, p: 0.5, s: 0.5}
	all := candidates()
	f := w.try(all[len(all)-1:], 400, 11, newTruth(w))[0]
	assert.Less(t, f.coverage, 0.6, "the trials of a problem are no independent problems")
}

func TestTheRerunIntervalCoversTheSameProblems(t *testing.T) {
	for _, w := range []world{
		{n: 30, k: 2, p: 0.5, s: 0.5}, {n: 30, k: 4, p: 0.95, s: 0.5}, {n: 30, k: 16, p: 0.2, s: 0.1}, {n: 198, k: 4, p: 0.8, s: 2},
	} {
		f := w.try(reruns()[:1], 600, 12, hereTruth)[0]
		assert.GreaterOrEqual(t, f.coverage, 0.94-noise(f.made), "%+v", w)
		assert.Less(t, f.width, 0.25, "%+v", w)
	}
}

// At one trial a problem the coverage is a finite sum, and needs no simulation.
func TestClopperPearsonAlwaysCovers(t *testing.T) {
	for _, conf := range []float64{0.9, 0.95, 0.99} {
		for _, n := range []int{1, 10, 30, 198} {
			in := make([]stats.Interval, n+1)
			for x := range in {
				in[x] = stats.ClopperPearson(x, n, conf)
			}
			for p := 0.005; p < 1; p += 0.005 {
				assert.GreaterOrEqual(t, covered(in, p), conf-1e-9, "n=%d p=%v", n, p)
			}
		}
	}
}

// covered gives the chance that the interval of a binomial count holds p.
func covered(in []stats.Interval, p float64) float64 {
	n := float64(len(in) - 1)
	sum := 0.0
	all, _ := math.Lgamma(n + 1)
	for x, i := range in {
		if i.Low <= p && p <= i.High {
			a, _ := math.Lgamma(float64(x) + 1)
			b, _ := math.Lgamma(n - float64(x) + 1)
			sum += math.Exp(all - a - b + float64(x)*math.Log(p) + (n-float64(x))*math.Log1p(-p))
		}
	}
	return sum
}

// TestCoverageTables prints the tables of docs/statistics.md.
func TestCoverageTables(t *testing.T) {
	if os.Getenv("EVALR_SIMULATE") == "" {
		t.Skip("a simulation of minutes: set EVALR_SIMULATE=1 to run it")
	}
	const benchmarks = 2000
	fmt.Print("### New problems\n\n")
	var worlds []world
	for _, n := range []int{30, 198, 500} {
		for _, k := range []int{1, 4, 16} {
			for _, s := range spreads {
				for _, p := range scores {
					if k > 1 || s == 2 { // one trial does not show the spread
						worlds = append(worlds, world{n: n, k: k, p: p, s: s})
					}
				}
			}
		}
	}
	table(worlds, candidates(), benchmarks, newTruth)

	fmt.Print("### New problems in clusters\n\n")
	worlds = nil
	for _, g := range []int{8, 14, 50, 100} {
		for _, s := range []float64{0.5, 3, 30} {
			for _, p := range []float64{0.05, 0.2, 0.5} {
				worlds = append(worlds, world{n: 200, k: 4, p: p, s: 2, groups: g, clusterS: s})
			}
		}
	}
	clustered := candidates()
	table(worlds, []method{clustered[0], clustered[1], clustered[5]}, benchmarks, newTruth)

	fmt.Print("### The same problems run again\n\n")
	worlds = nil
	for _, n := range []int{30, 198, 500} {
		for _, k := range []int{2, 4, 16} {
			for _, s := range append([]float64{0.1}, spreads...) {
				for _, p := range scores[:5] {
					worlds = append(worlds, world{n: n, k: k, p: p, s: s})
				}
			}
		}
	}
	table(worlds, reruns(), benchmarks/2, func(world) func(drawn) float64 { return hereTruth })
}

// table prints a row for each shape of set and each half of it, informed or not:
// of each method the mean and the lowest coverage over scores and spreads, and
// the mean width, in per cent.
func table(worlds []world, methods []method, benchmarks int, truth func(world) func(drawn) float64) {
	type row struct {
		n, k, groups int
		informed     bool
	}
	var order []row
	sums, lowest := map[row][]finding{}, map[row][]float64{}
	for _, w := range worlds {
		at := row{w.n, w.k, w.groups, informed(w)}
		if sums[at] == nil {
			order = append(order, at)
			sums[at], lowest[at] = make([]finding, len(methods)), make([]float64, len(methods))
			for i := range methods {
				lowest[at][i] = 1
			}
		}
		for i, f := range w.try(methods, benchmarks, 1, truth(w)) {
			if f.made == 0 {
				continue
			}
			sums[at][i].coverage += f.coverage
			sums[at][i].width += f.width
			sums[at][i].made++
			lowest[at][i] = min(lowest[at][i], f.coverage)
		}
	}
	fmt.Print("| n × k | n·min(p, 1-p) |")
	for _, m := range methods {
		fmt.Printf(" %s |", m.name)
	}
	fmt.Print("\n|---|---|")
	for range methods {
		fmt.Print("--:|")
	}
	fmt.Println()
	for _, at := range order {
		shape, side := fmt.Sprintf("%d × %d", at.n, at.k), "< 5"
		if at.groups > 0 {
			shape += fmt.Sprintf(" in %d", at.groups)
		}
		if at.informed {
			side = "≥ 5"
		}
		fmt.Printf("| %s | %s |", shape, side)
		for i, f := range sums[at] {
			if f.made == 0 {
				fmt.Print(" – |")
				continue
			}
			fmt.Printf(" %.1f (%.1f) %.1f |", 100*f.coverage/f.made, 100*lowest[at][i], 100*f.width/f.made)
		}
		fmt.Println()
	}
	fmt.Println()
}
