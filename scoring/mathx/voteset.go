package mathx

import (
	"slices"
	"strings"
)

// region writes a set of reals as the maximal intervals that it consists of.
func (c *comparer) region(n *node, depth int) string {
	fallback := func() string {
		switch n.k {
		case kSquare:
			return "(" + c.join(n.args, depth) + ")"
		case kInterval:
			s := c.join(n.args, depth)
			return string("[("[boolInt(n.has(openLow))]) + s + string("])"[boolInt(n.has(openHigh))])
		case kRel:
			return c.relation(n)
		}
		return n.String()
	}
	if n.k == kSquare && (len(n.args) != 2 || !c.couldBeInterval(n, n)) {
		return fallback()
	}
	r, ok := c.regionOf(n, 0)
	var o ordering
	if !ok || !c.order(r, &o) {
		return fallback()
	}
	c.place(r, &o)
	end := func(i int) string { return c.canonical(o.ends[i], depth+1) }
	var parts []string
	last := 2 * len(o.ends)
	for at := 0; at <= last; at++ {
		if !r.contains(at) {
			continue
		}
		start := at
		for at < last && r.contains(at+1) {
			at++
		}
		if start == at && start%2 == 1 {
			parts = append(parts, "{"+end(start/2)+"}")
			continue
		}
		low, hi := "(-∞", "∞)"
		if start%2 == 1 {
			low = "[" + end(start/2)
		} else if start > 0 {
			low = "(" + end(start/2-1)
		}
		if at%2 == 1 {
			hi = end(at/2) + "]"
		} else if at < last {
			hi = end(at/2) + ")"
		}
		parts = append(parts, low+","+hi)
	}
	if len(parts) == 0 {
		return "∅"
	}
	all := true
	for _, p := range parts { // nothing but points: a set
		all = all && p[0] == '{'
	}
	if all {
		for i, p := range parts {
			parts[i] = strings.Trim(p, "{}")
		}
		slices.Sort(parts)
		return strings.Join(parts, ",")
	}
	return strings.Join(parts, "∪")
}

// relation writes inequalities in several variables as polynomials against 0.
func (c *comparer) relation(n *node) string {
	var parts []string
	for i := range n.name {
		l, r, op := n.args[i], n.args[i+1], n.name[i]
		if op == '<' || op == 'l' {
			l, r, op = r, l, flip(op)
		}
		f, ok := c.of(minus(l, r))
		d, isConst := f.d.isConst()
		if !ok || !isConst || op == 'i' {
			return n.String()
		}
		_, p := c.primitive(f.n.scale(d.inv()))
		parts = append(parts, c.text(p)+" "+opSymbols[op]+" 0")
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// equation writes left minus right, cleared and scaled; solved for y where that
// is a line.
func (c *comparer) equation(n *node) string {
	if len(n.args) != 2 {
		return n.String()
	}
	f, ok := c.of(minus(n.args[0], n.args[1]))
	if !ok || len(f.n) == 0 {
		return n.String()
	}
	p := c.cleared(f.n)
	var t traits
	t.read(n)
	if len(t.symbols) == 1 {
		if x, ok := c.solvedFor(p, t.symbols[0]); ok {
			return x
		}
	}
	if y, ok := c.solvedFor(p, "y"); ok {
		return y
	}
	_, p = c.primitive(p)
	if c.sorted(p)[0].c.sign() < 0 {
		p = p.scale(ratInt(-1))
	}
	return c.text(p) + "=0"
}

// solvedFor gives the value of a variable that stands alone and linear in p = 0.
func (c *comparer) solvedFor(p poly, name string) (string, bool) {
	slope := ratInt(0)
	var rest poly
	for _, t := range p {
		has := false
		for _, f := range t.f {
			if a := c.atoms[f.atom]; a.kind == aSymbol && a.key == name {
				if len(t.f) != 1 || f.n != 1 || f.d != 1 {
					return "", false
				}
				has = true
			}
		}
		if has {
			slope = t.c
		} else {
			rest = append(rest, t)
		}
	}
	if slope.sign() == 0 {
		return "", false
	}
	return c.text(rest.scale(slope.inv().neg())), true
}
