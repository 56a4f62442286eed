package mathx

import (
	"slices"
	"strings"
)

// isName says whether the left side of an equation is what names a value: a
// variable, f(x), f(3), (x, y), AB, ∠ABC, |AB|, words, a derivative.
func isName(n *node) bool {
	switch n.k {
	case kSym, kText, kE, kI:
		return true
	case kNum:
		return false
	case kFunc:
		switch n.name {
		case "lim", "int", "iint", "iiint", "oint", "sum", "prod":
			return true
		case "abs":
			return upperProduct(n.args[0]) || n.args[0].k == kSym && n.args[0].name[0] >= 'A' && n.args[0].name[0] <= 'Z'
		case "Pr":
			return true
		case "det", "dim", "deg", "min", "max":
			return len(n.args) == 1 && isName(n.args[0])
		}
		return n.has(call) && argumentsOnly(n.args)
	case kMul:
		if n.has(call) && (n.args[0].k == kSym || n.args[0].k == kMul) {
			return argumentsOnly(n.args[1:])
		}
		return upperProduct(n)
	case kPow: // f^{-1}(x) is read as a product
		return n.args[0].k == kSym && n.args[1].k == kNum && n.args[1].val.is(-1)
	case kTuple, kRatio:
		for _, x := range n.args {
			if x.k != kSym && x.k != kE && x.k != kI {
				return false
			}
		}
		return true
	case kDiv:
		return derivative(n)
	}
	return false
}

func argumentsOnly(args []*node) bool {
	for _, x := range args {
		if x.k != kSym && x.k != kNum && x.k != kTuple && x.k != kE && x.k != kI && x.k != kText && x.k != kRel && x.k != kIntersect && x.k != kUnion && x.k != kMinus {
			return false
		}
	}
	return true
}

// upperProduct says whether a product is a name: in capitals, as AB, or a
// function's power at its argument, as f^{-1}(x).
func upperProduct(n *node) bool {
	if n.k != kMul {
		return n.k == kText
	}
	if len(n.args) == 2 && n.args[0].k == kPow && isName(n.args[0]) { // f^{-1}(x)
		return !n.has(call) && (n.args[1].k == kSym || n.args[1].k == kNum)
	}
	if x := n.args[0]; len(n.args) == 2 && x.k == kSym && n.args[1].k == kSym && (x.name == "nabla" || x.name == "m" && strings.HasPrefix(n.args[1].name, "∠")) {
		return true
	}
	for _, x := range n.args {
		if x.k != kSym || x.name == "" || x.name[0] < 'A' || x.name[0] > 'Z' {
			return false
		}
	}
	return true
}

// combined says whether an expression is a product of different variables alone,
// or a sum of such as are no coordinates: the number asked for in xy = 12 and in
// m + n = 109, but not in x + y = 5, which is a line.
func combined(n *node) bool {
	if n.k != kMul && n.k != kAdd {
		return false
	}
	for i, x := range n.args {
		if n.k == kAdd && (x.name == "x" || x.name == "y" || x.name == "z") {
			return false
		}
		if x.k != kSym || slices.ContainsFunc(n.args[:i], func(y *node) bool { return y.name == x.name }) {
			return false
		}
	}
	return true
}

// derivative says whether a quotient is dy/dx.
func derivative(n *node) bool {
	starts := func(x *node) bool {
		return x.k == kMul && len(x.args) >= 2 && x.args[0].k == kSym && (x.args[0].name == "d" || x.args[0].name == "partial")
	}
	return starts(n.args[0]) && starts(n.args[1])
}

// named parts an equation "name = value"; the name must not stand in the value.
func named(n *node) (name, value *node, ok bool) {
	if n.k != kRel || n.name != "=" {
		return nil, nil, false
	}
	l, r := n.args[0], n.args[1]
	if isName(l) && (l.k != kSym || !holds(r, l.name)) {
		return l, unwrap(r), true
	}
	if r.k == kSym && !holds(l, r.name) && (r.name == "y" || symbolFree(l)) { // 5 = x
		return r, unwrap(l), true
	}
	return nil, nil, false
}

// gives says whether an equation relates variables rather than give a number
// a name.
func (c *comparer) gives(name, value *node) bool {
	if name.k != kSym && !name.has(call) {
		return false
	}
	var t traits
	t.read(value)
	return len(t.symbols) > 0
}

// sameName says whether two names mean the same; values of functions are given
// in the gold's variable.
func sameName(g, gv, a, av *node) (x, y *node, ok bool) {
	if same(g, a) {
		return gv, av, true
	}
	if g.k == kText && a.k == kText && len(g.name) <= 3 && len(a.name) <= 3 { // AB and AC: segments
		return gv, av, g.name == a.name
	}
	if g.k == kText || a.k == kText || g.k == kSym && len(g.name) > 1 && strings.Contains(g.name, "∠") || a.k == kSym && strings.Contains(a.name, "∠") {
		return gv, av, true
	}
	gArg, aArg := argument(g), argument(a)
	switch {
	case gArg != nil && aArg != nil && g.args[0].name == a.args[0].name && g.name == a.name && gArg.k == kSym && aArg.k == kSym:
		if holds(av, gArg.name) || holds(gv, aArg.name) && aArg.name != gArg.name {
			return gv, av, false
		}
		return gv, rename(av, aArg.name, gArg.name), true
	case gArg != nil && a.k == kSym && (a.name == "y" || a.name == g.name || len(g.args) > 0 && a.name == g.args[0].name), aArg != nil && g.k == kSym && (g.name == "y" || g.name == a.name || len(a.args) > 0 && g.name == a.args[0].name):
		return gv, av, true
	case g.k == kSym && a.k == kSym && containsKind(gv, kPM) && containsKind(av, kPM): // x_{1,2} = … ± …
		x, _, _ := strings.Cut(g.name, "_")
		y, _, _ := strings.Cut(a.name, "_")
		return gv, av, x == y
	}
	return gv, av, false
}

// argument gives the single argument of f(x).
func argument(n *node) *node {
	switch {
	case n.k == kFunc && n.has(call) && len(n.args) == 1:
		return n.args[0]
	case n.k == kMul && n.has(call) && len(n.args) == 2:
		return n.args[1]
	}
	return nil
}

func (c *comparer) allNamed(n *node) bool {
	if n.k != kList {
		return false
	}
	for _, x := range n.args {
		if _, _, ok := named(unwrap(x)); !ok {
			return false
		}
	}
	return true
}

// oneUnknown says whether a list gives several values of one name.
func (c *comparer) oneUnknown(n *node) bool {
	if !c.allNamed(n) || len(n.args) < 2 {
		return false
	}
	first := ""
	for i, x := range n.args {
		l, _, _ := named(unwrap(x))
		base, _, _ := strings.Cut(l.String(), "_")
		if i > 0 && base != first {
			return false
		}
		first = base
	}
	return true
}

// A naming is a value with its name.
type naming struct {
	name  string
	value *node
}

// namings reads a list of values with distinct names, sorted by name. Names
// that differ by their index alone number the solutions of one unknown.
func namings(n *node) ([]naming, bool) {
	if n.k != kList || n.has(disjoined) || len(n.args) < 2 {
		return nil, false
	}
	var out []naming
	bases := map[string]bool{}
	for _, x := range n.args {
		x = unwrap(x)
		l, v, ok := named(x)
		if x.k == kTuple && x.name != "" { // A(1, 2)
			l, v, ok = &node{k: kSym, name: x.name}, x, true
		}
		if !ok || shapeOf(v) == isText && l.k == kText {
			return nil, false
		}
		name := l.String()
		if slices.ContainsFunc(out, func(m naming) bool { return m.name == name }) {
			return nil, false
		}
		base, _, _ := strings.Cut(name, "_")
		bases[base] = true
		out = append(out, naming{name, v})
	}
	if len(bases) == 1 {
		return nil, false
	}
	slices.SortFunc(out, func(a, b naming) int { return strings.Compare(a.name, b.name) })
	return out, true
}

// byNames compares named values: with one another by name, with a tuple or a
// list in the order of the names.
func (c *comparer) byNames(g, a *node, depth int) (Outcome, string, bool) {
	gn, gok := namings(g)
	an, aok := namings(a)
	values := func(ns []naming) []*node {
		out := make([]*node, len(ns))
		for i, n := range ns {
			out[i] = n.value
		}
		return out
	}
	ordered := func(n *node) bool {
		s := shapeOf(n)
		return s == isTuple || s == isSquare || s == isList && !c.allNamed(n)
	}
	switch {
	case gok && aok:
		if len(gn) != len(an) {
			return Different, "another number of named values", true
		}
		for i := range gn {
			if gn[i].name != an[i].name {
				return Different, "no value for " + gn[i].name, true
			}
			if out, why := c.compare(gn[i].value, an[i].value, depth+1); out != Same {
				return out, gn[i].name + ": " + why, true
			}
		}
		return Same, "equal name by name", true
	case gok && c.oneUnknown(a), aok && c.oneUnknown(g):
		return Different, "values of several names, and of one", true
	case gok && ordered(a):
		out, why := c.inOrder(values(gn), a.args, depth)
		return out, why, true
	case aok && ordered(g):
		out, why := c.inOrder(g.args, values(an), depth)
		return out, why, true
	case gok && shapeOf(a) == isMatrix, aok && shapeOf(g) == isMatrix:
		if gok {
			out, why := c.inOrder(values(gn), a.args, depth)
			return out, why, true
		}
		out, why := c.inOrder(g.args, values(an), depth)
		return out, why, true
	}
	return 0, "", false
}
