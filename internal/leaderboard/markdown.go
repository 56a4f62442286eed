package leaderboard

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Markdown writes the board for a README, a comment or a step summary: stable
// order, escaped cells, and a line a row that no other row changes. What
// Layout.Fit does not hold is left out at the end, and it is said where it is.
func Markdown(w io.Writer, b Board, l Layout) error {
	_, err := io.WriteString(w, cut(b.markdown(l), l))
	return err
}

// markdown gives the sections, the most important first: the scores, what they
// mean, the other tables, the notes.
func (b Board) markdown(l Layout) []string {
	if len(b.Rows) == 0 {
		return []string{nothing + "\n"}
	}
	shown, idle := b.columns(l.Columns, b.usual())
	var out []string
	for _, t := range b.tables(shown) {
		out = append(out, markdownTitle(t.title, l.Heading)+markdownTable(t))
	}
	means := markdownLine(b.legend(shown, idle, "Bold:")) + "\n"
	for _, d := range b.doubts() {
		means += "\n" + markdownLine(d) + "\n"
	}
	out = slices.Insert(out, 1, means)
	if notes := b.notes(); len(notes) > 0 {
		out = append(out, markdownNotes(notes))
	}
	return out
}

func markdownTitle(s string, level int) string {
	if level <= 0 {
		return "**" + markdownCell(s) + "**\n\n"
	}
	return strings.Repeat("#", min(level, 6)) + " " + markdownCell(s) + "\n\n"
}

// fewNotes are shown openly; more are folded.
const fewNotes = 4

func markdownNotes(notes []string) string {
	var s strings.Builder
	for _, n := range notes {
		fmt.Fprintf(&s, "- %s\n", markdownLine(n))
	}
	if len(notes) <= fewNotes {
		return s.String()
	}
	return fmt.Sprintf("<details>\n<summary>%d notes</summary>\n\n%s\n</details>\n", len(notes), s.String())
}

func markdownTable(t table) string {
	var s strings.Builder
	for _, h := range t.head {
		fmt.Fprintf(&s, "| %s ", markdownCell(h.text))
	}
	s.WriteString("|\n")
	for _, h := range t.head {
		if h.left {
			s.WriteString("|:---")
		} else {
			s.WriteString("|---:")
		}
	}
	s.WriteString("|\n")
	for _, row := range t.rows {
		for i, c := range row {
			text := markdownCell(c.text)
			if !t.head[i].left && c.text != none {
				text = unbroken(text)
			}
			if c.strong && c.text != none && text != "" {
				text = "**" + text + "**"
			}
			fmt.Fprintf(&s, "| %s ", text)
		}
		s.WriteString("|\n")
	}
	return s.String()
}

// unbroken keeps a figure on one line where its column is narrow.
func unbroken(s string) string {
	return betweenDigits.ReplaceAllString(strings.ReplaceAll(s, " ", "\u00a0"), "$1\u2011$2")
}

// apartly is a space of no width: forges make links of mentions, addresses and
// numbers of issues after they have undone all escapes, but not across it.
const apartly = "&#8203;"

var (
	markdownEscapes = strings.NewReplacer("\\", `\\`, "|", `\|`, "`", "\\`", "&", "&amp;", "<", "&lt;", ">", "&gt;",
		"*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`, "$", `\$`,
		"://", ":"+apartly+"//", "www.", "www."+apartly)
	mention = regexp.MustCompile(`(^|[^0-9A-Za-z])@([0-9A-Za-z])`)
	issue   = regexp.MustCompile(`#([0-9])`)
	// figure is a number with its interval, in which brackets do no harm.
	figure        = regexp.MustCompile(`^[-+]?[0-9.]+ \[[-+0-9., ]+\][‡†§*]*$`)
	betweenDigits = regexp.MustCompile(`([0-9])–([0-9])`)
	opening       = regexp.MustCompile(`^(#|[-+=]|\d+[.)])`)
)

// markdownCell escapes what Markdown, HTML or a forge would take for more than
// text.
func markdownCell(s string) string {
	s = plain(s)
	if figure.MatchString(s) {
		return strings.ReplaceAll(s, "*", `\*`)
	}
	s = markdownEscapes.Replace(s)
	if strings.ContainsAny(s, "#@") {
		s = issue.ReplaceAllString(s, "#"+apartly+"$1")
		s = mention.ReplaceAllString(s, "$1@"+apartly+"$2")
	}
	return s
}

// markdownLine is a cell that begins a line, where signs open lists and headings.
func markdownLine(s string) string {
	s = markdownCell(s)
	if at := opening.FindStringIndex(s); at != nil {
		return s[:at[1]-1] + `\` + s[at[1]-1:]
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

// markdownProse is markdownCell for a text with commands between backquotes, which
// it leaves to be copied.
func markdownProse(s string) string {
	parts := strings.Split(s, "`")
	for i, p := range parts {
		if i%2 == 1 && i < len(parts)-1 {
			parts[i] = "`" + plain(p) + "`"
		} else {
			parts[i] = markdownProsePart(p)
		}
	}
	return strings.Join(parts, "")
}

// markdownProsePart keeps the spaces around a part, which markdownCell takes off.
func markdownProsePart(s string) string {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" {
		return s
	}
	at := strings.Index(s, trimmed)
	return s[:at] + markdownCell(trimmed) + s[at+len(trimmed):]
}
