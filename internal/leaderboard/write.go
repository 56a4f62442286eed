package leaderboard

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

const none = "–" // what is not known

// Text writes the board for a terminal.
func Text(w io.Writer, b Board) error { return write(w, b, plain, textTable) }

// Markdown writes the board for a README: stable order, escaped cells.
func Markdown(w io.Writer, b Board) error { return write(w, b, markdownCell, markdownTable) }

// write prints the scores, one row a model and a column a benchmark, and under
// them what stands behind each score.
func write(w io.Writer, b Board, cell func(string) string, table func(io.Writer, []string, [][]string) error) error {
	if len(b.Rows) == 0 {
		_, err := fmt.Fprintln(w, "no attempts are recorded yet")
		return err
	}
	header, rows := b.scores(cell)
	if err := table(w, header, rows); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nScore in percent with its 95% interval.")
	for _, i := range b.Isolation {
		fmt.Fprintf(w, "\n%s\n", cell(i.line(len(b.Isolation) > 1)))
	}
	fmt.Fprintln(w)
	header, rows = b.details(cell)
	if err := table(w, header, rows); err != nil {
		return err
	}
	notes := slices.Clone(b.Warnings)
	for _, r := range b.Rows {
		for _, warning := range r.Warnings {
			notes = append(notes, fmt.Sprintf("%s, %s: %s", r.Model, r.Benchmark, warning))
		}
	}
	if len(notes) > 0 {
		fmt.Fprintln(w)
	}
	for _, n := range notes {
		if _, err := fmt.Fprintf(w, "- %s\n", cell(n)); err != nil {
			return err
		}
	}
	return nil
}

// scores is the main table. Models are sorted by the mean of their scores, then
// by name; the mean itself is not shown, because benchmarks are not alike.
func (b Board) scores(cell func(string) string) (header []string, rows [][]string) {
	var benchmarks, models []string
	byModel := map[string]map[string]Row{}
	for _, r := range b.Rows {
		if !slices.Contains(benchmarks, r.Benchmark) {
			benchmarks = append(benchmarks, r.Benchmark)
		}
		if byModel[r.Model] == nil {
			byModel[r.Model] = map[string]Row{}
			models = append(models, r.Model)
		}
		byModel[r.Model][r.Benchmark] = r
	}
	mean := func(m string) float64 {
		sum, n := 0.0, 0
		for _, r := range byModel[m] {
			if r.Score != nil {
				sum, n = sum+*r.Score, n+1
			}
		}
		return sum / float64(max(n, 1))
	}
	slices.SortFunc(models, func(a, b string) int {
		return cmp.Or(cmp.Compare(mean(b), mean(a)), cmp.Compare(a, b))
	})
	header = []string{"model"}
	for _, name := range benchmarks {
		header = append(header, cell(name))
	}
	for _, m := range models {
		row := []string{cell(m)}
		for _, name := range benchmarks {
			text := none
			if r, ok := byModel[m][name]; ok && r.Score != nil {
				text = fmt.Sprintf("%.1f [%.1f, %.1f]", 100**r.Score, 100**r.CILow, 100**r.CIHigh)
			}
			row = append(row, text)
		}
		rows = append(rows, row)
	}
	return header, rows
}

// details is the table of what stands behind each score.
func (b Board) details(cell func(string) string) (header []string, rows [][]string) {
	header = []string{"benchmark", "model", "n×k", "correct", "truncated", "no answer", "refused", "error", "if errors wrong–right", "tokens", "warned"}
	for _, r := range b.Rows {
		o := r.Outcomes
		percent := func(n, of int) string {
			if of == 0 {
				return none
			}
			return fmt.Sprintf("%.1f%%", 100*float64(n)/float64(of))
		}
		bounds := none
		if o.Error > 0 && r.BoundLow != nil {
			bounds = fmt.Sprintf("%.1f–%.1f", 100**r.BoundLow, 100**r.BoundHigh)
		}
		tokens := none
		if r.MeanOutputTokens != nil {
			tokens = fmt.Sprintf("%.0f", *r.MeanOutputTokens)
		}
		rows = append(rows, []string{
			cell(r.Benchmark), cell(r.Model), fmt.Sprintf("%d×%d", r.Problems, r.Trials),
			percent(o.Correct, o.Judged()), percent(o.Truncated, o.Judged()), percent(o.NoAnswer, o.Judged()),
			percent(o.Refused, o.Judged()), percent(o.Error, o.All()), bounds, tokens, strconv.Itoa(r.Warned),
		})
	}
	return header, rows
}

// CSV writes one line a row of the board; scores are in [0, 1], what is unknown
// is empty.
func CSV(w io.Writer, b Board) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"model", "benchmark", "problems", "trials", "score", "ci_low", "ci_high", "method",
		"correct", "incorrect", "no_answer", "truncated", "refused", "error", "bound_low", "bound_high", "mean_output_tokens", "warned"})
	number := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'g', -1, 64)
	}
	for _, r := range b.Rows {
		o := r.Outcomes
		line := []string{formula(r.Model), formula(r.Benchmark), strconv.Itoa(r.Problems), strconv.Itoa(r.Trials),
			number(r.Score), number(r.CILow), number(r.CIHigh), r.Method}
		for _, n := range []int{o.Correct, o.Incorrect, o.NoAnswer, o.Truncated, o.Refused, o.Error} {
			line = append(line, strconv.Itoa(n))
		}
		_ = out.Write(append(line, number(r.BoundLow), number(r.BoundHigh), number(r.MeanOutputTokens), strconv.Itoa(r.Warned)))
	}
	out.Flush()
	return out.Error()
}

// formula keeps a spreadsheet from taking a name for a formula.
func formula(s string) string {
	if s = plain(s); s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

// JSON writes the board for other programs; the names are a contract. Scores
// are in [0, 1]; what is unknown is null.
func JSON(w io.Writer, b Board) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(b)
}

// The lines between which Update writes.
const (
	beginMark = "<!-- evalr:begin -->"
	endMark   = "<!-- evalr:end -->"
)

// Update writes the Markdown board between the marks of a file, leaving the
// rest as it is. The file is replaced whole or not at all.
func Update(file string, b Board) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("update the board: %w", err)
	}
	before, rest, ok := strings.Cut(string(text), beginMark)
	_, after, ok2 := strings.Cut(rest, endMark)
	if !ok || !ok2 {
		return fmt.Errorf("update %s: it has no place for the board: put a line %s and, below it, a line %s", file, beginMark, endMark)
	}
	var board strings.Builder
	if err := Markdown(&board, b); err != nil {
		return err
	}
	return replace(file, before+beginMark+"\n\n"+board.String()+"\n"+endMark+after)
}

func replace(file, text string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*.tmp")
	if err != nil {
		return fmt.Errorf("update %s: %w", file, err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("update %s: %w", file, err), os.Remove(f.Name()))
	}
	return nil
}

// plain keeps a name on one line and strips what could take over a terminal.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// markdownCell escapes what Markdown, HTML or a forge would take for more than
// text.
func markdownCell(s string) string {
	s = strings.NewReplacer("\\", `\\`, "|", `\|`, "`", "\\`", "<", "&lt;", ">", "&gt;", "@", "&#64;",
		"*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`).Replace(plain(s))
	if strings.HasPrefix(s, "#") {
		s = `\` + s
	}
	return s
}

func textTable(w io.Writer, header []string, rows [][]string) error {
	return render(tablewriter.NewTable(w, append(settings(header),
		tablewriter.WithRendition(tw.Rendition{Borders: tw.BorderNone, Settings: tw.Settings{
			Separators: tw.Separators{BetweenColumns: tw.Off}, Lines: tw.Lines{ShowHeaderLine: tw.On},
		}}))...), header, rows)
}

func markdownTable(w io.Writer, header []string, rows [][]string) error {
	return render(tablewriter.NewTable(w, append(settings(header), tablewriter.WithRenderer(renderer.NewMarkdown()))...), header, rows)
}

// settings leave headers as they are and align names left, figures right.
func settings(header []string) []tablewriter.Option {
	align := make(tw.Alignment, len(header))
	for i := range align {
		align[i] = tw.AlignRight
		if i == 0 || header[i] == "model" {
			align[i] = tw.AlignLeft
		}
	}
	return []tablewriter.Option{
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithAlignment(align),
	}
}

func render(table *tablewriter.Table, header []string, rows [][]string) error {
	table.Header(header)
	if err := table.Bulk(rows); err != nil {
		return err
	}
	return table.Render()
}
