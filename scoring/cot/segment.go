package cot

import "strings"

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
