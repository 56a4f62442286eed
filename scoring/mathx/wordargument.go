package mathx

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// words reads the argument of \text{…} and its like: mathematics if it is that,
// otherwise words.
func (l *lexer) words(command, inner string) {
	inner = strings.Trim(strings.ReplaceAll(inner, "~", " "), " \t\n")
	if strings.HasPrefix(inner, `\`) && command == "mathrm" {
		inner = strings.TrimSpace(inner)
	}
	if inner == "" {
		l.space = true
		return
	}
	if command == "mathbb" || command == "mathbf" && (inner == "Z" || inner == "R" || inner == "N" || inner == "Q") {
		if set, ok := map[string]string{"R": "ℝ", "Z": "ℤ", "N": "ℕ", "Q": "ℚ", "C": "ℂ"}[inner]; ok {
			l.emit(token{t: tSym, text: set})
			return
		}
	}
	if f, ok := functions[inner]; ok && (command == "operatorname" || command == "mathrm" || command == "text") && (inner != "min" && inner != "deg" || command == "operatorname") {
		l.emit(token{t: tFunc, text: f})
		return
	}
	switch {
	case inner == "mod":
		l.modulo()
		return
	case (inner == "E" || inner == "e") && l.last().t == tNum && strings.HasPrefix(strings.TrimLeft(l.s[l.i:], " "), "{-"): // 8.85 \mathrm{E}{-12}
		l.emit(token{t: tTimes})
		l.emit(token{t: tNum, text: "10", val: ratInt(10)})
		l.emit(token{t: '^'})
		return
	}
	if half := halfOfDay(inner); half == "am" || half == "pm" {
		l.emit(token{t: tWord, text: half})
		return
	}
	if first, rest, ok := strings.Cut(inner, " "); ok && connective(lowerASCII(first)) != 0 && l.afterValue() { // \text{and 4}
		l.words(command, first)
		l.words(command, rest)
		return
	}
	if i := strings.LastIndexByte(inner, ' '); i > 0 && connective(lowerASCII(inner[i+1:])) != 0 && l.afterValue() { // 3 \text{ boys and } 4
		l.words(command, inner[:i])
		l.words(command, inner[i+1:])
		return
	}
	if l.depth == 0 && l.nested < 20 && strings.Contains(inner, ", ") && strings.IndexFunc(inner, func(r rune) bool { return r != ',' && r != ' ' && !unicode.IsLetter(r) }) < 0 { // \text{Ana, Boris and Chen}
		for i, part := range strings.Split(inner, ",") {
			if i > 0 {
				l.emit(token{t: ','})
			}
			for j, name := range strings.Split(part, " and ") {
				if j > 0 {
					l.emit(token{t: tAnd})
				}
				if name = strings.TrimSpace(name); name != "" {
					l.emit(token{t: tText, text: strings.TrimPrefix(name, "and ")})
				}
			}
		}
		return
	}
	switch t := connective(lowerASCII(inner)); {
	case t != 0:
		l.space = true
		l.emit(token{t: t})
		return
	case l.micro(inner):
		return
	case command != "mathit" && command != "mathbf" && l.depth == 0 && l.braces == 0 && l.afterValue() && unitsAlone(inner):
		l.emit(token{t: tText, text: inner})
		return
	case allHex(inner) && strings.ContainsAny(inner, "0123456789") && !allDigits(inner) && strings.HasPrefix(strings.TrimLeft(l.s[l.i:], " )"), "_"): // (\mathrm{A3F})_{16}
		l.emit(token{t: tText, text: inner})
		return
	case isDigit(inner[0]) || (inner[0] == '-' || inner[0] == '$' || inner[0] == '.') && len(inner) > 1 && isDigit(inner[1]): // \text{12 cm}
		l.within(inner)
		return
	case l.depth == 0 && l.braces == 0 && letterUnit(inner) && l.afterValue():
	case plainMath(inner) || command == "mathbf" && len(inner) <= 2 || command == "mathit":
		if l.nested > 20 {
			l.failed = "nested too deeply"
			return
		}
		sub := lexer{s: trim(inner), space: l.space, depth: l.depth, nested: l.nested + 1, roman: command != "mathit" && command != "mathbf"}
		sub.run()
		if sub.failed != "" {
			l.failed = sub.failed
		}
		l.out = append(l.out, sub.out...)
		l.space = false
		return
	}
	l.emit(token{t: tText, text: inner})
}

// unitsAlone says whether a text is a quotient or product of units: m/s, kg m.
func unitsAlone(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == ' ' || r == '·' || r == '*' })
	for _, p := range parts {
		name, _ := splitPower(p)
		if unitOf(name) == nil {
			return false
		}
	}
	return len(parts) > 1
}

// letterUnit says whether an upright letter is a unit where a value stands
// before it. Those that are more often something else are left out.
func letterUnit(s string) bool {
	switch s {
	case "m", "g", "s", "h", "l", "J", "N", "W", "V", "A", "K", "C", "L", "T", "F", "H":
		return true
	}
	return false
}

// afterValue says whether the token before may end a value.
func (l *lexer) afterValue() bool {
	switch t := l.last(); t.t {
	case tNum, ')', '}', tPi, tShutFlr, tShutCeil, tText, tWord:
		return true
	case tDivide, tTimes:
		return len(l.out) > 1 && l.out[len(l.out)-2].t == tText
	}
	return false
}

// connective gives the token of a word that joins answers.
func connective(s string) tok {
	switch s {
	case "and", "and also", "und", "et", "和", ", and", "&":
		return tAnd
	case "or", "oder", "ou", "或", ", or":
		return tOr
	case "to":
		return tTo
	}
	return 0
}

func lowerASCII(s string) string {
	for i := range len(s) {
		if c := s[i]; 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf {
			return strings.ToLower(s)
		}
	}
	return s
}

// plainMath says whether the argument of \text is mathematics after all: it
// holds no word of two letters or more that is not known.
func plainMath(s string) bool {
	if strings.ContainsAny(s, `\$`) {
		return true
	}
	for i := 0; i < len(s); {
		if s[i] >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if unicode.IsLetter(r) && greekRunes[r] == "" && r != 'π' {
				return false
			}
			i += n
			continue
		}
		if !isLetter(s[i]) {
			i++
			continue
		}
		j := i
		for j < len(s) && isLetter(s[j]) {
			j++
		}
		if j-i == 1 && j == len(s) && i == 0 && s[i] >= 'A' && s[i] <= 'Z' {
			return false // \text{C}: a letter as a name
		}
		if _, known := functions[s[i:j]]; j-i >= 2 && !known && s[i:j] != "pi" {
			return false
		}
		i = j
	}
	return strings.IndexFunc(s, func(r rune) bool { return r > ' ' && r != '(' && r != ')' }) >= 0 && !optionLetter(s)
}

// optionLetter says whether s is one capital letter in parentheses.
func optionLetter(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) == 3 && s[0] == '(' && s[2] == ')' && isLetter(s[1]) || len(s) == 2 && isLetter(s[0]) && s[1] == ')'
}
