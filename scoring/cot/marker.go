package cot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Class is a kind of marker: words by which a thought says what it is doing.
type Class int

// The classes of markers.
const (
	Backtrack Class = iota // takes something back: wait, hold on, no, that's wrong
	Verify                 // checks something: let me double-check
	Switch                 // changes the approach: alternatively
	Aha                    // has understood: aha, I see
	Hedge                  // is not sure: maybe, I think
	classes                // how many there are
)

// A phrase is a marker with its class.
type phrase struct {
	text  string
	class Class
}

// byBeginning finds phrases by their first word, those of scripts without spaces
// by their first rune.
var byBeginning = func() map[string][]phrase {
	out := map[string][]phrase{}
	for class, list := range phrases {
		for _, p := range list {
			first := p[:wordEnd(p)]
			out[first] = append(out[first], phrase{p, Class(class)})
		}
	}
	return out
}()

// wordEnd gives the length of the word that s begins with: one rune of a script
// without spaces, else letters, apostrophes and hyphens.
func wordEnd(s string) int {
	for i, r := range s {
		switch {
		case wide(r):
			if i == 0 {
				return utf8.RuneLen(r)
			}
			return i
		case !unicode.IsLetter(r) && (i == 0 || r != '\'' && r != '’' && r != '-'):
			return i
		}
	}
	return len(s)
}

// eachMarker calls f with every marker of a text, in order, at most one a
// clause, until f returns false. It is linear in the length of the text.
func eachMarker(text string, f func(c Class, at int) bool) {
	for i := 0; i < len(text); {
		if class, at, ok := clauseMarker(text, i); ok && !f(class, at) {
			return
		}
		i = nextClause(text, i)
	}
}

// nextClause gives where the clause after the one at i begins.
func nextClause(text string, i int) int {
	for ; i < len(text); i++ {
		switch c := text[i]; c {
		case '.', ',', ';', ':', '!', '?', '\n', '(', '"', '*', '>':
			return i + 1
		case 0xE2: // — … “
			if r, size := utf8.DecodeRuneInString(text[i:]); r == '—' || r == '…' || r == '“' || r == '–' {
				return i + size
			}
		case 0xE3, 0xEF: // 。、 and the full-width ，！？：；
			if r, size := utf8.DecodeRuneInString(text[i:]); strings.ContainsRune("。、，！？：；（「", r) {
				return i + size
			}
		}
	}
	return i
}

// How much of a clause is looked at, in bytes: its first word, and a marker with
// the word behind it.
const (
	longestWord   = 32
	longestPhrase = 64
)

// clauseMarker finds a marker that the clause at i begins with, at most two
// connectives before it.
func clauseMarker(text string, i int) (c Class, at int, ok bool) {
	for range 3 {
		for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '_') {
			i++
		}
		if i == len(text) {
			return 0, 0, false
		}
		if text[i] < utf8.RuneSelf && !isLetter(text[i]) {
			return 0, 0, false
		}
		var window [96]byte
		n := wordEnd(text[i:min(len(text), i+longestWord)])
		first := lowered(window[:0], text[i:i+n])
		if list := byBeginning[string(first)]; list != nil {
			low := string(lowered(window[:0], text[i:min(len(text), i+longestPhrase)]))
			for _, p := range list {
				if strings.HasPrefix(low, p.text) && endsWell(low, p.text) {
					return p.class, i, true
				}
			}
		}
		if !connectives[string(first)] {
			return 0, 0, false
		}
		i += n
	}
	return 0, 0, false
}

// lowered gives text in lower case and with straight apostrophes.
func lowered(buf []byte, text string) []byte {
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			buf = append(buf, byte(r))
		case r == '’':
			buf = append(buf, '\'')
		default:
			buf = utf8.AppendRune(buf, unicode.ToLower(r))
		}
	}
	return buf
}

// endsWell says whether a phrase that low begins with ends at the end of a word,
// and not before a word that makes it something else.
func endsWell(low, p string) bool {
	rest := low[len(p):]
	for _, goes := range goesOn[p] {
		if strings.HasPrefix(rest, goes) {
			return false
		}
	}
	last, _ := utf8.DecodeLastRuneInString(p)
	if wide(last) || !unicode.IsLetter(last) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest)
	if rest != "" && (unicode.IsLetter(r) && !wide(r) || r == '-' || r == '\'') {
		return false
	}
	if except := notAfter[p]; except != nil {
		next := strings.TrimLeft(rest, " ")
		return len(next) == len(rest) || !except[next[:wordEnd(next)]]
	}
	return true
}

// takesBack says whether a backtrack stands in a text.
func takesBack(text string) (found bool) {
	eachMarker(text, func(c Class, _ int) bool {
		found = c == Backtrack
		return !found
	})
	return found
}
