package mathx

import (
	"slices"
	"strings"
)

// compare decides whether an answer equals a gold, by the gold's type.
func (c *comparer) compare(g, a *node, depth int) (Outcome, string) {
	if c.work < 0 || depth > 40 {
		return Unknown, "too much work to decide"
	}
	c.spend(20)
	if depth == 0 {
		g, a = c.settle(g), c.settle(a)
	}
	g, a = unwrap(g), unwrap(a)
	if same(g, a) {
		return Same, "the same form"
	}
	if out, why, ok := c.chains(g, a, depth); ok {
		return out, why
	}
	gn, gv, gok := named(g)
	an, av, aok := named(a)
	switch {
	case gok && aok && gv.k == kText && av.k == kText:
		if gn.k == kText && an.k == kText && (gn.name == an.name && gv.name == av.name || gn.name == av.name && gv.name == an.name) {
			return Same, "the same text"
		}
		return Different, "another text"
	case gok && aok:
		if gv2, av2, same := sameName(gn, gv, an, av); same {
			if out, why := c.compare(gv2, av2, depth+1); out != Different || shapeOf(gv) != isScalar || gn.k != kSym {
				return out, why
			}
		}
		if c.gives(gn, gv) || c.gives(an, av) {
			return c.equations(g, a)
		}
		return Different, "a value of another name"
	case gok:
		if s := shapeOf(a); s != isEquation && (s != isList || !c.allNamed(a) || shapeOf(gv) == isSet) {
			return c.compare(gv, a, depth+1)
		}
	case !aok && a.k == kRel && a.name == "=" && combined(a.args[0]) && shapeOf(g) == isScalar && symbolFree(a.args[1]) && symbolFree(g): // xy = 12
		return c.compare(g, a.args[1], depth+1)
	case aok:
		if s := shapeOf(g); s != isEquation && (s != isList || !c.allNamed(g) || shapeOf(av) == isSet) {
			return c.compare(g, av, depth+1)
		}
	}
	return c.shapes(g, a, depth)
}

// chains decides where one side is a chain of equal constants: 4^3 = 64 stands
// for 64 if it is true.
func (c *comparer) chains(g, a *node, depth int) (Outcome, string, bool) {
	last := func(n *node) (*node, bool) {
		if n.k != kRel || strings.Trim(n.name, "=") != "" || isName(n.args[0]) {
			return nil, false
		}
		for _, x := range n.args {
			var t traits
			if t.read(x); len(t.symbols) > 0 && len(n.args) <= 2 || shapeOf(x) != isScalar {
				return nil, false
			}
		}
		return n.args[len(n.args)-1], true
	}
	if shapeOf(g) != isEquation && shapeOf(a) == isEquation {
		if x, ok := last(a); ok {
			for _, y := range a.args[:len(a.args)-1] {
				if out, _ := c.scalar(y, x); out != Same {
					return Different, "an equation that does not hold", true
				}
			}
			out, why := c.compare(g, x, depth+1)
			return out, why, true
		}
	}
	if shapeOf(a) != isEquation && shapeOf(g) == isEquation {
		if x, ok := last(g); ok {
			out, why := c.compare(x, a, depth+1)
			return out, why, true
		}
	}
	return 0, "", false
}

// shapes compares by the types of the two forms.
func (c *comparer) shapes(g, a *node, depth int) (Outcome, string) {
	gs, as := shapeOf(g), shapeOf(a)
	if gs == isFamily || as == isFamily {
		return c.families(g, a, depth)
	}
	if out, why, ok := c.byNames(g, a, depth); ok {
		return out, why
	}
	if gs == isScalar && containsKind(g, kPM) || as == isScalar && containsKind(a, kPM) {
		return c.collections(g, a, depth)
	}
	if gs == isText && as == isList {
		g = textList(g)
		gs = shapeOf(g)
	} else if as == isText && gs == isList {
		a = textList(a)
		as = shapeOf(a)
	}
	if gs == isScalar && as == isList {
		if x, ok := mixedInWords(a); ok {
			a, as = x, isScalar
		}
	}
	if gs == isScalar && as == isTuple {
		if x, ok := combinations(a); ok {
			a, as = x, isScalar
		}
	} else if gs == isTuple && as == isScalar {
		if x, ok := combinations(g); ok {
			g, gs = x, isScalar
		}
	}
	if (gs == isTuple || as == isTuple) && (containsKind(g, kPM) || containsKind(a, kPM)) {
		return c.collections(g, a, depth)
	}
	switch {
	case gs == isText || as == isText:
		return c.texts(g, a)
	case gs == isScalar && (as == isTuple || as == isMatrix):
		if x, ok := onBasis(a, g); ok {
			return c.quantities(g, x)
		}
	case as == isScalar && (gs == isTuple || gs == isMatrix):
		if x, ok := onBasis(g, a); ok {
			return c.quantities(x, a)
		}
	}
	switch {
	case gs == isScalar && as == isScalar:
		return c.quantities(g, a)
	case gs == isTime || as == isTime:
		return c.times(g, a)
	case gs == isDate || as == isDate:
		return Different, "another date"
	case gs == isBase || as == isBase:
		return c.bases(g, a)
	case gs == isRatio || as == isRatio:
		return c.ratios(g, a, depth)
	case gs == isCases || as == isCases:
		return c.cases(g, a, depth)
	case gs == isMatrix || as == isMatrix:
		return c.matrices(g, a, depth)
	case gs == isEquation && as == isEquation:
		return c.equations(g, a)
	case gs == isRegion || as == isRegion || c.conditions(g) || c.conditions(a):
		return c.regions(g, a, depth)
	case gs == isEquation || as == isEquation:
		if gs == isScalar || as == isScalar {
			return Different, "an equation and a value"
		}
		if gs == isList || as == isList || gs == isSet || as == isSet {
			return c.collections(g, a, depth)
		}
		return Different, "an equation and no equation"
	case (gs == isTuple || gs == isSquare) && (as == isTuple || as == isSquare):
		if len(g.args) == 2 && len(a.args) == 2 && gs != as && g.k != kVector && a.k != kVector && c.couldBeInterval(g, a) {
			return Different, "an open and a closed end, or a point and an interval"
		}
		return c.inOrder(g.args, a.args, depth)
	case gs == isTuple && as == isList, gs == isList && as == isTuple:
		if gs == isList && slices.ContainsFunc(g.args, func(n *node) bool { return shapeOf(n) == isTuple }) || as == isList && slices.ContainsFunc(a.args, func(n *node) bool { return shapeOf(n) == isTuple }) {
			return Different, "another number of elements"
		}
		return c.inOrder(g.args, a.args, depth)
	case gs == isSquare && as == isList, gs == isList && as == isSquare:
		if len(g.args) == 2 && len(a.args) == 2 && c.couldBeInterval(g, a) {
			return Different, "an interval and two values"
		}
		return c.inOrder(g.args, a.args, depth)
	case gs == isTuple || as == isTuple, gs == isSquare || as == isSquare:
		return Different, gs.String() + " and " + as.String()
	}
	return c.collections(g, a, depth)
}

// couldBeInterval says whether the square brackets of one side can be those of
// an interval: the ends ascend.
func (c *comparer) couldBeInterval(g, a *node) bool {
	for _, n := range []*node{g, a} {
		if n.k == kSquare {
			p := point{nil, &c.worker, &c.work}
			l, ok := p.float(n.args[0])
			h, okay := p.float(n.args[1])
			if ok && okay && real(l.z) >= real(h.z) {
				return false
			}
		}
	}
	return true
}
