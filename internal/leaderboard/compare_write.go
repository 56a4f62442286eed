package leaderboard

import (
	"fmt"
	"io"
	"strings"
)

// A CompareLayout says how a comparison is shown.
type CompareLayout struct {
	// Flips is how many problems of each pair are listed at most.
	Flips int
	// Show gives the command that shows an attempt.
	Show func(s Showing, benchmark, problem string) string
}

// CompareJSON writes the comparison for other programs.
func CompareJSON(w io.Writer, c Comparison) error {
	return indented(w, c)
}

// CompareText writes the comparison for a terminal: of more than two models the
// tiers and a table of all pairs, then each pair that was asked for in full.
func CompareText(w io.Writer, c Comparison, l CompareLayout) error {
	for _, t := range c.Tiers {
		fmt.Fprintf(w, "%s: tiers (no model of a tier is significantly worse than its first)\n", plain(t.Benchmark))
		for i, models := range t.Tiers {
			fmt.Fprintf(w, "  %d. %s\n", i+1, plain(strings.Join(models, ", ")))
		}
		fmt.Fprintln(w)
	}
	if len(c.Pairs) > 1 {
		if err := textTable(w, c.table()); err != nil {
			return err
		}
		fmt.Fprintln(w, "\nDifference: A less B in percentage points on common problems, with its 95% interval for new problems. p: paired test, adjusted for all pairs (Holm).")
	}
	for i, p := range c.Pairs {
		if len(c.Pairs) > 3 && i == 0 {
			fmt.Fprintln(w, "--benchmark and --model that leave two models show a pair in full")
		}
		if len(c.Pairs) > 3 {
			break
		}
		if len(c.Pairs) > 1 {
			fmt.Fprintln(w)
		}
		if err := p.text(w, l, len(c.Pairs)); err != nil {
			return err
		}
	}
	for _, n := range c.Warnings {
		fmt.Fprintf(w, "- %s\n", plain(n))
	}
	return nil
}

func (c Comparison) table() table {
	t := table{head: []head{{"benchmark", true}, {"A", true}, {"B", true}, {"problems", false}, {"A score", false}, {"B score", false},
		{"difference", false}, {"p", false}, {"better", true}, {"finds", false}}}
	for _, p := range c.Pairs {
		better := none
		switch p.Better() {
		case 1:
			better = "A"
		case -1:
			better = "B"
		}
		finds := none
		if p.Detectable != nil {
			finds = fmt.Sprintf("≥%.1f", 100**p.Detectable)
		}
		var row []cell
		for _, text := range []string{p.Benchmark, p.A.Model, p.B.Model, fmt.Sprint(p.Problems), inPercent(p.A.Score, 1), inPercent(p.B.Score, 1),
			p.points(), pValue(p.Adjusted), better, finds} {
			row = append(row, cell{text: text})
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func (p Pairing) text(w io.Writer, l CompareLayout, pairs int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  A  %s (%s)\n  B  %s (%s)\n\n", p.Benchmark, p.A.Model, p.A.Run, p.B.Model, p.B.Run)
	fmt.Fprintf(&b, "  %s\n", p.matched())
	fmt.Fprintf(&b, "  score       A %s, B %s\n", inPercent(p.A.Score, 2), inPercent(p.B.Score, 2))
	fmt.Fprintf(&b, "  difference  %+.2f points, 95%% interval [%+.2f, %+.2f] for new problems", 100*p.Diff, 100*p.Low, 100*p.High)
	if p.RerunSE != nil && *p.RerunSE > 0 { // where all trials agree nothing was seen, which is not ±0
		fmt.Fprintf(&b, "; ±%.2f for the same problems asked again", 196**p.RerunSE)
	}
	fmt.Fprintf(&b, "\n  test        p %s (%s over %d units)", pText(p.P), p.Method, p.Units)
	if pairs > 1 {
		fmt.Fprintf(&b, ", p %s adjusted for %d pairs (Holm)", pText(p.Adjusted), pairs)
	}
	fmt.Fprintf(&b, "\n  verdict     %s\n", strings.ReplaceAll(wrap(p.verdict(), 106), "\n", "\n"+strings.Repeat(" ", 14)))
	fmt.Fprintf(&b, "  problems    A better on %d, B better on %d, alike on %d\n", p.ABetter, p.BBetter, p.Problems-p.ABetter-p.BBetter)
	for _, line := range p.spending() {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	if len(p.Flips) > 0 && l.Flips > 0 && l.Show != nil {
		p.listFlips(&b, l)
	}
	_, err := io.WriteString(w, printableLines(b.String()))
	return err
}

func (p Pairing) matched() string {
	text := fmt.Sprintf("problems    %d in common", p.Problems)
	if p.Units != p.Problems {
		text += fmt.Sprintf(" (%d independent units)", p.Units)
	}
	if p.OnlyA+p.OnlyB > 0 {
		text += fmt.Sprintf("; left out: %d that only A has, %d that only B has", p.OnlyA, p.OnlyB)
	}
	return text + fmt.Sprintf("; trials %d and %d", p.A.Trials, p.B.Trials)
}

// pText writes a p value in a sentence.
func pText(p float64) string {
	if text := pValue(p); strings.HasPrefix(text, "<") {
		return "< " + text[1:]
	}
	return "= " + pValue(p)
}

// verdict says in a sentence what can be said.
func (p Pairing) verdict() string {
	switch p.Better() {
	case 1:
		return "A is better than B"
	case -1:
		return "B is better than A"
	}
	text := "not decided: the difference may be chance"
	switch {
	case p.Detectable == nil:
	case *p.Detectable >= 1:
		text += "; a comparison of this size finds nothing"
	default:
		text += fmt.Sprintf("; a comparison of this size finds %.1f points (80%% power)", 100**p.Detectable)
	}
	switch {
	case p.MoreTrials != nil:
		text += fmt.Sprintf("; about %s more trials of each problem would decide, if the difference is what it seems", grouped(int64(*p.MoreTrials)))
	case p.MoreProblems != nil:
		text += fmt.Sprintf("; about %s more problems of this kind would decide, if the difference is what it seems", grouped(int64(*p.MoreProblems)))
		if p.RerunSE != nil {
			text += " (no number of trials of these would)"
		}
	}
	return text
}

// spending says what the two cost.
func (p Pairing) spending() []string {
	var out []string
	if p.A.Tokens != nil && p.B.Tokens != nil {
		line := fmt.Sprintf("tokens      A %s, B %s a trial%s", count3(p.A.Tokens), count3(p.B.Tokens), over(p.A.Tokens, p.B.Tokens))
		if p.A.RightTokens != nil {
			line += fmt.Sprintf("; where both are right A %s, B %s%s", count3(p.A.RightTokens), count3(p.B.RightTokens), over(p.A.RightTokens, p.B.RightTokens))
		}
		out = append(out, line)
	}
	if p.A.Cost != nil && p.B.Cost != nil {
		out = append(out, fmt.Sprintf("cost        A $%.2f, B $%.2f", *p.A.Cost, *p.B.Cost))
	}
	out = append(out, fmt.Sprintf("truncated   A %s%%, B %s%%", inPercent(p.A.Truncated, 1), inPercent(p.B.Truncated, 1)))
	if p.A.Errors+p.B.Errors > 0 {
		out = append(out, fmt.Sprintf("errors      A %s%%, B %s%% of the attempts, which are not in the scores", inPercent(p.A.Errors, 1), inPercent(p.B.Errors, 1)))
	}
	return out
}

// over says how many times b a is.
func over(a, b *float64) string {
	if *b <= 0 {
		return ""
	}
	return fmt.Sprintf(" (A/B %.2f)", *a / *b)
}

// listFlips lists the largest differences with the commands that show them.
func (p Pairing) listFlips(b *strings.Builder, l CompareLayout) {
	fmt.Fprintf(b, "\n  the largest differences of %d:\n", len(p.Flips))
	for _, f := range p.Flips[:min(l.Flips, len(p.Flips))] {
		fmt.Fprintf(b, "  problem %s: A %s, B %s\n", f.Problem, solved(f.A, p.A.Trials), solved(f.B, p.B.Trials))
		fmt.Fprintf(b, "    A: %s\n    B: %s\n", l.Show(f.ShowA, p.Benchmark, f.Problem), l.Show(f.ShowB, p.Benchmark, f.Problem))
	}
	if n := len(p.Flips) - l.Flips; n > 0 {
		fmt.Fprintf(b, "  … and %d more: --flips %d, or --json\n", n, len(p.Flips))
	}
}

// solved says what a mean over one trial means.
func solved(mean float64, trials int) string {
	switch {
	case trials == 1 && mean == 1:
		return "right"
	case trials == 1 && mean == 0:
		return "wrong"
	}
	return fmt.Sprintf("%.0f%%", 100*mean)
}

// printableLines is plain for a text of several lines.
func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		lines[i] = indent + plain(line)
	}
	return strings.Join(lines, "\n")
}
