package mathx

import (
	"math/big"
	"strings"
)

// A quantity is a number that was read, with what it bears.
type quantity struct {
	number  *big.Rat
	percent bool
	unit    string // as written, without spaces; empty if there is none
}

// value reads a normalised form as a number: the whole form, but for money,
// percent, degree and unit, must be arithmetic on rational numbers.
func value(s string) (quantity, bool) {
	s = strings.TrimSpace(s)
	q := quantity{}
	if rest, ok := strings.CutSuffix(s, "%"); ok {
		s, q.percent = strings.TrimSpace(rest), true
	} else if rest, ok := cutWord(s, "percent"); ok {
		s, q.percent = rest, true
	}
	s = strings.TrimPrefix(strings.TrimLeft(s, " "), "£")
	s = strings.TrimPrefix(s, "€")
	s, degrees := strings.CutSuffix(s, "°")
	number, unit := cutUnit(s)
	q.unit = unit
	if degrees {
		q.unit = "degree"
	}
	p := &arithmetic{s: number}
	n, ok := p.sum()
	if !ok || p.skip() < len(p.s) {
		return quantity{}, false
	}
	q.number = n
	return q, true
}

func cutWord(s, word string) (string, bool) {
	if rest, ok := strings.CutSuffix(s, word); ok && rest != "" {
		return strings.TrimSpace(rest), true
	}
	return s, false
}

// cutUnit parts a number from words behind it: "26 letters", "5 cm^2".
func cutUnit(s string) (number, unit string) {
	s = strings.TrimSpace(s)
	i := 0
	for i < len(s) && strings.IndexByte("0123456789.,-+ ", s[i]) >= 0 {
		i++
	}
	number, unit = strings.TrimRight(s[:i], " "), s[i:]
	if number == "" || unit == "" || !wordy(unit) {
		return s, ""
	}
	if e := strings.TrimLeft(unit, "eE"); len(unit)-len(e) == 1 && e != "" && strings.IndexByte("0123456789-", e[0]) >= 0 {
		return s, "" // an exponent
	}
	// A single letter right behind a number is a variable, unless it is apart.
	if len(unit) == 1 && !strings.HasSuffix(s[:i], " ") {
		return s, ""
	}
	return number, squash(unit)
}

// wordy says whether a unit is words, with powers and slashes.
func wordy(s string) bool {
	letters := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			letters++
		case c == ' ', c == '^', c == '{', c == '}', c == '/', c == '.', c == '2' && i > 0, c == '3' && i > 0, c == '-':
		default:
			return false
		}
	}
	return letters > 0
}

// arithmetic parses sums, products, powers and fractions of numbers. Depth and
// the size of powers are bounded, so no input can hang it.
type arithmetic struct {
	s     string
	i     int
	depth int
}

const (
	maxDepth = 50
	maxBits  = 1 << 14 // of a power
)

func (p *arithmetic) skip() int {
	for p.i < len(p.s) && p.s[p.i] == ' ' {
		p.i++
	}
	return p.i
}

func (p *arithmetic) peek() byte {
	if p.skip() < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

func (p *arithmetic) sum() (*big.Rat, bool) {
	if p.depth++; p.depth > maxDepth {
		return nil, false
	}
	defer func() { p.depth-- }()
	x, ok := p.product()
	for ok {
		switch p.peek() {
		case '+', '-':
			minus := p.s[p.i] == '-'
			p.i++
			y, is := p.product()
			if !is {
				return nil, false
			}
			if tooLarge(x) || tooLarge(y) {
				return nil, false
			}
			if minus {
				y.Neg(y)
			}
			x = new(big.Rat).Add(x, y)
		default:
			return x, true
		}
	}
	return nil, false
}

func (p *arithmetic) product() (*big.Rat, bool) {
	x, ok := p.signed()
	for ok {
		c := p.peek()
		if c != '*' && c != '/' {
			return x, true
		}
		p.i++
		y, is := p.signed()
		if !is || c == '/' && y.Sign() == 0 || tooLarge(x) || tooLarge(y) {
			return nil, false
		}
		if c == '/' {
			y.Inv(y)
		}
		x = new(big.Rat).Mul(x, y)
	}
	return nil, false
}

func (p *arithmetic) signed() (*big.Rat, bool) {
	switch p.peek() {
	case '-':
		p.i++
		x, ok := p.signed()
		if !ok {
			return nil, false
		}
		return new(big.Rat).Neg(x), true
	case '+':
		p.i++
		return p.signed()
	}
	return p.power()
}

func (p *arithmetic) power() (*big.Rat, bool) {
	x, ok := p.atom()
	if !ok || p.peek() != '^' {
		return x, ok
	}
	p.i++
	exponent, ok := p.argument()
	if !ok || !exponent.IsInt() || !exponent.Num().IsInt64() {
		return nil, false
	}
	return raise(x, exponent.Num().Int64())
}

// tooLarge says whether a number would make arithmetic slow.
func tooLarge(x *big.Rat) bool { return max(x.Num().BitLen(), x.Denom().BitLen()) > maxBits }

// raise gives x to the n, unless that is too large to write out.
func raise(x *big.Rat, n int64) (*big.Rat, bool) {
	if n < -maxBits || n > maxBits || x.Sign() == 0 && n < 0 {
		return nil, false
	}
	size := n
	if size < 0 {
		size = -size
	}
	if int64(max(x.Num().BitLen(), x.Denom().BitLen()))*size > maxBits {
		return nil, false
	}
	e := big.NewInt(size)
	out := new(big.Rat).SetFrac(new(big.Int).Exp(x.Num(), e, nil), new(big.Int).Exp(x.Denom(), e, nil))
	if n < 0 {
		out.Inv(out)
	}
	return out, true
}

func (p *arithmetic) atom() (*big.Rat, bool) {
	switch c := p.peek(); {
	case c == '(':
		return p.enclosed(')')
	case c == '{':
		return p.enclosed('}')
	case strings.HasPrefix(p.s[p.i:], `\frac`):
		p.i += len(`\frac`)
		return p.fraction()
	case '0' <= c && c <= '9' || c == '.':
		return p.number()
	}
	return nil, false
}

func (p *arithmetic) enclosed(shut byte) (*big.Rat, bool) {
	p.i++
	x, ok := p.sum()
	if !ok || p.peek() != shut {
		return nil, false
	}
	p.i++
	return x, true
}

// argument reads a group or a single digit.
func (p *arithmetic) argument() (*big.Rat, bool) {
	switch c := p.peek(); {
	case c == '{':
		return p.enclosed('}')
	case c == '(':
		return p.enclosed(')')
	case c == '-':
		p.i++
		x, ok := p.argument()
		if !ok {
			return nil, false
		}
		return new(big.Rat).Neg(x), true
	case '0' <= c && c <= '9':
		// x^10 is written in plain text; in LaTeX it would be x^10 = x^1·0, which
		// nobody means.
		start := p.i
		for p.i < len(p.s) && '0' <= p.s[p.i] && p.s[p.i] <= '9' {
			p.i++
		}
		return new(big.Rat).SetString(p.s[start:p.i])
	}
	return nil, false
}

func (p *arithmetic) fraction() (*big.Rat, bool) {
	part := func() (*big.Rat, bool) {
		if c := p.peek(); '0' <= c && c <= '9' {
			p.i++
			return big.NewRat(int64(c-'0'), 1), true
		}
		return p.argument()
	}
	x, ok := part()
	if !ok {
		return nil, false
	}
	y, ok := part()
	if !ok || y.Sign() == 0 {
		return nil, false
	}
	return new(big.Rat).Quo(x, y), true
}

// number reads digits with separators of thousands and decimals, an exponent,
// and a fraction behind a whole number (1\frac12, 1 1/2).
func (p *arithmetic) number() (*big.Rat, bool) {
	text, ok := p.digits()
	if !ok {
		return nil, false
	}
	if p.i+1 < len(p.s) && (p.s[p.i] == 'e' || p.s[p.i] == 'E') {
		j := p.i + 1
		if p.s[j] == '-' || p.s[j] == '+' {
			j++
		}
		start := j
		for j < len(p.s) && '0' <= p.s[j] && p.s[j] <= '9' {
			j++
		}
		if j > start && j-start <= 4 {
			text += p.s[p.i:j]
			p.i = j
		}
	}
	x, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, false
	}
	if x.IsInt() {
		if f, ok := p.mixed(); ok {
			return x.Add(x, f), true
		}
	}
	return x, true
}

// mixed reads the fraction of a mixed number.
func (p *arithmetic) mixed() (*big.Rat, bool) {
	at := p.i
	if strings.HasPrefix(p.s[p.skip():], `\frac`) {
		p.i += len(`\frac`)
		if f, ok := p.fraction(); ok && f.Cmp(big.NewRat(1, 1)) < 0 {
			return f, true
		}
	} else if p.i > at { // digits after a space: 1 1/2
		if text, ok := p.digits(); ok && p.peek() == '/' {
			p.i++
			if below, ok := p.digits(); ok {
				if f, ok := new(big.Rat).SetString(text + "/" + below); ok && f.Cmp(big.NewRat(1, 1)) < 0 {
					return f, true
				}
			}
		}
	}
	p.i = at
	return nil, false
}

// digits reads 1234, 1,234,567, 12.5 and .5.
func (p *arithmetic) digits() (string, bool) {
	start := p.i
	var b strings.Builder
	run := func() int {
		n := 0
		for p.i < len(p.s) && '0' <= p.s[p.i] && p.s[p.i] <= '9' {
			b.WriteByte(p.s[p.i])
			p.i++
			n++
		}
		return n
	}
	n := run()
	for n > 0 && n <= 3 && p.i+3 < len(p.s) && p.s[p.i] == ',' && threeDigits(p.s[p.i+1:]) {
		p.i++
		for range 3 {
			b.WriteByte(p.s[p.i])
			p.i++
		}
	}
	if p.i < len(p.s) && p.s[p.i] == '.' {
		b.WriteByte('.')
		p.i++
		n += run()
	}
	if n == 0 {
		p.i = start
		return "", false
	}
	text := strings.TrimSuffix(b.String(), ".")
	if strings.HasPrefix(text, ".") {
		text = "0" + text
	}
	return text, true
}

// threeDigits says whether s begins with just three digits.
func threeDigits(s string) bool {
	for i := range 3 {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) == 3 || s[3] < '0' || s[3] > '9'
}
