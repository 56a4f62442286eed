package mathx

import "strings"

// command reads a backslash and what follows.
func (l *lexer) command() {
	s := l.s
	j := l.i + 1
	for j < len(s) && isLetter(s[j]) {
		j++
	}
	name := s[l.i+1 : j]
	if name == "" {
		l.symbolCommand(j)
		return
	}
	// \cdotx and the like are not commands, but \frac12 and \sqrt2 end at the digit.
	at := l.i
	l.i = j
	if texts[name] {
		if l.i < len(s) && s[l.i] == '*' {
			l.i++
		}
		if inner, end, ok := l.argument(); ok {
			l.i = end
			l.words(name, inner)
			return
		}
		if rest := strings.TrimLeft(s[l.i:], " "); (name == "mathbb" || name == "mathbf" || name == "mathrm") && rest != "" && isLetter(rest[0]) { // \mathbb R
			l.i = len(s) - len(rest) + 1
			l.words(name, rest[:1])
			return
		}
		l.space = true
		return
	}
	if l.siunitx(name) {
		return
	}
	t, known := commands[name]
	if f, ok := functions[name]; ok && !known {
		l.emit(token{t: tFunc, text: f})
		return
	}
	if known {
		switch t.t {
		case 0:
			if (name == "left" || name == "right") && l.i < len(s) && s[l.i] == '.' {
				l.i++
			}
			if name == "left" && strings.HasPrefix(s[l.i:], "<") {
				l.i++
				l.emit(token{t: tOpenVec})
			} else if name == "right" && strings.HasPrefix(s[l.i:], ">") {
				l.i++
				l.emit(token{t: tShutVec})
			}
			if name != "left" && name != "right" || l.i > j {
				l.space = true
			}
			if name == "hspace" || name == "phantom" || name == "tag" || name == "label" {
				if _, end, ok := l.argument(); ok {
					l.i = end
				}
			}
			return
		case tOpenSet, tOpenVec:
			l.depth++
		case tShutSet, tShutVec:
			l.depth--
		}
		l.emit(t)
		return
	}
	switch {
	case name == "begin" || name == "end":
		inner, end, ok := l.argument()
		if !ok {
			l.failed = `\` + name + " without a name"
			return
		}
		l.i = end
		t := token{t: tBegin, text: strings.TrimSuffix(strings.TrimSpace(inner), "*")}
		if name == "end" {
			t.t = tFinish
		} else if t.text == "array" || t.text == "tabular" {
			if _, end, ok := l.argument(); ok { // the columns
				l.i = end
			}
		}
		l.emit(t)
	case name == "root": // \root 3 \of {5}
		if degree, rest, ok := strings.Cut(l.s[l.i:], `\of`); ok && len(degree) < 12 {
			l.emit(token{t: tSqrt, text: strings.Trim(degree, " {}")})
			l.i = len(l.s) - len(rest)
			return
		}
		l.failed = `\root without \of`
	case name == "uppi":
		l.emit(token{t: tPi})
	case strings.HasPrefix(name, "up") && greek[name[2:]]:
		l.emit(token{t: tSym, text: name[2:]})
	case name == "Omega" && l.prefixBefore():
	case greek[name]:
		l.emit(token{t: tSym, text: name})
	case name == "ell" || name == "hbar" || name == "partial" || name == "nabla" || name == "aleph" || name == "odot" || name == "oplus" || name == "perp" || name == "parallel" || name == "star" || name == "dagger" || name == "top" || name == "forall" || name == "exists" || name == "sim" || name == "mho" || name == "Box":
		l.emit(token{t: tSym, text: name})
	case name == "R" || name == "N" || name == "Z" || name == "Q" || name == "C" || name == "reals":
		l.emit(token{t: tSym, text: map[string]string{"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ", "reals": "ℝ"}[name]})
	case name == "textdollar":
		l.emit(token{t: tMoney, text: "$"})
	case name == "euro":
		l.emit(token{t: tMoney, text: "€"})
	case name == "pounds":
		l.emit(token{t: tMoney, text: "£"})
	case name == "textdegree":
		l.emit(token{t: tDegree})
	case name == "color" || name == "textcolor":
		if _, end, ok := l.argument(); ok {
			l.i = end
		}
	default:
		if f, rest, ok := splitFunction(name); ok { // \sinx
			l.i -= len(rest)
			l.emit(token{t: tFunc, text: f})
			return
		}
		for k := len(name) - 1; k > 1; k-- { // \pir, \cdotx
			if t, ok := commands[name[:k]]; ok && (t.t == tPi || t.t == tTimes || t.t == tInf) && k+1 >= len(name)-1 {
				l.i = at + 1 + k
				l.emit(t)
				return
			}
		}
		l.failed = `cannot read \` + name
	}
}

func (l *lexer) symbolCommand(j int) {
	if j >= len(l.s) {
		l.i = j
		return
	}
	c := l.s[j]
	l.i = j + 1
	switch c {
	case '{':
		l.depth++
		l.emit(token{t: tOpenSet})
	case '}':
		l.depth--
		l.emit(token{t: tShutSet})
	case '\\':
		if l.doubled() {
			l.i-- // the second backslash begins a command
			return
		}
		if l.i < len(l.s) && l.s[l.i] == '[' { // \\[2ex]
			if end := strings.IndexByte(l.s[l.i:], ']'); end > 0 && end < 8 && strings.HasSuffix(l.s[l.i:l.i+end], "x") || end > 0 && end < 8 && strings.HasSuffix(l.s[l.i:l.i+end], "pt") {
				l.i += end + 1
			}
		}
		l.emit(token{t: tRow})
	case '|':
		l.emit(token{t: '|'})
	case '%':
		l.emit(token{t: '%'})
	case '$':
		l.emit(token{t: tMoney, text: "$"})
	case '&', '#', '_':
		l.emit(token{t: tok(c)})
	case '!':
	case '(', ')', '[', ']', ',', ';', ':', ' ', '>', '/', '-', '\n', '"':
		l.space = true
	default:
		l.failed = `cannot read \` + string(rune(c))
	}
}

// doubled says whether a backslash that was just read twice is one that was
// escaped: \\frac where there are no rows.
func (l *lexer) doubled() bool {
	j := l.i
	for j < len(l.s) && isLetter(l.s[j]) {
		j++
	}
	name := l.s[l.i:j]
	if len(name) < 2 || strings.Contains(l.s, `\begin`) {
		return false
	}
	_, command := commands[name]
	_, function := functions[name]
	return command || function || texts[name] || greek[name]
}

// argument gives the group in braces that follows at l.i.
func (l *lexer) argument() (inner string, end int, ok bool) {
	i := l.i
	for i < len(l.s) && l.s[i] == ' ' {
		i++
	}
	if i >= len(l.s) || l.s[i] != '{' {
		return "", 0, false
	}
	if l.groups.Text == "" {
		l.groups.Text = l.s
	}
	if end, ok = l.groups.End(i); ok {
		return l.s[i+1 : end-1], end, true
	}
	return "", 0, false
}
