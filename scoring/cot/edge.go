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
