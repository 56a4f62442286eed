package mathx

import (
	"encoding/hex"
	"hash/fnv"
	"math/big"
	"slices"
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

// MaxWork bounds one comparison, in units of about 10 ns each. The last operation
// may take the slack.
const (
	MaxWork = 500_000
	slack   = 80_000
	budget  = MaxWork - slack
)

func (w *worker) spend(n int) bool {
	w.work -= n
	return w.work > 0
}

// maxKey bounds the keys of atoms: what is nested in one another would grow by
// powers. Longer ones are named by their hash of 128 bits.
const maxKey = 512

func (w *worker) atom(a atom) int32 {
	if len(a.key) > maxKey {
		w.work -= len(a.key) / 4
		h := fnv.New128a()
		h.Write([]byte(a.key))
		a.key = "#" + hex.EncodeToString(h.Sum(nil))
	}
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
	if len(a)*len(b) > maxTerms*8 || !w.spend(20*len(a)*len(b)) {
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
