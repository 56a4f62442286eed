package mathx

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// letters reads a run of plain letters.
func (l *lexer) letters() {
	s, i := l.s, l.i
	j := i
	for j < len(s) && isLetter(s[j]) {
		j++
	}
	run := s[i:j]
	l.i = j
	if j-i == 1 {
		// a.m. and p.m.
		if (run == "a" || run == "p" || run == "A" || run == "P") && j+1 < len(s) && s[j] == '.' && s[j+1]|0x20 == 'm' {
			l.i = j + 2
			if l.i < len(s) && s[l.i] == '.' {
				l.i++
			}
			l.emit(token{t: tWord, text: strings.ToLower(run) + "m"})
			return
		}
		l.letter(run)
		return
	}
	if (run == "np" || run == "math" || run == "sp" || run == "sympy" || run == "numpy") && j < len(s) && s[j] == '.' {
		l.i++
		return
	}
	if run == "boxed" || run == "fbox" {
		l.emit(token{t: tWrap})
		return
	}
	if f, ok := functions[run]; ok && (!otherwiseUnits[run] || j < len(s) && s[j] == '(') {
		l.emit(token{t: tFunc, text: f})
		return
	}
	switch run {
	case "pi", "Pi", "PI":
		l.emit(token{t: tPi})
	case "inf", "infinity", "infty", "oo", "Infinity":
		l.emit(token{t: tInf})
	case "ipi":
		l.emit(token{t: tI})
		l.emit(token{t: tPi})
	case "frac", "dfrac", "tfrac":
		l.emit(token{t: tFrac})
	case "union", "cup":
		l.emit(token{t: tUnion})
	case "emptyset":
		l.emit(token{t: tEmpty})
	case "sum", "prod":
		if l.i < len(s) && s[l.i] == '_' {
			l.emit(token{t: tBig, text: run})
			return
		}
		l.emit(token{t: tWord, text: run})
	case "mod":
		l.modulo()
	default:
		if (run == "st" || run == "nd" || run == "rd" || run == "th") && l.last().t == tNum && !l.space {
			return
		}
		if t := connective(run); t != 0 {
			l.space = true
			l.emit(token{t: t})
			return
		}
		if greek[run] {
			l.emit(token{t: tSym, text: run})
			return
		}
		if f, rest, ok := splitFunction(run); ok && len(rest) <= 2 && unitOf(run) == nil {
			l.i -= len(rest)
			l.emit(token{t: tFunc, text: f})
			return
		}
		l.emit(token{t: tWord, text: run})
	}
}

// modulo reads the word mod: behind an opening bracket it is that of a class.
func (l *lexer) modulo() {
	if n := len(l.out); n > 1 && l.out[n-1].t == '(' {
		l.out = l.out[:n-1]
		l.space = true
		l.emit(token{t: tPMod, text: "("})
		return
	}
	l.emit(token{t: tMod})
}

// splitFunction parts "sinx" into sin and x.
func splitFunction(s string) (f, rest string, ok bool) {
	for _, name := range [...]string{"arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "sqrt", "sin", "cos", "tan", "cot", "sec", "csc", "log", "ln"} {
		if rest, ok := strings.CutPrefix(s, name); ok && rest != "" && len(rest) <= 3 {
			return functions[name], rest, true
		}
	}
	return "", "", false
}

func (l *lexer) letter(s string) {
	switch s {
	case "e":
		l.emit(token{t: tE})
	case "i":
		l.emit(token{t: tI})
	case "U":
		if p := l.last().t; p == ')' || p == ']' || p == tShutSet {
			l.emit(token{t: tUnion})
			return
		}
		l.emit(token{t: tSym, text: s})
	default:
		if name, end := l.indexed(s); end > l.i {
			s, l.i = name, end
		}
		l.emit(token{t: tSym, text: s})
	}
}

// indexed reads a letter with digits right behind it as one name, C1 as C_1,
// where a text is not LaTeX.
func (l *lexer) indexed(letter string) (name string, end int) {
	i := l.i
	for i < len(l.s) && isDigit(l.s[i]) {
		i++
	}
	before := l.i - 2
	if i == l.i || i-l.i > 2 || i < len(l.s) && (l.s[i] == '_' || l.s[i] == '.' || isLetter(l.s[i])) || before >= 0 && (isDigit(l.s[before]) || isLetter(l.s[before])) || strings.IndexByte(l.s, '\\') >= 0 {
		return "", l.i
	}
	return letter + "_" + l.s[l.i:i], i
}

// wide reads a character beyond ASCII.
func (l *lexer) wide() {
	r, n := utf8.DecodeRuneInString(l.s[l.i:])
	if t, ok := runes[r]; ok {
		l.i += n
		switch t.t {
		case tOpenVec:
			l.depth++
		case tShutVec:
			l.depth--
		}
		l.emit(t)
		return
	}
	if g, ok := greekRunes[r]; ok {
		l.i += n
		if j := l.i; g == "mu" && l.last().t == tNum { // 3 μm
			for j < len(l.s) && isLetter(l.s[j]) {
				j++
			}
			if unit := l.s[l.i:j]; prefixable[unit] != nil {
				l.i = j
				l.space = true
				l.emit(token{t: tText, text: "μ" + unit})
				return
			}
		}
		l.emit(token{t: tSym, text: g})
		return
	}
	if v, ok := vulgar[r]; ok {
		l.i += n
		l.emit(token{t: tNum, text: "½", val: v})
		return
	}
	if _, ok := unscript(r, superscripts); ok {
		l.script(superscripts, '^')
		return
	}
	if _, ok := unscript(r, subscripts); ok {
		l.script(subscripts, '_')
		return
	}
	switch {
	case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u2060' || r == '\u200e' || r == '\u00ad' || r == '\u2061' || r == '\u2062' || r == '\u2063' || r == '\ufffd':
		l.space = true
		l.i += n
	case '！' <= r && r <= '～': // full width
		var b strings.Builder
		j := l.i
		for j < len(l.s) {
			r, n := utf8.DecodeRuneInString(l.s[j:])
			if r < '！' || r > '～' {
				if r >= utf8.RuneSelf || r != '.' && !isDigit(byte(r)) {
					break
				}
				b.WriteRune(r)
				j += n
				continue
			}
			b.WriteRune(r - '！' + '!')
			j += n
		}
		l.space = l.space || strings.HasPrefix(b.String(), "(")
		sub := lexer{s: b.String(), space: l.space, depth: l.depth, nested: l.nested + 1}
		if sub.nested > 20 {
			l.failed = "nested too deeply"
			return
		}
		sub.run()
		l.failed, l.depth = sub.failed, sub.depth
		l.out = append(l.out, sub.out...)
		l.space = false
		l.i = j
	case 0x1d400 <= r && r <= 0x1d6a3: // mathematical letters, in alphabets of 52
		c := (r - 0x1d400) % 52
		l.i += n
		if c < 26 {
			l.letter(string('A' + c))
		} else {
			l.letter(string('a' + c - 26))
		}
	case 0x1d7ce <= r && r <= 0x1d7ff: // mathematical digits
		l.i += n
		d := (r - 0x1d7ce) % 10
		l.emit(token{t: tNum, text: string('0' + d), val: ratInt(int64(d))})
	case unicode.IsLetter(r):
		j := l.i
		for j < len(l.s) {
			next, n := utf8.DecodeRuneInString(l.s[j:])
			if !unicode.IsLetter(next) || r >= 0x2e80 && next < utf8.RuneSelf { // 或x
				break
			}
			j += n
		}
		word := l.s[l.i:j]
		l.i = j
		if t := connective(word); t != 0 {
			l.emit(token{t: t})
			return
		}
		l.emit(token{t: tText, text: word})
	case r == '“':
		l.i += n
	default:
		l.failed = "cannot read the character " + string(r)
	}
}

// script reads raised or lowered characters as ^{…} or _{…}.
func (l *lexer) script(set string, op byte) {
	var b strings.Builder
	for l.i < len(l.s) {
		r, n := utf8.DecodeRuneInString(l.s[l.i:])
		c, ok := unscript(r, set)
		if !ok {
			break
		}
		b.WriteByte(c)
		l.i += n
	}
	sub := lexer{s: b.String()}
	sub.run()
	l.emit(token{t: tok(op)})
	l.emit(token{t: '{'})
	l.out = append(l.out, sub.out...)
	l.emit(token{t: '}'})
}
