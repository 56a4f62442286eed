package scoring

import (
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseLiteral reads a Python literal: numbers, strings, None, True, False,
// lists, tuples, sets and dicts of these. ok is false for anything else, also
// for literals of rare forms; those are for Python itself to evaluate.
func parseLiteral(s string) (v pyValue, ok bool) {
	p := &literal{s: s}
	if len(s) > 1<<20 {
		return v, false
	}
	v, ok = p.tupleOrValue()
	p.space()
	return v, ok && p.i == len(p.s)
}

const literalDepth = 60

type literal struct {
	s     string
	i     int
	depth int
}

func (p *literal) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\n\r", p.s[p.i]) >= 0 {
		p.i++
	}
}

func (p *literal) peek() byte {
	if p.space(); p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

func (p *literal) eat(c byte) bool {
	if p.peek() == c && c != 0 {
		p.i++
		return true
	}
	return false
}

// tupleOrValue reads "1, 2" as a tuple.
func (p *literal) tupleOrValue() (pyValue, bool) {
	v, ok := p.value()
	if !ok || p.peek() != ',' {
		return v, ok
	}
	t := pyValue{kind: pyTuple, items: []pyValue{v}}
	for p.eat(',') {
		if p.peek() == 0 {
			break
		}
		if v, ok = p.value(); !ok {
			return v, false
		}
		t.items = append(t.items, v)
	}
	return t, true
}

func (p *literal) value() (v pyValue, ok bool) {
	if p.depth++; p.depth > literalDepth {
		return v, false
	}
	defer func() { p.depth-- }()
	switch c := p.peek(); {
	case c == '[':
		p.i++
		v.kind = pyList
		v.items, _, ok = p.items(']')
		return v, ok
	case c == '(':
		return p.parenthesis()
	case c == '{':
		return p.braces()
	case c == '\'' || c == '"':
		return p.str()
	case c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+':
		return p.num()
	}
	for word, value := range map[string]pyValue{"None": {kind: pyNone}, "True": pyBoolean(true), "False": pyBoolean(false), "set()": {kind: pySet}} {
		if rest, is := strings.CutPrefix(p.s[p.i:], word); is && (rest == "" || !isName(rest[0])) {
			p.i += len(word)
			return value, true
		}
	}
	return v, false
}

func isName(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c == '(' || c == '.' }

// items reads values up to a closing bracket; comma says whether one stood.
func (p *literal) items(shut byte) (out []pyValue, comma, ok bool) {
	for {
		if p.eat(shut) {
			return out, comma, true
		}
		v, ok := p.value()
		if !ok {
			return nil, false, false
		}
		out = append(out, v)
		if p.eat(',') {
			comma = true
		} else if p.peek() != shut {
			return nil, false, false
		}
	}
}

func (p *literal) parenthesis() (pyValue, bool) {
	p.i++
	items, comma, ok := p.items(')')
	if ok && len(items) == 1 && !comma {
		return items[0], true
	}
	return pyValue{kind: pyTuple, items: items}, ok
}

func (p *literal) braces() (v pyValue, ok bool) {
	p.i++
	if p.eat('}') {
		return pyValue{kind: pyDict}, true
	}
	first, ok := p.value()
	if !ok {
		return v, false
	}
	if p.peek() != ':' {
		if !p.eat(',') && p.peek() != '}' {
			return v, false
		}
		rest, _, ok := p.items('}')
		return dedupe(append([]pyValue{first}, rest...)), ok
	}
	v.kind = pyDict
	for key := first; ; {
		if !p.eat(':') {
			return v, false
		}
		value, ok := p.value()
		if !ok {
			return v, false
		}
		v.put(key, value)
		if !p.eat(',') || p.peek() == '}' {
			return v, p.eat('}')
		}
		if key, ok = p.value(); !ok {
			return v, false
		}
	}
}

// put sets a key of a dict; the last value counts.
func (v *pyValue) put(key, value pyValue) {
	for i, k := range v.keys {
		if pyEqual(k, key) {
			v.items[i] = value
			return
		}
	}
	v.keys, v.items = append(v.keys, key), append(v.items, value)
}

func dedupe(items []pyValue) pyValue {
	out := pyValue{kind: pySet}
	for _, x := range items {
		if !contains(out.items, x) {
			out.items = append(out.items, x)
		}
	}
	return out
}

func (p *literal) num() (v pyValue, ok bool) {
	start := p.i
	for p.i < len(p.s) && (p.s[p.i] == '-' || p.s[p.i] == '+') {
		p.i++
	}
	if p.i-start > 1 {
		return v, false
	}
	digits := p.i
	float := false
	for ; p.i < len(p.s); p.i++ {
		c := p.s[p.i]
		switch {
		case isDigit(c):
		case c == '.' || c == 'e' || c == 'E':
			float = true
		case (c == '-' || c == '+') && p.i > digits && (p.s[p.i-1] == 'e' || p.s[p.i-1] == 'E'):
		default:
			goto end
		}
	}
end:
	text := p.s[start:p.i]
	if p.i < len(p.s) && isName(p.s[p.i]) || digits == p.i {
		return v, false
	}
	if float {
		f, err := strconv.ParseFloat(strings.TrimPrefix(text, "+"), 64)
		return pyValue{kind: pyFloat, f: f}, err == nil
	}
	if len(p.s[digits:p.i]) > 1 && p.s[digits] == '0' && strings.Trim(p.s[digits:p.i], "0") != "" {
		return v, false // 007 is no literal of Python
	}
	n, ok := new(big.Int).SetString(strings.TrimPrefix(text, "+"), 10)
	return pyValue{kind: pyInt, n: n}, ok
}

// str reads a string, and strings that stand side by side.
func (p *literal) str() (pyValue, bool) {
	var b strings.Builder
	for {
		c := p.peek()
		if c != '\'' && c != '"' {
			return pyValue{kind: pyStr, s: b.String()}, true
		}
		if strings.HasPrefix(p.s[p.i:], strings.Repeat(string(c), 3)) || !p.quoted(c, &b) {
			return pyValue{}, false
		}
	}
}

func (p *literal) quoted(quote byte, b *strings.Builder) bool {
	for p.i++; p.i < len(p.s); p.i++ {
		switch c := p.s[p.i]; c {
		case quote:
			p.i++
			return true
		case '\n':
			return false
		case '\\':
			if !p.escape(b) {
				return false
			}
		default:
			b.WriteByte(c)
		}
	}
	return false
}

var escapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', '\\': '\\', '\'': '\'', '"': '"', 'a': '\a', 'b': '\b', 'f': '\f', 'v': '\v'}

// escape reads an escape sequence; p.i is left on its last byte.
func (p *literal) escape(b *strings.Builder) bool {
	p.i++
	if p.i == len(p.s) {
		return false
	}
	c := p.s[p.i]
	if plain, ok := escapes[c]; ok {
		b.WriteByte(plain)
		return true
	}
	size := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	if size == 0 || p.i+size >= len(p.s) {
		return false
	}
	n, err := strconv.ParseUint(p.s[p.i+1:p.i+1+size], 16, 32)
	if err != nil || n > utf8.MaxRune || 0xD800 <= n && n < 0xE000 {
		return false
	}
	b.WriteRune(rune(n))
	p.i += size
	return true
}
