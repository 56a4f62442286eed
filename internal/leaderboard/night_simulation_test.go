package leaderboard

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
)

// A calendar is a row of nights that are judged as `evalr nightly` judges them: by
// Baselines, with a second asking, and without the regressions before.
type calendar struct {
	*nightly
	unit   float64 // logits a point
	nights []Night
}

func newCalendar(w world, seed uint64) *calendar {
	s := newNightly(w, seed)
	return &calendar{nightly: s, unit: (s.shift(0.005) - s.shift(-0.005)) / 0.01}
}

// source is a run with the scores of k trials from a number on.
func (c *calendar) source(parts ...[][]float64) Source {
	day := time.Date(2026, 1, 1+len(c.nights), 2, 0, 0, 0, time.UTC)
	s := Source{
		Name: day.Format("2006-01-02"), Date: day,
		Models: map[string]ModelInfo{"m": {Kind: "vllm"}}, Benchmarks: map[string]BenchmarkInfo{"b": {Digest: "1"}},
	}
	s.Attempts = func(yield func(eval.Attempt, error) bool) {
		trial := 0
		for _, scores := range parts {
			for i := range scores {
				for t, score := range scores[i] {
					a := eval.Attempt{Key: eval.Key{Benchmark: "b", Model: "m", Problem: strconv.Itoa(i), Trial: trial + t}}
					a.Verdict = eval.Verdict{Outcome: eval.Incorrect, Score: score}
					if score == 1 {
						a.Verdict.Outcome = eval.Correct
					}
					if !yield(a, nil) {
						return
					}
				}
			}
			trial += len(scores[0])
		}
	}
	return s
}

// tonight adds a night that is lower by drop, and gives what was said first and at
// last.
func (c *calendar) tonight(t *testing.T, drop float64) (first, last Decision) {
	shift := c.shift(-drop) + c.tau*c.unit*c.r.NormFloat64()
	scores := c.night(shift)
	n := Night{Source: c.source(scores)}
	n.Label = n.Name
	gate, err := JudgeNight(n.Source, c.nights, GateOptions{})
	require.NoError(t, err)
	first = gate.Decision
	if gate.Suspects() {
		fresh := c.night(shift)
		again, err := JudgeNight(c.source(fresh), c.nights, GateOptions{})
		require.NoError(t, err)
		n.Source, gate = c.source(scores, fresh), again.Confirm(gate)
	}
	require.NoError(t, n.hold())
	n.Gate = &gate
	c.nights = append(c.nights, n)
	if old := len(c.nights) - 3*heldNights; old >= 0 {
		c.nights[old].sheets = nil
	}
	return first, gate.Decision
}

func TestAYearOfNightsDoesNotCryWolf(t *testing.T) {
	c := newCalendar(world{n: 40, k: 2, tau: 0.01}, 3)
	red := 0
	for range 200 {
		if _, said := c.tonight(t, 0); said == Regression {
			red++
		}
	}
	// More than 6 of 200 has a chance of 0.5% if one in a hundred is a false alarm.
	assert.LessOrEqual(t, red, 6)
	_, said := c.tonight(t, 0.35)
	assert.Equal(t, Regression, said, "and still finds what is there")
}

// TestNightsSimulation prints how often nights alarm: nothing wrong in rows of 100
// nights, and a drop after seven. EVALR_SIMULATE is the number of nights.
func TestNightsSimulation(t *testing.T) {
	nights, err := strconv.Atoi(os.Getenv("EVALR_SIMULATE"))
	if err != nil {
		t.Skip("a long simulation: set EVALR_SIMULATE to a number of nights")
	}
	share := func(n, of int) string { return fmt.Sprintf("%.2f%%", 100*float64(n)/float64(of)) }
	for _, w := range []world{{n: 198, k: 4, tau: 0.01}, {n: 198, k: 4, tau: 0.02}, {n: 500, k: 4, tau: 0.01}, {n: 60, k: 1, tau: 0.01}} {
		suspected, red, second, all, worst := 0, 0, 0, 0, 0
		for row := range max(1, nights/100) {
			c := newCalendar(w, uint64(row)+1)
			inRow := 0
			for i := range 100 {
				first, last := c.tonight(t, 0)
				all++
				if first == Regression {
					suspected++
				}
				if last == Regression {
					red++
					inRow++
					if i < 4 {
						second++
					}
				}
			}
			worst = max(worst, inRow)
		}
		fmt.Printf("%d problems, %d trials, τ %g: of %d nights with nothing wrong %s suspected, %s red (%d of them among the first four of a row; at most %d of 100 in a row)\n", w.n, w.k, w.tau, all, share(suspected, all), share(red, all), second, worst)
	}
	for _, tau := range []float64{0.005, 0.01} {
		all, found, red, since := max(1, nights/10), 0, 0, 0
		for row := range all {
			c := newCalendar(world{n: 198, k: 4, tau: tau}, uint64(row)+1)
			for range 8 {
				c.tonight(t, 0)
			}
			once := false
			for range 14 {
				if _, last := c.tonight(t, 0.05); last == Regression {
					red, once = red+1, true
				}
			}
			if once {
				found++
			}
			h, err := BuildHistory(c.nights, GateOptions{})
			require.NoError(t, err)
			if h.Series[0].FirstRegression != "" {
				since++
			}
		}
		fmt.Printf("τ %g, a drop of 0.05 for good: in 14 nights %s found, %s of the nights red; at the end %s are still said to be worse\n", tau, share(found, all), share(red, 14*all), share(since, all))
	}
	for _, tau := range []float64{0.005, 0.01} {
		for _, drop := range []float64{0.05, 0.1} {
			suspected, red, all := 0, 0, max(1, nights/10)
			for row := range all {
				c := newCalendar(world{n: 198, k: 4, tau: tau}, uint64(row)+1)
				for range 8 {
					c.tonight(t, 0)
				}
				first, last := c.tonight(t, drop)
				if first == Regression {
					suspected++
				}
				if last == Regression {
					red++
				}
			}
			fmt.Printf("τ %g, drop %g: of %d %s suspected, %s red\n", tau, drop, all, share(suspected, all), share(red, all))
		}
	}
}
