package leaderboard

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/stats"
)

// A sheet is what is kept of the attempts of one model at one benchmark of one
// run: about fifty bytes an attempt, so that a million are no matter.
type sheet struct {
	model, benchmark, run string
	label                 string // the model in its run; model may be named by the run as well
	info                  ModelInfo
	bench                 BenchmarkInfo
	date                  time.Time
	lines                 []*line // sorted by problem
	byID                  map[string]*line
	outcomes              Outcomes
	warned                int // attempts whose verdict carries a warning
	doubts                map[string]int
	measures              map[string]*sum // of the thought, over the attempts that have them
	lost                  sum             // US dollars paid for attempts that failed
	panel                 panel           // what judge models said and took
	estimated             bool            // some token counts are estimates
	graded                bool            // some scores are neither 0 nor 1
	unfinished            bool
	twice                 int // trials that were recorded again
	planned               int // trials of each problem; 0 unknown
	sampling              map[[2]string]Sampling
}

// A line is a problem and its trials.
type line struct {
	problem eval.Problem // without its texts
	asked   uint64       // hash of its text; 0 unknown
	trials  []trial      // judged ones, by number
	errors  int
}

// A trial is a judged attempt; what is unknown is negative, and class 0.
type trial struct {
	score             float64
	cost              float64 // US dollars
	class             uint64  // answers of one class are equal
	number            int32
	tokens, reasoning int32
	first, total      float32 // seconds
	outcome           uint8   // index in eval.Outcomes
}

// A sum carries what rounding loses (Neumaier 1974), so that it does not depend
// on the order of what is added.
type sum struct {
	total, lost float64
	n           int
}

func (s *sum) add(x float64) {
	t := s.total + x
	if math.Abs(s.total) >= math.Abs(x) {
		s.lost += s.total - t + x
	} else {
		s.lost += x - t + s.total
	}
	s.total = t
	s.n++
}

func (s *sum) value() float64 { return s.total + s.lost }

func (s *sum) mean() float64 { return s.value() / float64(s.n) }

// gather reads the attempts of a source into sheets, in the order of model and
// benchmark.
func gather(s Source) ([]*sheet, error) {
	sheets := map[[2]string]*sheet{}
	for a, err := range s.Attempts {
		if err != nil {
			return nil, err
		}
		if score := a.Verdict.Score; a.Err == nil && !(score >= 0 && score <= 1) {
			return nil, fmt.Errorf("%s: problem %s of %s, trial %d of %s: a score of %v is not in [0, 1]", s.Name, a.Key.Problem, a.Key.Benchmark, a.Key.Trial, a.Key.Model, score)
		}
		if a.Key.Trial != int(int32(a.Key.Trial)) {
			return nil, fmt.Errorf("%s: problem %s of %s: there is no trial %d", s.Name, a.Key.Problem, a.Key.Benchmark, a.Key.Trial)
		}
		key := [2]string{a.Key.Model, a.Key.Benchmark}
		sh := sheets[key]
		if sh == nil {
			sh = newSheet(s, a.Key)
			sheets[key] = sh
		}
		sh.add(a)
	}
	out := slices.Collect(maps.Values(sheets))
	for _, sh := range out {
		sh.close()
	}
	slices.SortFunc(out, func(a, b *sheet) int {
		return cmp.Or(cmp.Compare(a.benchmark, b.benchmark), cmp.Compare(a.model, b.model))
	})
	return out, nil
}

// read gives the sheets of a source, which are read once where hold was called.
func (s Source) read() ([]*sheet, error) {
	if s.sheets != nil {
		return s.sheets, nil
	}
	sheets, err := gather(s)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.Name, err)
	}
	return sheets, nil
}

// hold keeps the sheets of a source that is needed more than once.
func (s *Source) hold() error {
	sheets, err := s.read()
	if err == nil {
		s.sheets = sheets
	}
	return err
}

func newSheet(s Source, k eval.Key) *sheet {
	sh := &sheet{
		model: k.Model, label: k.Model, benchmark: k.Benchmark, run: s.Name, info: s.Models[k.Model], bench: s.Benchmarks[k.Benchmark],
		date: s.Date, byID: map[string]*line{}, doubts: map[string]int{}, measures: map[string]*sum{},
		unfinished: s.Unfinished, planned: s.Trials, sampling: s.Sampling,
	}
	for _, p := range sh.bench.Problems {
		l := sh.line(p.ID)
		l.problem = eval.Problem{ID: p.ID, Cluster: p.Cluster, Date: p.Date, Difficulty: p.Difficulty, Subject: p.Subject}
		if p.Text != "" {
			l.asked = maphash.String(seed, p.Text) | 1
		}
	}
	sh.bench.Problems = nil // the texts may be large
	return sh
}

func (sh *sheet) line(id string) *line {
	l := sh.byID[id]
	if l == nil {
		l = &line{problem: eval.Problem{ID: id}}
		sh.byID[id] = l
		sh.lines = append(sh.lines, l)
	}
	return l
}

// seed makes the classes of texts and of canonical answers; it lives as long as
// the process, because classes are only compared with each other.
var seed = maphash.MakeSeed()

func (sh *sheet) add(a eval.Attempt) {
	l := sh.line(a.Key.Problem)
	sh.outcomes.count(a)
	sh.panel.add(a)
	if a.Err != nil {
		l.errors++
		if a.Cost != nil {
			sh.lost.add(*a.Cost)
		}
		return
	}
	t := trial{
		number: int32(a.Key.Trial), score: a.Verdict.Score, outcome: outcomeIndex(a.Verdict.Outcome),
		tokens: count(a.Response.Usage.Output), reasoning: count(a.Response.Usage.Reasoning), cost: -1, first: -1, total: -1,
	}
	if a.Cost != nil {
		t.cost = *a.Cost
	}
	if d := a.Response.Timing.FirstToken; d > 0 {
		t.first = float32(d.Seconds())
	}
	if d := a.Response.Timing.Total; d > 0 {
		t.total = float32(d.Seconds())
	}
	if a.Verdict.Canonical != "" {
		t.class = maphash.String(seed, a.Verdict.Canonical) | 1
	}
	l.trials = append(l.trials, t)
	sh.estimated = sh.estimated || a.Response.Usage.Estimated
	sh.graded = sh.graded || (t.score != 0 && t.score != 1)
	sh.doubt(a.Verdict.Warnings)
	for name, v := range a.Measures {
		m := sh.measures[name]
		if m == nil {
			m = &sum{}
			sh.measures[name] = m
		}
		m.add(v)
	}
}

func outcomeIndex(o eval.Outcome) uint8 {
	if i := slices.Index(eval.Outcomes, o); i >= 0 {
		return uint8(i)
	}
	return uint8(slices.Index(eval.Outcomes, eval.Incorrect))
}

func count(n *int) int32 {
	if n == nil {
		return -1
	}
	return int32(min(*n, 1<<30))
}

func (sh *sheet) doubt(warnings []string) {
	if len(warnings) == 0 {
		return
	}
	sh.warned++
	var seen []string
	for _, w := range warnings {
		if name, _, _ := strings.Cut(w, ":"); !slices.Contains(seen, name) {
			sh.doubts[name]++
			seen = append(seen, name)
		}
	}
}

// close sorts what was gathered, so that the same attempts give the same board
// in whatever order they were made. A trial that was recorded again, as where
// journals were joined, is not two: the newest counts.
func (sh *sheet) close() {
	slices.SortFunc(sh.lines, func(a, b *line) int { return cmp.Compare(a.problem.ID, b.problem.ID) })
	for _, l := range sh.lines {
		slices.SortStableFunc(l.trials, func(a, b trial) int { return cmp.Compare(a.number, b.number) })
		for i := len(l.trials) - 2; i >= 0; i-- {
			if l.trials[i].number == l.trials[i+1].number {
				sh.outcomes.drop(eval.Outcomes[l.trials[i].outcome])
				l.trials = slices.Delete(l.trials, i, i+1)
				sh.twice++
			}
		}
	}
}

// judged gives the lines that have a judged trial.
func (sh *sheet) judged() []*line {
	var out []*line
	for _, l := range sh.lines {
		if len(l.trials) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// part is the sheet of some of its problems. Warnings, measures and what judges
// said, which are kept for the whole, are left out.
func (sh *sheet) part(keep func(*line) bool) *sheet {
	out := *sh
	out.lines, out.byID, out.outcomes = nil, map[string]*line{}, Outcomes{}
	out.warned, out.doubts, out.measures, out.lost, out.sampling = 0, nil, nil, sum{}, nil
	out.twice, out.panel = 0, panel{}
	for _, l := range sh.lines {
		if !keep(l) {
			continue
		}
		out.lines, out.byID[l.problem.ID] = append(out.lines, l), l
		out.outcomes.Error += l.errors
		for _, t := range l.trials {
			out.outcomes.add(eval.Outcomes[t.outcome])
		}
	}
	return &out
}

// unit is the line as statistics see it. With adaptive sampling the number of
// even trials depended on the outcomes of the odd ones, and the other way round:
// the mean of the two streams' means is unbiased where the plain mean is not.
func (sh *sheet) unit(l *line) stats.Unit {
	u := stats.Unit{Cluster: l.problem.Cluster, Trials: len(l.trials)}
	var all sum
	var parity [2]sum
	for _, t := range l.trials {
		all.add(t.score)
		parity[t.number&1].add(t.score)
	}
	u.Mean = all.mean()
	if all.n < 2 {
		return u
	}
	squares := 0.0
	for _, t := range l.trials {
		squares += (t.score - u.Mean) * (t.score - u.Mean)
	}
	u.Variance = squares / float64(all.n-1)
	if sh.info.Adaptive && parity[0].n > 0 && parity[1].n > 0 {
		u.Mean = (parity[0].mean() + parity[1].mean()) / 2
		// Variance/Trials is to be the variance of the mean of means.
		u.Variance *= float64(all.n) / 4 * (1/float64(parity[0].n) + 1/float64(parity[1].n))
	}
	return u
}

func (sh *sheet) units() []stats.Unit {
	var out []stats.Unit
	for _, l := range sh.judged() {
		out = append(out, sh.unit(l))
	}
	return out
}
