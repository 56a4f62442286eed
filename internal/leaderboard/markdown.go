package leaderboard

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
)

// Markdown writes the board for a README, a comment or a step summary: stable
// order, escaped cells. With Layout.MostBytes whole sections are left out at the
// end, and it is said where they are.
func Markdown(w io.Writer, b Board, l Layout) error {
	sections, err := b.markdown(l)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, cut(sections, l))
	return err
}

// markdown gives the sections of which some may be left out, in order.
func (b Board) markdown(l Layout) ([]string, error) {
	if len(b.Rows) == 0 {
		return []string{nothing + "\n"}, nil
	}
	var out []string
	for _, t := range b.tables(l) {
		var s strings.Builder
		fmt.Fprintf(&s, "**%s**\n\n", markdownCell(t.title))
		if err := markdownTable(&s, t); err != nil {
			return nil, err
		}
		if len(out) == 0 {
			fmt.Fprintf(&s, "\n%s\n", markdownCell(b.legend()))
		}
		out = append(out, s.String())
	}
	var s strings.Builder
	for _, i := range b.Isolation {
		fmt.Fprintf(&s, "%s\n", markdownCell(i.line(len(b.Isolation) > 1)))
	}
	if notes := b.notes(); len(notes) > 0 {
		if s.Len() > 0 {
			s.WriteByte('\n')
		}
		for _, n := range notes {
			fmt.Fprintf(&s, "- %s\n", markdownCell(n))
		}
	}
	if s.Len() > 0 {
		out = append(out, s.String())
	}
	return out, nil
}

// cut joins the sections, and leaves out whole ones that do not fit.
func cut(sections []string, l Layout) string {
	whole := strings.Join(sections, "\n")
	if l.MostBytes <= 0 || len(whole) <= l.MostBytes {
		return whole
	}
	var kept []string
	size, left := 0, 0
	for i, s := range sections {
		note := leftOut(len(sections)-i, l.More)
		if left == 0 && size+len(s)+1+len(note) <= l.MostBytes {
			kept, size = append(kept, s), size+len(s)+1
			continue
		}
		left++
	}
	if note := leftOut(left, l.More); size+len(note) <= l.MostBytes {
		kept = append(kept, note)
	}
	return strings.Join(kept, "\n")
}

func leftOut(n int, more string) string {
	note := fmt.Sprintf("_%d sections did not fit._", n)
	if n == 1 {
		note = "_1 section did not fit._"
	}
	if more != "" {
		note += " The whole: " + markdownCell(more)
	}
	return note + "\n"
}

func markdownTable(w io.Writer, t table) error {
	return render(tablewriter.NewTable(w, append(settings(t), tablewriter.WithRenderer(renderer.NewMarkdown()))...), t, func(c cell) string {
		if c.strong && c.text != none {
			return "**" + markdownCell(c.text) + "**"
		}
		return markdownCell(c.text)
	})
}

// markdownCell escapes what Markdown, HTML or a forge would take for more than
// text.
func markdownCell(s string) string {
	s = strings.NewReplacer("\\", `\\`, "|", `\|`, "`", "\\`", "<", "&lt;", ">", "&gt;", "@", "&#64;",
		"*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`).Replace(plain(s))
	if strings.HasPrefix(s, "#") {
		s = `\` + s
	}
	return s
}

// The lines between which Update writes.
const (
	beginMark = "<!-- evalr:begin -->"
	endMark   = "<!-- evalr:end -->"
)

// Update writes the Markdown board between the marks of a file, leaving the
// rest as it is. The file is replaced whole or not at all.
func Update(file string, b Board, l Layout) error {
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
	if err := Markdown(&board, b, l); err != nil {
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
