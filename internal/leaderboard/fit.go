package leaderboard

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/evalr/evalr/eval"
)

// A Fit is how much a place holds; 0 is without a bound.
type Fit struct {
	Bytes      int
	Characters int
}

// fits are the places that are known by name: the summary of a step of GitHub
// Actions, which is lost whole if it is longer, and a comment there.
var fits = map[string]Fit{"summary": {Bytes: 1 << 20}, "comment": {Characters: 65_536}}

// FitNames lists the places that ParseFit knows.
func FitNames() []string { return []string{"comment", "summary"} }

// ParseFit reads the name of a place, or a number of bytes.
func ParseFit(s string) (Fit, error) {
	if f, ok := fits[s]; ok {
		return f, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < smallest {
		hint := ""
		if near := eval.Nearest(s, FitNames()); len(near) > 0 {
			hint = ": did you mean " + strings.Join(near, " or ") + "?"
		}
		return Fit{}, fmt.Errorf("%q is no place to fit into%s (summary, comment, or at least %d bytes)", s, hint, smallest)
	}
	return Fit{Bytes: n}, nil
}

// smallest is the least room in which what was left out can be said.
const smallest = 1000

// holds says whether a text fits. Characters are counted as UTF-16 does, which is
// never less than any other count of them.
func (f Fit) holds(s string) bool {
	if f.Bytes > 0 && len(s) > f.Bytes {
		return false
	}
	return f.Characters <= 0 || len(s) <= f.Characters || characters(s) <= f.Characters
}

func characters(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// less takes what is reserved away.
func (f Fit) less(s string) Fit {
	if f.Bytes > 0 {
		f.Bytes = max(1, f.Bytes-len(s))
	}
	if f.Characters > 0 {
		f.Characters = max(1, f.Characters-characters(s))
	}
	return f
}

// cut joins sections, the most important first. What does not fit is left out:
// whole sections from the end, and whole lines of the first one, if it alone is
// too long. What stands after the first section explains it, and is kept before
// all others.
func cut(sections []string, l Layout) string {
	whole := strings.Join(sections, "\n")
	if l.Fit.holds(whole) {
		return whole
	}
	note := "\n" + leftOut(99_999, 99_999, l.More)
	room := l.Fit.less(note)
	explained := ""
	if len(sections) > 1 {
		if explained = "\n" + sections[1]; !room.less(explained).holds("the first lines") {
			explained = ""
		}
	}
	text, lines := firstLines(sections[0], room.less(explained))
	text += explained
	left := 0
	for i, s := range sections[min(2, len(sections)):] {
		if lines > 0 || !room.holds(text+"\n"+s) {
			left = len(sections) - 2 - i
			break
		}
		text += "\n" + s
	}
	return text + "\n" + leftOut(lines, left, l.More)
}

// firstLines gives the whole lines that fit, and how many are left out.
func firstLines(s string, room Fit) (string, int) {
	if room.holds(s) {
		return s, 0
	}
	var b strings.Builder
	lines := strings.SplitAfter(strings.TrimSuffix(s, "\n"), "\n")
	for i, line := range lines {
		if room = room.less(line); room.Bytes == 1 || room.Characters == 1 {
			return b.String(), len(lines) - i
		}
		b.WriteString(line)
	}
	return b.String(), 0
}

func leftOut(lines, sections int, more string) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{lines, "row"}, {sections, "section"}} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.what)
		case p.n > 1:
			parts = append(parts, grouped(int64(p.n))+" "+p.what+"s")
		}
	}
	note := fmt.Sprintf("_%s did not fit._", strings.Join(parts, " and "))
	if more != "" {
		note += " The whole: " + link(more)
	}
	return note + "\n"
}

// link makes an address clickable, and leaves another text as it is.
func link(s string) string {
	s = plain(s)
	if (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && !strings.ContainsAny(s, " <>|") && utf8.ValidString(s) {
		return "<" + s + ">"
	}
	return markdownCell(s)
}
