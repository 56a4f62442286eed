package mathx

import (
	"math/big"
	"math/cmplx"
)

// A comparer decides one comparison; its worker holds the budget.
type comparer struct {
	worker
	buffers
	o            Options
	gold, answer string // as written
}

// scalar decides whether two expressions have the same value.
func (c *comparer) scalar(g, a *node) (Outcome, string) {
	if same(g, a) {
		return Same, "the same form"
	}
	if x, ok := exact(g, nil, &c.work); ok {
		if y, ok := exact(a, nil, &c.work); ok {
			return c.numbers(g, a, x, y)
		}
	}
	var t traits
	t.read(g)
	var u traits
	u.read(a)
	c.degree, c.log10 = true, false
	out, why := c.ladder(g, a, t, u)
	if out != Same && (t.degree || u.degree) {
		c.degree = false
		if o, w := c.ladder(g, a, t, u); o == Same {
			out, why = o, w
		}
		c.degree = true
	}
	if out != Same && (t.log || u.log) {
		c.log10 = true
		c.atoms = c.atoms[:0]
		if o, w := c.ladder(g, a, t, u); o == Same {
			out, why = o, w
		}
		c.log10 = false
		c.atoms = c.atoms[:0]
	}
	return out, why
}

// numbers compares rational numbers by the policy.
func (c *comparer) numbers(g, a *node, x, y rat) (Outcome, string) {
	if x.equal(y) {
		return Same, "equal numbers"
	}
	if c.o.tolerant() && near(x.rat(), y.rat(), c.o) {
		return Same, "equal within the tolerance"
	}
	if c.o.Rounding && (rounds(g, x, y) || rounds(a, y, x)) {
		return Same, "equal when rounded"
	}
	return Different, "another number"
}

func (o Options) tolerant() bool { return o.AbsTolerance > 0 || o.RelTolerance > 0 }

// near says whether an answer is within the tolerances of a gold.
func near(gold, answer *big.Rat, o Options) bool {
	distance := new(big.Rat).Sub(gold, answer)
	distance.Abs(distance)
	if o.AbsTolerance > 0 {
		if t := new(big.Rat).SetFloat64(o.AbsTolerance); t != nil && distance.Cmp(t) <= 0 {
			return true
		}
	}
	if o.RelTolerance > 0 {
		if t := new(big.Rat).SetFloat64(o.RelTolerance); t != nil {
			return distance.Cmp(t.Mul(t, new(big.Rat).Abs(gold))) <= 0
		}
	}
	return false
}

// rounds says whether the decimal n of value x is what y rounds to at as many
// places.
func rounds(n *node, x, y rat) bool {
	if !n.has(decimal) || n.k != kNum {
		return false
	}
	places := 0
	for i := range len(n.name) {
		if n.name[i] == '.' {
			places = len(n.name) - 1 - i
		}
	}
	scale, ok := ratInt(10).pow(int64(places))
	if !ok {
		return false
	}
	return y.mul(scale).add(ratOf(1, 2)).floor().equal(x.mul(scale).floor())
}

// ladder goes from cheap and exact to dear and numeric, and stops at the first
// step that decides.
func (c *comparer) ladder(g, a *node, t, u traits) (Outcome, string) {
	if !t.degree && !u.degree && !t.log && !u.log {
		if out, why, ok := c.modularly(g, a); ok {
			return out, why
		}
	}
	constants := len(t.symbols) == 0 && len(u.symbols) == 0
	if constants {
		if out, why, ok := c.constants(g, a); ok {
			return out, why
		}
		if c.sizes(g, a) {
			return Different, "a number of another size"
		}
	}
	if equal, decided := c.difference(g, a); decided {
		if equal {
			return Same, "the same normal form"
		}
		return Different, "another normal form"
	}
	return c.numerically(g, a, t, u, constants)
}

// modularly decides rational functions in finite fields.
func (c *comparer) modularly(g, a *node) (Outcome, string, bool) {
	for _, p := range fieldPrimes {
		x, ok := modular(g, p, &c.work)
		if !ok {
			return 0, "", false
		}
		y, ok := modular(a, p, &c.work)
		if !ok {
			return 0, "", false
		}
		if x != y {
			return Different, "another value in a finite field", true
		}
	}
	return Same, "identical in two finite fields", true
}

// constants tells constants apart by floating-point balls, and compares them
// by the tolerances.
func (c *comparer) constants(g, a *node) (Outcome, string, bool) {
	p := point{nil, &c.worker, &c.work}
	x, ok := p.float(g)
	if !ok {
		return 0, "", false
	}
	y, ok := p.float(a)
	if !ok {
		return 0, "", false
	}
	if apart(x, y) {
		if x.real && y.real && (c.o.tolerant() || c.o.Rounding) {
			gold, answer := new(big.Rat).SetFloat64(real(x.z)), new(big.Rat).SetFloat64(real(y.z))
			if near(gold, answer, c.o) {
				return Same, "equal within the tolerance", true
			}
			if c.o.Rounding && (rounds(g, ratBig(gold), ratBig(answer)) || rounds(a, ratBig(answer), ratBig(gold))) {
				return Same, "equal when rounded", true
			}
		}
		return Different, "another value", true
	}
	return 0, "", false
}

func apart(x, y ball) bool { return cmplx.Abs(x.z-y.z) > (x.rad+y.rad)*(1+ulps) }
