package mathx

import (
	"slices"
	"strings"
)

// equations decides whether two equations have the same solutions, as far as
// rearranging and multiplying by a constant go: left minus right must be
// proportional.
func (c *comparer) equations(g, a *node) (Outcome, string) {
	if g.k != kRel || a.k != kRel || len(g.args) != len(a.args) {
		return Different, "another equation"
	}
	if len(g.args) > 2 {
		return c.chainOf(g, a)
	}
	for _, n := range []*node{g, a} {
		for _, x := range n.args {
			if s := shapeOf(x); s != isScalar {
				if out, _ := c.compare(g.args[0], a.args[0], 30); out != Same {
					return Different, "another equation"
				}
				return c.compare(g.args[1], a.args[1], 30)
			}
		}
	}
	out, why := c.proportional(g.args[0], g.args[1], a.args[0], a.args[1], false)
	if out == Same {
		return Same, "proportional equations"
	}
	if out == Different {
		return Different, "another equation"
	}
	return out, why
}

func (c *comparer) chainOf(g, a *node) (Outcome, string) {
	for i := range g.args {
		if out, why := c.scalar(g.args[i], a.args[i]); out != Same {
			return out, why
		}
	}
	return Same, "equal member by member"
}

func minus(a, b *node) *node {
	return &node{k: kAdd, args: []*node{a, {k: kNeg, args: []*node{b}}}}
}

// proportional decides whether gl-gr is a constant multiple of al-ar, positive
// if so asked.
func (c *comparer) proportional(gl, gr, al, ar *node, positive bool) (Outcome, string) {
	f, h := minus(gl, gr), minus(al, ar)
	c.degree = true
	if x, ok := c.of(f); ok {
		if y, ok := c.of(h); ok {
			p, q := x.n, y.n
			if !positive {
				p, q = c.cleared(p), c.cleared(q)
			} else {
				d, ok := x.d.isConst()
				e, okay := y.d.isConst()
				if !ok || !okay {
					p, q = nil, nil
				} else {
					p, q = p.scale(d.inv()), q.scale(e.inv())
				}
			}
			if len(p) > 0 && len(p) == len(q) {
				ratio := p[0].c.mul(q[0].c.inv())
				if (!positive || ratio.sign() > 0) && samePoly(p, q.scale(ratio)) {
					return Same, "proportional"
				}
			}
			if c.independent() && !positive && c.rational(p) && c.rational(q) {
				return Different, "not proportional"
			}
		}
	}
	var t, u traits
	t.read(f)
	u.read(h)
	for _, s := range u.symbols {
		if !slices.Contains(t.symbols, s) {
			return Different, "other variables"
		}
	}
	for _, s := range t.symbols {
		if !slices.Contains(u.symbols, s) {
			return Different, "other variables"
		}
	}
	var first bigBall
	agreed := 0
	for i, at := range points(t.symbols, t.stepping || u.stepping) {
		if i >= firstNegative && t.roots && u.roots {
			break
		}
		p := bigPoint{point{at, &c.worker, &c.work}, 256}
		x, ok := p.eval(f)
		if !ok {
			continue
		}
		y, ok := p.eval(h)
		if !ok {
			continue
		}
		r, ok := p.quotient(x, y)
		if !ok || r.low() <= r.err+100 {
			continue
		}
		if positive && (r.im != nil || r.re.Sign() < 0) {
			return Different, "another direction"
		}
		if agreed == 0 {
			first, agreed = r, 1
			continue
		}
		d, ok := p.add(r, p.neg(first))
		if !ok {
			continue
		}
		if d.low() > d.err+1 {
			return Different, "not proportional"
		}
		if agreed++; agreed >= 4 && !t.absolute && !u.absolute {
			return Same, "proportional at several points"
		}
	}
	if agreed >= 3 {
		return Same, "proportional at several points"
	}
	return Unknown, "could not decide whether the equations are proportional"
}

// cleared multiplies a polynomial by what makes all exponents of its atoms at
// least 0, and some 0: x - 1/y becomes xy - 1.
func (w *worker) cleared(p poly) poly {
	least := map[int32]factor{}
	for i, t := range p {
		seen := map[int32]bool{}
		for _, f := range t.f {
			if k := w.atoms[f.atom].kind; k != aSymbol && k != aExp && k != aOpaque {
				continue
			}
			seen[f.atom] = true
			l, ok := least[f.atom]
			if !ok {
				l = factor{f.atom, 0, 1}
				if i == 0 {
					l = f
				}
			}
			if int64(f.n)*int64(l.d) < int64(l.n)*int64(f.d) {
				l = f
			}
			least[f.atom] = l
		}
		for a, l := range least {
			if !seen[a] && l.n > 0 {
				least[a] = factor{a, 0, 1}
			}
		}
	}
	for a, l := range least {
		if l.n >= 0 { // factors of variables that are never 0 are not assumed
			continue
		}
		if q, ok := w.mul(p, w.power(a, -l.n, l.d)); ok {
			p = q
		}
	}
	return p
}

// rational says whether all exponents are integers.
func (w *worker) rational(p poly) bool {
	for _, t := range p {
		for _, f := range t.f {
			if f.d != 1 {
				return false
			}
		}
	}
	return true
}

// relations compares inequalities in several variables, or of no simple form.
func (c *comparer) relations(g, a *node) (Outcome, string) {
	if g.k != kRel || a.k != kRel || len(g.args) != len(a.args) {
		return Different, "another relation"
	}
	forward := func(n *node, i int) (l, r *node, op byte) {
		l, r, op = n.args[i], n.args[i+1], n.name[i]
		if op == '<' || op == 'l' {
			return r, l, flip(op)
		}
		return l, r, op
	}
	pairs := len(g.args) - 1
	try := func(back bool) (Outcome, string) {
		for i := range pairs {
			j := i
			if back {
				j = pairs - 1 - i
			}
			gl, gr, gop := forward(g, i)
			al, ar, aop := forward(a, j)
			if gop != aop {
				return Different, "another relation"
			}
			if gop == 'i' || gop == 't' {
				if out, why := c.inOrder([]*node{gl, gr}, []*node{al, ar}, 30); out != Same {
					return out, why
				}
				continue
			}
			out, why := c.proportional(gl, gr, al, ar, gop == '>' || gop == 'g')
			if out != Same {
				return out, why
			}
		}
		return Same, "the same relation"
	}
	out, why := try(false)
	if out != Same && pairs > 1 && !strings.ContainsAny(g.name, "it") {
		if o, w := try(true); o == Same {
			return o, w
		}
	}
	return out, why
}
