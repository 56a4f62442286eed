package mathx

import "math/big"

// root gives f^(n/d); real asks for the real root of a negative number where
// d is odd.
func (w *worker) root(f form, n, d int32, real bool) (form, bool) {
	if len(f.n) == 0 {
		return f, n > 0
	}
	top, ok := w.rootPoly(f.n, n, d, real)
	if !ok {
		return form{}, false
	}
	bottom, ok := w.rootPoly(f.d, n, d, real)
	if !ok {
		return form{}, false
	}
	inv, ok := w.invert(whole(bottom))
	if !ok {
		return form{}, false
	}
	// (a/b)^r = a^r / b^r holds where b is positive, as constants below a bar are.
	if _, isConst := f.d.isConst(); !isConst {
		return form{}, false
	}
	return w.mulForm(whole(top), inv)
}

func (w *worker) rootPoly(p poly, n, d int32, real bool) (poly, bool) {
	if len(p) == 1 {
		t := p[0]
		out := onePoly
		c := t.c
		if c.sign() < 0 {
			switch {
			case real && d%2 == 1:
				if n%2 != 0 {
					out = constant(ratInt(-1))
				}
			case d == 2 && len(t.f) == 0:
				out = w.reduced(factor{w.atom(atom{kind: aI}), n, 1})
			default:
				return nil, false
			}
			c = c.neg()
		}
		r, ok := w.ratRoot(c, n, d)
		if !ok {
			return nil, false
		}
		if out, ok = w.mul(out, r); !ok {
			return nil, false
		}
		for _, f := range t.f {
			a := w.atoms[f.atom]
			positive := a.kind == aPrime || a.kind == aPi || a.kind == aE || a.kind == aOpaque && a.log != 0
			alone := len(t.f) == 1 && f.n == 1 && f.d == 1 && (a.kind == aSymbol || a.kind == aOpaque)
			if !positive && !alone {
				return w.opaqueRoot(poly{{c: ratInt(1), f: t.f}}, out, n, d)
			}
		}
		for _, f := range t.f {
			e := ratOf(int64(f.n)*int64(n), int64(f.d)*int64(d))
			if e.n > 1<<30 || e.n < -1<<30 || e.d > 1<<30 {
				return nil, false
			}
			if out, ok = w.mul(out, w.reduced(factor{f.atom, int32(e.n), int32(e.d)})); !ok {
				return nil, false
			}
		}
		return out, true
	}
	content, prim := w.primitive(p)
	out, ok := w.ratRoot(content, n, d)
	if !ok {
		return nil, false
	}
	if d == 2 {
		if s, ok := w.denest(prim); ok {
			for range n {
				if out, ok = w.mul(out, s); !ok {
					return nil, false
				}
			}
			if n > 0 {
				return out, true
			}
		}
	}
	return w.opaqueRoot(prim, out, n, d)
}

// denest gives the square root of a + b√c as √x ± √y where that is exact, after
// the classical rule: a² - b²c must be a square.
func (w *worker) denest(p poly) (poly, bool) {
	if len(p) != 2 {
		return nil, false
	}
	a, r := p[0], p[1]
	if len(a.f) > 0 {
		a, r = r, a
	}
	if len(a.f) != 0 || a.c.sign() <= 0 {
		return nil, false
	}
	square, extra := w.mulTerm(r, r)
	if len(square.f) != 0 || extra != nil || square.c.sign() <= 0 {
		return nil, false
	}
	for _, f := range r.f {
		if w.atoms[f.atom].kind != aPrime {
			return nil, false
		}
	}
	rest := a.c.mul(a.c).sub(square.c)
	s, ok := ratSqrt(rest)
	if !ok {
		return nil, false
	}
	x, ok := w.ratRoot(a.c.add(s).mul(ratOf(1, 2)), 1, 2)
	if !ok {
		return nil, false
	}
	y, ok := w.ratRoot(a.c.sub(s).mul(ratOf(1, 2)), 1, 2)
	if !ok {
		return nil, false
	}
	if r.c.sign() < 0 {
		y = y.scale(ratInt(-1))
	}
	return w.add(x, y)
}

func ratSqrt(r rat) (rat, bool) {
	if r.sign() < 0 {
		return rat{}, false
	}
	n, d := new(big.Int).Sqrt(r.num()), new(big.Int).Sqrt(r.den())
	s := ratBig(new(big.Rat).SetFrac(n, d))
	return s, s.mul(s).equal(r)
}

func (w *worker) opaqueRoot(p, out poly, n, d int32) (poly, bool) {
	a := w.atom(atom{kind: aBase, key: w.text(p), inner: p})
	return w.mul(out, w.power(a, n, d))
}

// ratRoot gives c^(n/d) for c > 0, by primes.
func (w *worker) ratRoot(c rat, n, d int32) (poly, bool) {
	out := onePoly
	if c.sign() <= 0 {
		return nil, c.sign() == 0 && n > 0
	}
	if c.is(1) {
		return out, true
	}
	ok := w.primes(c, func(p int64, k int32) bool {
		e := ratOf(int64(k)*int64(n), int64(d))
		if e.n > 1<<30 || e.n < -1<<30 || e.d > 1<<30 {
			return false
		}
		q, ok := w.mul(out, w.reduced(factor{w.atom(atom{kind: aPrime, value: p}), int32(e.n), int32(e.d)}))
		out = q
		return ok
	})
	return out, ok
}

// primes calls yield with the prime factors of a positive rational. A cofactor
// without small factors counts as a prime: what is built on it stays true.
func (w *worker) primes(c rat, yield func(p int64, k int32) bool) bool {
	if c.big != nil {
		return w.bigPrimes(c, yield)
	}
	for side, n := range [2]int64{c.n, c.d} {
		sign := int32(1 - 2*side)
		for p := int64(2); p*p <= n && p < 2000; p += 1 + p&1 {
			if p&63 == 63 && !w.spend(8) {
				return false
			}
			k := int32(0)
			for n%p == 0 {
				n /= p
				k++
			}
			if k > 0 && !yield(p, sign*k) {
				return false
			}
		}
		if n > 1 {
			k := sign
			if s := isqrt(n); s*s == n {
				n, k = s, 2*sign
			}
			if !yield(n, k) {
				return false
			}
		}
	}
	return true
}

func isqrt(n int64) int64 {
	return new(big.Int).Sqrt(big.NewInt(n)).Int64()
}

func (w *worker) bigPrimes(c rat, yield func(p int64, k int32) bool) bool {
	if c.bits() > 4096 {
		return false
	}
	for side, x := range [2]*big.Int{c.num(), c.den()} {
		sign := int32(1 - 2*side)
		n, q, m := new(big.Int).Set(x), new(big.Int), new(big.Int)
		for p := int64(2); p < 1000 && n.BitLen() > 1; p += 1 + p&1 {
			if !w.spend(4 + n.BitLen()/64) {
				return false
			}
			k := int32(0)
			prime := big.NewInt(p)
			for {
				q.QuoRem(n, prime, m)
				if m.Sign() != 0 {
					break
				}
				n, q = q, n
				k++
			}
			if k > 0 && !yield(p, sign*k) {
				return false
			}
		}
		if n.BitLen() > 1 {
			if !n.IsInt64() || !yield(n.Int64(), sign) {
				return false
			}
		}
	}
	return true
}
