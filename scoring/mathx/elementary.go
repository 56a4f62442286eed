package mathx

import (
	"math/big"
	"sync"
)

// Elementary functions of real numbers to any precision up to maxPrec bits, by
// argument reduction and Taylor series (Brent & Zimmermann, Modern Computer
// Arithmetic, 2010, chapter 4). Each result errs by less than 2^(4-prec) of the
// greater of it and 1, for the guard bits that it is computed with.

const (
	maxPrec = 1400 // bits
	guard   = 48   // more bits within a function
)

// constants are π and ln 2 to more bits than any function needs.
var constants = sync.OnceValue(func() (c struct{ pi, ln2 *big.Float }) {
	const prec = 2*maxPrec + 256
	// Machin: π = 16 atan(1/5) - 4 atan(1/239)
	inverse := func(n int64, sign int64) *big.Float { // atan(1/n), or atanh with sign 1
		sum := new(big.Float).SetPrec(prec)
		power := new(big.Float).SetPrec(prec).Quo(big.NewFloat(1).SetPrec(prec), new(big.Float).SetInt64(n))
		square := new(big.Float).SetPrec(prec).SetInt64(n * n)
		t := new(big.Float).SetPrec(prec)
		for k := int64(1); power.MantExp(nil) > -prec; k += 2 {
			t.Quo(power, new(big.Float).SetInt64(k))
			if sign < 0 && k%4 == 3 {
				t.Neg(t)
			}
			sum.Add(sum, t)
			power.Quo(power, square)
		}
		return sum
	}
	a, b := inverse(5, -1), inverse(239, -1)
	a.Mul(a, big.NewFloat(16))
	c.pi = a.Sub(a, b.Mul(b, big.NewFloat(4)))
	c.ln2 = inverse(3, 1)
	c.ln2.Mul(c.ln2, big.NewFloat(2))
	return c
})

func newFloat(prec uint) *big.Float { return new(big.Float).SetPrec(prec) }

// negligible says whether 1 + x is 1 to that precision and more. Sums of numbers
// so far apart would take long.
func negligible(x *big.Float, prec uint) bool {
	return x.MantExp(nil) < -int(prec)-guard
}

// sum and difference add numbers of any exponents: of two that are far apart the
// larger is the sum.
func sum(prec uint, a, b *big.Float) *big.Float {
	switch gap := a.MantExp(nil) - b.MantExp(nil); {
	case a.Sign() != 0 && (b.Sign() == 0 || gap > int(prec)+guard):
		return newFloat(prec).Set(a)
	case b.Sign() != 0 && (a.Sign() == 0 || gap < -int(prec)-guard):
		return newFloat(prec).Set(b)
	}
	return newFloat(prec).Add(a, b)
}

func difference(prec uint, a, b *big.Float) *big.Float {
	return sum(prec, a, newFloat(b.Prec()).Neg(b))
}

// bigExp gives e^x; the exponent of x is at most 29.
func bigExp(x *big.Float, prec uint) *big.Float {
	if x.Sign() == 0 || negligible(x, prec) {
		return newFloat(prec).SetInt64(1)
	}
	p := prec + guard + uint(max(0, x.MantExp(nil)))
	q, _ := newFloat(64).Quo(x, constants().ln2).Float64()
	k := int64(q)
	r := newFloat(p).Mul(newFloat(p).SetInt64(k), constants().ln2)
	r.Sub(newFloat(p).Set(x), r)
	const halvings = 12
	r.SetMantExp(r, -halvings)
	total, t := newFloat(p).SetInt64(1), newFloat(p).SetInt64(1)
	for n := int64(1); n < 400; n++ {
		t.Mul(t, r)
		t.Quo(t, newFloat(64).SetInt64(n))
		total.Add(total, t)
		if t.Sign() == 0 || t.MantExp(nil) < -int(p) {
			break
		}
	}
	for range halvings {
		total.Mul(total, total)
	}
	return total.SetMantExp(total, int(k)).SetPrec(prec)
}

// oddSeries sums z + zq/3 + zq²/5 + … to the precision of z, for |q| well below 1.
// A term is worked out to as many bits as reach into the sum.
func oddSeries(z, q *big.Float) *big.Float {
	p := z.Prec()
	total, t, part, d := newFloat(p).Set(z), newFloat(p).Set(z), newFloat(p), newFloat(64)
	for n := int64(3); n < 800; n += 2 {
		t.Mul(t, q)
		small := z.MantExp(nil) - t.MantExp(nil)
		if t.Sign() == 0 || small > int(p) {
			break
		}
		bits := min(t.Prec(), p-uint(max(0, small))+guard)
		t.SetPrec(bits)
		q.SetPrec(bits)
		total.Add(total, part.SetPrec(bits).Quo(t, d.SetInt64(n)))
	}
	return total
}

// bigLog gives ln x for x > 0.
func bigLog(x *big.Float, prec uint) *big.Float {
	p := prec + guard
	m := newFloat(p)
	e := newFloat(p).Set(x).MantExp(m) // x = m 2^e, m in [1/2, 1)
	if f, _ := m.Float64(); f < 0.7071 {
		m.SetMantExp(m, 1)
		e--
	}
	const roots = 3
	for range roots {
		m.Sqrt(m)
	}
	one := newFloat(p).SetInt64(1)
	z := newFloat(p).Quo(newFloat(p).Sub(m, one), newFloat(p).Add(m, one))
	total := oddSeries(z, newFloat(p).Mul(z, z))
	total.SetMantExp(total, 1+roots)
	return total.Add(total, newFloat(p).Mul(newFloat(p).SetInt64(int64(e)), constants().ln2)).SetPrec(prec)
}

// bigSinCos gives sine and cosine; the exponent of x is at most maxPrec.
func bigSinCos(x *big.Float, prec uint) (sin, cos *big.Float) {
	if x.Sign() == 0 || negligible(x, prec) {
		return newFloat(prec).Set(x), newFloat(prec).SetInt64(1)
	}
	p := prec + guard + uint(max(0, x.MantExp(nil)))
	half := newFloat(p).Set(constants().pi)
	half.SetMantExp(half, -1)
	q, _ := newFloat(p).Quo(x, half).Int(nil)
	r := newFloat(p).Mul(newFloat(p).SetInt(q), half)
	r.Sub(newFloat(p).Set(x), r)
	const halvings = 8
	r.SetMantExp(r, -halvings)
	square := newFloat(p).Mul(r, r)
	// Taylor: s = r - r³/6 + …; v = 1 - cos = r²/2 - r⁴/24 + …
	s, t := newFloat(p).Set(r), newFloat(p).Set(r)
	v := newFloat(p).SetMantExp(square, -1)
	u := newFloat(p).Set(v)
	for n := int64(2); n < 400; n += 2 {
		t.Mul(t, square)
		t.Quo(t, newFloat(64).SetInt64(-n*(n+1)))
		s.Add(s, t)
		u.Mul(u, square)
		u.Quo(u, newFloat(64).SetInt64(-(n+1)*(n+2)))
		v.Add(v, u)
		if t.Sign() == 0 || t.MantExp(nil) < r.MantExp(nil)-int(p) {
			break
		}
	}
	one, two := newFloat(p).SetInt64(1), newFloat(p).SetInt64(2)
	for range halvings { // sin 2a = 2 sin a (1-v), 1 - cos 2a = 2 sin² a
		c := newFloat(p).Sub(one, v)
		v.Mul(s, s)
		v.Mul(v, two)
		s.Mul(s, c)
		s.Mul(s, two)
	}
	c := newFloat(p).Sub(one, v)
	switch new(big.Int).And(q, big.NewInt(3)).Int64() {
	case 1:
		s, c = c, s.Neg(s)
	case 2:
		s, c = s.Neg(s), c.Neg(c)
	case 3:
		s, c = c.Neg(c), s
	}
	return s.SetPrec(prec), c.SetPrec(prec)
}

// bigAtan gives the inverse tangent.
func bigAtan(x *big.Float, prec uint) *big.Float {
	if x.Sign() == 0 || negligible(x, prec) {
		return newFloat(prec).Set(x)
	}
	p := prec + guard
	if x.MantExp(nil) > int(p) {
		half := newFloat(prec).Set(constants().pi)
		half.SetMantExp(half, -1)
		if x.Sign() < 0 {
			half.Neg(half)
		}
		return half
	}
	one := newFloat(p).SetInt64(1)
	y := newFloat(p).Abs(x)
	invert := y.Cmp(one) > 0
	if invert {
		y.Quo(one, y)
	}
	const halvings = 5
	for range halvings { // atan y = 2 atan(y / (1 + √(1+y²)))
		h := newFloat(p).Mul(y, y)
		h.Sqrt(h.Add(h, one))
		y.Quo(y, h.Add(h, one))
	}
	total := oddSeries(y, newFloat(p).Neg(newFloat(p).Mul(y, y)))
	total.SetMantExp(total, halvings)
	if invert {
		half := newFloat(p).Set(constants().pi)
		total.Sub(half.SetMantExp(half, -1), total)
	}
	if x.Sign() < 0 {
		total.Neg(total)
	}
	return total.SetPrec(prec)
}
