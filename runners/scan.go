package runners

import (
	"unicode/utf16"
	"unicode/utf8"
)

// A scan reads the JSON of the pieces that make up nearly all of a stream, each a
// few characters in an envelope that is always the same. Whatever it does not
// expect makes it fail, and the piece is then read by encoding/json. So it must
// accept nothing that encoding/json refuses, and read nothing differently: field
// names count only as they are spelt, every value is checked to its end, and
// text that is no UTF-8 is left alone.
type scan struct {
	b   []byte
	i   int
	ok  bool
	buf []byte // text with escapes, resolved
}

// start begins at a piece.
func (s *scan) start(b []byte) { s.b, s.i, s.ok, s.buf = b, 0, true, s.buf[:0] }

// done says whether all was as expected and nothing is left.
func (s *scan) done() bool {
	s.peek()
	return s.ok && s.i == len(s.b)
}

// once notes a field by its bit; one that stands twice is not usual.
func (s *scan) once(seen *int, bit int) {
	if *seen&bit != 0 {
		s.fail()
	}
	*seen |= bit
}

// fail gives up.
func (s *scan) fail() { s.ok = false }

// peek is the next byte behind white space, 0 at the end.
func (s *scan) peek() byte {
	for s.i < len(s.b) {
		c := s.b[s.i]
		if c > ' ' || c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c
		}
		s.i++
	}
	return 0
}

func (s *scan) take(c byte) bool {
	if s.ok && s.peek() == c {
		s.i++
		return true
	}
	return false
}

func (s *scan) need(c byte) {
	if !s.take(c) {
		s.fail()
	}
}

// object calls field with the name of each field; it must read the value.
func (s *scan) object(field func(name []byte)) {
	s.need('{')
	if s.take('}') {
		return
	}
	for s.ok {
		name := s.plain()
		s.need(':')
		if !s.ok {
			return
		}
		field(name)
		if s.take('}') {
			return
		}
		s.need(',')
	}
}

// What a byte in a text means to the scan.
const (
	plainByte = iota
	endByte   // the quotation mark
	escapeByte
	badByte  // a control character
	wideByte // of a character that takes several
)

// byteKinds tells them apart; a table is what makes texts quick to pass over.
var byteKinds = func() (kinds [256]uint8) {
	for c := range kinds {
		switch {
		case c < 0x20:
			kinds[c] = badByte
		case c >= 0x80:
			kinds[c] = wideByte
		}
	}
	kinds['"'], kinds['\\'] = endByte, escapeByte
	return kinds
}()

// plain reads a text without escapes, as names are.
func (s *scan) plain() []byte {
	s.need('"')
	b, i := s.b, s.i
	for i < len(b) && byteKinds[b[i]] == plainByte {
		i++
	}
	if !s.ok || i == len(b) || b[i] != '"' {
		s.fail()
		return nil
	}
	out := b[s.i:i]
	s.i = i + 1
	return out
}

// text reads a text, or null as none. It is valid until the next start.
func (s *scan) text() []byte {
	if s.peek() == 'n' {
		s.word("null")
		return nil
	}
	s.need('"')
	b, i, wide := s.b, s.i, false
	for s.ok && i < len(b) {
		switch byteKinds[b[i]] {
		case plainByte:
		case wideByte:
			wide = true
		case endByte:
			out := b[s.i:i]
			s.i = i + 1
			if wide && !utf8.Valid(out) {
				s.fail()
			}
			return out
		case escapeByte:
			start := s.i
			s.i = i
			return s.escaped(start)
		default:
			s.fail()
		}
		i++
	}
	s.fail()
	return nil
}

// escaped reads the rest of a text that began at start and has an escape here.
func (s *scan) escaped(start int) []byte {
	from := len(s.buf)
	s.buf = append(s.buf, s.b[start:s.i]...)
	for s.ok && s.i < len(s.b) {
		c := s.b[s.i]
		s.i++
		switch {
		case c == '"':
			out := s.buf[from:]
			if !utf8.Valid(out) {
				s.fail()
			}
			return out
		case c == '\\':
			s.escape()
		case c < 0x20:
			s.fail()
		default:
			s.buf = append(s.buf, c)
		}
	}
	s.fail()
	return nil
}

// escape reads what stands behind a backslash.
func (s *scan) escape() {
	if s.i >= len(s.b) {
		s.fail()
		return
	}
	c := s.b[s.i]
	s.i++
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		r := s.hex()
		if utf16.IsSurrogate(r) {
			if !s.ok || s.i+1 >= len(s.b) || s.b[s.i] != '\\' || s.b[s.i+1] != 'u' {
				s.fail()
				return
			}
			s.i += 2
			if r = utf16.DecodeRune(r, s.hex()); r == utf8.RuneError {
				s.fail() // half a pair
			}
		}
		s.buf = utf8.AppendRune(s.buf, r)
		return
	default:
		s.fail()
		return
	}
	s.buf = append(s.buf, c)
}

func (s *scan) hex() rune {
	if s.i+4 > len(s.b) {
		s.fail()
		return 0
	}
	var r rune
	for _, c := range s.b[s.i : s.i+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			s.fail()
			return 0
		}
		r = r<<4 | rune(c)
	}
	s.i += 4
	return r
}

func (s *scan) word(w string) {
	s.peek()
	if len(s.b)-s.i < len(w) || string(s.b[s.i:s.i+len(w)]) != w {
		s.fail()
		return
	}
	s.i += len(w)
}
