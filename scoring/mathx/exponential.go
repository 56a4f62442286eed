package mathx

import "strconv"

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
