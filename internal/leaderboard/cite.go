package leaderboard

import (
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

// Cite writes a paragraph on the methods behind this board, for a paper, and the
// works it refers to. It says what holds of this board, and nothing else.
func Cite(w io.Writer, b Board, l Layout) error {
	text := plain(b.methods(l))
	out := wrap(citation.ReplaceAllStringFunc(text, func(mark string) string {
		return " (" + works[keyOf(mark)].short + ")"
	}), lineWidth) + "\n\n"
	for _, key := range cited(text) {
		out += works[key].line() + "\n"
	}
	_, err := io.WriteString(w, out)
	return err
}

// CiteLaTeX is Cite with \cite, followed by the entries for BibTeX.
func CiteLaTeX(w io.Writer, b Board, l Layout) error {
	text := plain(b.methods(l))
	out, from := "", 0
	for _, at := range citation.FindAllStringIndex(text, -1) {
		out += latexEscape(text[from:at[0]]) + `~\cite{` + keyOf(text[at[0]:at[1]]) + "}"
		from = at[1]
	}
	out = wrap(out+latexEscape(text[from:]), lineWidth) + "\n\n% for BibTeX\n"
	for _, key := range cited(text) {
		out += "\n" + works[key].bibTeX(key)
	}
	_, err := io.WriteString(w, out)
	return err
}

// citation is a reference in the text of methods: the key of a work between
// brackets that are used for nothing else.
var citation = regexp.MustCompile("⟦(?:" + strings.Join(slices.Sorted(maps.Keys(works)), "|") + ")⟧")

func keyOf(mark string) string { return strings.Trim(mark, "⟦⟧") }

// cited are the keys of the works that a text refers to, each once.
func cited(text string) []string {
	var keys []string
	for _, mark := range citation.FindAllString(text, -1) {
		keys = append(keys, keyOf(mark))
	}
	return unique(keys)
}

func unique(keys []string) []string {
	slices.Sort(keys)
	return slices.Compact(keys)
}

// methods is the paragraph, with citations.
func (b Board) methods(l Layout) string {
	rows := slices.DeleteFunc(slices.Clone(b.Rows), func(r Row) bool { return r.sheet == nil || r.Score == nil })
	if len(rows) == 0 {
		return "Nothing has been measured yet."
	}
	m := methods{b, rows}
	parts := []string{m.asked(), m.scored(), m.failed(), m.bounded()}
	parts = append(parts, m.compared()...)
	parts = append(parts, m.estimated(l)...)
	parts = append(parts, m.doubtful()...)
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// methods are a board and its measured rows.
type methods struct {
	board Board
	rows  []Row
}

// any says whether one of the measured rows is so.
func (m methods) any(is func(Row) bool) bool { return slices.ContainsFunc(m.rows, is) }

func (m methods) asked() string {
	models := map[string]bool{}
	var benchmarks []string
	for _, rows := range apart(m.rows) {
		problems, trials := spread(rows, func(r Row) int { return r.Problems }), spread(rows, func(r Row) int { return r.Trials })
		benchmarks = append(benchmarks, fmt.Sprintf("%s (%s problems, %s)", rows[0].Benchmark, problems, trialsOf(trials)))
		for _, r := range rows {
			models[r.sheet.label] = true
		}
	}
	tool := "evalr"
	if len(m.board.Versions) > 0 {
		tool += " " + strings.Join(m.board.Versions, " and ")
	}
	return fmt.Sprintf("We asked %s with %s: %s.", counted(len(models), "model"), tool, strings.Join(benchmarks, ", "))
}

func trialsOf(n string) string {
	if n == "1" {
		return "1 trial of each"
	}
	return n + " trials of each"
}

// spread is a figure that all rows share, or its range.
func spread(rows []Row, of func(Row) int) string {
	low, high := of(rows[0]), of(rows[0])
	for _, r := range rows {
		low, high = min(low, of(r)), max(high, of(r))
	}
	if low == high {
		return grouped(int64(low))
	}
	return grouped(int64(low)) + "–" + grouped(int64(high))
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return grouped(int64(n)) + " " + what + "s"
}

func (m methods) scored() string {
	text := "The score of a model is the mean over problems of the mean over their trials"
	if !m.any(func(r Row) bool { return r.sheet.graded }) {
		text += ", which is the unbiased estimate of pass@1⟦chen2021⟧"
	}
	var o Outcomes
	for _, r := range m.rows {
		o = o.plus(r.Outcomes)
	}
	text += fmt.Sprintf(". Of %s, %s cut off before an answer, %s without an answer and %s; all of these score 0.",
		counted(o.Judged(), "judged attempt"), were(o.Truncated), were(o.NoAnswer), were(o.Refused)+" refused")
	if m.any(func(r Row) bool { return r.sheet.info.Adaptive }) {
		text += " The number of trials of a problem depended on their outcomes; its mean is that of the means of its odd and of its even trials, which keeps it unbiased."
	}
	return text
}

func were(n int) string {
	if n == 1 {
		return "1 was"
	}
	return grouped(int64(n)) + " were"
}

func (m methods) failed() string {
	var o Outcomes
	shift := 0.0
	for _, r := range m.board.Rows {
		o = o.plus(r.Outcomes)
		if r.Score != nil && r.BoundLow != nil {
			shift = max(shift, *r.Score-*r.BoundLow, *r.BoundHigh-*r.Score)
		}
	}
	if o.Error == 0 {
		return "No attempt failed."
	}
	return fmt.Sprintf("%s of %s failed for reasons of the infrastructure or the grading and have no score; had all of them been wrong, or all been right, no score would differ by more than %.1f points.",
		grouped(int64(o.Error)), counted(o.All(), "attempt"), math.Ceil(1000*shift)/10)
}

func (m methods) bounded() string {
	found := map[string]bool{}
	for _, r := range m.rows {
		found[r.Method] = true
	}
	how := "the number of problems"
	if found["wilson-effective"] || found["wilson-clustered"] {
		how = "the effective number of problems, which follows from the standard error of the problems' means" + m.clusters()
	}
	text := "Intervals are at 95% and for new problems of the same kind: Wilson's⟦wilson1927⟧ on " + how + ", because intervals by the central limit theorem are too narrow on few problems⟦bowyer2025⟧."
	if m.any(func(r Row) bool { return r.RerunLow != nil }) {
		text += " The noise of asking the same problems again, from the variance between trials, is given apart."
	}
	return text
}

func (m methods) clusters() string {
	if m.clustered() {
		return ", in which problems of one source are a cluster⟦miller2024⟧"
	}
	return ""
}

func (m methods) clustered() bool {
	return m.any(func(r Row) bool {
		return slices.ContainsFunc(r.sheet.lines, func(l *line) bool { return l.problem.Cluster != "" })
	})
}

// compared says how models were tested against each other.
func (m methods) compared() []string {
	unit := "problems"
	if m.clustered() {
		unit = "problems (clusters count as one)"
	}
	var out []string
	if slices.ContainsFunc(apart(m.rows), func(rows []Row) bool { return len(rows) > 1 }) {
		out = append(out, "Models are compared in pairs on the problems that both have⟦miller2024⟧, by sign-flip permutation tests over "+unit+
			"⟦fisher1935⟧; the p values of all pairs at a benchmark are adjusted together⟦holm1979⟧. A rank is shown with the places that these tests leave open at the level of 5%.")
	}
	if m.board.Baseline != "" {
		out = append(out, fmt.Sprintf("Differences from %s are means over common problems, with Student's interval over %s; their p values are of the same tests, adjusted for all differences shown⟦holm1979⟧.",
			m.board.Baseline, unit))
	}
	if m.board.By == ByDomain {
		out = append(out, "The score of a domain is the mean over its benchmarks, each of which counts the same; its tests flip the signs of all benchmarks' units together.")
	}
	return out
}

// estimated says where the estimates come from that have columns.
func (m methods) estimated(l Layout) []string {
	var out []string
	for _, e := range []struct{ prefix, text string }{
		{"pass@", "pass@k is the unbiased estimate of the chance that one of k trials is correct⟦chen2021⟧."},
		{"pass^", "pass^k is the unbiased estimate of the chance that all of k trials are correct⟦yao2024⟧."},
		{"cons@", "cons@k is the chance that the commonest answer of k trials is correct⟦wang2022⟧, over all choices of k trials, ties shared."},
		{"maj@", "maj@k is the chance that the commonest answer of k trials is correct⟦wang2022⟧, over all choices of k trials, ties shared."},
		{"gpass@", "gpass@k:τ is the chance that at least a share τ of k trials is correct⟦liu2024⟧."},
	} {
		if slices.ContainsFunc(l.Columns, func(c Column) bool { return strings.HasPrefix(c.Name, e.prefix) }) {
			out = append(out, e.text)
		}
	}
	if m.any(func(r Row) bool { return r.Tokens != nil && r.Tokens.Estimated }) {
		out = append(out, "Some token counts are estimates, for the server did not report them.")
	}
	return out
}

// doubtful is what a reader must not miss.
func (m methods) doubtful() []string {
	var out []string
	for _, d := range m.board.doubts() {
		out = append(out, strings.TrimSuffix(d, ".")+".")
	}
	for _, r := range m.rows {
		if r.Contaminated > 0 {
			out = append(out, fmt.Sprintf("%s of %s were public before the release of %s.", counted(r.Contaminated, "problem"), r.Benchmark, r.Model))
		}
	}
	var by []string
	for _, r := range m.board.Rows {
		if r.ThirdParty != nil {
			by = append(by, r.ThirdParty.Source)
		}
	}
	if by = unique(by); len(by) > 0 {
		out = append(out, "Scores marked § were not measured here, and how they were may differ: "+strings.Join(by, "; ")+".")
	}
	return out
}
