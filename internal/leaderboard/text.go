package leaderboard

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
)

const nothing = "no attempts are recorded yet"

// lineWidth is how long a paragraph's lines are.
const lineWidth = 120

// Text writes the board for a terminal.
func Text(w io.Writer, b Board, l Layout) error {
	if len(b.Rows) == 0 {
		_, err := fmt.Fprintln(w, nothing)
		return err
	}
	shown, idle := b.columns(l.Columns, b.usual())
	for _, t := range b.tables(shown) {
		fmt.Fprintf(w, "%s\n\n", plain(t.title))
		if err := textTable(w, t); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, wrap(plain(b.legend(shown, idle, "▸:")), lineWidth))
	for _, d := range b.doubts() {
		fmt.Fprintf(w, "\n%s\n", wrap(plain(d), lineWidth))
	}
	if notes := b.notes(); len(notes) > 0 {
		fmt.Fprintln(w)
		for _, n := range notes {
			if _, err := fmt.Fprintf(w, "- %s\n", strings.ReplaceAll(wrap(plain(n), lineWidth-2), "\n", "\n  ")); err != nil {
				return err
			}
		}
	}
	return nil
}

// textTable draws a table without borders. What stands out has its mark before
// the figure, where figures stay aligned.
func textTable(w io.Writer, t table) error {
	t = t.abridged()
	align := make(tw.Alignment, len(t.head))
	header := make([]string, len(t.head))
	for i, h := range t.head {
		align[i], header[i] = tw.AlignRight, plain(h.text)
		if h.left {
			align[i] = tw.AlignLeft
		}
	}
	out := tablewriter.NewTable(w, tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithAlignment(align),
		tablewriter.WithRendition(tw.Rendition{Borders: tw.BorderNone, Settings: tw.Settings{
			Separators: tw.Separators{BetweenColumns: tw.Off}, Lines: tw.Lines{ShowHeaderLine: tw.On},
		}}))
	out.Header(header)
	for _, row := range t.rows {
		line := make([]string, len(row))
		for i, c := range row {
			line[i] = plain(c.text)
			if c.strong && !t.head[i].left {
				line[i] = "▸ " + line[i]
			}
		}
		if err := out.Append(line); err != nil {
			return err
		}
	}
	return out.Render()
}

// widest is how many runes of a name a terminal's table shows.
const widest = 40

// abridged shortens long names in their middle, unless two would look alike.
func (t table) abridged() table {
	out := t
	out.rows = make([][]cell, len(t.rows))
	for i, row := range t.rows {
		out.rows[i] = append([]cell(nil), row...)
	}
	for column, h := range t.head {
		if !h.left {
			continue
		}
		from := map[string]string{}
		clash := false
		for i, row := range t.rows {
			short := abridge(plain(row[column].text))
			if long, ok := from[short]; ok && long != row[column].text {
				clash = true
			}
			from[short] = row[column].text
			out.rows[i][column].text = short
		}
		if clash {
			for i, row := range t.rows {
				out.rows[i][column] = row[column]
			}
		}
	}
	return out
}

func abridge(s string) string {
	runes := []rune(s)
	if len(runes) <= widest {
		return s
	}
	half := (widest - 1) / 2
	return string(runes[:widest-1-half]) + "…" + string(runes[len(runes)-half:])
}

// plain keeps a name on one line and strips what could take over a terminal or
// turn a line around.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case unicode.Is(unicode.Noncharacter_Code_Point, r):
			return unicode.ReplacementChar
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.TrimSpace(s)
}

// wrap breaks a paragraph into lines of at most so many runes, where it can.
func wrap(s string, width int) string {
	var b strings.Builder
	at := 0
	for i, word := range strings.Fields(s) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case at+1+n > width:
			b.WriteByte('\n')
			at = 0
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	return b.String()
}
