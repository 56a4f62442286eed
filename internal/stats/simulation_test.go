package stats_test

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/evalr/evalr/internal/stats"
)

// A world is a kind of benchmark to draw from: n problems, each tried k times,
// whose chances of success are Beta(ps, (1-p)s): the smaller s, the more problems
// are all but certain or all but hopeless. groups > 0 draws that many clusters,
// whose own mean chances are Beta(p·clusterS, (1-p)·clusterS), half of them three
// times as large as the rest.
type world struct {
	n, k     int
	p, s     float64
	groups   int
	clusterS float64
}

// A drawn benchmark is what one evaluation sees, and the truth it does not.
type drawn struct {
	units   []stats.Unit
	scores  [][]float64
	correct int     // of all n·k trials
	here    float64 // the mean chance of these very problems
}

func (d drawn) mean() float64 { return float64(d.correct) / float64(d.trials()) }
func (d drawn) trials() int   { return len(d.units) * d.units[0].Trials }
func (d drawn) means() []float64 {
	out := make([]float64, len(d.units))
	for i, u := range d.units {
		out[i] = u.Mean
	}
	return out
}

// draw makes one benchmark of the world and evaluates it.
func (w world) draw(src *rand.PCG) drawn {
	r := rand.New(src)
	out := drawn{units: make([]stats.Unit, w.n), scores: make([][]float64, w.n)}
	names, centres := w.clusters(src)
	for i := range out.units {
		p, name := w.p, ""
		if w.groups > 0 {
			// Of each four problems the even cluster of a pair takes three.
			g := i / 4 % (w.groups / 2) * 2
			if i%4 == 3 {
				g++
			}
			p, name = centres[g], names[g]
		}
		chance := distuv.Beta{Alpha: p * w.s, Beta: (1 - p) * w.s, Src: src}.Rand()
		out.here += chance / float64(w.n)
		trials := make([]float64, w.k)
		for j := range trials {
			if r.Float64() < chance {
				trials[j] = 1
				out.correct++
			}
		}
		out.scores[i] = trials
		out.units[i] = stats.Unit{Mean: stats.Mean(trials), Variance: stats.Variance(trials), Trials: w.k, Cluster: name}
	}
	return out
}

func (w world) clusters(src *rand.PCG) (names []string, centres []float64) {
	for g := range w.groups {
		c := distuv.Beta{Alpha: w.p * w.clusterS, Beta: (1 - w.p) * w.clusterS, Src: src}.Rand()
		names, centres = append(names, strconv.Itoa(g)), append(centres, min(1-1e-6, max(1e-6, c)))
	}
	return names, centres
}

// A method makes an interval of what was seen, at 95%. Slow ones are tried on
// every eighth benchmark only, or where trials are few.
type method struct {
	name string
	of   func(drawn) stats.Interval
	slow bool
	skip func(world) bool
}

// A finding is how a method did in a world: the share of intervals that held the
// truth, their mean width, and how many there were.
type finding struct{ coverage, width, made float64 }

// try gives each method's finding over so many benchmarks of the world; truth is
// what the intervals are to hold.
func (w world) try(methods []method, benchmarks int, seed uint64, truth func(drawn) float64) []finding {
	out := make([]finding, len(methods))
	src := rand.NewPCG(seed, uint64(w.n*1000+w.k)+math.Float64bits(w.p+w.s+w.clusterS))
	for b := range benchmarks {
		d := w.draw(src)
		want := truth(d)
		for i, m := range methods {
			if m.slow && b%8 != 0 || m.skip != nil && m.skip(w) {
				continue
			}
			in := m.of(d)
			if in.Low <= want+1e-12 && want <= in.High+1e-12 {
				out[i].coverage++
			}
			out[i].width += in.High - in.Low
			out[i].made++
		}
	}
	for i := range out {
		out[i].coverage /= out[i].made
		out[i].width /= out[i].made
	}
	return out
}

// noise is three standard errors of a coverage of 95% seen so many times.
func noise(made float64) float64 { return 3 * math.Sqrt(0.95*0.05/made) }

// candidates for the interval of the score on new problems.
func candidates() []method {
	const conf = 0.95
	z := stats.NormalQuantile(0.975)
	severalTrials := func(w world) bool { return w.k > 1 }
	return []method{
		{name: "default", of: func(d drawn) stats.Interval {
			in, _ := stats.NewProblems(d.units, conf)
			return in
		}},
		{name: "Wilson on n", of: func(d drawn) stats.Interval {
			return stats.WilsonScore(d.mean(), float64(len(d.units)), conf)
		}},
		{name: "Clopper-Pearson", skip: severalTrials, of: func(d drawn) stats.Interval {
			return stats.ClopperPearson(d.correct, d.trials(), conf)
		}},
		{name: "Jeffreys", skip: severalTrials, of: func(d drawn) stats.Interval {
			return stats.Jeffreys(d.correct, d.trials(), conf)
		}},
		{name: "uniform Beta", skip: severalTrials, of: func(d drawn) stats.Interval {
			return stats.UniformBeta(d.correct, d.trials(), conf)
		}},
		{name: "CLT", of: func(d drawn) stats.Interval {
			half := z * stats.SE(d.units)
			return stats.Interval{Low: d.mean() - half, High: d.mean() + half}
		}},
		{name: "bootstrap", slow: true, of: func(d drawn) stats.Interval {
			return stats.Bootstrap(d.means(), conf, 1)
		}},
		{name: "two-level bootstrap", slow: true, skip: func(w world) bool { return w.n > 30 || w.k == 1 }, of: func(d drawn) stats.Interval {
			return stats.TwoLevelBootstrap(d.scores, conf, 1)
		}},
		{name: "pooled trials (wrong)", of: func(d drawn) stats.Interval {
			return stats.Wilson(d.correct, d.trials(), conf)
		}},
	}
}

// reruns are candidates for the interval of the score on the same problems.
func reruns() []method {
	const conf = 0.95
	z := stats.NormalQuantile(0.975)
	return []method{
		{name: "default", of: func(d drawn) stats.Interval {
			in, _ := stats.Rerun(d.units, conf)
			return in
		}},
		{name: "CLT", of: func(d drawn) stats.Interval {
			se, _ := stats.RerunSE(d.units)
			return stats.Interval{Low: d.mean() - z*se, High: d.mean() + z*se}
		}},
		{name: "Wilson on n·k", of: func(d drawn) stats.Interval {
			return stats.Wilson(d.correct, d.trials(), conf)
		}},
	}
}
