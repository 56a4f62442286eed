package mathx

import (
	"math"
	"math/big"
	"strings"
	"unicode/utf8"
)

// neutral are passed over between tokens.
var neutral = []string{
	`\left`, `\right`, `\Big`, `\big`, `\Bigl`, `\Bigr`, `\bigl`, `\bigr`, `\displaystyle`,
	`\,`, `\;`, `\:`, `\!`, `\ `, "&", "~", "\u00a0", "\u2009", "\u202f",
}

// FillerAt gives the length of what means nothing between the tokens of
// arithmetic at s[i]: spaces, and commands that only space or size.
func FillerAt(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	switch c := s[i]; {
	case c == ' ' || c == '\t' || c == '&' || c == '~':
		return 1
	case c != '\\' && c < utf8.RuneSelf, c == '\\' && (i+1 == len(s) || strings.IndexByte("lrBbd,;:! ", s[i+1]) < 0):
		return 0
	}
	for _, f := range neutral {
		if strings.HasPrefix(s[i:], f) {
			end := i + len(f)
			if isLetter(f[len(f)-1]) && end < len(s) && isLetter(s[end]) {
				continue
			}
			return len(f)
		}
	}
	return 0
}

// exponent reads a whole exponent: 2, 10, -3, {10}, {-3}, (3).
func (e *evaluator) exponent() (int64, bool) {
	e.skip()
	literals, first, fine, zeros := e.literals, e.first, e.fine, e.zeros
	var v rat
	var ok bool
	if e.eat("-", "−") {
		v, ok = e.number()
		v = v.neg()
	} else {
		v, ok = e.atom()
	}
	e.literals, e.first, e.fine, e.zeros = literals, first, fine, zeros
	k, whole := v.int64()
	return k, ok && whole && k > -maxValueBits && k < maxValueBits
}

// raisedDigits are the digits of Unicode exponents.
var raisedDigits = [...]string{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"}

func (e *evaluator) superscript() (k int64, ok bool) {
	for digits := 0; digits < 4; digits++ {
		found := false
		for d, s := range raisedDigits {
			if e.eat(s) {
				k, ok, found = 10*k+int64(d), true, true
				break
			}
		}
		if !found {
			break
		}
	}
	return k, ok
}

// atom reads a literal, a bracket, a fraction or a root.
func (e *evaluator) atom() (rat, bool) {
	e.skip()
	switch {
	case e.eat(`\frac`, `\dfrac`, `\tfrac`, `\cfrac`):
		return e.fraction()
	case e.eat(`\sqrt`, "√", "sqrt"):
		v, ok := e.atom()
		if !ok {
			return rat{}, false
		}
		return e.done(rootOf(v))
	case e.eat(`\boxed`, `\mathbf`):
		if e.pos == len(e.s) || e.s[e.pos] != '{' {
			return rat{}, false
		}
	}
	for _, pair := range [...][2]string{{"(", ")"}, {"[", "]"}, {"{", "}"}} {
		if e.eat(pair[0]) {
			v, ok := e.sum()
			e.skip()
			return v, ok && e.eat(pair[1])
		}
	}
	return e.number()
}

// fraction reads what follows \frac: two groups, or two digits.
func (e *evaluator) fraction() (rat, bool) {
	var part [2]rat
	for i := range part {
		e.skip()
		if e.pos == len(e.s) {
			return rat{}, false
		}
		var ok bool
		switch c := e.s[e.pos]; {
		case c == '{':
			part[i], ok = e.atom()
		case isDigit(c):
			e.pos++
			e.literals++
			part[i], ok = ratInt(int64(c-'0')), true
		}
		if !ok {
			return rat{}, false
		}
	}
	if part[1].sign() == 0 {
		return rat{}, false
	}
	return e.done(part[0].mul(part[1].inv()), true)
}

// number reads a literal with its currency sign.
func (e *evaluator) number() (rat, bool) {
	e.eat(`\$`, "$", "€", "£", "¥")
	end, places := LiteralEnd(e.s, e.pos)
	if end == e.pos || end-e.pos > 60 {
		return rat{}, false
	}
	text := e.s[e.pos:end]
	e.pos = end
	v, ok := literalValue(text)
	e.literals++
	e.doubtful = e.doubtful || len(text) > 1 && text[0] == '0' && isDigit(text[1]) // 011 + 001 = 100, 2024-01-05
	e.fine = max(e.fine, places)
	if places >= 2 && v.sign() != 0 {
		e.slack += math.Pow10(-places) / 2 / v.float()
	}
	e.zeros = 0
	for i := len(text) - 1; places == 0 && i > 0 && (text[i] == '0' || !isDigit(text[i])); i-- {
		if text[i] == '0' {
			e.zeros++
		}
	}
	if e.first.d == 0 && e.first.big == nil {
		e.first = v
	}
	return v, ok
}

// LiteralEnd gives where the number that begins at s[i] ends, and how many
// digits stand behind its decimal point; end is i if there is none. A comma,
// or {,}, belongs to it only as a separator of thousands, a point only between
// digits or before them.
func LiteralEnd(s string, i int) (end, places int) {
	end = i
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	if n := end - i; n >= 1 && n <= 3 {
		for {
			n := separated(s, end)
			if n == 0 {
				break
			}
			end += n
		}
	}
	if end+1 < len(s) && s[end] == '.' && isDigit(s[end+1]) {
		for end++; end < len(s) && isDigit(s[end]); end++ {
			places++
		}
	}
	return end, places
}

// separated gives the length of a separator and the three digits behind it.
func separated(s string, i int) int {
	for _, comma := range [...]string{",", "{,}", `,\!`, `\,`} {
		if strings.HasPrefix(s[i:], comma) {
			j := i + len(comma)
			if j+3 <= len(s) && isDigit(s[j]) && isDigit(s[j+1]) && isDigit(s[j+2]) && (j+3 == len(s) || !isDigit(s[j+3])) {
				return len(comma) + 3
			}
		}
	}
	return 0
}

// literalValue gives the value of digits with separators and a point.
func literalValue(text string) (rat, bool) {
	n, scale := int64(0), int64(0) // scale is a power of ten once the point was passed
	for i := range len(text) {
		switch c := text[i]; {
		case c == '.':
			scale = 1
		case !isDigit(c):
		case n > (1<<62)/10 || scale > (1<<62)/10:
			r, ok := new(big.Rat).SetString(strings.NewReplacer(",", "", "{", "", "}", "", `\!`, "", `\`, "").Replace(text))
			if !ok {
				return rat{}, false
			}
			return ratBig(r), true
		default:
			n = 10*n + int64(c-'0')
			if scale > 0 {
				scale *= 10
			}
		}
	}
	return ratOf(n, max(scale, 1)), true
}

// rootOf gives the square root of a number whose root is rational.
func rootOf(v rat) (rat, bool) {
	if v.sign() < 0 {
		return rat{}, false
	}
	n, d := new(big.Int).Sqrt(v.num()), new(big.Int).Sqrt(v.den())
	if new(big.Int).Mul(n, n).Cmp(v.num()) != 0 || new(big.Int).Mul(d, d).Cmp(v.den()) != 0 {
		return rat{}, false
	}
	return ratBig(new(big.Rat).SetFrac(n, d)), true
}
