package mathx

import (
	"slices"
	"strings"
)

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
