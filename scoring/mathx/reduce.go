package mathx

import "math/big"

// mulTerm multiplies terms and reduces their factors: primes have exponents in
// [0,1), i is 0 or 1, and e^(iπ) has exponents in [0,1). extra is a polynomial
// to multiply by, or nil.
func (w *worker) mulTerm(a, b term) (term, poly) {
	out := term{c: a.c.mul(b.c), f: make([]factor, 0, len(a.f)+len(b.f))}
	var extra poly
	i, j := 0, 0
	for i < len(a.f) || j < len(b.f) {
		var f factor
		root := false
		switch {
		case j == len(b.f) || i < len(a.f) && a.f[i].atom < b.f[j].atom:
			f = a.f[i]
			i++
		case i == len(a.f) || b.f[j].atom < a.f[i].atom:
			f = b.f[j]
			j++
		default:
			x, y := a.f[i], b.f[j]
			root = x.d > 1
			f = addExponents(x, y)
			i++
			j++
		}
		f, extra = w.reduce(f, root, &out.c, extra)
		if f.n != 0 {
			out.f = append(out.f, f)
		}
	}
	return out, extra
}

func addExponents(x, y factor) factor {
	if x.d == y.d && x.d == 1 {
		return factor{x.atom, x.n + y.n, 1}
	}
	e := ratOf(int64(x.n), int64(x.d)).add(ratOf(int64(y.n), int64(y.d)))
	if e.big != nil || e.n > 1<<30 || e.n < -1<<30 || e.d > 1<<30 {
		return factor{x.atom, 1 << 30, 1}
	}
	return factor{x.atom, int32(e.n), int32(e.d)}
}

func (w *worker) reduce(f factor, root bool, c *rat, extra poly) (factor, poly) {
	a := &w.atoms[f.atom]
	switch a.kind {
	case aPrime:
		whole := floorDiv(f.n, f.d)
		if whole != 0 {
			if p, ok := ratInt(a.value).pow(int64(whole)); ok {
				*c = c.mul(p)
				f.n -= whole * f.d
			}
		}
	case aI:
		k := ((f.n % 4) + 4) % 4
		if k >= 2 {
			*c = c.neg()
		}
		f.n = k % 2
	case aExp:
		if a.value == unity { // e^(iπ)
			whole := floorDiv(f.n, f.d)
			if whole%2 != 0 {
				*c = c.neg()
			}
			f.n -= whole * f.d
		}
	case aBase:
		if root && f.d == 1 && f.n > 0 && f.n <= 8 {
			p := a.inner
			for range f.n {
				if extra == nil {
					extra = p
				} else if q, ok := w.mul(extra, p); ok {
					extra = q
				}
			}
			f.n = 0
		}
	}
	return f, extra
}

// unity marks the atom e^(iπ).
const unity = -1

func floorDiv(a, b int32) int32 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// reduced gives one factor as a polynomial.
func (w *worker) reduced(f factor) poly { return w.reducedRoot(f, false) }

// reducedRoot is reduced for the power of a root, which may be a polynomial again.
func (w *worker) reducedRoot(f factor, root bool) poly {
	c := ratInt(1)
	f, extra := w.reduce(f, root, &c, nil)
	t := term{c: c}
	if f.n != 0 {
		t.f = []factor{f}
	}
	p := poly{t}
	if extra != nil {
		p, _ = w.mul(p, extra)
	}
	return p
}

// primitive parts a positive rational content from p.
func (w *worker) primitive(p poly) (rat, poly) {
	n, d := new(big.Int), big.NewInt(1)
	for _, t := range p {
		n.GCD(nil, nil, n, new(big.Int).Abs(t.c.num()))
		d.Mul(d, new(big.Int).Div(t.c.den(), new(big.Int).GCD(nil, nil, d, t.c.den())))
	}
	w.work -= 20 * len(p)
	content := ratBig(new(big.Rat).SetFrac(n, d))
	if content.is(1) {
		return content, p
	}
	return content, p.scale(content.inv())
}
