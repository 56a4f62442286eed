package leaderboard

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// ServingText writes how models were served for a terminal.
func ServingText(w io.Writer, s Serving) error {
	if len(s.Rows) == 0 {
		_, err := fmt.Fprintln(w, nothing)
		return err
	}
	for _, t := range s.tables() {
		fmt.Fprintf(w, "%s\n\n", t.title)
		if err := textTable(w, t); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	_, err := fmt.Fprintln(w, wrap(plain(s.legend()), lineWidth))
	return err
}

// ServingMarkdown writes how models were served for a page.
func ServingMarkdown(w io.Writer, s Serving) error {
	if len(s.Rows) == 0 {
		_, err := fmt.Fprintln(w, nothing)
		return err
	}
	var b strings.Builder
	for _, t := range s.tables() {
		b.WriteString(markdownTitle(t.title, 0) + markdownTable(t) + "\n")
	}
	b.WriteString(markdownLine(s.legend()) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// ServingJSON writes how models were served for other programs; times are in
// seconds.
func ServingJSON(w io.Writer, s Serving) error { return indented(w, s) }

// A servingColumn is a figure of a row.
type servingColumn struct {
	header string
	cell   func(ServingRow) string
}

var servingLoad = []servingColumn{
	{"requests", func(r ServingRow) string { return grouped(int64(r.Requests)) }},
	{"cached", func(r ServingRow) string { return grouped(int64(r.Cached)) }},
	{"in flight mean", func(r ServingRow) string {
		return inFlightCell(r, func(f InFlight) string { return fmt.Sprintf("%.1f", f.Mean) })
	}},
	{"in flight max", func(r ServingRow) string {
		return inFlightCell(r, func(f InFlight) string { return grouped(int64(f.Max)) })
	}},
	{"busy s", func(r ServingRow) string {
		return inFlightCell(r, func(f InFlight) string { return inSeconds(f.BusySeconds) })
	}},
	{"tok/s a request", func(r ServingRow) string { return r.estimate(spreadCell(r.Rate, 1)) }},
	{"tok/s together", func(r ServingRow) string {
		if r.Aggregate == nil {
			return none
		}
		return r.estimate(fmt.Sprintf("%.1f", *r.Aggregate))
	}},
	{"tries", func(r ServingRow) string {
		if r.Tries == nil {
			return none
		}
		return fmt.Sprintf("%.2f (max %d)", r.Tries.Mean, r.Tries.Max)
	}},
	{"errors", errorsCell},
}

var servingWaits = []servingColumn{
	{"queue", func(r ServingRow) string { return spreadCell(r.Queue, 1) }},
	{"first token", func(r ServingRow) string { return spreadCell(r.FirstToken, 1) }},
	{"first of the answer", func(r ServingRow) string { return spreadCell(r.FirstAnswer, 1) }},
	{"whole", func(r ServingRow) string { return spreadCell(r.Total, 1) }},
}

var servingGaps = []servingColumn{
	{"median of a request", func(r ServingRow) string {
		return gapCell(r, func(g GapRow) string { return spreadCell(&g.Medians, 1000) })
	}},
	{"p99 of a request", func(r ServingRow) string {
		return gapCell(r, func(g GapRow) string { return spreadCell(&g.Slowest, 1000) })
	}},
	{"longest", func(r ServingRow) string { return gapCell(r, func(g GapRow) string { return inSeconds(1000 * g.Max) }) }},
}

// tables gives those that tell something.
func (s Serving) tables() []table {
	out := []table{s.table("Load", servingLoad)}
	for _, t := range []table{
		s.table("Seconds of waiting: p50 / p90 / p99", servingWaits),
		s.table("Milliseconds between the pieces of a stream: p50 / p90 / p99 over requests", servingGaps),
	} {
		if t.tells() {
			out = append(out, t)
		}
	}
	return out
}

// tells says whether a figure of the table is known.
func (t table) tells() bool {
	return slices.ContainsFunc(t.rows, func(row []cell) bool {
		for i, c := range row {
			if !t.head[i].left && c.text != none {
				return true
			}
		}
		return false
	})
}

func (s Serving) table(title string, columns []servingColumn) table {
	t := table{title: title, head: []head{{"model", true}, {"benchmark", true}}}
	runs := slices.ContainsFunc(s.Rows, func(r ServingRow) bool { return r.Run != "" })
	if runs {
		t.head = append(t.head, head{"run", true})
	}
	for _, c := range columns {
		t.head = append(t.head, head{c.header, c.header == "errors"})
	}
	for _, r := range s.Rows {
		line := []cell{{text: r.Model}, {text: cmp.Or(r.Benchmark, "(all)")}}
		if runs {
			line = append(line, cell{text: r.Run})
		}
		for _, c := range columns {
			line = append(line, cell{text: c.cell(r)})
		}
		t.rows = append(t.rows, line)
	}
	return t
}

// legend explains the figures, and says what is left out.
func (s Serving) legend() string {
	parts := []string{
		"In flight: requests being answered at once, over the time in which there was one (busy); from the recorded times of each.",
		"Tok/s a request: output tokens over the time behind the first token; its p90 and p99 are what 90% and 99% of requests reached. Tok/s together: all output tokens over the busy time.",
		"Times count from the sending of a request; the queue is before it. First token: of thought or answer.",
		"Waits and speeds are of requests that were answered.",
	}
	cached, estimated := 0, false
	for _, r := range s.Rows {
		if r.Benchmark != "" {
			cached += r.Cached
		}
		estimated = estimated || r.Estimated
	}
	if cached > 0 {
		parts = append(parts, fmt.Sprintf("%s answers came from the cache and are left out: nobody served them.", grouped(int64(cached))))
	}
	if estimated {
		parts = append(parts, "~ some token counts are estimates.")
	}
	return strings.Join(parts, " ")
}

// estimate marks what rests on estimated tokens.
func (r ServingRow) estimate(text string) string {
	if r.Estimated && text != none {
		return "~" + text
	}
	return text
}

func inFlightCell(r ServingRow, of func(InFlight) string) string {
	if r.InFlight == nil {
		return none
	}
	return of(*r.InFlight)
}

func gapCell(r ServingRow, of func(GapRow) string) string {
	if r.Gaps == nil {
		return none
	}
	return of(*r.Gaps)
}

// spreadCell writes three quantiles, times a factor.
func spreadCell(s *Spread, factor float64) string {
	if s == nil {
		return none
	}
	return inSeconds(factor*s.P50) + " / " + inSeconds(factor*s.P90) + " / " + inSeconds(factor*s.P99)
}

// inSeconds writes a time or a speed with three figures that mean something.
func inSeconds(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x >= 1, x == 0:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.3f", x)
}

// errorsCell lists the kinds, the commonest first.
func errorsCell(r ServingRow) string {
	kinds := slices.SortedFunc(maps.Keys(r.Errors), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.Errors[b], r.Errors[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, k := range kinds {
		parts = append(parts, fmt.Sprintf("%s %s", k, grouped(int64(r.Errors[k]))))
	}
	return or(strings.Join(parts, ", "))
}
