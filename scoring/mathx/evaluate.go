package mathx

import (
	"math/big"
	"strings"
)

// A Number is the value of an arithmetic expression of literals.
type Number struct {
	value rat
	// Operations is how many operations were carried out; 0 for a lone literal,
	// signed or not.
	Operations int
	// Lone says that the expression is one literal, signed or not, or one in
	// scientific notation: 1.5 \times 10^{-3}, or 10^7.
	Lone bool
	// Places is how many digits stand behind the decimal point of a lone
	// literal, Exponent the power of ten behind it.
	Places, Exponent int
	// Zeros is how many zeros a lone whole literal ends in.
	Zeros int
	// Fine is the greatest number of decimal places of any literal.
	Fine int
	// Slack is the relative error of a product of the literals, if each of two
	// places or more is itself rounded.
	Slack float64
	first rat // the literal that the expression begins with
	// Doubtful says that another reading is not far-fetched: -3^2, 5-9, 011.
	Doubtful bool
}

// Equal says whether two numbers are exactly equal.
func (n Number) Equal(m Number) bool { return n.value.equal(m.value) }

// Rat gives the exact value; it must not be changed.
func (n Number) Rat() *big.Rat { return n.value.rat() }

// First gives the literal that the expression begins with; it must not be changed.
func (n Number) First() *big.Rat { return n.first.rat() }

// String gives the value as a decimal where ten places suffice, else as a
// fraction.
func (n Number) String() string {
	if n.value.isInt() {
		return n.value.String()
	}
	r := n.value.rat()
	if places, exact := r.FloatPrec(); exact && places <= 10 {
		return r.FloatString(places)
	}
	return r.RatString()
}

// Bounds of Evaluate: bytes of text, nested brackets, and bits of a value
// (numerator and denominator together). Within them no expression takes long.
const (
	maxExpression = 400
	maxNesting    = 32
	maxValueBits  = 1024
	maxFactorial  = 100
)

// Evaluate computes an expression of numeric literals exactly: + - * / ^, ×, ÷,
// ·, ², √ and factorials, brackets, and of LaTeX \frac, \sqrt, \cdot, \times,
// \div, \left, \right, \boxed. Literals may have thousands separators and a
// currency sign. ok is false for everything else, among it what people read in
// two ways: 1/2(3+4), 2 1/2, 2\frac12, 4^{1/2}, and roots that are irrational.
func Evaluate(s string) (n Number, ok bool) { return evaluate(evaluator{s: s}) }

// EvaluateGreedy is Evaluate for those who mean a/(b*c) by a/b*c, as in
// 6 × 10^7 / 3 × 10^2.
func EvaluateGreedy(s string) (n Number, ok bool) { return evaluate(evaluator{s: s, greedy: true}) }

func evaluate(e evaluator) (n Number, ok bool) {
	if len(e.s) > maxExpression {
		return Number{}, false
	}
	n.value, ok = e.sum()
	if !ok || e.pos < len(e.s) {
		return Number{}, false
	}
	n.Operations, n.Fine, n.Slack, n.Doubtful = e.operations, e.fine, e.slack, e.doubtful
	n.first = e.first
	// A power of ten is one operation, a literal before it and the sign between
	// them are one more each.
	power := e.tens == 1 && e.operations == e.literals && e.literals == 1+e.multiplied
	if e.literals == 1 && e.operations == 0 || power && e.literals <= 2 {
		n.Lone, n.Places, n.Exponent = true, e.fine, e.exponentOfTen
		if e.tens == 0 {
			n.Zeros = e.zeros
		}
	}
	return n, true
}

// An evaluator reads one expression by recursive descent.
type evaluator struct {
	s          string
	greedy     bool // a slash divides by all factors behind it
	pos        int
	depth      int
	operations int
	literals   int
	fine       int
	zeros      int
	slack      float64
	first      rat
	doubtful   bool
	multiplied int // products
	tens       int // powers of ten
	// exponentOfTen is that of the last of them.
	exponentOfTen int
}

func (e *evaluator) skip() (skipped bool) {
	for {
		n := FillerAt(e.s, e.pos)
		if n == 0 {
			return skipped
		}
		e.pos += n
		skipped = true
	}
}

// eat takes one of several tokens.
func (e *evaluator) eat(tokens ...string) bool {
	for _, t := range tokens {
		if strings.HasPrefix(e.s[e.pos:], t) {
			end := e.pos + len(t)
			if t[0] == '\\' && end < len(e.s) && isLetter(e.s[end]) {
				continue
			}
			e.pos = end
			return true
		}
	}
	return false
}

func (e *evaluator) done(v rat, ok bool) (rat, bool) {
	e.operations++
	return v, ok && (v.big == nil || v.bits() <= maxValueBits)
}

func (e *evaluator) sum() (rat, bool) {
	if e.depth++; e.depth > maxNesting {
		return rat{}, false
	}
	defer func() { e.depth-- }()
	v, ok := e.product()
	for ok {
		spaced := e.skip()
		minus, tight := false, false
		switch {
		case e.eat("+"):
		case e.eat("-", "−"):
			minus = true
			tight = !spaced && e.operations == 0 && e.pos < len(e.s) && isDigit(e.s[e.pos])
		default:
			return v, true
		}
		var w rat
		if w, ok = e.product(); !ok {
			break
		}
		if minus {
			e.doubtful = e.doubtful || tight && v.cmp(w) < 0 // 5-9 may be a range
			w = w.neg()
		}
		v, ok = e.done(v.add(w), true)
	}
	return rat{}, false
}

func (e *evaluator) product() (rat, bool) {
	v, ok := e.signed()
	divided := false
	for ok {
		spaced := e.skip()
		var w rat
		switch {
		case e.eat("**"):
			return rat{}, false // a power of something that is none
		case e.eat("*", "×", "·", "⋅", "∙", "∗", `\times`, `\cdot`, `\ast`), spaced && e.eat("x ", "X "):
			if w, ok = e.signed(); ok {
				e.multiplied++
				if divided && e.greedy {
					if w.sign() == 0 {
						return rat{}, false
					}
					w = w.inv()
				}
				v, ok = e.done(v.mul(w), true)
			}
		case e.eat("/", "÷", "∕", `\div`):
			divided = true
			if w, ok = e.signed(); ok && w.sign() != 0 {
				v, ok = e.done(v.mul(w.inv()), true)
			} else {
				ok = false
			}
		case !spaced && e.juxtaposed():
			if divided {
				return rat{}, false // 1/2(3+4)
			}
			if w, ok = e.power(); ok {
				v, ok = e.done(v.mul(w), true)
			}
		default:
			return v, true
		}
	}
	return rat{}, false
}

// juxtaposed says whether a factor follows without a sign: 3(4+5), 2\sqrt{9};
// not after a number a fraction, which may be a mixed number.
func (e *evaluator) juxtaposed() bool {
	rest := e.s[e.pos:]
	switch {
	case rest == "" || e.pos == 0:
		return false
	case rest[0] == '(', strings.HasPrefix(rest, `\sqrt`), strings.HasPrefix(rest, "√"):
		return true
	}
	return strings.HasPrefix(rest, `\frac`) && !isDigit(e.s[e.pos-1])
}

// signed reads a factor with at most one sign.
func (e *evaluator) signed() (rat, bool) {
	e.skip()
	if e.eat("-", "−") {
		e.skip()
		before := e.operations
		v, ok := e.power()
		e.doubtful = e.doubtful || e.operations > before && isDigit(e.s[e.pos-1]) // -3^2
		return v.neg(), ok
	}
	return e.power()
}

func (e *evaluator) power() (rat, bool) {
	e.skip()
	base, ok := e.atom()
	if !ok {
		return rat{}, false
	}
	at := e.pos
	e.skip()
	if e.eat("!") {
		n, whole := base.int64()
		if !whole || n < 0 || n > maxFactorial || strings.HasPrefix(e.s[e.pos:], "!") {
			return rat{}, false
		}
		return e.done(ratBig(new(big.Rat).SetInt(new(big.Int).MulRange(1, n))), true)
	}
	var k int64
	switch {
	case e.eat("^", "**"):
		if k, ok = e.exponent(); !ok {
			return rat{}, false
		}
	default:
		if k, ok = e.superscript(); !ok {
			e.pos = at
			return base, true
		}
	}
	if e.skip(); e.pos < len(e.s) && (e.s[e.pos] == '^' || e.s[e.pos] == '!') {
		return rat{}, false // 2^3^2
	}
	size := base.bits() * int(max(k, -k))
	if size > maxValueBits || base.sign() == 0 && k <= 0 {
		return rat{}, false
	}
	if base.is(10) {
		e.tens++
		e.exponentOfTen = int(k)
	}
	return e.done(base.pow(k))
}
