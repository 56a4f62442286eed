package leaderboard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
)

// A Column is something a board can show of a row.
type Column struct {
	Name   string // as --columns names it
	Header string
	Help   string
	left   bool // aligned left; figures are aligned right
	cell   func(Row) string
	// idle is the cell that tells nothing. A column of nothing but idle and
	// unknown cells is not shown, unless it was asked for by name.
	idle  string
	asked bool
}

// A family is columns that differ by a number: pass@1, pass@8, ….
type family struct {
	prefix string
	help   string
	make   func(argument string) (func(Row) string, error)
}

const none = "–" // what is not known

// columns are those that a board can show, in the order of its help.
var columns = []Column{
	{Name: "rank", Header: "rank", Help: "place, and in brackets the places that the data leave open", idle: "1", cell: rankCell},
	{Name: "model", Header: "model", Help: "the model, with marks: ‡ contaminated, † incomplete, § third party", left: true, cell: modelCell},
	{Name: "score", Header: "score", Help: "mean over problems of the mean over trials, in percent, with its 95% interval for new problems", cell: func(r Row) string { return interval(r.Score, r.CILow, r.CIHigh) }},
	{Name: "rerun", Header: "rerun ±", Help: "95% half width for the same problems asked again, in percentage points", cell: rerunCell},
	{Name: "nk", Header: "n×k", Help: "problems and trials of each", cell: nkCell},
	{Name: "correct", Header: "correct", Help: "share of judged attempts that are correct", cell: outcomeCell(func(o Outcomes) int { return o.Correct })},
	{Name: "truncated", Header: "trunc.", Help: "share that was cut off before an answer", idle: "0.0%", cell: outcomeCell(func(o Outcomes) int { return o.Truncated })},
	{Name: "no_answer", Header: "no ans.", Help: "share that ended without an answer", idle: "0.0%", cell: outcomeCell(func(o Outcomes) int { return o.NoAnswer })},
	{Name: "refused", Header: "refused", Help: "share that was refused", idle: "0.0%", cell: outcomeCell(func(o Outcomes) int { return o.Refused })},
	{Name: "error", Header: "error", Help: "share of all attempts that failed; they are not in the score", idle: "0.0%", cell: func(r Row) string { return share(r.Outcomes.Error, r.Outcomes.All()) }},
	{Name: "bounds", Header: "if errors wrong–right", Help: "the score if all errors had been wrong, and right", cell: boundsCell},
	{Name: "tokens", Header: "tok", Help: "mean output tokens, thoughts included", cell: func(r Row) string { return count3(r.MeanOutputTokens) }},
	{Name: "tok/correct", Header: "tok/correct", Help: "all output tokens over points scored", cell: tokensCell(func(t Tokens) *float64 { return t.PerCorrect })},
	{Name: "p50", Header: "tok p50", Help: "median output tokens", cell: tokensCell(func(t Tokens) *float64 { return &t.P50 })},
	{Name: "p90", Header: "tok p90", Help: "90% of answers are at most so long", cell: tokensCell(func(t Tokens) *float64 { return &t.P90 })},
	{Name: "p99", Header: "tok p99", Help: "99% of answers are at most so long", cell: tokensCell(func(t Tokens) *float64 { return &t.P99 })},
	{Name: "p50-correct", Header: "p50 correct", Help: "median output tokens of correct answers", cell: tokensCell(func(t Tokens) *float64 { return t.CorrectP50 })},
	{Name: "p50-wrong", Header: "p50 wrong", Help: "median output tokens of other answers", cell: tokensCell(func(t Tokens) *float64 { return t.WrongP50 })},
	{Name: "cost", Header: "cost $", Help: "US dollars paid, failed attempts included", cell: costCell(func(c Cost) *float64 { return &c.Total })},
	{Name: "cost/correct", Header: "$/correct", Help: "US dollars over points scored", cell: costCell(func(c Cost) *float64 { return c.PerCorrect })},
	{Name: "judge-cost", Header: "judge $", Help: "US dollars paid to judge models; they are no part of the model's cost", cell: judgeCostCell},
	{Name: "judge-alpha", Header: "judge α", Help: "agreement of the judges: Krippendorff's alpha for names; 1 is perfect, 0 is chance", cell: judgeAlphaCell},
	{Name: "tok/s", Header: "tok/s", Help: "median over requests of output tokens a second, waiting for the first included", cell: speedCell(func(s Speed) *float64 { return s.TokensPerSecond }, "%.1f")},
	{Name: "ttft", Header: "ttft p50 s", Help: "median seconds to the first token of thought or answer", cell: speedCell(func(s Speed) *float64 { return s.FirstTokenP50 }, "%.2f")},
	{Name: "rating", Header: "est. rating", Help: "rating estimated from the problems' own ratings, ± its standard error; not an official one", cell: ratingCell},
	{Name: "delta", Header: "Δ", Help: "difference from --baseline in percentage points on common problems, with its 95% interval; * where significant (Holm, 5%)", cell: deltaCell},
	{Name: "p", Header: "p (Holm)", Help: "p value of that difference, adjusted for all of the board", cell: pCell},
	{Name: "params", Header: "params act/total", Help: "active and total parameters, in 10⁹; as published, or as the server tells", cell: paramsCell},
	{Name: "compute", Header: "training compute", Help: "as published", cell: factCell(func(f Facts) string { return f.Compute })},
	{Name: "open", Header: "open weights", Help: "whether the weights can be downloaded", cell: openCell},
	{Name: "released", Header: "released", Help: "the model's release", cell: factCell(func(f Facts) string { return f.Released })},
	{Name: "engine", Header: "engine", Help: "what served the model", left: true, cell: func(r Row) string { return or(r.Engine) }},
	{Name: "preset", Header: "preset", Help: "the sampling preset", left: true, cell: func(r Row) string { return or(r.Preset) }},
	{Name: "date", Header: "date", Help: "day of the run", cell: func(r Row) string { return or(r.Date) }},
	{Name: "warnings", Header: "warnings", Help: "verdicts that carry a warning; the notes under the board say which", idle: "0", cell: warnedCell},
}

// families are columns with a number or a name in them.
var families = []family{
	{"pass@", "K: chance that one of K trials is correct (unbiased)", numbered((*sheet).passAt)},
	{"pass^", "K: chance that all of K trials are correct", numbered((*sheet).passHat)},
	{"cons@", "K: chance that the commonest of K answers is correct, ties shared; also maj@K", numbered((*sheet).consAt)},
	{"maj@", "K: the same as cons@K", numbered((*sheet).consAt)},
	{"gpass@", "K:TAU: chance that a share TAU of K trials is correct", thresholded},
	{"cot.", "NAME: mean of a measure of the thought (docs/chain-of-thought.md)", measured},
}

// usual are the columns shown unasked, differing those shown unasked with a
// baseline.
var (
	usual     = []string{"rank", "model", "score", "rerun", "nk", "truncated", "no_answer", "refused", "error", "tok/correct", "judge-cost", "judge-alpha", "warnings"}
	differing = []string{"rank", "model", "score", "delta", "p", "rerun", "nk", "truncated", "error", "tok/correct", "judge-cost", "judge-alpha"}
)

// Columns gives the columns that names ask for: the usual ones for nil; "+name"
// adds to the usual ones, "-name" takes one away.
func Columns(names []string) ([]Column, error) {
	chosen, asked := slices.Clone(usual), map[string]bool{}
	if len(names) > 0 && !strings.HasPrefix(names[0], "+") && !strings.HasPrefix(names[0], "-") {
		chosen = nil
	}
	for _, n := range names {
		if off, ok := strings.CutPrefix(n, "-"); ok {
			chosen = slices.DeleteFunc(chosen, func(c string) bool { return c == off })
			continue
		}
		if n = strings.TrimPrefix(n, "+"); n == "default" {
			chosen = append(chosen, usual...)
		} else {
			asked[n] = true
			if !slices.Contains(chosen, n) {
				chosen = append(chosen, n)
			}
		}
	}
	var out []Column
	for _, n := range chosen {
		c, err := columnOf(n)
		if err != nil {
			return nil, err
		}
		c.asked = asked[n]
		out = append(out, c)
	}
	return out, nil
}

// mustColumns are columns of this package's own choice.
func mustColumns(names []string) []Column {
	out, err := Columns(names)
	if err != nil {
		panic(err)
	}
	for i := range out {
		out[i].asked = false
	}
	return out
}

func columnOf(name string) (Column, error) {
	if i := slices.IndexFunc(columns, func(c Column) bool { return c.Name == name }); i >= 0 {
		return columns[i], nil
	}
	for _, f := range families {
		if argument, ok := strings.CutPrefix(name, f.prefix); ok {
			cell, err := f.make(argument)
			if err != nil {
				return Column{}, fmt.Errorf("column %s: %w", name, err)
			}
			return Column{Name: name, Header: name, Help: f.help, cell: cell}, nil
		}
	}
	hint := ""
	if near := eval.Nearest(name, ColumnNames()); len(near) > 0 {
		hint = ": did you mean " + strings.Join(near, " or ") + "?"
	}
	return Column{}, fmt.Errorf("there is no column %q%s", name, hint)
}

// ColumnNames lists the names of all columns; those of families end where their
// number begins.
func ColumnNames() []string {
	var out []string
	for _, c := range columns {
		out = append(out, c.Name)
	}
	for _, f := range families {
		out = append(out, f.prefix)
	}
	return out
}

// ColumnHelp describes all columns, one a line.
func ColumnHelp() string {
	var b strings.Builder
	for _, c := range columns {
		fmt.Fprintf(&b, "  %-14s%s\n", c.Name, c.Help)
	}
	for _, f := range families {
		argument, help, _ := strings.Cut(f.help, ": ")
		fmt.Fprintf(&b, "  %-14s%s\n", f.prefix+argument, help)
	}
	return b.String()
}

func numbered(of func(*sheet, int) (float64, error)) func(string) (func(Row) string, error) {
	return func(argument string) (func(Row) string, error) {
		k, err := strconv.Atoi(argument)
		if err != nil || k < 1 {
			return nil, fmt.Errorf("%q is not a number of trials", argument)
		}
		return func(r Row) string {
			return estimateCell(r, func(sh *sheet) (float64, error) { return of(sh, k) })
		}, nil
	}
}

func thresholded(argument string) (func(Row) string, error) {
	size, threshold, _ := strings.Cut(argument, ":")
	k, err := strconv.Atoi(size)
	tau, err2 := strconv.ParseFloat(threshold, 64)
	if err != nil || err2 != nil || k < 1 || !(tau > 0 && tau <= 1) {
		return nil, fmt.Errorf("write gpass@K:TAU, as in gpass@16:0.5")
	}
	return func(r Row) string {
		return estimateCell(r, func(sh *sheet) (float64, error) { return sh.gPass(k, tau) })
	}, nil
}

func measured(name string) (func(Row) string, error) {
	if name == "" {
		return nil, fmt.Errorf("name a measure, as in cot.arithmetic_wrong")
	}
	return func(r Row) string {
		v, ok := r.Measures[name]
		if !ok {
			return none
		}
		return strconv.FormatFloat(v, 'g', 3, 64)
	}, nil
}
