package leaderboard

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/evalr/evalr/internal/stats"
)

// A Row is one model at one benchmark, or at a part or a group of benchmarks.
// Shares and scores are in [0, 1]; a nil pointer is what is not known.
type Row struct {
	Model     string `json:"model"`
	Benchmark string `json:"benchmark"`
	Domain    string `json:"domain,omitempty"`
	// Part names a difficulty, a subject or a set of benchmarks where the row is
	// not of a whole benchmark.
	Part string `json:"part,omitempty"`
	// Run is where the attempts come from, on a board of several runs.
	Run string `json:"run,omitempty"`
	// Rank is among the models of the same benchmark and part.
	Rank *Rank `json:"rank,omitempty"`
	// Problems is how many problems have a judged attempt, Trials the most
	// attempts that any of them has.
	Problems int `json:"problems"`
	Trials   int `json:"trials"`
	// Score is the mean over problems of the mean over trials; nil if nothing
	// was judged. CILow and CIHigh bound it at 95% for new problems of the same
	// kind; Method says how. SE is the standard error that belongs to it.
	Score  *float64 `json:"score"`
	CILow  *float64 `json:"ci_low"`
	CIHigh *float64 `json:"ci_high"`
	Method string   `json:"method,omitempty"`
	SE     *float64 `json:"se,omitempty"`
	// RerunLow and RerunHigh bound it at 95% for the same problems asked again;
	// RerunSE is its standard error. Unknown with one trial a problem.
	RerunLow  *float64 `json:"rerun_low,omitempty"`
	RerunHigh *float64 `json:"rerun_high,omitempty"`
	RerunSE   *float64 `json:"rerun_se,omitempty"`
	// BoundLow and BoundHigh are the score if every error had been wrong, or
	// right.
	BoundLow  *float64 `json:"bound_low"`
	BoundHigh *float64 `json:"bound_high"`
	Outcomes  Outcomes `json:"outcomes"`
	// PassAt is pass@k: the chance that one of k trials is correct. It needs
	// scores of 0 and 1 and k trials of every problem.
	PassAt map[int]float64 `json:"pass_at,omitempty"`
	Tokens *Tokens         `json:"tokens,omitempty"`
	// MeanOutputTokens is over the attempts whose usage is known.
	MeanOutputTokens *float64 `json:"mean_output_tokens,omitempty"`
	Cost             *Cost    `json:"cost,omitempty"`
	Speed            *Speed   `json:"speed,omitempty"`
	// Judges says what judge models said and took, where any was asked.
	Judges *Judges `json:"judges,omitempty"`
	// Measures of the thought: means over the attempts that have them.
	Measures map[string]float64 `json:"measures,omitempty"`
	Delta    *Delta             `json:"delta,omitempty"`
	// Warned counts the verdicts that carry a warning; Doubts counts them by the
	// warning's name, the text before its colon.
	Warned int            `json:"warned,omitempty"`
	Doubts map[string]int `json:"doubts,omitempty"`
	// InProcess counts the verdicts on programs that shared a process with their
	// assertions, and could have forged them.
	InProcess int `json:"in_process_asserts,omitempty"`
	// Contaminated counts the problems that were public before the model's
	// release.
	Contaminated int  `json:"contaminated,omitempty"`
	Incomplete   bool `json:"incomplete,omitempty"` // planned attempts are missing
	// ThirdParty says that the score was published by others and not measured.
	ThirdParty *ThirdParty `json:"third_party,omitempty"`
	// Sampling says what adaptive sampling spent; nil if the number of trials was
	// fixed.
	Sampling *Sampling `json:"adaptive,omitempty"`
	Facts    *Facts    `json:"facts,omitempty"`
	Engine   string    `json:"engine,omitempty"`
	Preset   string    `json:"preset,omitempty"`
	Date     string    `json:"date,omitempty"` // YYYY-MM-DD, of the run
	Warnings []string  `json:"warnings,omitempty"`

	sheet *sheet // of a measured row
	parts []*Row // of a domain's row, by benchmark
	whole bool   // a domain's row has all of its benchmarks
}

// inProcess is the name of the warning that InProcess counts; scorers of
// programs give it.
const inProcess = "in_process_asserts"

const confidence = 0.95

func newRow(sh *sheet) Row {
	row := Row{
		Model: sh.model, Benchmark: sh.benchmark, Domain: sh.bench.Domain, Outcomes: sh.outcomes, Warned: sh.warned,
		Doubts: sh.doubts, InProcess: sh.doubts[inProcess], Engine: cmp.Or(sh.info.Engine, sh.info.Kind), Preset: sh.info.Preset,
		Incomplete: sh.incomplete(), sheet: sh,
	}
	if !sh.date.IsZero() {
		row.Date = sh.date.UTC().Format("2006-01-02")
	}
	if sh.info.Facts != (Facts{}) {
		row.Facts = &sh.info.Facts
	}
	if s, ok := sh.sampling[[2]string{sh.label, sh.benchmark}]; ok {
		row.Sampling = &s
	}
	row.estimate(sh)
	row.bound(sh)
	row.spend(sh)
	row.Judges = sh.panel.judges()
	if len(sh.measures) > 0 {
		row.Measures = map[string]float64{}
		for name, m := range sh.measures {
			if mean := m.mean(); !math.IsInf(mean, 0) && !math.IsNaN(mean) {
				row.Measures[name] = mean
			}
		}
	}
	row.Contaminated = sh.publicBefore(sh.info.Facts.Released)
	row.warn(sh)
	return row
}

// estimate sets the score and both of its uncertainties.
func (r *Row) estimate(sh *sheet) {
	units := sh.units()
	r.Problems = len(units)
	if r.Problems == 0 {
		return
	}
	means := make([]float64, len(units))
	for i, u := range units {
		means[i] = u.Mean
		r.Trials = max(r.Trials, u.Trials)
	}
	score := stats.Mean(means)
	ci, method := stats.NewProblems(units, confidence)
	r.Score, r.CILow, r.CIHigh, r.Method = &score, &ci.Low, &ci.High, method
	if len(units) > 1 {
		r.SE = known(stats.SE(units))
	}
	if sh.info.Adaptive {
		// The interval by which the run was stopped, which is not to be told twice.
		fit := stats.Fit(sh.streams())
		again := fit.Interval(confidence)
		r.RerunLow, r.RerunHigh, r.RerunSE = &again.Low, &again.High, known(math.Sqrt(fit.Variance))
	} else if again, ok := stats.Rerun(units, confidence); ok {
		se, _ := stats.RerunSE(units)
		r.RerunLow, r.RerunHigh, r.RerunSE = &again.Low, &again.High, &se
	}
	r.PassAt = sh.passAtMany()
}

// bound sets the score if errors had been wrong, or right.
func (r *Row) bound(sh *sheet) {
	low, high, all := 0.0, 0.0, 0.0
	for _, l := range sh.lines {
		n := float64(len(l.trials) + l.errors)
		if n == 0 {
			continue
		}
		right := 0.0
		if len(l.trials) > 0 {
			right = sh.unit(l).Mean * float64(len(l.trials))
		}
		low, high, all = low+right/n, high+(right+float64(l.errors))/n, all+1
	}
	if all > 0 {
		r.BoundLow, r.BoundHigh = known(low/all), known(high/all)
	}
}

func known(x float64) *float64 { return &x }

// incomplete says whether planned attempts have no verdict.
func (sh *sheet) incomplete() bool {
	if sh.unfinished || sh.outcomes.Error > 0 {
		return true
	}
	for _, l := range sh.lines {
		if len(l.trials) < sh.planned {
			return true
		}
	}
	return false
}

// publicBefore counts the problems that were published before a day. Dates are
// compared as far as both are known, so that a month alone convicts nobody.
func (sh *sheet) publicBefore(day string) int {
	n := 0
	for _, l := range sh.lines {
		d := l.problem.Date
		size := min(len(d), len(day))
		if size > 0 && d[:size] < day[:size] {
			n++
		}
	}
	return n
}

// warn says in words what a reader should know of a row.
func (r *Row) warn(sh *sheet) {
	fewest := r.Trials
	for _, l := range sh.judged() {
		fewest = min(fewest, len(l.trials))
	}
	if fewest < r.Trials && !sh.info.Adaptive {
		r.Warnings = append(r.Warnings, fmt.Sprintf("problems have %d to %d judged trials", fewest, r.Trials))
	}
	if missing := len(sh.lines) - r.Problems; missing > 0 && len(sh.lines) > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d of %d problems have no verdict and are not in the score", missing, len(sh.lines)))
	}
	if sh.twice > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d trials are recorded more than once; the newest record counts", sh.twice))
	}
	if r.Contaminated > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d of %d problems were public before the model's release (%s)", r.Contaminated, len(sh.lines), sh.info.Facts.Released))
	}
	if o := r.Outcomes; o.Judged() > 0 && float64(o.Truncated) >= 0.05*float64(o.Judged()) {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%.1f%% of the answers were cut off: a larger --max-tokens may raise the score", 100*float64(o.Truncated)/float64(o.Judged())))
	}
	if sh.warned > 0 {
		r.Warnings = append(r.Warnings, sh.doubtful())
	}
	if r.InProcess > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d programs shared a process with their assertions, which a program that aims at them could forge (%s)", r.InProcess, inProcess))
	}
}

// doubtful says how many verdicts carry a warning, the commonest first.
func (sh *sheet) doubtful() string {
	names := slices.SortedFunc(maps.Keys(sh.doubts), func(a, b string) int {
		return cmp.Or(cmp.Compare(sh.doubts[b], sh.doubts[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, n := range names {
		parts = append(parts, fmt.Sprintf("%s %d", n, sh.doubts[n]))
	}
	verb := "verdicts carry a warning"
	if sh.warned == 1 {
		verb = "verdict carries a warning"
	}
	return fmt.Sprintf("%d %s (%s)", sh.warned, verb, strings.Join(parts, ", "))
}
