package leaderboard

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/evalr/evalr/internal/stats"
)

// A Comparison holds every pair of models at every benchmark that both have.
type Comparison struct {
	Pairs []Pairing `json:"pairs"`
	// Tiers order the models of a benchmark that has more than two.
	Tiers    []Tiers  `json:"tiers,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// A Pairing is two models on their common problems of a benchmark. Scores and
// shares are in [0, 1]; a nil pointer is what is not known.
type Pairing struct {
	Benchmark string `json:"benchmark"`
	A         Side   `json:"a"`
	B         Side   `json:"b"`
	// Paired is of A less B.
	Paired
	Method string `json:"method"`
	// Adjusted is P adjusted for all pairs of the comparison (Holm).
	Adjusted float64 `json:"p_holm"`
	// RerunSE is the standard error of the difference for the same problems asked
	// again; unknown with one trial a problem.
	RerunSE *float64 `json:"rerun_se,omitempty"`
	// Detectable is the least difference that such a comparison finds with 80%
	// power at the 5% level.
	Detectable *float64 `json:"detectable,omitempty"`
	// MoreTrials of each problem, or MoreProblems of the same kind, would find a
	// difference of the size that was seen with 80% power; what no number could
	// decide is nil.
	MoreTrials   *int `json:"more_trials,omitempty"`
	MoreProblems *int `json:"more_problems,omitempty"`
	// ABetter and BBetter count the problems on which one scored more.
	ABetter int    `json:"a_better"`
	BBetter int    `json:"b_better"`
	Flips   []Flip `json:"flips"`
}

// A Side is a model of a pairing, on the common problems.
type Side struct {
	Model  string   `json:"model"`
	Run    string   `json:"run,omitempty"`
	Trials int      `json:"trials"`
	Score  float64  `json:"score"`
	Tokens *float64 `json:"mean_output_tokens,omitempty"`
	// RightTokens is the mean over the problems that both solved of the tokens of
	// correct answers: easy problems do not make a model look brief.
	RightTokens *float64 `json:"tokens_where_both_right,omitempty"`
	Truncated   float64  `json:"truncated"`
	Errors      float64  `json:"errors"`
	Cost        *float64 `json:"cost_usd,omitempty"`
}

// A Flip is a problem at which one model is better.
type Flip struct {
	Problem string  `json:"problem"`
	A       float64 `json:"a"`
	B       float64 `json:"b"`
	// ShowA and ShowB are attempts that show it: a correct one of the better model
	// and a wrong one of the other.
	ShowA Showing `json:"show_a"`
	ShowB Showing `json:"show_b"`
}

// A Showing names an attempt of a run.
type Showing struct {
	Run   string `json:"run"`
	Model string `json:"model"`
	Trial int    `json:"trial"`
}

// Tiers are the models of a benchmark in groups: no model of a tier is
// significantly worse than the tier's first, and the next tier begins with the
// first that is.
type Tiers struct {
	Benchmark string     `json:"benchmark"`
	Tiers     [][]string `json:"tiers"`
}

// CompareOptions restrict a comparison; what is empty does not.
type CompareOptions struct {
	Benchmarks []string
	Models     []string
}

// Compare compares every two models of the sources at every benchmark that both
// have, on the problems that both have. It returns an error if there are no two.
func Compare(sources []Source, o CompareOptions) (Comparison, error) {
	var out Comparison
	sheets, err := gatherAll(sources)
	if err != nil {
		return out, err
	}
	sheets = slices.DeleteFunc(sheets, func(s *sheet) bool {
		return len(o.Benchmarks) > 0 && !slices.Contains(o.Benchmarks, s.benchmark) ||
			len(o.Models) > 0 && !slices.Contains(o.Models, s.model) && !slices.Contains(o.Models, s.label)
	})
	out.Warnings = mixture(sheets)
	slices.SortStableFunc(sheets, func(a, b *sheet) int { return cmp.Compare(a.benchmark, b.benchmark) })
	var p []float64
	for i, a := range sheets {
		for _, b := range sheets[i+1:] {
			if a.benchmark != b.benchmark {
				break
			}
			if one := pairing(a, b); one.Problems > 0 {
				out.Pairs, p = append(out.Pairs, one), append(p, one.P)
			} else {
				out.Warnings = append(out.Warnings, fmt.Sprintf("%s: %s and %s have no problem in common", a.benchmark, a.model, b.model))
			}
		}
	}
	for i, q := range stats.Holm(p) {
		out.Pairs[i].Adjusted = q
	}
	out.tier(sheets)
	for _, s := range sources {
		if s.Unfinished {
			out.Warnings = append(out.Warnings, s.Name+": the run is not finished; the comparison is of what is there")
		}
	}
	if len(out.Pairs) == 0 {
		return out, errors.New(strings.Join(append([]string{"there are no two models with a benchmark and problems in common"}, out.Warnings...), "; "))
	}
	return out, nil
}

// tier orders the models of each benchmark that has more than two.
func (c *Comparison) tier(sheets []*sheet) {
	worse := map[[3]string]bool{} // benchmark, the better, the worse
	for _, p := range c.Pairs {
		switch p.Better() {
		case 1:
			worse[[3]string{p.Benchmark, p.A.Model, p.B.Model}] = true
		case -1:
			worse[[3]string{p.Benchmark, p.B.Model, p.A.Model}] = true
		}
	}
	for from := 0; from < len(sheets); {
		to := from
		type scored struct {
			model string
			score float64
		}
		var models []scored
		for ; to < len(sheets) && sheets[to].benchmark == sheets[from].benchmark; to++ {
			if units := sheets[to].units(); len(units) > 0 {
				total := 0.0
				for _, u := range units {
					total += u.Mean
				}
				models = append(models, scored{sheets[to].model, total / float64(len(units))})
			}
		}
		benchmark := sheets[from].benchmark
		from = to
		if len(models) < 3 {
			continue
		}
		slices.SortStableFunc(models, func(a, b scored) int { return cmp.Compare(ordinal(b.score), ordinal(a.score)) })
		t := Tiers{Benchmark: benchmark}
		for _, m := range models {
			last := len(t.Tiers) - 1
			if last < 0 || worse[[3]string{benchmark, t.Tiers[last][0], m.model}] {
				t.Tiers = append(t.Tiers, []string{m.model})
				continue
			}
			t.Tiers[last] = append(t.Tiers[last], m.model)
		}
		c.Tiers = append(c.Tiers, t)
	}
}
