package mathx

import "slices"

// The normal form of an expression is a quotient of polynomials over Q in
// atoms: variables, π, e, the imaginary unit, primes under a root, and opaque
// applications. Exponents are rational. Trigonometric and hyperbolic functions
// become exponentials, logarithms of rationals become those of primes, so that
// the identities between them are identities of polynomials. Two expressions
// whose difference has the form 0 are equal; the reverse holds where all atoms
// are independent.

type atomKind uint8

const (
	aSymbol atomKind = iota
	aPi
	aE
	aI
	aPrime  // value is the prime
	aExp    // base^monomial: e^x, 2^n
	aOpaque // a function of something, by its key
	aBase   // a polynomial under a root or a high power
)

type atom struct {
	kind  atomKind
	key   string
	value int64
	inner poly  // of aBase
	log   int64 // of an aOpaque that is the logarithm of a prime
}

// A factor is atom^(n/d), in lowest terms, d > 0.
type factor struct {
	atom int32
	n, d int32
}

// A term is c times its factors, sorted by atom.
type term struct {
	c rat
	f []factor
}

// A poly is a sum of terms with distinct factors, sorted; empty is 0.
type poly []term

// A form is n/d.
type form struct{ n, d poly }

// maxTerms bounds the polynomials that are multiplied out.
const maxTerms = 400

func constant(c rat) poly {
	if c.sign() == 0 {
		return nil
	}
	return poly{{c: c}}
}

var onePoly = constant(ratInt(1))

func (w *worker) power(a int32, n, d int32) poly {
	return poly{{c: ratInt(1), f: []factor{{a, n, d}}}}
}

func whole(p poly) form { return form{p, onePoly} }

func (p poly) isConst() (rat, bool) {
	switch {
	case len(p) == 0:
		return ratInt(0), true
	case len(p) == 1 && len(p[0].f) == 0:
		return p[0].c, true
	}
	return rat{}, false
}

func (f form) isConst() (rat, bool) {
	n, ok := f.n.isConst()
	d, okay := f.d.isConst()
	if !ok || !okay || d.sign() == 0 {
		return rat{}, false
	}
	return n.mul(d.inv()), true
}

func compareFactors(a, b []factor) int {
	for i := range a {
		if i >= len(b) {
			return 1
		}
		x, y := a[i], b[i]
		if x.atom != y.atom {
			return int(y.atom) - int(x.atom)
		}
		if l, r := int64(x.n)*int64(y.d), int64(y.n)*int64(x.d); l != r {
			if l < r {
				return -1
			}
			return 1
		}
	}
	return len(a) - len(b)
}

func (w *worker) add(a, b poly) (poly, bool) {
	if len(a) == 0 {
		return b, true
	}
	if len(b) == 0 {
		return a, true
	}
	if !w.spend(5 * (len(a) + len(b))) {
		return nil, false
	}
	out := make(poly, 0, len(a)+len(b))
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch c := compareFactors(a[i].f, b[j].f); {
		case c > 0:
			out = append(out, a[i])
			i++
		case c < 0:
			out = append(out, b[j])
			j++
		default:
			if tooLarge(a[i].c, b[j].c) {
				return nil, false
			}
			s := a[i].c.add(b[j].c)
			if !w.spend(s.cost()) {
				return nil, false
			}
			if s.sign() != 0 {
				out = append(out, term{s, a[i].f})
			}
			i++
			j++
		}
	}
	out = append(append(out, a[i:]...), b[j:]...)
	return out, len(out) <= maxTerms
}

func (p poly) scale(c rat) poly {
	if c.is(1) {
		return p
	}
	out := make(poly, len(p))
	for i, t := range p {
		out[i] = term{t.c.mul(c), t.f}
	}
	return out
}

// multiple is scale, paid for.
func (w *worker) multiple(p poly, c rat) (poly, bool) {
	if !w.spend(len(p)*(5+c.cost())) || slices.ContainsFunc(p, func(t term) bool { return tooLarge(t.c, c) }) {
		return nil, false
	}
	out := p.scale(c)
	cost := 0
	for _, t := range out {
		cost += t.c.cost()
	}
	return out, w.spend(cost)
}

// factors counts the factors of all terms.
func (p poly) factors() (n int) {
	for _, t := range p {
		n += len(t.f)
	}
	return n
}

func (w *worker) mul(a, b poly) (poly, bool) {
	if c, ok := a.isConst(); ok {
		if c.sign() == 0 {
			return nil, true
		}
		return w.multiple(b, c)
	}
	if c, ok := b.isConst(); ok {
		if c.sign() == 0 {
			return nil, true
		}
		return w.multiple(a, c)
	}
	if len(a)*len(b) > maxTerms*8 || !w.spend(20*len(a)*len(b)+8*(len(a)*b.factors()+len(b)*a.factors())) {
		return nil, false
	}
	var out poly
	flat := make(poly, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			if tooLarge(x.c, y.c) {
				return nil, false
			}
			t, extra := w.mulTerm(x, y)
			if !w.spend(t.c.cost()) {
				return nil, false
			}
			if extra != nil { // a root that became a polynomial again
				p, ok := w.mul(poly{t}, extra)
				if !ok {
					return nil, false
				}
				if out, ok = w.add(out, p); !ok {
					return nil, false
				}
				continue
			}
			flat = append(flat, t)
		}
	}
	slices.SortFunc(flat, func(x, y term) int { return compareFactors(y.f, x.f) })
	sum := flat[:0]
	for _, t := range flat {
		if n := len(sum); n > 0 && compareFactors(sum[n-1].f, t.f) == 0 {
			sum[n-1].c = sum[n-1].c.add(t.c)
			continue
		}
		sum = append(sum, t)
	}
	sum = slices.DeleteFunc(sum, func(t term) bool { return t.c.sign() == 0 })
	if len(sum) > maxTerms {
		return nil, false
	}
	return w.add(sum, out)
}

func (w *worker) mulForm(a, b form) (form, bool) {
	n, ok := w.mul(a.n, b.n)
	if !ok {
		return form{}, false
	}
	d, ok := w.mul(a.d, b.d)
	return form{n, d}, ok
}

func (w *worker) addForm(a, b form) (form, bool) {
	if samePoly(a.d, b.d) {
		n, ok := w.add(a.n, b.n)
		return form{n, a.d}, ok
	}
	x, ok := w.mul(a.n, b.d)
	if !ok {
		return form{}, false
	}
	y, ok := w.mul(b.n, a.d)
	if !ok {
		return form{}, false
	}
	n, ok := w.add(x, y)
	if !ok {
		return form{}, false
	}
	d, ok := w.mul(a.d, b.d)
	return form{n, d}, ok
}

func samePoly(a, b poly) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].c.equal(b[i].c) || compareFactors(a[i].f, b[i].f) != 0 {
			return false
		}
	}
	return true
}

// invert gives d/n; a single term goes back into the numerator.
func (w *worker) invert(f form) (form, bool) {
	if len(f.n) == 0 {
		return form{}, false
	}
	if len(f.n) == 1 {
		t := f.n[0]
		inv := term{c: t.c.inv()}
		out := poly{inv}
		for _, x := range t.f {
			p, ok := w.mul(out, w.reduced(factor{x.atom, -x.n, x.d}))
			if !ok {
				return form{}, false
			}
			out = p
		}
		n, ok := w.mul(f.d, out)
		return whole(n), ok
	}
	return form{f.d, f.n}, true
}
