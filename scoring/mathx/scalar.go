package mathx

import (
	"math"
	"math/big"
	"math/cmplx"
	"slices"
)

// A comparer decides one comparison; its worker holds the budget.
type comparer struct {
	worker
	buffers
	o            Options
	gold, answer string // as written
}

// traits are what a tree holds, as far as the choice of method needs it.
type traits struct {
	symbols  []string
	degree   bool // the degree sign
	log      bool // a bare log
	roots    bool // a root, a fractional power or a logarithm of a variable
	stepping bool // floor, factorials and the like of a variable
	floors   bool // floor and ceiling of a variable
	absolute bool
	pm       bool
	quantity bool
}

func (t *traits) read(n *node) (symbolic bool) {
	switch n.k {
	case kSym:
		if n.name == boundName {
			return false
		}
		if !slices.Contains(t.symbols, n.name) {
			t.symbols = append(t.symbols, n.name)
		}
		return true
	case kDots:
		return true
	case kPM:
		t.pm = true
	case kQuantity:
		t.quantity = true
	}
	inner := false
	for i, x := range n.args {
		s := t.read(x)
		inner = inner || s
		if n.k == kPow && i == 1 && s && n.args[0].k != kE {
			if v, ok := n.args[0].number(); ok && v.sign() < 0 || n.args[0].k == kNeg {
				t.stepping = true
			}
		}
	}
	if n.k == kPow && inner {
		if e, ok := n.args[1].number(); !ok && n.args[0].k != kE && n.args[0].k != kNum || ok && !e.isInt() {
			t.roots = true
		}
	}
	if n.k == kFunc {
		switch n.name {
		case "deg":
			t.degree = true
		case "log":
			t.log = true
			t.roots = t.roots || inner
		case "root", "ln", "logb":
			t.roots = t.roots || inner
		case "abs", "sgn", "max", "min":
			t.absolute = t.absolute || inner
		case "floor", "ceil":
			t.stepping = t.stepping || inner
			t.floors = t.floors || inner
		case "factorial", "binom", "gcd", "lcm", "doublefact", "sum", "prod":
			t.stepping = t.stepping || inner
		}
	}
	return inner
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
	if near(x.rat(), y.rat(), c.o) {
		return Same, "equal within the tolerance"
	}
	if c.o.Rounding && (rounds(g, x, y) || rounds(a, y, x)) {
		return Same, "equal when rounded"
	}
	return Different, "another number"
}

// near says whether an answer is within the tolerances of a gold.
func near(gold, answer *big.Rat, o Options) bool {
	if o.AbsTolerance <= 0 && o.RelTolerance <= 0 {
		return false
	}
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
		if x.real && y.real {
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

// ranges of the fixed values that variables take at the points of comparison.
var ranges = [...]struct{ low, span float64 }{{1, 1}, {0.1, 0.8}, {5, 50}, {0.1, 0.8}, {-0.9, 0.8}, {-50, 45}, {0.2, 3}, {0.2, 3}}

// The ranges from firstNegative on are negative; from firstMixed on variables
// are negative and positive by turns.
const (
	firstNegative = 4
	firstMixed    = 6
)

// points builds the points for the variables: real ones, or integers where
// functions of integers are in play.
func points(symbols []string, stepping bool) []assignment {
	slices.Sort(symbols)
	if stepping {
		var out []assignment
		for _, values := range [...][]int64{{9, 4, 3, 2, 5}, {7, 5, 2, 3, 4}, {12, 6, 5, 4, 2}, {10, 3, 2, 7, 5}, {3, 8, 13, 21, 30}, {4, 11, 15, 24, 31}} {
			at := make(assignment, len(symbols))
			for i, s := range symbols {
				at[s] = ratInt(values[i%len(values)] + int64(i/len(values)))
			}
			out = append(out, at)
		}
		return out
	}
	out := make([]assignment, len(ranges))
	for i, r := range ranges {
		at := make(assignment, len(symbols))
		for j, s := range symbols {
			h := symbolValue(s + string(rune('0'+i)))
			x := r.low + r.span*float64(h%(1<<16))/(1<<16)
			if i >= firstMixed && (i+j)%2 == 0 {
				x = -x
			}
			at[s] = ratOf(int64(math.Round(x*(1<<20))), 1<<20)
		}
		out[i] = at
	}
	return out
}

// numerically compares at fixed points: balls that part are a proof that the
// values differ; values that agree to more than 200 bits at two points, or a
// constant to more than 900, are taken as equal.
func (c *comparer) numerically(g, a *node, t, u traits, constants bool) (Outcome, string) {
	if constants {
		return c.toManyBits(g, a, nil, [...]uint{256, 1024})
	}
	if t.absolute != u.absolute && (slices.Contains(t.symbols, "z") || slices.Contains(t.symbols, "w")) {
		return Unknown, "absolute values of complex variables" // |z|² is not z²
	}
	symbols := slices.Clone(t.symbols)
	for _, s := range u.symbols {
		if !slices.Contains(symbols, s) {
			symbols = append(symbols, s)
		}
	}
	pts := points(symbols, t.stepping || u.stepping)
	if t.floors || u.floors {
		pts = append(pts, points(symbols, false)...)
	}
	if !t.stepping && !u.stepping && t.roots && u.roots && !t.absolute && !u.absolute {
		pts = pts[:firstNegative] // variables under roots are positive
	}
	for _, at := range pts {
		p := point{at, &c.worker, &c.work}
		if t.stepping || u.stepping {
			if x, ok := exact(g, at, &c.work); ok {
				if y, ok := exact(a, at, &c.work); ok {
					if !x.equal(y) {
						return Different, "another value at a point"
					}
					continue
				}
			}
		}
		x, ok := p.float(g)
		if !ok {
			continue
		}
		if y, ok := p.float(a); ok && apart(x, y) {
			return Different, "another value at a point"
		}
	}
	agreed := 0
	for _, at := range pts {
		if x, ok := exact(g, at, &c.work); ok {
			if y, ok := exact(a, at, &c.work); ok {
				if !x.equal(y) {
					return Different, "another value at a point"
				}
				agreed++
				continue
			}
		}
		out, _ := c.toManyBits(g, a, at, [...]uint{256, 0})
		switch out {
		case Different:
			return Different, "another value at a point"
		case Same:
			agreed++
		}
		if agreed >= 2 && !t.absolute && !u.absolute && !t.stepping && !u.stepping {
			break
		}
	}
	switch {
	case c.work < 0:
		return Unknown, "too much work to decide"
	case agreed >= 2:
		return Same, "equal at several points to 200 bits"
	}
	return Unknown, "could not be evaluated"
}

func (c *comparer) toManyBits(g, a *node, at assignment, precisions [2]uint) (Outcome, string) {
	agreed, evaluated := false, false
	for _, prec := range precisions {
		if prec == 0 {
			break
		}
		p := bigPoint{point{at, &c.worker, &c.work}, prec}
		x, ok := p.eval(g)
		if !ok {
			continue
		}
		y, ok := p.eval(a)
		if !ok {
			continue
		}
		d, ok := p.add(x, p.neg(y))
		if !ok {
			continue
		}
		evaluated = true
		scale := max(x.low(), y.low())
		if scale <= d.err { // both are 0 as far as can be seen
			scale = 0
		}
		switch {
		case d.low() > worse(d.err, d.err):
			return Different, "another value"
		case d.err <= noError || d.err < scale-200*int(prec)/256:
			agreed = true
		default:
			agreed = false
		}
	}
	switch {
	case c.work < 0:
		return Unknown, "too much work to decide"
	case agreed:
		return Same, "equal to hundreds of bits"
	case !evaluated:
		return Unknown, "could not be evaluated"
	}
	return Unknown, "too close to tell apart"
}
