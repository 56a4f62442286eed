package cot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// An edge says what stands at the end of a segment, and so whether the outermost
// side is whole.
type edge int

const (
	clean    edge = iota
	doubtful      // the side may be more than it seems: a difference is excused
	dotted        // digits were left out there: 0.333...
	unclean       // the side goes on with something that is not computed
)

// before looks at what stands before the first side.
func (s *segment) before(text string) edge {
	first := s.sides[0]
	if first.start >= len(text) {
		return unclean
	}
	e := edgeBefore(text, first.start, s.start, s.bullet)
	if c := text[first.start]; (c == '-' || strings.HasPrefix(text[first.start:], "−")) && e == clean {
		return signEdge(text, first.start)
	}
	return e
}

// signEdge says whether a minus that begins a side may be a dash or a bullet.
func signEdge(text string, i int) edge {
	if i == 0 {
		return doubtful
	}
	switch c := text[i-1]; {
	case strings.IndexByte("=([{$,:", c) >= 0:
		return clean
	case c == ' ' && i > 1 && strings.IndexByte("=([{$,:", text[i-2]) >= 0:
		return clean
	}
	return doubtful
}

// edgeBefore judges what stands before i; start is where the marks before the
// first side began.
func edgeBefore(text string, i, start int, bullet bool) edge {
	if bullet {
		return doubtful
	}
	at := min(i, start)
	if at < i && text[at] != '*' {
		at = i
	}
	spaced := false
	for at > 0 && (text[at-1] == ' ' || text[at-1] == '\t') {
		at--
		spaced = true
	}
	if at == 0 {
		return clean
	}
	r, size := utf8.DecodeLastRuneInString(text[:at])
	switch {
	case r == '\n':
		return edgeAbove(text, at-1)
	case r == ',' || r == ':' || r == '.':
		if !spaced && at > 1 && isDigit(text[at-2]) || r == '.' && !spaced {
			return unclean
		}
		return clean
	case strings.ContainsRune(";?\"“”‘`|→⇒∴•。，；：！？、（「『「：([{✓✅", r):
		return clean
	case r == '!' && !spaced, r == '!' && at > 1 && isDigit(text[at-2]):
		return unclean // a factorial
	case r == '!':
		return clean
	case r == '$', r == '\\':
		return delimiterBefore(text, at-size)
	case strings.ContainsRune("<>≤≥≠", r):
		return clean // another relation, an arrow, a tag
	case r == '*':
		if at > 1 && text[at-2] == '*' && spaced {
			return clean // after emphasis
		}
		return unclean
	case r == '—' && spaced:
		return doubtful
	case unicode.IsLetter(r):
		return wordBefore(text, at, spaced)
	}
	return unclean
}

// edgeAbove judges the end of the line above: an operator there goes on below.
func edgeAbove(text string, at int) edge {
	for at > 0 && strings.IndexByte(" \t\r\n", text[at-1]) >= 0 {
		at--
	}
	if at == 0 {
		return clean
	}
	line := text[:at]
	for _, rule := range [...]string{"**", "---", "***", `\\`} {
		if strings.HasSuffix(line, rule) {
			return clean
		}
	}
	r, _ := utf8.DecodeLastRuneInString(line)
	if strings.ContainsRune("+-*/^×÷·−", r) || strings.HasSuffix(line, `\cdot`) || strings.HasSuffix(line, `\times`) {
		return unclean
	}
	return clean
}

// delimiterBefore judges what stands before $ or a backslash-newline.
func delimiterBefore(text string, at int) edge {
	for at > 0 && (text[at-1] == '$' || text[at-1] == '\\' || text[at-1] == ' ') {
		at--
	}
	if at == 0 {
		return clean
	}
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	switch {
	case strings.ContainsRune("+-*/^×÷·−_<≤≥", r):
		return unclean
	case unicode.IsLetter(r):
		return wordBefore(text, at, true)
	}
	return clean
}

// operatorWords before or behind a side are part of the expression.
var operatorWords = set(`times plus minus over by of mod modulo sin cos tan cot sec csc log ln lg exp sqrt root cube cubed square squared
	half twice thrice double triple quarter third negative choose per power divided multiplied multiply add adding added subtract subtracting
	subtracted hundred thousand million billion trillion percent percentage degree degrees base factorial gcd lcm max min floor ceil sum product
	difference quotient point dot cross less more than mal geteilt hoch fois divisé sur plus por más menos entre dividido умножить плюс минус на
	arcsin arccos arctan sinh cosh tanh det abs Re Im up to th nd rd st binom`)

// labelWords name the number behind them: in "Step 1 - 3 + 4" the 1 is no term.
var labelWords = set(`step case question problem part option row column line example equation eq section number no day week month year trial
	term item figure table chapter page round method approach stage level group box choice case: schritt étape paso шаг fall aufgabe`)

// cleanCommands end or begin an expression.
var cleanCommands = set(`quad qquad implies Rightarrow rightarrow Longrightarrow longrightarrow to therefore because begin end text iff Leftrightarrow item newline le leq ge geq lt gt ne neq`)

// unitWords are units that may make unequal numbers equal.
var unitWords = set(`hour hours hr hrs minute minutes min mins second seconds sec day days week weeks month months year years decade decades century
	dozen dozens pair pairs km m cm mm kg g mg lb lbs oz ounce ounces pound pounds mile miles foot feet ft inch inches in yard yards meter meters metre
	metres kilometer kilometers liter liters litre litres ml gallon gallons quart quarts pint pints cup cups cent cents dollar dollars nickel nickels dime
	dimes quarter quarters ton tons gram grams kilogram kilograms mol moles J kJ W kW Pa kPa atm K eV nm s ms Hz MHz GHz N V A C rad`)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// wordBefore judges a letter before a segment.
func wordBefore(text string, at int, spaced bool) edge {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	if wide(r) {
		if strings.ContainsRune("加减乘除倍的方根模余数第步百千万亿点分之负", r) || strings.HasSuffix(text[:at], "乘以") || strings.HasSuffix(text[:at], "除以") {
			return unclean
		}
		return clean
	}
	if !spaced {
		return unclean
	}
	start := at
	for start > 0 && at-start < 24 {
		c, size := utf8.DecodeLastRuneInString(text[:start])
		if !unicode.IsLetter(c) || wide(c) {
			break
		}
		start -= size
	}
	word := text[start:at]
	if start > 0 {
		switch text[start-1] {
		case '\\':
			if cleanCommands[word] {
				return clean
			}
			return unclean
		case '_', '^', '{', '-':
			return unclean
		case '\'':
			return clean // that's
		}
	}
	low := strings.ToLower(word)
	switch {
	case operatorWords[low]:
		return unclean
	case labelWords[low]:
		return doubtful
	case product(word):
		return unclean
	}
	return clean
}

// shortWords are the words of one or two letters that are no variables.
var shortWords = set("a an as at be do go he hi if in is it me my no oh ok on or so to us we am и y o es un la le de da du et en el al il ja zu er um im")

// product says whether a word may be variables: short, and no short word.
func product(word string) bool {
	n := utf8.RuneCountInString(word)
	return n <= 3 && word == strings.ToUpper(word) && word != strings.ToLower(word) && word != "I" && word != "A" || n <= 2 && !shortWords[strings.ToLower(word)]
}

// wide says whether a rune is of a script without spaces between words.
func wide(r rune) bool { return r >= 0x2E80 && r < 0xE000 || r >= 0xF900 && r < 0xFB00 || r >= 0x20000 }

// after looks at what stands behind the last side.
func (s *segment) after(text string) edge {
	last := s.sides[len(s.sides)-1]
	i := last.end
	spaced := false
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
		spaced = true
	}
	if i == len(text) {
		return doubtful // the text may have been cut off within a number
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	next := byte(0)
	if i+size < len(text) {
		next = text[i+size]
	}
	switch {
	case r == '\n' || r == '\r':
		return edgeBelow(text, i)
	case r == '.':
		if next == '.' {
			return dotted
		}
		if isDigit(next) {
			return unclean
		}
		return clean
	case r == '…':
		return dotted
	case r == ',', r == ':':
		if isDigit(next) {
			return unclean
		}
		return clean
	case r == '(' || r == '[':
		if last.spaced || spaced {
			return doubtful
		}
		return unclean
	case r == '!':
		return doubtful // an exclamation, or a factorial
	case strings.ContainsRune(";?)]}\"“”’'`|$→⇒。，；：！？、）」』✓✅—_", r):
		return clean
	case r == '\\':
		return commandAfter(text[i+1 : min(len(text), i+24)])
	case r == '*' && next == '*':
		return clean
	case strings.ContainsRune("<>≤≥≠=", r), r == '-' && next == '>':
		return clean
	case r == '°':
		return doubtful
	case r == '^' && strings.HasPrefix(strings.TrimLeft(text[i+1:min(len(text), i+8)], "{"), `\circ`):
		return doubtful
	case unicode.IsLetter(r):
		return wordAfter(text, i, spaced)
	}
	return unclean
}

// edgeBelow judges the beginning of the next line: an operator there goes on.
func edgeBelow(text string, i int) edge {
	for i < len(text) && strings.IndexByte(" \t\r\n", text[i]) >= 0 {
		i++
	}
	if i == len(text) {
		return clean
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	next := byte(0)
	if i+size < len(text) {
		next = text[i+size]
	}
	switch {
	case strings.ContainsRune("×÷·/^", r), strings.HasPrefix(text[i:], `\cdot`), strings.HasPrefix(text[i:], `\times`):
		return unclean
	case r == '*' && (next == '*' || next == ' '):
		return clean // emphasis or a bullet
	case strings.ContainsRune("+-−", r):
		return doubtful
	case r == '*':
		return doubtful
	}
	return clean
}

// commandAfter judges a LaTeX command behind a segment; rest follows its
// backslash.
func commandAfter(rest string) edge {
	if rest == "" {
		return clean
	}
	if strings.IndexByte(")]\\", rest[0]) >= 0 {
		return clean
	}
	n := 0
	for n < len(rest) && isLetter(rest[n]) {
		n++
	}
	switch word := rest[:n]; {
	case word == "text", word == "mathrm", word == "textbf", word == "mbox":
		return doubtful // a unit, as a rule
	case word == "ldots", word == "dots", word == "cdots":
		return dotted
	case cleanCommands[word]:
		return clean
	}
	return unclean
}

// wordAfter judges a letter behind a segment.
func wordAfter(text string, i int, spaced bool) edge {
	r, _ := utf8.DecodeRuneInString(text[i:])
	if wide(r) {
		return doubtful
	}
	if !spaced {
		return unclean
	}
	end := i
	for end < len(text) && end-i < 24 {
		c, size := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsLetter(c) || wide(c) {
			break
		}
		end += size
	}
	word := text[i:end]
	switch low := strings.ToLower(word); {
	case unitWords[word], unitWords[low], !strings.HasPrefix(word, strings.ToUpper(word[:1])) && word != low: // keV
		return doubtful
	case operatorWords[low]:
		return unclean
	case product(word):
		return unclean
	}
	return clean
}
