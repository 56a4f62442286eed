// Package leaderboard turns attempts into rows with honest intervals, and
// writes them as text, Markdown, CSV and JSON.
//
// It must not know terminals or the files of a run.
package leaderboard

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/stats"
)

const confidence = 0.95

// A Source is the attempts of one run.
type Source struct {
	Name       string // of the run, where several runs must be told apart
	Attempts   iter.Seq2[eval.Attempt, error]
	Isolation  *eval.Isolation // of code answers; nil if none ran
	Unfinished bool
}

// A Board is what is known of some models at some benchmarks.
type Board struct {
	Rows []Row `json:"rows"`
	// Isolation says what held the programs of code answers, once for runs alike.
	Isolation []Isolation `json:"isolation,omitempty"`
	Warnings  []string    `json:"warnings,omitempty"`
}

// A Row is one model at one benchmark. Shares and scores are in [0, 1].
type Row struct {
	Model     string `json:"model"`
	Benchmark string `json:"benchmark"`
	// Problems is how many problems have a judged attempt, Trials the most
	// attempts that any of them has.
	Problems int `json:"problems"`
	Trials   int `json:"trials"`
	// Score is the mean over problems of the mean over trials; nil if nothing
	// was judged. CILow and CIHigh bound it at 95%, for new problems of the same
	// kind; Method says how.
	Score  *float64 `json:"score"`
	CILow  *float64 `json:"ci_low"`
	CIHigh *float64 `json:"ci_high"`
	Method string   `json:"method,omitempty"`
	// BoundLow and BoundHigh are the score if every error had been wrong, or
	// right.
	BoundLow  *float64 `json:"bound_low"`
	BoundHigh *float64 `json:"bound_high"`
	Outcomes  Outcomes `json:"outcomes"`
	// MeanOutputTokens is over the attempts whose usage is known.
	MeanOutputTokens *float64 `json:"mean_output_tokens,omitempty"`
	// Warned counts the verdicts that carry a warning; Doubts counts them by the
	// warning's name, the text before its colon.
	Warned int            `json:"warned,omitempty"`
	Doubts map[string]int `json:"doubts,omitempty"`
	// InProcess counts the verdicts on programs that shared a process with their
	// assertions, and could have forged them.
	InProcess int      `json:"in_process_asserts,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
}

// inProcess is the name of the warning that InProcess counts; scorers of
// programs give it.
const inProcess = "in_process_asserts"

// Outcomes counts attempts.
type Outcomes struct {
	Correct   int `json:"correct"`
	Incorrect int `json:"incorrect"`
	NoAnswer  int `json:"no_answer"`
	Truncated int `json:"truncated"`
	Refused   int `json:"refused"`
	Error     int `json:"error"`
}

func (o *Outcomes) count(a eval.Attempt) {
	switch {
	case a.Err != nil:
		o.Error++
	case a.Verdict.Outcome == eval.Correct:
		o.Correct++
	case a.Verdict.Outcome == eval.NoAnswer:
		o.NoAnswer++
	case a.Verdict.Outcome == eval.Truncated:
		o.Truncated++
	case a.Verdict.Outcome == eval.Refused:
		o.Refused++
	default:
		o.Incorrect++
	}
}

// Judged is the number of attempts with a verdict.
func (o Outcomes) Judged() int {
	return o.Correct + o.Incorrect + o.NoAnswer + o.Truncated + o.Refused
}

// All is the number of attempts, errors included.
func (o Outcomes) All() int { return o.Judged() + o.Error }

// Build reads the attempts of all sources. The same attempts give the same
// board. A model that stands in several sources with the same benchmark gets a
// row for each, named by its run. Memory grows with problems, not attempts.
func Build(sources []Source) (Board, error) {
	board := Board{Rows: []Row{}}
	taken := map[[2]string]bool{}
	for _, s := range sources {
		tallies := map[[2]string]*tally{}
		for a, err := range s.Attempts {
			if err != nil {
				return board, err
			}
			key := [2]string{a.Key.Model, a.Key.Benchmark}
			if tallies[key] == nil {
				tallies[key] = newTally()
			}
			tallies[key].add(a)
		}
		for key, t := range tallies {
			row := t.row(key[0], key[1])
			if taken[key] {
				row.Model = fmt.Sprintf("%s (%s)", key[0], s.Name)
			}
			taken[key] = true
			board.Rows = append(board.Rows, row)
		}
		board.hold(s)
		board.warn(s)
	}
	slices.SortFunc(board.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Benchmark, b.Benchmark), byScore(a.Score, b.Score), cmp.Compare(a.Model, b.Model))
	})
	return board, nil
}

func (b *Board) warn(s Source) {
	if s.Unfinished {
		b.Warnings = append(b.Warnings, s.Name+": the run is not finished; its scores are of what is there")
	}
}

// byScore sorts the higher score first, and no score last.
func byScore(a, b *float64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*b, *a)
}

// A tally gathers the attempts of one model at one benchmark.
type tally struct {
	problems map[string]*problemTally
	outcomes Outcomes
	warned   int // attempts whose verdict carries a warning
	doubts   map[string]int
	graded   bool
	tokens   float64
	counted  int
}

type problemTally struct {
	judged, errors int
	sum            float64
}

func newTally() *tally {
	return &tally{problems: map[string]*problemTally{}, doubts: map[string]int{}}
}

func (t *tally) add(a eval.Attempt) {
	p := t.problems[a.Key.Problem]
	if p == nil {
		p = &problemTally{}
		t.problems[a.Key.Problem] = p
	}
	t.outcomes.count(a)
	if n := a.Response.Usage.Output; n != nil {
		t.tokens, t.counted = t.tokens+float64(*n), t.counted+1
	}
	if a.Err != nil {
		p.errors++
		return
	}
	p.judged++
	p.sum += a.Verdict.Score
	t.graded = t.graded || (a.Verdict.Score != 0 && a.Verdict.Score != 1)
	if len(a.Verdict.Warnings) > 0 {
		t.warned++
	}
	var seen []string
	for _, w := range a.Verdict.Warnings {
		if name, _, _ := strings.Cut(w, ":"); !slices.Contains(seen, name) {
			t.doubts[name]++
			seen = append(seen, name)
		}
	}
}

func (t *tally) row(model, benchmark string) Row {
	row := Row{Model: model, Benchmark: benchmark, Outcomes: t.outcomes, Warned: t.warned, Doubts: t.doubts, InProcess: t.doubts[inProcess]}
	var means []float64
	low, high, all := 0.0, 0.0, 0
	fewest := 0
	// Sorted, so that the bootstrap draws from the same list each time.
	for _, id := range slices.Sorted(maps.Keys(t.problems)) {
		p := t.problems[id]
		n := float64(p.judged + p.errors)
		low, high, all = low+p.sum/n, high+(p.sum+float64(p.errors))/n, all+1
		if p.judged == 0 {
			continue
		}
		means = append(means, p.sum/float64(p.judged))
		row.Trials = max(row.Trials, p.judged)
		if fewest == 0 || p.judged < fewest {
			fewest = p.judged
		}
	}
	row.Problems = len(means)
	if all > 0 {
		row.BoundLow, row.BoundHigh = share(low/float64(all)), share(high/float64(all))
	}
	if len(means) > 0 {
		mean := stats.Mean(means)
		ci, method := t.interval(means, mean, row)
		row.Score, row.CILow, row.CIHigh, row.Method = &mean, &ci.Low, &ci.High, method
	}
	if t.counted > 0 {
		mean := t.tokens / float64(t.counted)
		row.MeanOutputTokens = &mean
	}
	if fewest < row.Trials {
		row.Warnings = append(row.Warnings, fmt.Sprintf("problems have %d to %d judged trials", fewest, row.Trials))
	}
	if t.warned > 0 {
		row.Warnings = append(row.Warnings, t.doubtful())
	}
	if row.InProcess > 0 {
		row.Warnings = append(row.Warnings, fmt.Sprintf("%d programs shared a process with their assertions, which a program that aims at them could forge (%s)", row.InProcess, inProcess))
	}
	return row
}

// doubtful says how many verdicts carry a warning, the commonest first.
func (t *tally) doubtful() string {
	names := slices.SortedFunc(maps.Keys(t.doubts), func(a, b string) int {
		return cmp.Or(cmp.Compare(t.doubts[b], t.doubts[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, n := range names {
		parts = append(parts, fmt.Sprintf("%s %d", n, t.doubts[n]))
	}
	verb := "verdicts carry a warning"
	if t.warned == 1 {
		verb = "verdict carries a warning"
	}
	return fmt.Sprintf("%d %s (%s)", t.warned, verb, strings.Join(parts, ", "))
}

func share(x float64) *float64 { return &x }

// interval is Wilson's for one binary trial a problem, else the bootstrap over
// problem means: n·k attempts are never pooled as independent. Where all
// problem means agree a bootstrap would collapse, and Wilson's on the number of
// problems stands in.
func (t *tally) interval(means []float64, mean float64, row Row) (stats.Interval, string) {
	varied := slices.ContainsFunc(means, func(m float64) bool { return m != means[0] })
	if row.Trials == 1 && !t.graded || !varied {
		return stats.WilsonScore(mean, float64(len(means)), confidence), "wilson"
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s", row.Model, row.Benchmark)
	for _, id := range slices.Sorted(maps.Keys(t.problems)) {
		fmt.Fprintf(h, "\x00%s", id)
	}
	return stats.Bootstrap(means, confidence, h.Sum64()), "bootstrap"
}
