package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/internal/stats"
)

// An exam is a set of problems with the true chance of solving each, and what
// would come out of every trial.
type exam struct {
	chances []float64
	truth   float64 // mean of the chances
	scores  []stats.Streams
}

const (
	simulatedPilot = 4
	simulatedMost  = 64
)

// newExam draws the chances of n problems from Beta(p·s, (1-p)·s).
func newExam(r *rand.Rand, n int, p, s float64) *exam {
	w := &exam{chances: make([]float64, n)}
	for i := range w.chances {
		w.chances[i] = drawBeta(r, p*s, (1-p)*s)
	}
	return w.drawn(r)
}

// drawn draws all the trials.
func (w *exam) drawn(r *rand.Rand) *exam {
	w.truth = stats.Mean(w.chances)
	w.scores = make([]stats.Streams, len(w.chances))
	for i, p := range w.chances {
		for stream := range 2 {
			w.scores[i][stream] = make([]float64, simulatedMost/2)
			for j := range w.scores[i][stream] {
				if r.Float64() < p {
					w.scores[i][stream][j] = 1
				}
			}
		}
	}
	return w
}

// shown gives the scores of the trials that were made.
func (w *exam) shown(a *stats.Allocation) []stats.Streams {
	out := make([]stats.Streams, len(w.scores))
	for i, s := range w.scores {
		even, odd := a.Counts(i)
		out[i] = stats.Streams{s[0][:even], s[1][:odd]}
	}
	return out
}

// toWidth samples until the half width is reached.
func (w *exam) toWidth(half float64) (f stats.CrossFit, a *stats.Allocation, rounds int) {
	a = stats.NewAllocation(len(w.scores), simulatedPilot, simulatedMost)
	for {
		rounds++
		shown := w.shown(a)
		f = stats.Fit(shown)
		level, more := stats.Width{Half: half}.Next(a, f)
		if !more {
			return f, a, rounds
		}
		a.Raise(level, shown)
	}
}

// uniformTo tries all problems alike until the same interval is that narrow,
// looking after every second trial; k is the trials of a problem.
func (w *exam) uniformTo(half float64) (f stats.CrossFit, k int) {
	for k = simulatedPilot; ; k += 2 {
		shown := make([]stats.Streams, len(w.scores))
		for i, s := range w.scores {
			shown[i] = stats.Streams{s[0][:k/2], s[1][:k/2]}
		}
		if f = stats.Fit(shown); k == simulatedMost || f.HalfWidth(0.95) <= half {
			return f, k
		}
	}
}

// plainMean is the mean over problems of the plain mean of their trials.
func plainMean(problems []stats.Streams) float64 {
	sum := 0.0
	for _, p := range problems {
		sum += stats.Mean(append(append([]float64{}, p[0]...), p[1]...))
	}
	return sum / float64(len(problems))
}

// A widthReport sums up many runs to one width; scores are in [0, 1].
type widthReport struct {
	reps                          float64
	bias, square, plain, even     float64 // even is the bias of uniform sampling
	covered, reached              float64
	spent, uniform, stated, looks float64
}

func simulateWidth(r *rand.Rand, reps, n int, p, s, half float64) widthReport {
	out := widthReport{reps: float64(reps)}
	for range reps {
		w := newExam(r, n, p, s)
		f, a, rounds := w.toWidth(half)
		off := f.Mean - w.truth
		out.bias += off / out.reps
		out.square += off * off / out.reps
		out.plain += (plainMean(w.shown(a)) - w.truth) / out.reps
		width := f.HalfWidth(0.95)
		if math.Abs(off) <= width {
			out.covered += 1 / out.reps
		}
		if width <= half {
			out.reached += 1 / out.reps
		}
		out.spent += float64(a.Total()) / float64(n) / out.reps
		alike, k := w.uniformTo(half)
		out.even += (alike.Mean - w.truth) / out.reps
		out.uniform += float64(k) / out.reps
		out.stated += float64(f.Uniform()) / out.reps
		out.looks += float64(rounds) / out.reps
	}
	return out
}

// error is the standard error of the simulated bias.
func (w widthReport) error() float64 { return math.Sqrt(w.square / w.reps) }

func TestSamplingToAWidthIsUnbiasedAndItsIntervalHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	w := simulateWidth(r, 300, 198, 0.8, 0.5, 0.01)
	assert.Less(t, math.Abs(w.bias), 4*w.error(), "the cross-fitted mean")
	assert.Greater(t, w.plain, 6*w.error(), "the plain mean of the same trials is biased: this is what is guarded against")
	assert.Greater(t, w.covered, 0.95-4*math.Sqrt(0.95*0.05/300))
	assert.InDelta(t, 1, w.reached, 1e-9)
	assert.Less(t, w.spent, w.uniform, "trials of a problem")
	assert.InDelta(t, w.uniform, w.stated, 0.15*w.uniform, "what the run says that uniform sampling would have cost")
}

// TestSimulateWidth prints the tables of docs/adaptive-sampling.md.
func TestSimulateWidth(t *testing.T) {
	if os.Getenv("EVALR_SIMULATE") == "" {
		t.Skip("EVALR_SIMULATE=1 simulates for minutes and prints tables")
	}
	fmt.Println("| problems | half width | s | p | bias, pp (± s.e.) | of uniform, same rule | of the plain mean | coverage | reached | trials a problem | uniform, same rule | saved | of 64 saved | rounds |")
	fmt.Println("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
	for _, c := range []struct {
		n, reps int
		half    float64
	}{{30, 4000, 0.02}, {198, 4000, 0.01}, {500, 2000, 0.005}} {
		for _, s := range []float64{0.5, 2} {
			for _, p := range []float64{0.2, 0.5, 0.8, 0.95} {
				w := simulateWidth(rand.New(rand.NewPCG(uint64(c.n), 2)), c.reps, c.n, p, s, c.half)
				fmt.Printf("| %d | ±%gpp | %g | %g | %+.3f ± %.3f | %+.3f | %+.2f | %.1f%% | %.0f%% | %.1f | %.1f | %.0f%% | %.0f%% | %.1f |\n",
					c.n, 100*c.half, s, p, 100*w.bias, 100*w.error(), 100*w.even, 100*w.plain, 100*w.covered, 100*w.reached,
					w.spent, w.uniform, 100*(1-w.spent/w.uniform), 100*(1-w.spent/simulatedMost), w.looks)
			}
		}
	}
}

// drawBeta draws from Beta(a, b) by two gamma variates.
func drawBeta(r *rand.Rand, a, b float64) float64 {
	x, y := drawGamma(r, a), drawGamma(r, b)
	if x+y == 0 { // both too small for a float: all or nothing
		if r.Float64() < a/(a+b) {
			return 1
		}
		return 0
	}
	return x / (x + y)
}

// drawGamma draws from the gamma distribution of shape a: Marsaglia and Tsang
// (2000), ACM TOMS 26:363.
func drawGamma(r *rand.Rand, a float64) float64 {
	if a < 1 {
		return drawGamma(r, a+1) * math.Pow(1-r.Float64(), 1/a)
	}
	d := a - 1.0/3
	for {
		x := r.NormFloat64()
		v := math.Pow(1+x/math.Sqrt(9*d), 3)
		if v > 0 && math.Log(1-r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
