package leaderboard

import (
	"encoding/json"
	"fmt"
	"io"
)

// Text writes the gate for a terminal.
func (g Gate) Text(w io.Writer) error {
	fmt.Fprintf(w, "%s\n", wrap(plain(g.Paragraph()), 120))
	if len(g.Cells) > 0 {
		fmt.Fprintln(w)
		if err := textTable(w, g.table()); err != nil {
			return err
		}
	}
	return g.notes(w, "", plain)
}

// Markdown writes the gate for a comment or a step summary.
func (g Gate) Markdown(w io.Writer) error {
	mark := map[Decision]string{First: "✅", Pass: "✅", Inconclusive: "❔", Regression: "❌", Infrastructure: "⚠️", Refused: "⛔"}[g.Decision]
	fmt.Fprintf(w, "**%s %s**\n\n%s\n", mark, g.Decision, markdownProse(g.Paragraph()))
	if len(g.Cells) > 0 {
		fmt.Fprintf(w, "\n%s", markdownTable(g.table()))
	}
	return g.notes(w, "\n", markdownProse)
}

func (g Gate) notes(w io.Writer, after string, clean func(string) string) error {
	if len(g.Warnings) == 0 {
		return nil
	}
	fmt.Fprintf(w, "\nWarnings:\n%s", after)
	for _, warning := range g.Warnings {
		if _, err := fmt.Fprintf(w, "- %s\n", clean(warning)); err != nil {
			return err
		}
	}
	return nil
}

// table has a row a cell.
func (g Gate) table() table {
	t := table{head: []head{{text: "model", left: true}, {text: "benchmark", left: true}, {text: "decision", left: true},
		{text: "now"}, {text: "baseline"}, {text: "drop (95% bounds)"}, {text: "p (Holm)"}, {text: "nights"}, {text: "between nights"}, {text: "detectable"}}}
	for _, c := range g.Cells {
		row := []cell{{text: c.Model}, {text: c.Benchmark}, {text: string(c.Decision), strong: c.Decision == g.Decision && g.Decision != Pass}}
		texts := []string{none, none, none, none, none, none, none}
		if x := c.Test; x != nil {
			sd := none
			if x.NightSD != nil {
				sd = points(*x.NightSD)
			}
			texts = []string{percent(x.Current), percent(x.Baseline), fmt.Sprintf("%+.1f (%+.1f, %+.1f)", 100*x.Drop, 100*x.DropLow, 100*x.DropHigh),
				pValue(x.PHolm), fmt.Sprint(x.Nights), sd, points(x.Detectable)}
		}
		for _, text := range texts {
			row = append(row, cell{text: text})
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// JSON writes the gate for other programs; the names are a contract.
func (g Gate) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Gate
		Paragraph string `json:"paragraph"`
	}{g, g.Paragraph()})
}

// JUnit writes the gate as a suite with a case a cell: a regression is a failure,
// what could not be compared an error, and what is inconclusive is skipped. A
// reason that is of no cell is a case of its own.
func (g Gate) JUnit(w io.Writer) error {
	s := junitSuite{Name: "evalr gate " + plain(g.Run), Out: plain(g.Paragraph())}
	add := func(class, name string, d Decision, why string) {
		c := junitCase{Class: plain(class), Name: plain(name)}
		result := &junitResult{Message: plain(why)}
		switch d {
		case Regression:
			c.Failure = result
		case Infrastructure, Refused:
			c.Error = result
		case Inconclusive:
			c.Skipped = result
		}
		s.add(c)
	}
	for _, c := range g.Cells {
		add(c.Benchmark, c.Model, c.Decision, c.Why)
	}
	for _, why := range g.Faults {
		add("run", g.Run, g.Decision, why)
	}
	return writeJUnit(w, s.Name, []junitSuite{s})
}
