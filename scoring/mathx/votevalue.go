package mathx

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// value writes an expression.
func (c *comparer) value(n *node) string {
	if v, ok := exact(n, nil, &c.work); ok {
		return v.String()
	}
	c.degree = true
	if f, ok := c.of(n); ok {
		if p, ok := c.divided(f); ok && c.plainAtoms(p) {
			return c.text(p)
		}
	}
	if !c.spend(2500) {
		return n.String()
	}
	var t traits
	t.read(n)
	if len(t.symbols) == 0 {
		if s, ok := c.digits(n, nil, true); ok {
			return s
		}
		return c.symbolic(n)
	}
	slices.Sort(t.symbols)
	pts := points(slices.Clone(t.symbols), t.stepping)
	if !t.stepping {
		pts = pts[:firstNegative]
	}
	if t.floors {
		pts = append(pts[:2:2], points(slices.Clone(t.symbols), false)[:2]...)
	}
	var parts []string
	for _, at := range pts {
		if s, ok := c.digits(n, at, false); ok {
			parts = append(parts, s)
		}
		if len(parts) == 3 && !t.stepping {
			break
		}
	}
	if len(parts) == 0 {
		return n.String()
	}
	h := strconv.FormatUint(symbolValue(strings.Join(parts, " "))+symbolValue("second "+strings.Join(parts, " "))<<1, 36)
	return "expression in " + strings.Join(t.symbols, ",") + " #" + h
}

// symbolic writes a constant too large for digits: by its normal form, or by its
// residues modulo two primes.
func (c *comparer) symbolic(n *node) string {
	hash := "number"
	for _, p := range fieldPrimes {
		r, ok := modular(n, p, &c.work)
		if !ok {
			if f, ok := c.of(n); ok {
				return c.formText(f)
			}
			return n.String()
		}
		hash += " #" + strconv.FormatUint(r, 36)
	}
	return hash
}

// plainAtoms says whether a polynomial has but one normal form: variables and
// constants with integer exponents.
func (c *comparer) plainAtoms(p poly) bool {
	symbols := false
	for _, t := range p {
		for _, f := range t.f {
			k := c.atoms[f.atom].kind
			if k != aSymbol && k != aPi && k != aE && k != aI || f.d != 1 {
				return false
			}
			symbols = symbols || k == aSymbol
		}
	}
	_, isConst := p.isConst()
	return symbols || isConst
}

// divided gives n/d as a polynomial, if d divides n.
func (c *comparer) divided(f form) (poly, bool) {
	if d, ok := f.d.isConst(); ok && d.sign() != 0 {
		return f.n.scale(d.inv()), true
	}
	if len(f.d) == 0 {
		return nil, false
	}
	rest, lead := f.n, f.d[0]
	inv, ok := c.invert(whole(poly{lead}))
	if !ok {
		return nil, false
	}
	var out poly
	for range 50 {
		if len(rest) == 0 {
			return out, true
		}
		q, ok := c.mul(poly{rest[0]}, inv.n)
		if !ok || len(q) != 1 {
			return nil, false
		}
		for _, x := range q[0].f {
			if x.n < 0 {
				return nil, false
			}
		}
		if out, ok = c.add(out, q); !ok {
			return nil, false
		}
		p, ok := c.mul(q, f.d)
		if !ok {
			return nil, false
		}
		if rest, ok = c.add(rest, p.scale(ratInt(-1))); !ok {
			return nil, false
		}
	}
	return nil, false
}

// digits writes a value to 40 digits, as a fraction where it is one.
func (c *comparer) digits(n *node, at assignment, rational bool) (string, bool) {
	if v, ok := exact(n, at, &c.work); ok {
		return v.String(), true
	}
	p := bigPoint{point{at, &c.worker, &c.work}, 256}
	b, ok := p.eval(n)
	if !ok {
		return "", false
	}
	size := max(b.low(), -64)
	if size > 128 { // 40 digits would not tell it from its neighbours
		return "", false
	}
	if b.err > size-150 {
		return "", false
	}
	text := func(x *big.Float) string {
		if x == nil || exponentOf(x) <= b.err+8 {
			return "0"
		}
		if rational {
			if r, ok := simplest(x, b.err); ok {
				return r
			}
		}
		if e := exponentOf(x); e > 4096 || e < -4096 { // writing it in decimals would take long
			return x.Text('p', 36)
		}
		return x.Text('e', 39)
	}
	s := text(b.re)
	if im := text(b.im); im != "0" {
		s += "+" + im + "i"
	}
	return s, true
}

// nearFraction says whether a float is close to a fraction with a denominator
// below 2^20, by its continued fraction: what is not is no such fraction.
func nearFraction(f float64) bool {
	f = math.Abs(f)
	if f > 1e12 || f < 1e-12 {
		return true
	}
	x, d0, d1 := f, 0.0, 1.0
	for range 40 {
		q := math.Floor(x)
		rest := x - q
		if math.Abs(f*d1-math.Round(f*d1)) < 1e-9*math.Max(1, f*d1)*1e-2 {
			return true
		}
		if rest < 1e-13 {
			return true
		}
		x = 1 / rest
		d0, d1 = d1, math.Floor(x)*d1+d0
		if d1 > 1<<20 {
			return false
		}
	}
	return true
}

// simplest gives the fraction with a denominator below 10^6 that a value is, if
// it is one.
func simplest(x *big.Float, err int) (string, bool) {
	if exponentOf(x) > 60 || exponentOf(x) < -60 {
		return "", false
	}
	if f, _ := x.Float64(); !nearFraction(f) {
		return "", false
	}
	r, _ := x.Rat(nil)
	if r == nil {
		return "", false
	}
	n0, d0, n1, d1 := big.NewInt(0), big.NewInt(1), big.NewInt(1), big.NewInt(0)
	num, den := new(big.Int).Set(r.Num()), new(big.Int).Set(r.Denom())
	for range 40 {
		q, m := new(big.Int).DivMod(num, den, new(big.Int))
		n0, n1 = n1, new(big.Int).Add(new(big.Int).Mul(q, n1), n0)
		d0, d1 = d1, new(big.Int).Add(new(big.Int).Mul(q, d1), d0)
		if d1.BitLen() > 20 {
			return "", false
		}
		diff := new(big.Rat).Sub(r, new(big.Rat).SetFrac(n1, d1))
		if diff.Sign() == 0 || new(big.Float).SetRat(diff).MantExp(nil) <= err+2 {
			return new(big.Rat).SetFrac(n1, d1).RatString(), true
		}
		if m.Sign() == 0 {
			return "", false
		}
		num, den = den, m
	}
	return "", false
}
