package store

import (
	"bytes"
	"encoding/json"
	"hash/maphash"
	"strconv"
	"unicode/utf8"
)

// A scanner reads JSON as evalr writes it: no spaces, the fields in the order
// of the struct. Whatever it does not know makes it give up, for good: what it
// has read is then worth nothing, and encoding/json must read the text.
type scanner struct {
	text   []byte
	at     int
	first  bool // no field of the innermost object was read yet
	gaveUp bool
	lean   bool // what a board does not need is passed over
	known  *interner
}

// next says whether c comes next, and passes over it.
func (s *scanner) next(c byte) bool {
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

// want passes over c, which must come next.
func (s *scanner) want(c byte) {
	if !s.next(c) {
		s.gaveUp = true
	}
}

// open and shut pass over the braces of an object.
func (s *scanner) open() { s.want('{'); s.first = true }
func (s *scanner) shut() { s.want('}'); s.first = false }

// has says whether a field comes next, and passes over its name; quoted is the
// name as it is written, up to the colon.
func (s *scanner) has(quoted string) bool {
	at := s.at
	if !s.first {
		if at >= len(s.text) || s.text[at] != ',' {
			return false
		}
		at++
	}
	end := at + len(quoted)
	if end > len(s.text) || string(s.text[at:end]) != quoted {
		return false
	}
	s.at, s.first = end, false
	return true
}

// must passes over the name of a field that every record has.
func (s *scanner) must(quoted string) {
	if !s.has(quoted) {
		s.gaveUp = true
	}
}

// quoted passes over a string and gives it with its quotes; plain says that it
// means what stands between them.
func (s *scanner) quoted() (text []byte, plain bool) {
	start := s.at
	s.want('"')
	escaped, ascii := false, true
	for i := s.at; i < len(s.text) && !s.gaveUp; i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.at = i + 1
			text = s.text[start:s.at]
			return text, !escaped && (ascii || utf8.Valid(text))
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			s.gaveUp = true
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	s.gaveUp = true
	return nil, false
}

// str reads a string.
func (s *scanner) str() string {
	text, plain := s.quoted()
	if s.gaveUp {
		return ""
	}
	if plain {
		return s.known.string(text[1 : len(text)-1])
	}
	var v string
	if json.Unmarshal(text, &v) != nil {
		s.gaveUp = true
	}
	return v
}

// strs reads a list of strings; an empty list is never written.
func (s *scanner) strs() []string {
	var out []string
	s.want('[')
	for !s.gaveUp {
		out = append(out, s.str())
		if s.next(']') {
			break
		}
		s.want(',')
	}
	return out
}

// name reads the name of a field and its colon. Guess is how they probably
// stand there, and is put right if they do not.
func (s *scanner) name(guess *string) string {
	if end := s.at + len(*guess); *guess != "" && end <= len(s.text) && string(s.text[s.at:end]) == *guess {
		s.at = end
		return (*guess)[1 : len(*guess)-2]
	}
	start := s.at
	name := s.str()
	s.want(':')
	*guess = ""
	if !s.gaveUp && string(s.text[start+1:s.at-2]) == name { // without escapes
		*guess = string(s.text[start:s.at])
	}
	return name
}

// number reads a float by the grammar of JSON, which is narrower than Go's.
func (s *scanner) number() float64 {
	start := s.at
	s.next('-')
	if !s.next('0') {
		s.digits()
	}
	if s.next('.') {
		s.digits()
	}
	if s.next('e') || s.next('E') {
		if !s.next('-') {
			s.next('+')
		}
		s.digits()
	}
	text := s.text[start:s.at]
	if v, ok := short(text); ok {
		return v
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		s.gaveUp = true
	}
	return v
}

// short gives the value of a decimal of at most 15 digits. They are exact as a
// float, and so is the power of ten: the quotient is rounded once (W. D. Clinger,
// How to Read Floating Point Numbers Accurately, 1990).
func short(text []byte) (float64, bool) {
	if len(text) > 15 {
		return 0, false
	}
	digits, power, behind := 0.0, 1.0, false
	for _, c := range text {
		switch {
		case c == '.':
			behind = true
			continue
		case c < '0' || c > '9':
			return 0, false
		case behind:
			power *= 10
		}
		digits = digits*10 + float64(c-'0')
	}
	return digits / power, true
}

// whole reads an integer of at most 18 digits, which surely fits.
func (s *scanner) whole() int64 {
	minus := s.next('-')
	start, v := s.at, int64(0)
	if !s.next('0') {
		s.digits()
	}
	if s.at-start > 18 {
		s.gaveUp = true
		return 0
	}
	for _, c := range s.text[start:s.at] {
		v = v*10 + int64(c-'0')
	}
	if minus {
		return -v
	}
	return v
}

// digits passes over one digit or more.
func (s *scanner) digits() {
	start := s.at
	for s.at < len(s.text) && '0' <= s.text[s.at] && s.text[s.at] <= '9' {
		s.at++
	}
	if s.at == start {
		s.gaveUp = true
	}
}

// truth reads true or false.
func (s *scanner) truth() bool {
	for _, word := range []string{"true", "false"} {
		if bytes.HasPrefix(s.text[s.at:], []byte(word)) {
			s.at += len(word)
			return word == "true"
		}
	}
	s.gaveUp = true
	return false
}

// An interner gives equal short strings as one, as long as they come often. Its
// size is fixed: a newcomer takes the place of another.
type interner struct {
	seed  maphash.Seed
	slots [1 << 13]string
}

// internedLength is up to how many bytes a string is worth remembering.
const internedLength = 64

func newInterner() *interner { return &interner{seed: maphash.MakeSeed()} }

func (n *interner) string(text []byte) string {
	if len(text) > internedLength {
		return string(text)
	}
	slot := &n.slots[maphash.Bytes(n.seed, text)%uint64(len(n.slots))]
	if *slot != string(text) {
		*slot = string(text)
	}
	return *slot
}
