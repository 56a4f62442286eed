package mathx

import "strings"

// number reads digits with separators of thousands, decimals, an exponent and
// recurring decimals.
func (l *lexer) number() {
	s, start := l.s, l.i
	i := l.i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	digits := s[start:i]
	whole := true
	if n := i - start; n >= 1 && n <= 3 {
		if grouped, end := l.grouped(start, i); end > i {
			digits, i = grouped, end
		} else if dotted, end := l.dotted(start, i); end > i { // 1.234.567,89
			digits, i, whole = dotted, end, !strings.Contains(dotted, ".")
		}
	}
	if decimals, end := tightComma(s, i); end > i { // 0{,}125
		digits, i, whole = digits+"."+decimals, end, false
	}
	if whole && i < len(s) && s[i] == '.' && !strings.HasPrefix(s[i:], "..") {
		j := i + 1
		for j < len(s) && isDigit(s[j]) {
			j++
		}
		// A full stop at the end of a sentence is none of the number.
		if j > i+1 || i+1 < len(s) && s[i+1] != ' ' && s[i+1] != '\n' && s[i+1] != '}' && s[i+1] != '$' && s[i+1] != '\\' || i+1 == len(s) {
			if j > i+1 && strings.HasPrefix(s[j:], ".") && j+1 < len(s) && isDigit(s[j+1]) {
				l.failed = "two decimal points"
				return
			}
			digits += s[i:j]
			i = j
			whole = false
		} else if j == i+1 && i+1 < len(s) && (s[i+1] == '}' || s[i+1] == '$' || s[i+1] == '\\') && !strings.HasPrefix(s[i+1:], `\overline`) && !strings.HasPrefix(s[i+1:], `\dot`) && !strings.HasPrefix(s[i+1:], `\bar`) {
			i++ // "29.}" and "$29.$"
		}
	}
	if digits == "" { // .\overline{45}
		digits = "0"
	}
	val, ok := decimalValue(digits)
	if !ok {
		l.failed = "cannot read a number"
		return
	}
	if !whole || i < len(s) && s[i] == '.' {
		if v, end, is := l.recurring(digits, i); is {
			l.i = end
			l.emit(token{t: tNum, text: "", val: v})
			return
		}
	}
	if e, end, is := exponent(s, i); is {
		scale, ok := ratInt(10).pow(e)
		if !ok {
			l.failed = "an exponent that is too large"
			return
		}
		val, i, whole = val.mul(scale), end, false
	}
	l.i = i
	text := digits
	if !whole && !strings.Contains(text, ".") {
		text += "."
	}
	l.emit(token{t: tNum, text: text, val: val})
	// "3.2 x 10^5"
	j := i
	for j < len(s) && s[j] == ' ' {
		j++
	}
	if j+1 < len(s) && (s[j] == 'x' || s[j] == 'X') {
		if rest := strings.TrimLeft(s[j+1:], " "); strings.HasPrefix(rest, "10^") || strings.HasPrefix(rest, "10**") || strings.HasPrefix(rest, "10⁻") {
			l.i = j + 1
			l.emit(token{t: tTimes})
		}
	}
}

// exponent reads "e5", "E+05" at i.
func exponent(s string, i int) (e int64, end int, ok bool) {
	if i+1 >= len(s) || s[i]|0x20 != 'e' {
		return 0, 0, false
	}
	j, negative := i+1, false
	if s[j] == '+' || s[j] == '-' {
		negative = s[j] == '-'
		j++
	} else if strings.HasPrefix(s[j:], "−") {
		negative = true
		j += len("−")
	}
	start := j
	for j < len(s) && isDigit(s[j]) && j < start+7 {
		e = e*10 + int64(s[j]-'0')
		j++
	}
	if j == start || j < len(s) && isLetter(s[j]) {
		return 0, 0, false
	}
	if negative {
		e = -e
	}
	return e, j, true
}

// grouped reads digits in groups of three that begin with s[start:i]: 48,250,
// 48{,}250, 48\,250, 48 250. It gives the digits and the end, which is i if
// there are no such groups.
func (l *lexer) grouped(start, i int) (string, int) {
	s := l.s
	var b strings.Builder
	end, class := i, 0
	for j := i; ; {
		n, c := separator(s[j:])
		if c == commaPlain && start > 0 && s[start-1] == ',' { // 27,54,108 is a list
			return "", i
		}
		if n == 0 || class != 0 && c != class || c == commaPlain && l.depth > 0 {
			if n > 0 && class == commaPlain && end > i && j+n < len(s) && isDigit(s[j+n]) {
				return "", i // 4,110,30 is a list
			}
			break
		}
		k := j + n
		if k+3 > len(s) || !isDigit(s[k]) || !isDigit(s[k+1]) || !isDigit(s[k+2]) || k+3 < len(s) && isDigit(s[k+3]) {
			if end > i && c == commaPlain && k < len(s) && isDigit(s[k]) {
				return "", i // the groups are no thousands
			}
			break
		}
		if b.Len() == 0 {
			if s[start] == '0' {
				return "", i
			}
			b.WriteString(s[start:i])
		}
		b.WriteString(s[k : k+3])
		end, class, j = k+3, c, k+3
	}
	if class == spacePlain && end < len(s) { // 1 234/5 is a mixed number, not thousands
		if rest := strings.TrimLeft(s[end:], " "); strings.HasPrefix(rest, "/") {
			return "", i
		}
	}
	return b.String(), end
}

// dotted reads thousands with points, of which there are two or more, and what
// may stand behind a decimal comma: 1.234.567 and 1.234.567,89. It gives the
// digits, the decimals behind a point, and the end.
func (l *lexer) dotted(start, i int) (string, int) {
	s, j, groups := l.s, i, 0
	if i == len(s) || s[i] != '.' {
		return "", i
	}
	var b strings.Builder
	b.WriteString(s[start:i])
	for j+4 <= len(s) && s[j] == '.' && allDigits(s[j+1:j+4]) && (j+4 == len(s) || !isDigit(s[j+4])) {
		b.WriteString(s[j+1 : j+4])
		j += 4
		groups++
	}
	if groups < 2 {
		return "", i
	}
	if j+1 < len(s) && s[j] == ',' && isDigit(s[j+1]) {
		k := j + 1
		for k < len(s) && isDigit(s[k]) {
			k++
		}
		b.WriteString("." + s[j+1:k])
		j = k
	}
	return b.String(), j
}

// tightComma reads decimals behind a comma in braces, which is none between
// elements: 3{,}14. Three digits behind one to three are thousands.
func tightComma(s string, i int) (string, int) {
	const comma = "{,}"
	if !strings.HasPrefix(s[i:], comma) {
		return "", i
	}
	start := i + len(comma)
	j := start
	for j < len(s) && isDigit(s[j]) {
		j++
	}
	return s[start:j], map[bool]int{true: j, false: i}[j > start]
}

// classes of separators.
const (
	commaPlain = iota + 1
	commaTight
	spacePlain
	spaceTight
	apostrophe
)

// separator reads a separator of thousands at the start of s.
func separator(s string) (n, class int) {
	for _, x := range [...]struct {
		text  string
		class int
	}{{"{,}", commaTight}, {`,\!\,`, commaTight}, {`,\! `, commaTight}, {`,\!`, commaTight}, {`\!,\!`, commaTight}, {`\!,`, commaTight}, {",", commaPlain}, {`\,`, spaceTight}, {`{\,}`, spaceTight}, {`\:`, spaceTight}, {`\ `, spaceTight}, {"~", spaceTight}, {"\u00a0", spaceTight}, {"\u202f", spaceTight}, {"\u2009", spaceTight}, {" ", spacePlain}, {"'", apostrophe}, {"’", apostrophe}} {
		if strings.HasPrefix(s, x.text) {
			return len(x.text), x.class
		}
	}
	if strings.HasPrefix(s, "，") {
		return len("，"), commaPlain
	}
	return 0, 0
}
