package leaderboard

import (
	"cmp"
	"fmt"
	"slices"
)

// A Layout says how a board is shown.
type Layout struct {
	// Columns of the tables; nil shows the usual ones.
	Columns []Column
	// Fit bounds what Markdown writes; More names where the whole is to be found
	// if it had to be cut.
	Fit  Fit
	More string
	// Heading is the level of the headings of Markdown, 1 to 6; 0 writes bold
	// lines.
	Heading int
	// Problems makes JUnit write a case a problem.
	Problems bool
	// Plot names the chart of SVG; "" draws the scores.
	Plot string
}

// A table is a part of a board for any writer: the scores at a glance, a
// benchmark, a part, a domain.
type table struct {
	title string
	head  []head
	rows  [][]cell
}

type head struct {
	text string
	left bool
}

// A cell is a text; strong marks what is not significantly worse than the best.
type cell struct {
	text   string
	strong bool
}

// tables gives the parts of a board in reading order, with these columns.
func (b Board) tables(columns []Column) []table {
	var out []table
	if glance := b.glance(); len(glance.head) > 2 {
		out = append(out, glance)
	}
	for _, rows := range apart(b.Rows) {
		out = append(out, tableOf(rows, columns, b.By))
	}
	// What is known of benchmarks only is not shown of groups.
	columns = slices.DeleteFunc(slices.Clone(columns), func(c Column) bool { return !c.tells(b.Groups) })
	for _, rows := range apart(b.Groups) {
		out = append(out, tableOf(rows, columns, b.By))
	}
	return out
}

// columns gives those to be shown, or the usual ones if none were chosen, and
// those left out because they tell nothing of any row.
func (b Board) columns(chosen []Column, otherwise []string) (shown, idle []Column) {
	if chosen == nil {
		chosen = mustColumns(otherwise)
	}
	if b.Baseline != "" && !slices.ContainsFunc(chosen, func(c Column) bool { return c.Name == "delta" }) {
		chosen = append(slices.Clone(chosen), mustColumns([]string{"delta", "p"})...)
	}
	for _, c := range chosen {
		if c.tells(b.Rows) || c.tells(b.Groups) {
			shown = append(shown, c)
		} else {
			idle = append(idle, c)
		}
	}
	return shown, idle
}

// usual are the columns shown unasked.
func (b Board) usual() []string {
	if b.Baseline != "" {
		return differing
	}
	return usual
}

// tells says whether the column says something of one of the rows, or was asked
// for by name.
func (c Column) tells(rows []Row) bool {
	return c.asked || slices.ContainsFunc(rows, func(r Row) bool {
		text := c.cell(r)
		return text != none && text != c.idle
	})
}

// apart divides sorted rows by benchmark and part.
func apart(rows []Row) [][]Row {
	var out [][]Row
	for i, r := range rows {
		last := len(out) - 1
		// A domain's rows differ in what they are of.
		if i > 0 && out[last][0].Benchmark == r.Benchmark && (out[last][0].Part == r.Part || r.parts != nil) {
			out[last] = append(out[last], r)
			continue
		}
		out = append(out, []Row{r})
	}
	return out
}

func tableOf(rows []Row, columns []Column, by By) table {
	t := table{title: title(rows[0], by)}
	for _, c := range columns {
		t.head = append(t.head, head{c.Header, c.left})
	}
	for _, r := range rows {
		var line []cell
		for _, c := range columns {
			strong := (c.Name == "score" || c.Name == "model") && r.Rank != nil && r.Rank.Top && len(rows) > 1
			line = append(line, cell{c.cell(r), strong})
		}
		t.rows = append(t.rows, line)
	}
	return t
}

func title(r Row, by By) string {
	switch {
	case r.parts != nil:
		return fmt.Sprintf("%s: mean of benchmarks", r.Benchmark)
	case r.Part == "":
		return r.Benchmark
	case r.Part == without(by):
		return r.Benchmark + ", " + r.Part
	}
	return fmt.Sprintf("%s, %s %s", r.Benchmark, by, r.Part)
}

// glance has one row a model and a column a benchmark. Models are sorted by the
// mean of their scores, then by name; the mean itself is not shown, because
// benchmarks are not alike.
func (b Board) glance() table {
	t := table{title: "Scores", head: []head{{"model", true}}}
	var benchmarks, models []string
	byModel := map[string]map[string]Row{}
	rivals := map[string]int{}
	for _, r := range b.Rows {
		if !slices.Contains(benchmarks, r.Benchmark) {
			benchmarks = append(benchmarks, r.Benchmark)
			t.head = append(t.head, head{text: r.Benchmark})
		}
		if byModel[r.Model] == nil {
			byModel[r.Model] = map[string]Row{}
			models = append(models, r.Model)
		}
		byModel[r.Model][r.Benchmark] = r
		rivals[r.Benchmark]++
	}
	mean := func(m string) float64 {
		total, n := 0.0, 0
		for _, r := range byModel[m] {
			if r.Score != nil {
				total, n = total+*r.Score, n+1
			}
		}
		return total / float64(max(n, 1))
	}
	slices.SortFunc(models, func(a, b string) int { return cmp.Or(cmp.Compare(mean(b), mean(a)), cmp.Compare(a, b)) })
	for _, m := range models {
		line := []cell{{text: m}}
		for _, name := range benchmarks {
			r, ok := byModel[m][name]
			if !ok {
				line = append(line, cell{text: none})
				continue
			}
			strong := r.Rank != nil && r.Rank.Top && rivals[name] > 1
			line = append(line, cell{interval(r.Score, r.CILow, r.CIHigh) + r.Marks(), strong})
		}
		t.rows = append(t.rows, line)
	}
	return t
}
