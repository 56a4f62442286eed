package mathx

import "strings"

// siunitx reads the commands of the LaTeX package of that name, as far as
// answers use them: \num, \qty or \SI, \unit or \si, \ang.
func (l *lexer) siunitx(name string) bool {
	start := l.i
	arg := func() (string, bool) {
		inner, end, ok := l.argument()
		if ok {
			l.i = end
		}
		return inner, ok
	}
	switch name {
	case "num", "qty", "SI", "ang":
		number, ok := arg()
		if !ok {
			break
		}
		unit := ""
		if name == "qty" || name == "SI" {
			if unit, ok = arg(); !ok {
				break
			}
		}
		l.within(number)
		if name == "ang" {
			l.emit(token{t: tDegree})
		} else if unit != "" {
			l.emit(token{t: tText, text: unitMacros(unit)})
		}
		return true
	case "unit", "si":
		if unit, ok := arg(); ok {
			l.emit(token{t: tText, text: unitMacros(unit)})
			return true
		}
	}
	l.i = start
	return false
}

// within lexes a text in the place of a command.
func (l *lexer) within(s string) {
	if l.nested > 20 {
		l.failed = "nested too deeply"
		return
	}
	sub := lexer{s: trim(s), space: l.space, depth: l.depth, nested: l.nested + 1}
	sub.run()
	if sub.failed != "" {
		l.failed = sub.failed
	}
	l.out = append(l.out, sub.out...)
	l.space = false
}

// unitMacros writes \kilo\metre\per\second\squared as "kilometre per second^2".
func unitMacros(s string) string {
	var words []string
	prefix := ""
	for part := range strings.SplitSeq(s, `\`) {
		word := strings.TrimSpace(part)
		power := ""
		switch {
		case word == "squared":
			power = "^2"
		case word == "cubed":
			power = "^3"
		case strings.HasPrefix(word, "tothe{"):
			power = "^" + strings.TrimSuffix(word[len("tothe{"):], "}")
		}
		if _, is := prefixNames[word]; is {
			prefix += word
		} else if n := len(words); power != "" && n > 0 {
			words[n-1] += power
		} else if word != "" {
			words = append(words, prefix+word)
			prefix = ""
		}
	}
	return strings.Join(words, " ")
}

// micro joins a \mu before an upright unit to it: \mu\mathrm{m} is μm.
func (l *lexer) micro(unit string) bool {
	if t := l.last(); t.t != tSym || t.text != "mu" || prefixable[unit] == nil || len(l.out) < 2 || l.out[len(l.out)-2].t != tNum {
		return false
	}
	l.out[len(l.out)-1] = token{t: tText, text: "μ" + unit, space: true}
	l.space = false
	return true
}

// prefixBefore joins an upright prefix before \Omega to it: \mathrm{k}\Omega.
func (l *lexer) prefixBefore() bool {
	t := l.last()
	if !t.roman && t.t != tText && t.t != tWord {
		return false
	}
	if _, ok := prefixes[t.text]; !ok {
		return false
	}
	l.out[len(l.out)-1] = token{t: tText, text: t.text + "Ω", space: true}
	return true
}
