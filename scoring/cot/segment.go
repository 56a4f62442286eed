package cot

import (
	"strings"
	"unicode/utf8"

	"github.com/evalr/evalr/scoring/mathx"
)

// A segment is a stretch of text that is numbers, operators, brackets and the
// signs that relate them, nothing else. Its sides stand between those signs.
type segment struct {
	start, end int
	sides      []side
	broken     bool // a sign such as == or =? stands at its end
	bullet     bool // a mark that may be a sign of minus was passed over before it
	open       [maxOpen]int
	depth      int
}

// A side is what stands on one side of a sign of relation.
type side struct {
	start, end         int
	numbers, operators int
	about              bool // the sign before it is ≈
	spaced             bool // cut at a bracket that a space precedes
}

// maxOpen bounds the brackets that are open at once; deeper ones end a segment.
const maxOpen = 32

// begins tells the bytes with which a token of a segment may begin.
var begins = func() (t [256]bool) {
	for _, c := range "0123456789([{-+*/^=$.\\s" {
		t[c] = true
	}
	t[0xC2], t[0xC3], t[0xE2] = true, true, true // ² ³ ·, × ÷, − √ ≈ and others
	return t
}()

// A token of a segment.
type token int

const (
	tokenNone token = iota
	tokenFiller
	tokenNumber
	tokenOperator
	tokenOpen
	tokenShut
	tokenEqual
	tokenAbout
	tokenBroken // a relation that is not judged
	tokenCommand
)

// words are the tokens of more than one byte.
var words = []struct {
	text string
	kind token
}{
	{"×", tokenOperator}, {"÷", tokenOperator}, {"·", tokenOperator}, {"⋅", tokenOperator}, {"∙", tokenOperator}, {"∗", tokenOperator}, {"−", tokenOperator}, {"∕", tokenOperator},
	{"²", tokenOperator}, {"³", tokenOperator}, {"¹", tokenOperator}, {"⁰", tokenOperator}, {"⁴", tokenOperator}, {"⁵", tokenOperator}, {"⁶", tokenOperator}, {"⁷", tokenOperator}, {"⁸", tokenOperator}, {"⁹", tokenOperator},
	{"√", tokenOperator}, {"≈", tokenAbout}, {"≃", tokenAbout}, {"£", tokenCommand}, {"¥", tokenCommand}, {"€", tokenCommand}, {"≟", tokenBroken},
	{`\times`, tokenOperator}, {`\cdot`, tokenOperator}, {`\ast`, tokenOperator}, {`\div`, tokenOperator},
	{`\frac`, tokenOperator}, {`\dfrac`, tokenOperator}, {`\tfrac`, tokenOperator}, {`\cfrac`, tokenOperator}, {`\sqrt`, tokenOperator},
	{`\approx`, tokenAbout}, {`\simeq`, tokenAbout}, {`\boxed`, tokenCommand}, {`\$`, tokenCommand},
}

// read finds the segment that begins at i.
func (s *segment) read(text string, i int) {
	s.start = i
	i = s.skipMarks(text, i)
	current := side{start: i}
	end := i // behind the last token that is no filler
loop:
	for i < len(text) {
		kind, n := tokenAt(text, i)
		switch kind {
		case tokenNone:
			break loop
		case tokenBroken:
			s.broken, i = true, i+n
			break loop
		case tokenNumber:
			current.numbers++
		case tokenOperator:
			current.operators++
		case tokenOpen:
			if s.depth == maxOpen {
				break loop
			}
			s.open[s.depth] = i
			s.depth++
		case tokenShut:
			if s.depth == 0 {
				break loop
			}
			s.depth--
		case tokenEqual, tokenAbout:
			s.shut(text, &current, end)
			current = side{start: i + n + spaces(text, i+n), about: kind == tokenAbout}
		}
		i += n
		if kind != tokenFiller {
			end = i
		}
	}
	s.last(text, &current, end)
	s.end = max(i, end)
}

// shut ends a side before a sign of relation: what stands before a bracket that
// is still open is outside of it, as in "so (3*4 = 12)".
func (s *segment) shut(text string, c *side, end int) {
	c.end = max(end, c.start)
	if s.depth > 0 {
		if at := s.open[s.depth-1] + 1; at > c.start {
			at += spaces(text, at)
			*c = side{start: at, end: max(at, c.end), about: c.about}
			c.count(text)
			s.sides = s.sides[:0] // the sides before are outside too
		}
		s.depth = 0
	}
	s.sides = append(s.sides, *c)
}

// last ends the last side: a bracket that is not closed begins an aside.
func (s *segment) last(text string, c *side, end int) {
	c.end = max(end, c.start)
	if s.depth > 0 {
		if at := s.open[0]; at >= c.start {
			cut := at
			for cut > c.start && text[cut-1] == ' ' {
				cut--
			}
			c.spaced = cut < at
			c.end = cut
			c.count(text)
			if !c.spaced && at > c.start {
				s.broken = true // 12(x+1)
			}
		}
	}
	s.sides = append(s.sides, *c)
}

// count counts the numbers and operators of a side that was cut.
func (c *side) count(text string) {
	c.numbers, c.operators = 0, 0
	for i := c.start; i < c.end; {
		kind, n := tokenAt(text, i)
		switch kind {
		case tokenNumber:
			c.numbers++
		case tokenOperator:
			c.operators++
		}
		i += max(n, 1)
	}
}

func spaces(text string, i int) int {
	n := 0
	for i+n < len(text) && text[i+n] == ' ' {
		n++
	}
	return n
}

// skipMarks passes over Markdown's emphasis and a bullet before a segment.
func (s *segment) skipMarks(text string, i int) int {
	j := i
	for j < len(text) && text[j] == '*' && j-i < 3 {
		j++
	}
	if j > i && j < len(text) && (isDigit(text[j]) || text[j] == '(' || text[j] == '\\' || text[j] == '$') && (i == 0 || strings.IndexByte(" \n\t\"(:", text[i-1]) >= 0) {
		return j
	}
	if (text[i] == '-' || text[i] == '+' || text[i] == '*') && i+1 < len(text) && text[i+1] == ' ' && atLineStart(text, i) {
		s.bullet = text[i] != '*'
		return i + 1 + spaces(text, i+1)
	}
	return i
}

// atLineStart says whether only spaces stand before i on its line.
func atLineStart(text string, i int) bool {
	for i > 0 && (text[i-1] == ' ' || text[i-1] == '\t') {
		i--
	}
	return i == 0 || text[i-1] == '\n'
}

// tokenAt gives the token at text[i] and its length.
func tokenAt(text string, i int) (token, int) {
	switch c := text[i]; {
	case isDigit(c), c == '.' && (i == 0 || !isDigit(text[i-1]) && text[i-1] != '.'):
		if end, _ := mathx.LiteralEnd(text, i); end > i {
			return tokenNumber, end - i
		}
		return tokenNone, 0
	case c == '=':
		return equalAt(text, i)
	case c == '+', c == '-', c == '*', c == '/', c == '^':
		if next := i + 1; next < len(text) && (text[next] == '=' || text[next] == '>' || c == '/' && text[next] == '/') {
			return tokenNone, 0 // +=, ->, //
		}
		if strings.HasPrefix(text[i:], "**") && !(i+2 < len(text) && (isDigit(text[i+2]) || text[i+2] == '(' || text[i+2] == ' ')) {
			return tokenNone, 0 // the end of emphasis
		}
		return tokenOperator, 1
	case c == '!':
		if i > 0 && (isDigit(text[i-1]) || text[i-1] == ')') && factorial(text, i) {
			return tokenOperator, 1
		}
		return tokenNone, 0
	case c == '(', c == '[', c == '{':
		return tokenOpen, 1
	case c == ')', c == ']', c == '}':
		return tokenShut, 1
	case c == '$':
		if i+1 < len(text) && (isDigit(text[i+1]) || text[i+1] == '.') && (i == 0 || !isDigit(text[i-1])) {
			return tokenCommand, 1
		}
		return tokenNone, 0
	case c == 's':
		if strings.HasPrefix(text[i:], "sqrt(") || strings.HasPrefix(text[i:], "sqrt[") {
			if i == 0 || !isLetter(text[i-1]) && text[i-1] != '\\' {
				return tokenOperator, len("sqrt")
			}
		}
		return tokenNone, 0
	case c == 'x' || c == 'X': // 50 x 20
		if i > 1 && text[i-1] == ' ' && i+2 < len(text) && text[i+1] == ' ' && (isDigit(text[i-2]) || text[i-2] == ')') && (isDigit(text[i+2]) || text[i+2] == '$' || text[i+2] == '(') {
			return tokenOperator, 1
		}
		return tokenNone, 0
	}
	c := text[i]
	if c == ' ' || c == '\t' || c == '&' || c == '~' {
		return tokenFiller, 1
	}
	if c == '\\' || c >= utf8.RuneSelf {
		if n := mathx.FillerAt(text, i); n > 0 {
			return tokenFiller, n
		}
		for _, w := range words {
			if strings.HasPrefix(text[i:], w.text) && (c != '\\' || !letterAt(text, i+len(w.text)) || w.text == `\$`) {
				return w.kind, len(w.text)
			}
		}
	}
	return tokenNone, 0
}

// equalAt reads an equals sign, which is not judged as a part of another sign or
// before a question mark.
func equalAt(text string, i int) (token, int) {
	if i > 0 && strings.IndexByte("<>!:=~", text[i-1]) >= 0 {
		return tokenBroken, 1
	}
	rest := text[i+1:]
	switch {
	case strings.HasPrefix(rest, "="), strings.HasPrefix(rest, ">"), strings.HasPrefix(rest, "~"):
		return tokenBroken, 2
	case strings.HasPrefix(strings.TrimLeft(rest[:min(len(rest), 4)], " "), "?"):
		return tokenBroken, 1
	}
	return tokenEqual, 1
}

// factorial says whether an exclamation mark is one: something that goes on with
// the expression follows.
func factorial(text string, i int) bool {
	rest := strings.TrimLeft(text[i+1:min(len(text), i+10)], " ")
	if rest == "" {
		return false
	}
	return strings.IndexByte("+-*/^=)}!", rest[0]) >= 0 || strings.HasPrefix(rest, "×") || strings.HasPrefix(rest, "÷") || strings.HasPrefix(rest, "·") || strings.HasPrefix(rest, `\times`) || strings.HasPrefix(rest, `\cdot`)
}

func letterAt(text string, i int) bool { return i < len(text) && isLetter(text[i]) }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
