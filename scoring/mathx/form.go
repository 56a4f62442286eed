package mathx

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
)

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

// A worker holds what one comparison builds: the atoms, and the work that is
// left to do. Every operation costs units of work by its size, so that no input
// takes long.
type worker struct {
	atoms  []atom
	work   int
	log10  bool // read a bare log as the decimal one
	degree bool // read the degree sign as π/180; else as 1
}

// MaxWork bounds one comparison, in units of about 10 ns each.
const MaxWork = 500_000

func (w *worker) spend(n int) bool {
	w.work -= n
	return w.work > 0
}

func (w *worker) atom(a atom) int32 {
	for i := range w.atoms {
		if w.atoms[i].kind == a.kind && w.atoms[i].key == a.key && w.atoms[i].value == a.value {
			return int32(i)
		}
	}
	w.work -= 4 + len(w.atoms)
	w.atoms = append(w.atoms, a)
	return int32(len(w.atoms) - 1)
}

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
			if s := a[i].c.add(b[j].c); s.sign() != 0 {
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

func (w *worker) mul(a, b poly) (poly, bool) {
	if c, ok := a.isConst(); ok {
		if c.sign() == 0 {
			return nil, true
		}
		return b.scale(c), w.spend(5 * len(b))
	}
	if c, ok := b.isConst(); ok {
		if c.sign() == 0 {
			return nil, true
		}
		return a.scale(c), w.spend(5 * len(a))
	}
	if len(a)*len(b) > maxTerms*8 || !w.spend(20*len(a)*len(b)) {
		return nil, false
	}
	var out poly
	flat := make(poly, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			t, extra := w.mulTerm(x, y)
			if !w.spend((t.c.bits() >> 6)) {
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

// reduced gives one factor as a polynomial.
func (w *worker) reduced(f factor) poly {
	c := ratInt(1)
	f, extra := w.reduce(f, false, &c, nil)
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

// of gives the normal form of a tree; ok is false if there is none within bounds.
func (w *worker) of(n *node) (form, bool) {
	if !w.spend(8) {
		return form{}, false
	}
	switch n.k {
	case kNum:
		return whole(constant(n.val)), true
	case kSym:
		return whole(w.power(w.atom(atom{kind: aSymbol, key: n.name}), 1, 1)), true
	case kPi:
		return whole(w.power(w.atom(atom{kind: aPi}), 1, 1)), true
	case kE:
		return whole(w.power(w.atom(atom{kind: aE}), 1, 1)), true
	case kI:
		return whole(w.power(w.atom(atom{kind: aI}), 1, 1)), true
	case kDots:
		return whole(w.power(w.atom(atom{kind: aSymbol, key: "…"}), 1, 1)), true
	case kQuantity:
		return w.of(n.args[0])
	case kNeg:
		f, ok := w.of(n.args[0])
		return form{f.n.scale(ratInt(-1)), f.d}, ok
	case kAdd, kMul:
		out, ok := w.of(n.args[0])
		for _, x := range n.args[1:] {
			if !ok {
				return form{}, false
			}
			f, okay := w.of(x)
			if !okay {
				return form{}, false
			}
			if n.k == kAdd {
				out, ok = w.addForm(out, f)
			} else {
				out, ok = w.mulForm(out, f)
			}
		}
		return out, ok
	case kDiv:
		a, ok := w.of(n.args[0])
		if !ok {
			return form{}, false
		}
		b, ok := w.of(n.args[1])
		if !ok {
			return form{}, false
		}
		if b, ok = w.invert(b); !ok {
			return form{}, false
		}
		return w.mulForm(a, b)
	case kPow:
		return w.pow(n.args[0], n.args[1])
	case kFunc:
		return w.function(n)
	}
	return form{}, false
}

func (w *worker) pow(base, exponent *node) (form, bool) {
	e, ok := w.of(exponent)
	if !ok {
		return form{}, false
	}
	b, ok := w.of(base)
	if !ok {
		return form{}, false
	}
	if r, ok := e.isConst(); ok {
		if k, isInt := r.int64(); isInt {
			return w.intPow(b, k)
		}
		if r.big != nil || r.n > 1<<20 || r.n < -1<<20 || r.d > 1<<10 {
			return form{}, false
		}
		return w.root(b, int32(r.n), int32(r.d), false)
	}
	return w.symbolicPow(b, e)
}

func (w *worker) intPow(b form, k int64) (form, bool) {
	if k == 0 {
		return whole(onePoly), true
	}
	if k < 0 {
		if k == -k {
			return form{}, false
		}
		inv, ok := w.invert(b)
		if !ok {
			return form{}, false
		}
		return w.intPow(inv, -k)
	}
	if c, ok := b.isConst(); ok {
		if v, ok := c.pow(k); ok {
			return whole(constant(v)), w.spend(v.bits() / 8)
		}
		if c.sign() < 0 {
			f, ok := w.intPow(whole(constant(c.neg())), k)
			if k%2 != 0 {
				f.n = f.n.scale(ratInt(-1))
			}
			return f, ok
		}
		if k > 1<<30 {
			return form{}, false
		}
		return w.root(b, int32(k), 1, false)
	}
	if len(b.n) == 1 && len(b.d) == 1 && len(b.d[0].f) == 0 && k < 1<<20 {
		t := b.n[0]
		c, ok := t.c.mul(b.d[0].c.inv()).pow(k)
		if !ok {
			return form{}, false
		}
		out := constant(c)
		for _, f := range t.f {
			if int64(f.n)*k > 1<<30 || int64(f.n)*k < -1<<30 {
				return form{}, false
			}
			e := ratOf(int64(f.n)*k, int64(f.d))
			p, ok := w.mul(out, w.reducedRoot(factor{f.atom, int32(e.n), int32(e.d)}, f.d > 1))
			if !ok {
				return form{}, false
			}
			out = p
		}
		return whole(out), true
	}
	if k > 12 || len(b.n)+len(b.d) > 12 {
		if k > 1<<20 {
			return form{}, false
		}
		n, d := w.opaquePower(b.n, int32(k)), w.opaquePower(b.d, int32(k))
		return form{n, d}, n != nil && d != nil
	}
	out := whole(onePoly)
	for ; k > 0; k >>= 1 {
		var ok bool
		if k&1 == 1 {
			if out, ok = w.mulForm(out, b); !ok {
				return form{}, false
			}
		}
		if k > 1 {
			if b, ok = w.mulForm(b, b); !ok {
				return form{}, false
			}
		}
	}
	return out, true
}

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

// opaquePower gives p^k without multiplying out.
func (w *worker) opaquePower(p poly, k int32) poly {
	if c, ok := p.isConst(); ok {
		v, ok := c.pow(int64(k))
		if !ok {
			return nil
		}
		return constant(v)
	}
	content, prim := w.primitive(p)
	c, ok := content.pow(int64(k))
	if !ok {
		return nil
	}
	a := w.atom(atom{kind: aBase, key: w.text(prim), inner: prim})
	return w.power(a, k, 1).scale(c)
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

// symbolicPow gives b^e where e holds variables: e^(x+y), 2^(n+1), x^n.
func (w *worker) symbolicPow(b, e form) (form, bool) {
	d, ok := e.d.isConst()
	if !ok || len(e.n) > 20 {
		return w.opaqueForm("pow", b, e)
	}
	exponent := e.n.scale(d.inv())
	bd, ok := b.d.isConst()
	if !ok || len(b.n) != 1 {
		return w.opaqueForm("pow", b, e)
	}
	t := b.n[0]
	c := t.c.mul(bd.inv())
	out := whole(onePoly)
	times := func(f form, ok bool) bool {
		if !ok {
			return false
		}
		out, ok = w.mulForm(out, f)
		return ok
	}
	if !c.is(1) {
		if c.sign() < 0 || len(t.f) > 0 {
			return w.opaqueForm("pow", b, e)
		}
		ok := w.primes(c, func(p int64, k int32) bool {
			return times(w.expOf(w.atom(atom{kind: aPrime, value: p}), exponent.scale(ratInt(int64(k)))))
		})
		return out, ok
	}
	if len(t.f) == 0 {
		return out, true
	}
	if len(t.f) != 1 {
		return w.opaqueForm("pow", b, e)
	}
	f := t.f[0]
	a := w.atoms[f.atom]
	if f.n != 1 || f.d != 1 {
		if a.kind != aE && a.kind != aPi && a.kind != aPrime {
			return w.opaqueForm("pow", b, e)
		}
		exponent = exponent.scale(ratOf(int64(f.n), int64(f.d)))
	}
	if a.kind == aI || a.kind == aExp {
		return w.opaqueForm("pow", b, e)
	}
	return w.expOf(f.atom, exponent)
}

// expOf gives base^p, p a sum of terms: a product of atoms base^monomial with
// rational exponents. e^(c ln p) is p^c, and e^(iπr) a root of unity.
func (w *worker) expOf(base int32, p poly) (form, bool) {
	out := whole(onePoly)
	for _, t := range p {
		var f form
		ok := true
		c := t.c
		if c.big != nil || c.n > 1<<20 || c.n < -1<<20 || c.d > 1<<20 {
			return form{}, false
		}
		switch {
		case len(t.f) == 0:
			f = whole(w.reduced(factor{base, int32(c.n), int32(c.d)}))
		case w.atoms[base].kind == aE && len(t.f) == 1 && t.f[0].n == 1 && t.f[0].d == 1 && w.atoms[t.f[0].atom].log != 0:
			q := w.atom(atom{kind: aPrime, value: w.atoms[t.f[0].atom].log})
			f = whole(w.reduced(factor{q, int32(c.n), int32(c.d)}))
		case w.atoms[base].kind == aE && w.isPiI(t.f):
			f, ok = w.rootOfUnity(c)
		default:
			key := w.atoms[base].key + strconv.Itoa(int(w.atoms[base].kind)) + "," + strconv.FormatInt(w.atoms[base].value, 10) + "^" + w.text(poly{{c: ratInt(1), f: t.f}})
			f = whole(w.power(w.atom(atom{kind: aExp, key: key}), int32(c.n), int32(c.d)))
		}
		if !ok {
			return form{}, false
		}
		if out, ok = w.mulForm(out, f); !ok {
			return form{}, false
		}
	}
	return out, true
}

func (w *worker) isPiI(f []factor) bool {
	if len(f) != 2 || f[0].n != 1 || f[0].d != 1 || f[1].n != 1 || f[1].d != 1 {
		return false
	}
	a, b := w.atoms[f[0].atom].kind, w.atoms[f[1].atom].kind
	return a == aPi && b == aI || a == aI && b == aPi
}

// rootOfUnity gives e^(iπr): in radicals where r is a multiple of 1/12 or 1/5.
func (w *worker) rootOfUnity(r rat) (form, bool) {
	turns := r.mul(ratOf(1, 2)).floor()
	r = r.sub(turns.mul(ratInt(2))) // in [0, 2)
	if 12%r.d != 0 && 5%r.d != 0 && 10%r.d != 0 {
		a := w.atom(atom{kind: aExp, key: "e^iπ", value: unity})
		return whole(w.reduced(factor{a, int32(r.n), int32(r.d)})), true
	}
	cos, ok := w.cosine(r)
	if !ok {
		return form{}, false
	}
	sin, ok := w.cosine(ratOf(1, 2).sub(r))
	if !ok {
		return form{}, false
	}
	sin, ok = w.mul(sin, w.power(w.atom(atom{kind: aI}), 1, 1))
	if !ok {
		return form{}, false
	}
	p, ok := w.add(cos, sin)
	return whole(p), ok
}

// cosine gives cos(πr) in radicals for multiples of 1/12, and of 1/5; ok is
// false for the sines of π/5 and π/10, which are nested.
func (w *worker) cosine(r rat) (poly, bool) {
	r = r.sub(r.mul(ratOf(1, 2)).floor().mul(ratInt(2)))
	if r.cmp(ratInt(1)) > 0 {
		r = ratInt(2).sub(r)
	}
	sign := ratInt(1)
	if r.cmp(ratOf(1, 2)) > 0 {
		r, sign = ratInt(1).sub(r), ratInt(-1)
	}
	root := func(n int64, c rat) poly { p, _ := w.ratRoot(ratInt(n), 1, 2); return p.scale(c.mul(sign)) }
	sum := func(a, b poly) (poly, bool) { return w.add(a, b) }
	switch r.String() {
	case "0":
		return constant(sign), true
	case "1/12":
		return sum(root(6, ratOf(1, 4)), root(2, ratOf(1, 4)))
	case "1/6":
		return root(3, ratOf(1, 2)), true
	case "1/5":
		return sum(constant(sign.mul(ratOf(1, 4))), root(5, ratOf(1, 4)))
	case "1/4":
		return root(2, ratOf(1, 2)), true
	case "1/3":
		return constant(sign.mul(ratOf(1, 2))), true
	case "2/5":
		return sum(constant(sign.mul(ratOf(-1, 4))), root(5, ratOf(1, 4)))
	case "5/12":
		return sum(root(6, ratOf(1, 4)), root(2, ratOf(-1, 4)))
	case "1/2":
		return nil, true
	case "1/10", "3/10": // √((5±√5)/8)
		five, ok := w.ratRoot(ratInt(5), 1, 2)
		if !ok {
			return nil, false
		}
		if r.n == 3 {
			five = five.scale(ratInt(-1))
		}
		p, ok := w.add(constant(ratInt(5)), five)
		if !ok {
			return nil, false
		}
		p, ok = w.rootPoly(p.scale(ratOf(1, 8)), 1, 2, false)
		return p.scale(sign), ok
	}
	return nil, false
}

func (w *worker) opaqueForm(name string, args ...form) (form, bool) {
	var b strings.Builder
	b.WriteString(name)
	for _, f := range args {
		b.WriteByte('(')
		b.WriteString(w.formText(f))
		b.WriteByte(')')
	}
	return whole(w.power(w.atom(atom{kind: aOpaque, key: b.String()}), 1, 1)), w.spend(b.Len())
}

// exponentials gives e^(kA) and e^(-kA), k = i if circular.
func (w *worker) exponentials(arg *node, circular bool) (plus, minus form, ok bool) {
	f, ok := w.of(arg)
	if !ok {
		return
	}
	d, ok := f.d.isConst()
	if !ok {
		return
	}
	p := f.n.scale(d.inv())
	if circular {
		if p, ok = w.mul(p, w.power(w.atom(atom{kind: aI}), 1, 1)); !ok {
			return
		}
	}
	e := w.atom(atom{kind: aE})
	if plus, ok = w.expOf(e, p); !ok {
		return
	}
	minus, ok = w.expOf(e, p.scale(ratInt(-1)))
	return
}

func (w *worker) function(n *node) (form, bool) {
	x := n.args[0]
	switch n.name {
	case "deg":
		f, ok := w.of(x)
		if !ok || !w.degree {
			return f, ok
		}
		return w.mulForm(f, whole(w.power(w.atom(atom{kind: aPi}), 1, 1).scale(ratOf(1, 180))))
	case "percent":
		f, ok := w.of(x)
		return form{f.n.scale(ratOf(1, 100)), f.d}, ok
	case "root":
		d, ok := w.of(n.args[1])
		k, isConst := d.isConst()
		i, isInt := k.int64()
		if !ok || !isConst || !isInt || i < 2 || i > 100 {
			if ok && isConst && isInt && i == 1 {
				return w.of(x)
			}
			return form{}, false
		}
		f, ok := w.of(x)
		if !ok {
			return form{}, false
		}
		return w.root(f, 1, int32(i), true)
	case "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch":
		return w.trigonometric(n.name, x)
	case "ln", "log":
		if n.name == "log" && w.log10 {
			ten := &node{k: kNum, val: ratInt(10)}
			return w.quotientOfLogs(x, ten)
		}
		return w.logarithm(x)
	case "logb":
		return w.quotientOfLogs(x, n.args[1])
	case "asin", "acos", "atan", "acot":
		return w.inverse(n.name, x)
	case "abs":
		return w.absolute(x)
	case "factorial":
		return w.factorial(x)
	case "binom":
		if len(n.args) != 2 {
			return form{}, false
		}
		if v, ok := exact(n, nil, &w.work); ok {
			return whole(constant(v)), true
		}
		diff := &node{k: kAdd, args: []*node{x, {k: kNeg, args: []*node{n.args[1]}}}}
		return w.of(&node{k: kDiv, args: []*node{
			{k: kFunc, name: "factorial", args: []*node{x}},
			{k: kMul, args: []*node{{k: kFunc, name: "factorial", args: []*node{n.args[1]}}, {k: kFunc, name: "factorial", args: []*node{diff}}}},
		}})
	case "floor", "ceil":
		return w.step(n)
	}
	if v, ok := exact(n, nil, &w.work); ok {
		return whole(constant(v)), true
	}
	args := make([]form, len(n.args))
	for i, x := range n.args {
		f, ok := w.of(x)
		if !ok {
			return form{}, false
		}
		args[i] = f
	}
	return w.opaqueForm(n.name, args...)
}

func (w *worker) trigonometric(name string, x *node) (form, bool) {
	circular := name[len(name)-1] != 'h'
	plus, minus, ok := w.exponentials(x, circular)
	if !ok {
		return form{}, false
	}
	diff, ok := w.addForm(plus, form{minus.n.scale(ratInt(-1)), minus.d})
	if !ok {
		return form{}, false
	}
	sum, ok := w.addForm(plus, minus)
	if !ok {
		return form{}, false
	}
	sine, cosine := form{diff.n.scale(ratOf(1, 2)), diff.d}, form{sum.n.scale(ratOf(1, 2)), sum.d}
	if circular { // divided by i
		if sine, ok = w.mulForm(sine, whole(w.power(w.atom(atom{kind: aI}), 1, 1).scale(ratInt(-1)))); !ok {
			return form{}, false
		}
	}
	over := func(a, b form) (form, bool) {
		inv, ok := w.invert(b)
		if !ok {
			return form{}, false
		}
		return w.mulForm(a, inv)
	}
	switch name {
	case "sin", "sinh":
		return sine, true
	case "cos", "cosh":
		return cosine, true
	case "tan", "tanh":
		return over(sine, cosine)
	case "cot", "coth":
		return over(cosine, sine)
	case "sec", "sech":
		return w.invert(cosine)
	}
	return w.invert(sine)
}

func (w *worker) quotientOfLogs(x, base *node) (form, bool) {
	a, ok := w.logarithm(x)
	if !ok {
		return form{}, false
	}
	b, ok := w.logarithm(base)
	if !ok {
		return form{}, false
	}
	if b, ok = w.invert(b); !ok {
		return form{}, false
	}
	return w.mulForm(a, b)
}

// logarithm gives ln x: of rationals by primes, of e^k as k.
func (w *worker) logarithm(x *node) (form, bool) {
	f, ok := w.of(x)
	if !ok {
		return form{}, false
	}
	d, isConst := f.d.isConst()
	if isConst && len(f.n) == 1 {
		t := f.n[0]
		c := t.c.mul(d.inv())
		known := c.sign() > 0
		for _, g := range t.f {
			a := w.atoms[g.atom]
			known = known && (a.kind == aPrime || a.kind == aE || a.kind == aPi)
		}
		if known {
			out := poly(nil)
			plus := func(p poly) bool { out, ok = w.add(out, p); return ok }
			fine := w.primes(c, func(p int64, k int32) bool { return plus(w.logPrime(p).scale(ratInt(int64(k)))) })
			for _, g := range t.f {
				e := ratOf(int64(g.n), int64(g.d))
				switch a := w.atoms[g.atom]; a.kind {
				case aPrime:
					fine = fine && plus(w.logPrime(a.value).scale(e))
				case aE:
					fine = fine && plus(constant(e))
				default:
					fine = fine && plus(w.power(w.atom(atom{kind: aOpaque, key: "ln(π)"}), 1, 1).scale(e))
				}
			}
			return whole(out), fine
		}
	}
	return w.opaqueForm("ln", f)
}

func (w *worker) logPrime(p int64) poly {
	if p == 1 {
		return nil
	}
	return w.power(w.atom(atom{kind: aOpaque, key: "ln " + strconv.FormatInt(p, 10), log: p}), 1, 1)
}

// inverse gives the inverse trigonometric functions where they are customary
// fractions of π, else an opaque atom.
func (w *worker) inverse(name string, x *node) (form, bool) {
	f, ok := w.of(x)
	if !ok {
		return form{}, false
	}
	if c, ok := f.isConst(); ok {
		table := map[string]map[string]rat{
			"asin": {"0": ratInt(0), "1/2": ratOf(1, 6), "1": ratOf(1, 2), "-1/2": ratOf(-1, 6), "-1": ratOf(-1, 2)},
			"acos": {"0": ratOf(1, 2), "1/2": ratOf(1, 3), "1": ratInt(0), "-1/2": ratOf(2, 3), "-1": ratInt(1)},
			"atan": {"0": ratInt(0), "1": ratOf(1, 4), "-1": ratOf(-1, 4)},
			"acot": {"0": ratOf(1, 2), "1": ratOf(1, 4)},
		}
		if r, ok := table[name][c.String()]; ok {
			if r.sign() == 0 {
				return whole(nil), true
			}
			return whole(w.power(w.atom(atom{kind: aPi}), 1, 1).scale(r)), true
		}
	}
	return w.opaqueForm(name, f)
}

func (w *worker) absolute(x *node) (form, bool) {
	f, ok := w.of(x)
	if !ok {
		return form{}, false
	}
	if c, ok := f.isConst(); ok {
		if c.sign() < 0 {
			c = c.neg()
		}
		return whole(constant(c)), true
	}
	if d, ok := f.d.isConst(); ok && len(f.n) > 0 && w.real(f.n) {
		content, prim := w.primitive(f.n)
		if w.sorted(prim)[0].c.sign() < 0 {
			prim = prim.scale(ratInt(-1))
		}
		if d.sign() < 0 {
			d = d.neg()
		}
		g, ok := w.opaqueForm("abs", whole(prim))
		return form{g.n.scale(content.mul(d.inv())), g.d}, ok
	}
	return form{}, false
}

// real says whether a polynomial has no imaginary unit.
func (w *worker) real(p poly) bool {
	for _, t := range p {
		for _, f := range t.f {
			if k := w.atoms[f.atom].kind; k == aI || k == aExp {
				return false
			}
		}
	}
	return true
}

// factorial takes integers off the argument: (k+1)! = (k+1) k!.
func (w *worker) factorial(x *node) (form, bool) {
	if v, ok := exact(&node{k: kFunc, name: "factorial", args: []*node{x}}, nil, &w.work); ok {
		return whole(constant(v)), true
	}
	f, ok := w.of(x)
	if !ok {
		return form{}, false
	}
	d, isConst := f.d.isConst()
	if !isConst {
		return w.opaqueForm("factorial", f)
	}
	p := f.n.scale(d.inv())
	shift := int64(0)
	if n := len(p); n > 0 && len(p[n-1].f) == 0 {
		if k, isInt := p[n-1].c.int64(); isInt && k > -20 && k < 20 && n > 1 {
			shift, p = k, p[:n-1]
		}
	}
	out, ok := w.opaqueForm("factorial", whole(p))
	for j := int64(1); ok && j <= shift; j++ {
		var q poly
		if q, ok = w.add(p, constant(ratInt(j))); ok {
			out, ok = w.mulForm(out, whole(q))
		}
	}
	for j := int64(0); ok && j < -shift; j++ {
		var q poly
		if q, ok = w.add(p, constant(ratInt(-j))); ok {
			out, ok = w.mulForm(out, form{onePoly, q})
		}
	}
	return out, ok
}

// step gives floor and ceiling, with integers taken out.
func (w *worker) step(n *node) (form, bool) {
	if v, ok := exact(n, nil, &w.work); ok {
		return whole(constant(v)), true
	}
	f, ok := w.of(n.args[0])
	if !ok {
		return form{}, false
	}
	d, isConst := f.d.isConst()
	if !isConst {
		return w.opaqueForm(n.name, f)
	}
	p := f.n.scale(d.inv())
	out := ratInt(0)
	if k := len(p); k > 1 && len(p[k-1].f) == 0 {
		whole := p[k-1].c.floor()
		rest := p[k-1].c.sub(whole)
		p = slices.Clone(p)
		out = whole
		if rest.sign() == 0 {
			p = p[:k-1]
		} else {
			p[k-1].c = rest
		}
	}
	g, ok := w.opaqueForm(n.name, whole(p))
	if !ok {
		return form{}, false
	}
	return w.addForm(g, whole(constant(out)))
}

// text writes a polynomial.
func (w *worker) text(p poly) string {
	if len(p) == 0 {
		return "0"
	}
	var b strings.Builder
	for i, t := range w.sorted(p) {
		c := t.c
		switch {
		case c.sign() < 0:
			b.WriteByte('-')
			c = c.neg()
		case i > 0:
			b.WriteByte('+')
		}
		if len(t.f) == 0 || !c.is(1) {
			b.WriteString(c.String())
			if len(t.f) > 0 {
				b.WriteByte('*')
			}
		}
		for j, f := range w.named(t.f) {
			if j > 0 {
				b.WriteByte('*')
			}
			b.WriteString(f)
		}
	}
	return b.String()
}

// named writes the factors of a term, sorted by name, so that the text does
// not depend on the order in which atoms were met.
func (w *worker) named(f []factor) []string {
	out := make([]string, len(f))
	for i, x := range f {
		a := w.atoms[x.atom]
		name := a.key
		switch a.kind {
		case aPi:
			name = "π"
		case aE:
			name = "e"
		case aI:
			name = "i"
		case aPrime:
			name = strconv.FormatInt(a.value, 10)
		case aBase:
			name = "(" + name + ")"
		case aExp:
			name = "exp(" + name + ")"
		}
		switch {
		case x.d != 1:
			name += "^(" + strconv.Itoa(int(x.n)) + "/" + strconv.Itoa(int(x.d)) + ")"
		case x.n != 1:
			name += "^" + strconv.Itoa(int(x.n))
		}
		out[i] = name
	}
	slices.Sort(out)
	return out
}

// sorted orders the terms by their text, for writing.
func (w *worker) sorted(p poly) poly {
	if len(p) < 2 {
		return p
	}
	keys := make(map[int]string, len(p))
	order := make([]int, len(p))
	for i, t := range p {
		order[i] = i
		keys[i] = strings.Join(w.named(t.f), "*")
	}
	w.work -= 30 * len(p)
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(keys[b], keys[a]) })
	out := make(poly, len(p))
	for i, j := range order {
		out[i] = p[j]
	}
	return out
}

func (w *worker) formText(f form) string {
	if d, ok := f.d.isConst(); ok {
		return w.text(f.n.scale(d.inv()))
	}
	return "(" + w.text(f.n) + ")/(" + w.text(f.d) + ")"
}

// independent says whether all atoms are independent of one another, so that
// different forms are different values.
func (w *worker) independent() bool {
	for _, a := range w.atoms {
		switch a.kind {
		case aSymbol, aPi, aPrime, aI, aE:
		default:
			return false
		}
	}
	return true
}

// difference says whether two expressions are the same by their normal forms.
func (w *worker) difference(a, b *node) (equal, decided bool) {
	x, ok := w.of(a)
	if !ok {
		return false, false
	}
	y, ok := w.of(b)
	if !ok || len(x.d) == 0 || len(y.d) == 0 {
		return false, false
	}
	l, ok := w.mul(x.n, y.d)
	if !ok {
		return false, false
	}
	r, ok := w.mul(y.n, x.d)
	if !ok {
		return false, false
	}
	if samePoly(l, r) {
		return true, true
	}
	return false, w.independent()
}
