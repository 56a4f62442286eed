package mathx

import "strings"

func infinite(n *node) int {
	switch {
	case n.k == kInf:
		return 1
	case n.k == kNeg && n.args[0].k == kInf:
		return -1
	}
	return 0
}

// solve gives the solutions of a chain of inequalities in one variable: those
// that are linear in it, and |linear| and square against a constant.
func (c *comparer) solve(n *node, depth int) (*region, bool) {
	var out *region
	for i := range n.name {
		r, ok := c.solveOne(n.args[i], n.args[i+1], n.name[i], depth)
		if !ok {
			return nil, false
		}
		if out == nil {
			out = r
			continue
		}
		if out, ok = join('n', out, r); !ok {
			return nil, false
		}
	}
	return out, out != nil
}

func flip(op byte) byte {
	switch op {
	case '<':
		return '>'
	case '>':
		return '<'
	case 'l':
		return 'g'
	case 'g':
		return 'l'
	}
	return op
}

func (c *comparer) solveOne(l, r *node, op byte, depth int) (*region, bool) {
	if op == 'i' {
		if l.k != kSym {
			return nil, false
		}
		x, ok := c.regionOf(r, depth+1)
		if ok {
			x.variable = l.name
		}
		return x, ok
	}
	if containsKind(r, kPM) && (op == '=' || op == 'n') && depth < 30 {
		b := branches(r)
		return c.solveTwo(l, b[0], op, l, b[1], op, "un"[boolInt(op == 'n')], depth)
	}
	var t traits
	t.read(l)
	t.read(r)
	if len(t.symbols) != 1 {
		// a variable against letters: x > a. The left side is the unknown.
		if l.k == kSym && !holds(r, l.name) {
			return ray(r, op, l.name), true
		}
		return nil, false
	}
	v := t.symbols[0]
	if holds(r, v) && !holds(l, v) {
		l, r, op = r, l, flip(op)
	}
	if l.k == kSym && !holds(r, v) {
		return ray(r, op, v), true
	}
	if !holds(r, v) && l.k == kFunc && l.name == "abs" {
		inner := l.args[0]
		negative := &node{k: kNeg, args: []*node{r}}
		switch op {
		case '<', 'l':
			return c.solveTwo(inner, negative, flip(op), inner, r, op, 'n', depth)
		case '>', 'g':
			return c.solveTwo(inner, r, op, inner, negative, flip(op), 'u', depth)
		case '=', 'n':
			joint := byte('u')
			if op == 'n' {
				joint = 'n'
			}
			return c.solveTwo(inner, r, op, inner, negative, op, joint, depth)
		}
	}
	if !holds(r, v) && l.k == kPow && l.args[1].k == kNum && l.args[1].val.is(2) {
		root := &node{k: kFunc, name: "root", args: []*node{r, {k: kNum, val: ratInt(2)}}}
		if val, ok := exact(r, nil, &c.work); ok && val.sign() >= 0 {
			return c.solveOne(&node{k: kFunc, name: "abs", args: []*node{l.args[0]}}, root, op, depth+1)
		}
	}
	// Linear: f(x) = l - r at 0, 1, 2 and 5.
	f := minus(l, r)
	var y [4]rat
	for i, x := range [...]int64{0, 1, 2, 5} {
		value, ok := exact(f, assignment{{v, ratInt(x)}}, &c.work)
		if !ok {
			return c.linearIn(f, v, op)
		}
		y[i] = value
	}
	slope := y[1].sub(y[0])
	if slope.sign() == 0 || !y[2].sub(y[1]).equal(slope) || !y[3].sub(y[2]).equal(slope.mul(ratInt(3))) {
		return nil, false
	}
	if slope.sign() < 0 {
		op = flip(op)
	}
	return ray(&node{k: kNum, val: y[0].neg().mul(slope.inv())}, op, v), true
}

// linearIn solves where the coefficients are no rationals: x·√2 > 1.
func (c *comparer) linearIn(f *node, v string, op byte) (*region, bool) {
	form, ok := c.of(f)
	if !ok {
		return nil, false
	}
	d, ok := form.d.isConst()
	if !ok {
		return nil, false
	}
	slope := ratInt(0)
	for _, t := range form.n {
		has := false
		for _, x := range t.f {
			a := c.atoms[x.atom]
			if a.kind == aSymbol && a.key == v {
				has = true
				if x.n != 1 || x.d != 1 || len(t.f) != 1 {
					return nil, false
				}
			} else if a.kind == aOpaque || a.kind == aBase || a.kind == aExp {
				if strings.Contains(a.key, v) {
					return nil, false
				}
			}
		}
		if has {
			slope = t.c
		}
	}
	if slope.sign() == 0 {
		return nil, false
	}
	if slope.mul(d).sign() < 0 {
		op = flip(op)
	}
	// the root is f(0) / -slope, kept as an expression
	at := substitute(f, v, zeroNode)
	return ray(&node{k: kMul, args: []*node{at, {k: kNum, val: slope.mul(d.inv()).inv().neg()}}}, op, v), true
}

func (c *comparer) solveTwo(l1, r1 *node, op1 byte, l2, r2 *node, op2, joint byte, depth int) (*region, bool) {
	if depth > 30 {
		return nil, false
	}
	a, ok := c.solveOne(l1, r1, op1, depth+1)
	if !ok {
		return nil, false
	}
	b, ok := c.solveOne(l2, r2, op2, depth+1)
	if !ok {
		return nil, false
	}
	return join(joint, a, b)
}

// ray gives the numbers related to end by op.
func ray(end *node, op byte, v string) *region {
	r := &region{op: 'i', variable: v}
	switch op {
	case '<':
		r.hi, r.flag = end, openHigh
	case 'l':
		r.hi = end
	case '>':
		r.low, r.flag = end, openLow
	case 'g':
		r.low = end
	case '=', '~':
		r.low, r.hi = end, end
	case 'n':
		return &region{op: 'u', variable: v, a: &region{op: 'i', hi: end, flag: openHigh}, b: &region{op: 'i', low: end, flag: openLow}}
	}
	if infiniteEnd(r) {
		r.low, r.hi = dropInfinite(r.low), dropInfinite(r.hi)
	}
	return r
}

func infiniteEnd(r *region) bool {
	return r.low != nil && infinite(r.low) != 0 || r.hi != nil && infinite(r.hi) != 0
}

func dropInfinite(n *node) *node {
	if n != nil && infinite(n) != 0 {
		return nil
	}
	return n
}
