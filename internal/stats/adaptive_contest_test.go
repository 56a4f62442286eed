package stats_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/stats"
)

// worse gives the same problems to a model whose score is lower by delta, in
// [0, 1]: it solves each with a chance that is smaller by one factor.
func (w *exam) worse(r *rand.Rand, delta float64) *exam {
	out := &exam{chances: make([]float64, len(w.chances))}
	for i, p := range w.chances {
		out.chances[i] = p * max(0, 1-delta/w.truth)
	}
	return out.drawn(r)
}

// decide samples until the contest is decided or all is spent.
func (w *exam) decide(base stats.CrossFit, margin float64) (stats.Decision, *stats.Allocation) {
	a := stats.NewAllocation(len(w.scores), simulatedPilot, simulatedMost)
	c := stats.NewContest(base, margin, simulatedPilot, simulatedMost)
	for look := range c.Looks() {
		if look > 0 {
			a.Raise(c.Looks()[look], w.shown(a))
		}
		f := stats.Fit(w.shown(a))
		if decision, _ := c.Judge(look, f); decision != stats.Undecided || c.Hopeless(look, f) {
			return decision, a
		}
	}
	return stats.Undecided, a
}

// A contestReport gives the shares of decisions, and the trials a problem.
type contestReport struct {
	lower, higher, equivalent, undecided, spent float64
}

// A contest is what is simulated: problems, the baseline's trials of each, and
// by how much the model is worse than the baseline.
type contest struct {
	n, baseTrials  int
	p, s           float64
	delta, margins float64
}

func (c contest) simulate(r *rand.Rand, reps int) contestReport {
	var out contestReport
	one := 1 / float64(reps)
	for range reps {
		was := newExam(r, c.n, c.p, c.s)
		base := make([]stats.Streams, c.n)
		for i, s := range was.scores {
			base[i] = stats.Streams{s[0][:c.baseTrials/2], s[1][:c.baseTrials/2]}
		}
		decision, a := was.worse(r, c.delta).decide(stats.Fit(base), c.margins)
		switch decision {
		case stats.Lower:
			out.lower += one
		case stats.Higher:
			out.higher += one
		case stats.Equivalent:
			out.equivalent += one
		default:
			out.undecided += one
		}
		out.spent += float64(a.Total()) / float64(c.n) * one
	}
	return out
}

func TestAContestErrsSeldomAndFindsARegression(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 3))
	same := contest{n: 100, baseTrials: 16, p: 0.7, s: 1, margins: 0.02}.simulate(r, 400)
	assert.Less(t, same.lower+same.higher, 0.05, "false alarms of a model that is the same")
	at := contest{n: 100, baseTrials: 64, p: 0.7, s: 1, delta: 0.03, margins: 0.03}.simulate(r, 200)
	assert.Less(t, at.equivalent+at.higher, 0.05, "a difference of the margin is not equivalence")
	worse := contest{n: 100, baseTrials: 16, p: 0.7, s: 1, delta: 0.08, margins: 0.02}.simulate(r, 100)
	assert.Greater(t, worse.lower, 0.9)
	assert.Less(t, worse.spent, 30.0, "trials a problem: what is far off is decided early")
}

func TestTheLooksOfAContest(t *testing.T) {
	looks := func(pilot, most int) []float64 { return stats.NewContest(stats.CrossFit{}, 0.02, pilot, most).Looks() }
	assert.Equal(t, []float64{4}, looks(4, 4))
	assert.Equal(t, []float64{4, 5}, looks(4, 5))
	assert.Len(t, looks(4, 1000), 6)
	long := looks(4, 64)
	require.Len(t, long, 6)
	assert.InDelta(t, 64, long[5], 1e-9)
}

func TestAJudgementNeedsLessEvidenceLater(t *testing.T) {
	f := stats.CrossFit{Mean: 0.5, Variance: 1e-4, Freedom: 1000, Problems: 100}
	c := stats.NewContest(f, 0.02, 4, 64)
	_, early := c.Judge(1, f)
	_, late := c.Judge(5, f)
	assert.Greater(t, early.High, late.High)
	assert.InDelta(t, 0, late.High+late.Low, 1e-12)
	f.Mean = 0.4
	decision, _ := c.Judge(5, f)
	assert.Equal(t, stats.Lower, decision)
	f.Mean = 0.6
	decision, _ = c.Judge(5, f)
	assert.Equal(t, stats.Higher, decision)
	c.Margin = 0.2
	f.Mean = 0.5
	decision, _ = c.Judge(5, f)
	assert.Equal(t, stats.Equivalent, decision)
}

func TestAContestThatCannotBeDecidedIsGivenUp(t *testing.T) {
	noisy := stats.CrossFit{Mean: 0.5, Variance: 1e-3, Freedom: 1000, Problems: 100}
	some := stats.CrossFit{Mean: 0.5, Variance: 1e-4, Freedom: 1000, Problems: 100}
	sure := stats.CrossFit{Mean: 0.5, Variance: 1e-5, Freedom: 1000, Problems: 100}
	c := stats.NewContest(noisy, 0.02, 4, 64)
	assert.True(t, c.Hopeless(2, some), "the baseline alone is ±6pp")
	ahead := some
	ahead.Mean = 0.56
	assert.False(t, c.Hopeless(2, ahead), "it may become significant")
	assert.False(t, stats.NewContest(sure, 0.02, 4, 64).Hopeless(0, some), "it may become equivalent")
}

// TestSimulateContest prints the table of docs/adaptive-sampling.md.
func TestSimulateContest(t *testing.T) {
	if os.Getenv("EVALR_SIMULATE") == "" {
		t.Skip("EVALR_SIMULATE=1 simulates for minutes and prints tables")
	}
	const reps = 4000
	fmt.Println("| problems | baseline's trials | s | p | worse by | lower | higher | equivalent | undecided | trials a problem | of 64 saved |")
	fmt.Println("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
	for _, n := range []int{30, 198, 500} {
		for _, trials := range []int{4, 64} {
			for _, kind := range [][2]float64{{0.5, 0.5}, {0.8, 0.5}, {0.95, 0.5}, {0.5, 2}, {0.8, 2}} {
				for _, delta := range []float64{0, 0.02, 0.05} {
					c := contest{n: n, baseTrials: trials, p: kind[0], s: kind[1], delta: delta, margins: 0.02}
					w := c.simulate(rand.New(rand.NewPCG(uint64(n), 4)), reps)
					fmt.Printf("| %d | %d | %g | %g | %gpp | %.1f%% | %.1f%% | %.1f%% | %.1f%% | %.1f | %.0f%% |\n", n, trials, c.s, c.p, 100*delta,
						100*w.lower, 100*w.higher, 100*w.equivalent, 100*w.undecided, w.spent, 100*(1-w.spent/simulatedMost))
				}
			}
		}
	}
}
