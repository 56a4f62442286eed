package leaderboard

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// paper are the columns that a page of a paper has room for. Errors have none: the
// mark † says where there are any, and Cite how many.
var paper = []string{"rank", "model", "score", "rerun", "nk", "truncated", "tok/correct"}

// LaTeX writes a float a table, for plain LaTeX with the package booktabs. The
// caption of the first has the legend; each has a label, "tab:evalr-" and its
// title.
func LaTeX(w io.Writer, b Board, l Layout) error {
	var s strings.Builder
	s.WriteString("% \\usepackage{booktabs}\n")
	if len(b.Rows) == 0 {
		s.WriteString("% " + nothing + "\n")
	} else {
		shown, idle := b.columns(l.Columns, paper)
		labels := map[string]bool{}
		for i, t := range b.tables(shown) {
			caption := latexText(t.title) + "."
			if i == 0 {
				caption += " " + latexText(strings.Join(append([]string{b.legend(shown, idle, "Bold:")}, b.doubts()...), " "))
			}
			latexTable(&s, t, caption, latexLabel(t.title, labels))
		}
	}
	_, err := io.WriteString(w, s.String())
	return err
}

func latexTable(s *strings.Builder, t table, caption, label string) {
	t = t.abridged()
	align := ""
	var header []string
	for _, h := range t.head {
		if h.left {
			align += "l"
		} else {
			align += "r"
		}
		header = append(header, latexText(h.text))
	}
	fmt.Fprintf(s, "\n\\begin{table}\n  \\centering\\footnotesize\\setlength{\\tabcolsep}{2.5pt}\n  \\caption{%s}\n  \\label{%s}\n", caption, label)
	fmt.Fprintf(s, "  \\begin{tabular}{@{}%s@{}}\n    \\toprule\n    %s \\\\\n    \\midrule\n", align, strings.Join(header, " & "))
	for _, row := range t.rows {
		var line []string
		for _, c := range row {
			text := latexText(c.text)
			if c.strong {
				text = `\textbf{` + text + "}"
			}
			line = append(line, text)
		}
		// The braces keep a bracket at the start of a row from being an argument of
		// the line's end before it.
		fmt.Fprintf(s, "    {}%s \\\\\n", strings.Join(line, " & "))
	}
	s.WriteString("    \\bottomrule\n  \\end{tabular}\n\\end{table}\n")
}

// latexLabel makes a label of letters, digits and hyphens; the same title twice
// gets a number.
func latexLabel(title string, taken map[string]bool) string {
	slug := strings.Trim(strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToLower(r)
		}
		return '-'
	}, plain(title)), "-")
	label := "tab:evalr-" + slug
	for n := 2; taken[label]; n++ {
		label = fmt.Sprintf("tab:evalr-%s-%d", slug, n)
	}
	taken[label] = true
	return label
}

// latexSigns are what LaTeX takes for more than text, and what it has under
// another name.
var latexSigns = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`, '%': `\%`, '_': `\_`,
	'^': `\textasciicircum{}`, '~': `\textasciitilde{}`, '<': `\textless{}`, '>': `\textgreater{}`, '|': `\textbar{}`,
	'`': "\\`{}", '"': `''`, '±': `$\pm$`, '×': `$\times$`, '–': `\textendash{}`, '—': `\textemdash{}`, '…': `\ldots{}`,
	'‡': `\ddag{}`, '†': `\dag{}`, '§': `\S{}`, 'Δ': `$\Delta$`, '≥': `$\ge$`, '≤': `$\le$`, '·': `$\cdot$`, '⁹': `$^9$`,
	'σ': `$\sigma$`, 'ω': `$\omega$`, '’': `'`, '\u00a0': `~`,
}

// latexLetters are the others that every LaTeX knows.
const latexLetters = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ"

// latexText escapes a text. A letter for which plain LaTeX has no sign is named
// by its number.
func latexText(s string) string { return latexEscape(plain(s)) }

// latexEscape keeps quotes and hyphens apart, which LaTeX would join.
func latexEscape(s string) string {
	var b strings.Builder
	var before rune
	for _, r := range s {
		if r == before && r == '-' || strings.ContainsRune(`'"`, r) && strings.ContainsRune(`'"`, before) {
			b.WriteString("{}")
		}
		before = r
		sign, known := latexSigns[r]
		switch {
		case known:
			b.WriteString(sign)
		case r < unicode.MaxASCII, strings.ContainsRune(latexLetters, r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "[U+%04X]", r)
		}
	}
	return b.String()
}
