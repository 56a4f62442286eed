package mathx

import (
	"strings"
	"unicode"
)

// folds turns the many ways of writing one thing into one.
var folds = strings.NewReplacer(
	`\\`, `\\`, // a new row, not a space
	`\left`, "", `\right`, "", `\bigl`, "", `\bigr`, "", `\big`, "", `\Big`, "",
	`\,`, "", `\!`, "", `\;`, "", `\:`, "", `\ `, " ", `\quad`, " ", `\qquad`, " ", "~", " ",
	`\dfrac`, `\frac`, `\tfrac`, `\frac`, `\cfrac`, `\frac`,
	`\displaystyle`, "", `\textstyle`, "",
	`\cdot`, "*", `\times`, "*", "×", "*", "·", "*", "⋅", "*",
	`\leq`, "<=", `\le`, "<=", "≤", "<=", `\geq`, ">=", `\ge`, ">=", "≥", ">=", `\neq`, "!=", "≠", "!=",
	`\lbrace`, `\{`, `\rbrace`, `\}`, `\infty`, "∞", `\pi`, "π", `\pm`, "±", `\cup`, "∪", `\emptyset`, "∅", `\varnothing`, "∅",
	`^{\circ}`, "°", `^\circ`, "°", `\degree`, "°", `\circ`, "°",
	`\%`, "%", `\$`, "$", `\#`, "#", `\&`, "&",
	"−", "-", "–", "-", "—", "-", "‐", "-", "＋", "+", "＝", "=", "（", "(", "）", ")", "，", ",", "。", ".",
	"½", `\frac{1}{2}`, "⅓", `\frac{1}{3}`, "¼", `\frac{1}{4}`, "¾", `\frac{3}{4}`, "⅔", `\frac{2}{3}`,
	"²", "^{2}", "³", "^{3}", "**", "^",
	"\u00a0", " ", "\u2009", " ", "\u202f", " ", "\u2003", " ", "\u200b", "",
	"{,}", ",",
)

// wrappers are commands whose argument stands for the whole.
var wrappers = []string{`\boxed`, `\fbox`, `\text`, `\textbf`, `\textit`, `\textrm`, `\mathrm`, `\mathbf`, `\mathit`, `\mbox`, `\operatorname`, `\mathbb`}

// normalise folds spelling: delimiters, sizes, spaces, styles and Unicode.
func normalise(s string) string {
	s = strings.TrimSpace(s)
	for range 4 {
		before := s
		for _, d := range [][2]string{{"$$", "$$"}, {"$", "$"}, {`\(`, `\)`}, {`\[`, `\]`}, {"**", "**"}, {"`", "`"}} {
			if len(s) > len(d[0])+len(d[1]) && strings.HasPrefix(s, d[0]) && strings.HasSuffix(s, d[1]) && !strings.Contains(s[len(d[0]):len(s)-len(d[1])], d[0]) {
				s = strings.TrimSpace(s[len(d[0]) : len(s)-len(d[1])])
			}
		}
		s = strings.TrimRight(s, " .;")
		if s == before {
			break
		}
	}
	s = fullWidth(folds.Replace(s))
	for _, w := range wrappers {
		s = unwrap(s, w)
	}
	s = strings.ReplaceAll(s, "$", "")
	s = wordsToCommas(s)
	return strings.TrimRight(strings.TrimSpace(s), " .,;")
}

// fullWidth folds full-width letters and digits.
func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if '！' <= r && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}

// unwrap takes a command off its argument, everywhere.
func unwrap(s, command string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, command)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		rest := strings.TrimLeft(s[i+len(command):], " ")
		end := closing(rest)
		if end < 0 {
			b.WriteString(s[:i+len(command)])
			s = s[i+len(command):]
			continue
		}
		b.WriteString(s[:i])
		s = rest[1:end] + rest[end+1:]
	}
}

// closing gives the index of the brace that closes a group that s begins with.
func closing(s string) int {
	if !strings.HasPrefix(s, "{") {
		return -1
	}
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// wordsToCommas turns "2 and 3" and "2 or 3" into lists where both sides are
// mathematics.
func wordsToCommas(s string) string {
	for _, w := range []string{", and ", ", or ", " and ", " or ", " und ", " et ", " y ", " 或 ", " 和 "} {
		if i := strings.Index(s, w); i > 0 && HasMath(s[:i]) && HasMath(s[i+len(w):]) {
			s = s[:i] + ", " + wordsToCommas(s[i+len(w):])
		}
	}
	return s
}

// squash drops what does not change the meaning of a form: spaces, and braces
// around one token.
func squash(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	s = shortArguments(s)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		// {x} after ^ or _ is x.
		if s[i] == '{' && i+2 < len(s) && s[i+2] == '}' && i > 0 && (s[i-1] == '^' || s[i-1] == '_') {
			b.WriteByte(s[i+1])
			i += 2
			continue
		}
		if s[i] == '*' {
			continue
		}
		b.WriteByte(s[i])
	}
	out := b.String()
	if textual(out) {
		out = strings.ToLower(out)
	}
	return out
}

// shortArguments writes \frac12 and \sqrt3 with braces.
func shortArguments(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		n, length := 0, 0
		switch {
		case strings.HasPrefix(s[i:], `\frac`):
			n, length = 2, len(`\frac`)
		case strings.HasPrefix(s[i:], `\sqrt`) && !strings.HasPrefix(s[i:], `\sqrt[`):
			n, length = 1, len(`\sqrt`)
		default:
			b.WriteByte(s[i])
			i++
			continue
		}
		b.WriteString(s[i : i+length])
		i += length
		for ; n > 0 && i < len(s); n-- {
			if s[i] == '{' {
				end := closing(s[i:])
				if end < 0 {
					break
				}
				b.WriteString("{" + shortArguments(s[i+1:i+end]) + "}")
				i += end + 1
				continue
			}
			if s[i] == '\\' {
				break
			}
			b.WriteString("{" + s[i:i+1] + "}")
			i++
		}
	}
	return b.String()
}

// textual says whether a form is words rather than mathematics.
func textual(s string) bool {
	letters := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsSpace(r), strings.ContainsRune(".,'()-", r):
		default:
			return false
		}
	}
	return letters > 1
}

// dropName drops "x=" before a value when the other side has no equation.
func dropName(s, other string) string {
	name, rest, ok := cutEquals(s)
	if !ok {
		return s
	}
	if _, _, both := cutEquals(other); both {
		return s
	}
	name = strings.TrimSpace(name)
	if isName(name) {
		return strings.TrimSpace(rest)
	}
	// A chain of equal numbers stands for the last one.
	if l, ok := value(name); ok {
		if r, ok := value(rest); ok && l.number.Cmp(r.number) == 0 {
			return strings.TrimSpace(rest)
		}
	}
	return s
}

// cutEquals cuts at the last equals sign that is no part of an inequality.
func cutEquals(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '=')
	if i <= 0 || strings.ContainsRune("<>!", rune(s[i-1])) {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}

// isName says whether s is a variable, perhaps with an index, or a function of
// one: x, x_1, f(x), \theta.
func isName(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		return isName(s[:i]) && isName(s[i+1:len(s)-1])
	}
	s, index, indexed := strings.Cut(s, "_")
	if indexed && strings.Trim(index, "{}0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return false
	}
	s = strings.TrimPrefix(s, `\`)
	letters := 0
	for _, r := range s {
		if !unicode.IsLetter(r) {
			return false
		}
		letters++
	}
	return letters == 1 || letters > 1 && letters < 8
}
