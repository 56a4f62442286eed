package cot

import (
	"sync"
	"unicode/utf8"
)

// A Loop is a unit that the end of a text repeats.
type Loop struct {
	Start int // byte offset where the repetition begins
	Unit  int // bytes of the unit
	Times int // how often it stands there, the last one perhaps not whole
}

// What counts as a loop, in characters.
const (
	loopWindow = 8192 // of the end of the text, in which a loop is looked for
	minUnit    = 8
	maxUnit    = 2000
	minTimes   = 4
	minCovered = 200
)

// loopSpace is what one search for a loop works in.
type loopSpace struct {
	reversed [loopWindow]rune
	border   [loopWindow]int32
}

var spaceOfLoops = sync.Pool{New: func() any { return new(loopSpace) }}

// TailLoop finds the loop that a text ends in: a unit of 8 to 2,000 characters
// that stands there at least four times and covers at least 200 characters. The
// last unit may be cut off, as it is where the token budget ends.
//
// The prefix function of the reversed end gives the shortest period of each of
// its beginnings; work is linear in the length of the text.
func TailLoop(text string) (Loop, bool) {
	space := spaceOfLoops.Get().(*loopSpace)
	defer spaceOfLoops.Put(space)
	reversed := space.reversed[:0]
	for rest := text; len(rest) > 0 && len(reversed) < loopWindow; {
		r, size := utf8.DecodeLastRuneInString(rest)
		rest = rest[:len(rest)-size]
		reversed = append(reversed, r)
	}
	border := space.border[:max(len(reversed), 1)]
	border[0] = 0
	covered, unit := 0, 0
	for i := 1; i < len(reversed); i++ {
		k := border[i-1]
		for k > 0 && reversed[i] != reversed[k] {
			k = border[k-1]
		}
		if reversed[i] == reversed[k] {
			k++
		}
		border[i] = k
		length := i + 1
		period := length - int(k)
		period *= (minUnit + period - 1) / period // "ha" repeated is a unit of 8
		if period <= maxUnit && length >= minTimes*period && length >= minCovered {
			covered, unit = length, period
		}
	}
	if covered == 0 {
		return Loop{}, false
	}
	l := Loop{Start: len(text), Unit: 0}
	for i := range covered {
		size := max(utf8.RuneLen(reversed[i]), 1)
		if reversed[i] == utf8.RuneError {
			_, size = utf8.DecodeLastRuneInString(text[:l.Start])
		}
		l.Start -= size
		if i < unit {
			l.Unit += size
		}
	}
	for l.Start > 0 && text[l.Start-1] == text[l.Start-1+l.Unit] { // beyond the window
		l.Start--
	}
	for l.Start < len(text) && !utf8.RuneStart(text[l.Start]) {
		l.Start++
	}
	l.Times = (len(text) - l.Start + l.Unit - 1) / l.Unit
	return l, true
}
