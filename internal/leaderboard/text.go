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

// Text writes the board for a terminal.
func Text(w io.Writer, b Board, l Layout) error {
	if len(b.Rows) == 0 {
		_, err := fmt.Fprintln(w, nothing)
		return err
	}
	tables := b.tables(l)
	for i, t := range tables {
		if len(tables) > 1 {
			fmt.Fprintf(w, "%s\n\n", plain(t.title))
		} else {
			fmt.Fprintf(w, "%s\n\n", plain(t.title))
		}
		if err := textTable(w, t); err != nil {
			return err
		}
		if i < len(tables)-1 {
			fmt.Fprintln(w)
		}
	}
	fmt.Fprintf(w, "\n%s\n", wrap(plain(b.legend()), 120))
	for _, i := range b.Isolation {
		fmt.Fprintf(w, "\n%s\n", wrap(plain(i.line(len(b.Isolation) > 1)), 120))
	}
	if notes := b.notes(); len(notes) > 0 {
		fmt.Fprintln(w)
		for _, n := range notes {
			if _, err := fmt.Fprintf(w, "- %s\n", plain(n)); err != nil {
				return err
			}
		}
	}
	return nil
}

func textTable(w io.Writer, t table) error {
	return render(tablewriter.NewTable(w, append(settings(t),
		tablewriter.WithRendition(tw.Rendition{Borders: tw.BorderNone, Settings: tw.Settings{
			Separators: tw.Separators{BetweenColumns: tw.Off}, Lines: tw.Lines{ShowHeaderLine: tw.On},
		}}))...), t, func(c cell) string {
		// The mark stands before the text, where figures stay aligned.
		if c.strong {
			return "▸ " + plain(c.text)
		}
		return plain(c.text)
	})
}

// settings leave headers as they are and align names left, figures right.
func settings(t table) []tablewriter.Option {
	align := make(tw.Alignment, len(t.head))
	for i, h := range t.head {
		align[i] = tw.AlignRight
		if h.left {
			align[i] = tw.AlignLeft
		}
	}
	return []tablewriter.Option{
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithAlignment(align),
	}
}

func render(out *tablewriter.Table, t table, text func(cell) string) error {
	var header []string
	for _, h := range t.head {
		header = append(header, text(cell{text: h.text}))
	}
	out.Header(header)
	for _, row := range t.rows {
		var line []string
		for _, c := range row {
			line = append(line, text(c))
		}
		if err := out.Append(line); err != nil {
			return err
		}
	}
	return out.Render()
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
