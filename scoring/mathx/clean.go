package mathx

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean takes out what is not seen and writes what markup stands for: characters
// of no width, entities and tags of HTML, digits of other scripts.
func clean(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return r == '&' || r == '<' || r >= utf8.RuneSelf }); i < 0 {
		return s
	}
	if strings.Contains(s, "&") && strings.Contains(s, ";") {
		s = entities(s)
	}
	if strings.Contains(s, "</") {
		s = tags.Replace(s)
	}
	s = strings.Trim(s, "∴⇒➡\ufe0f ") // between two statements they mean something
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u2060' || r == '\u00ad':
			return -1
		case r >= '\u0660' && r <= '\u0669':
			return '0' + r - '\u0660'
		case r >= '\u06f0' && r <= '\u06f9':
			return '0' + r - '\u06f0'
		case r >= '\u0966' && r <= '\u096f':
			return '0' + r - '\u0966'
		case r == '✅' || r == '✓' || r == '✔' || r == '☑' || r == '■' || r == '□' || r == '∎' || r == '\ufe0f':
			return ' '
		}
		return r
	}, s)
}

// entities writes the entities of HTML that end in a semicolon. An & that parts
// columns is left.
func entities(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			break
		}
		end := i + 1
		for end < len(s) && end < i+10 && (isLetter(s[end]) || isDigit(s[end]) || s[end] == '#') {
			end++
		}
		if end == i+1 || end >= len(s) || s[end] != ';' {
			b.WriteString(s[:i+1])
			s = s[i+1:]
			continue
		}
		b.WriteString(s[:i] + html.UnescapeString(s[i:end+1]))
		s = s[end+1:]
	}
	return b.String() + s
}

var tags = strings.NewReplacer("<sup>", "^{", "</sup>", "}", "<sub>", "_{", "</sub>", "}", "<b>", "", "</b>", "", "<i>", "", "</i>", "", "<em>", "", "</em>", "", "<strong>", "", "</strong>", "",
	"<p>", "", "</p>", "", "<span>", "", "</span>", "", "<div>", "", "</div>", "", "<br>", " ", "<br/>", " ")

var wordMarkup = strings.NewReplacer(`\textbf`, "", `\textit`, "", `\textrm`, "", `\text`, "", `\mathrm`, "", `\mathbf`, "", `\mbox`, "", `\operatorname`, "", `\quad`, " ", `\boxed`, "", `\left`, "", `\right`, "", `\,`, " ", `\ `, " ")

// sameWords compares texts that hold words by their letters: x\text{-axis} and
// "the x-axis".
func sameWords(gold, answer string) bool {
	if strings.IndexByte(gold, '\\') < 0 && strings.IndexByte(answer, '\\') < 0 && !longWord(answer) {
		return false
	}
	fold := func(s string) string {
		s = plain(withoutTextCommands(clean(s)))
		return strings.TrimPrefix(strings.TrimSuffix(s, "。"), "the")
	}
	x, y := fold(gold), fold(answer)
	if strings.IndexByte(x, '\\') < 0 { // \Delta is not \delta
		if x == y && len(x) > 2 && strings.Contains(gold+answer, `\`) { // \text{H}_2\text{O}
			return true
		}
		x, y = lowerASCII(x), lowerASCII(y)
	}
	return x == y && strings.IndexFunc(x, unicode.IsLetter) >= 0 && longWord(x)
}

// withoutTextCommands writes \text{…} as what it holds.
func withoutTextCommands(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	l := lexer{s: s}
	for i := 0; i < len(s); {
		if s[i] == '\\' {
			j := i + 1
			for j < len(s) && isLetter(s[j]) {
				j++
			}
			if l.i = j; texts[s[i+1:j]] {
				if inner, end, ok := l.argument(); ok {
					b.WriteString(inner)
					i = end
					continue
				}
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// longWord says whether a text has four letters in a row.
func longWord(s string) bool {
	n := 0
	for i := range len(s) {
		if isLetter(s[i]) {
			if n++; n >= 4 {
				return true
			}
			continue
		}
		n = 0
	}
	return false
}

// plain folds the spelling of a text that is not parsed: spaces, delimiters,
// sizes.
func plain(s string) string {
	s = trim(s)
	s = folds.Replace(s)
	var b strings.Builder
	b.Grow(len(s))
	last, space := rune(0), false
	for _, r := range s {
		if unicode.IsSpace(r) || r == '$' || r == '~' {
			space = true
			continue
		}
		if space && unicode.IsDigit(r) && unicode.IsDigit(last) { // "5 8" is not 58
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last, space = r, false
	}
	return b.String()
}

var folds = strings.NewReplacer(`\left`, "", `\right`, "", `\dfrac`, `\frac`, `\tfrac`, `\frac`, `\,`, "", `\;`, "", `\!`, "", `\:`, "", `\ `, "", `\displaystyle`, "", `\(`, "", `\)`, "", `\[`, "", `\]`, "", `\quad`, "")
