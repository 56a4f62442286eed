package leaderboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Layout says how a board is shown.
type Layout struct {
	// Columns of the tables; nil shows the usual ones.
	Columns []Column
	// More names where the whole is to be found if it had to be cut.
	More string
	// MostBytes bounds what is written; 0 does not.
	MostBytes int
}

// A table is a part of a board for any writer: the scores at a glance, a
// benchmark, a part, a domain.
type table struct {
	title string
	note  string // under the title
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

// tables gives the parts of a board in reading order.
func (b Board) tables(l Layout) []table {
	columns := l.Columns
	if columns == nil {
		columns, _ = Columns(nil)
	}
	if b.Baseline != "" && !slices.ContainsFunc(columns, func(c Column) bool { return c.Name == "delta" }) {
		delta, _ := Columns([]string{"delta", "p"})
		columns = append(slices.Clone(columns), delta...)
	}
	var out []table
	if glance := b.glance(); len(glance.head) > 2 {
		out = append(out, glance)
	}
	for _, rows := range apart(b.Rows) {
		out = append(out, tableOf(rows, columns))
	}
	for _, rows := range apart(b.Groups) {
		out = append(out, tableOf(rows, columns))
	}
	return out
}

// apart divides sorted rows by benchmark and part.
func apart(rows []Row) [][]Row {
	var out [][]Row
	for i, r := range rows {
		part := r.Part
		if r.parts != nil {
			part = "" // a domain's rows differ in what they are of
		}
		last := len(out) - 1
		if i > 0 && out[last][0].Benchmark == r.Benchmark && (out[last][0].Part == part || r.parts != nil) {
			out[last] = append(out[last], r)
			continue
		}
		out = append(out, []Row{r})
	}
	return out
}

func tableOf(rows []Row, columns []Column) table {
	t := table{title: title(rows[0])}
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

func title(r Row) string {
	switch {
	case r.parts != nil:
		return fmt.Sprintf("%s: mean of benchmarks", r.Benchmark)
	case r.Part != "":
		return r.Benchmark + ": " + r.Part
	}
	return r.Benchmark
}

// glance has one row a model and a column a benchmark. Models are sorted by the
// mean of their scores, then by name; the mean itself is not shown, because
// benchmarks are not alike.
func (b Board) glance() table {
	t := table{title: "scores", head: []head{{"model", true}}}
	var benchmarks, models []string
	byModel := map[string]map[string]Row{}
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
			strong := r.Rank != nil && r.Rank.Top && len(models) > 1
			line = append(line, cell{interval(r.Score, r.CILow, r.CIHigh) + r.Marks(), strong})
		}
		t.rows = append(t.rows, line)
	}
	return t
}

// legend explains the figures in one paragraph.
func (b Board) legend() string {
	parts := []string{"Score: percent, with its 95% interval for new problems of the same kind."}
	has := func(is func(Row) bool) bool { return slices.ContainsFunc(b.Rows, is) }
	if has(func(r Row) bool { return r.RerunLow != nil }) {
		parts = append(parts, "Rerun ±: the same problems asked again.")
	}
	if has(func(r Row) bool { return r.Rank != nil && (r.Rank.Worst > 1) }) {
		parts = append(parts, "Rank: place, and the places that paired tests leave open (Holm, 5%); the models not significantly worse than the best stand out.")
	}
	for _, m := range []struct {
		mark, help string
	}{
		{"‡", "‡ problems were public before the model's release."}, {"†", "† planned attempts have no verdict."},
		{"§", "§ published by others, not measured here."},
	} {
		if has(func(r Row) bool { return strings.Contains(r.Marks(), m.mark) }) {
			parts = append(parts, m.help)
		}
	}
	if b.Baseline != "" {
		parts = append(parts, fmt.Sprintf("Δ: percentage points from %s on common problems; * significant (Holm, 5%%).", b.Baseline))
	}
	return strings.Join(parts, " ")
}

// notes are the warnings of the board and of its rows.
func (b Board) notes() []string {
	out := slices.Clone(b.Warnings)
	for _, r := range b.Rows {
		for _, w := range r.Warnings {
			out = append(out, fmt.Sprintf("%s, %s: %s", r.Model, r.Benchmark, w))
		}
	}
	for _, r := range b.Groups {
		if r.parts == nil {
			continue // said of the whole benchmark
		}
		for _, w := range r.Warnings {
			out = append(out, fmt.Sprintf("%s, %s: %s", r.Model, r.Benchmark, w))
		}
	}
	return out
}
