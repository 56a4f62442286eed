package cot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

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
	case r == '.' && next == '.', r == '…':
		return dotted
	case r == '.', r == ',', r == ':':
		if isDigit(next) {
			return unclean
		}
		return clean
	case r == '\'' && isDigit(next):
		return unclean // 5'6
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
	case product(word), utf8.RuneCountInString(word) == 1 && !beforeWord(text, end): // "= 7 a + 1"
		return unclean
	}
	return clean
}

// beforeWord says whether a space and a word follow, as behind an article.
func beforeWord(text string, i int) bool {
	if i+1 >= len(text) || text[i] != ' ' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[i+1:])
	return unicode.IsLetter(r)
}
