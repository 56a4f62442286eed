package mathx

// of gives the normal form of a tree; ok is false if there is none within bounds.
func (w *worker) of(n *node) (form, bool) {
	if !w.spend(8) {
		return form{}, false
	}
	v, ok := w.formNode(n)
	return v, ok && w.work >= 0 // whoever is above pays no more
}

func (w *worker) formNode(n *node) (form, bool) {
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
