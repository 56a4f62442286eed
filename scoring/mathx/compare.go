package mathx

import (
	"slices"
	"strings"
)

// shape is the type that a form gives an answer.
type shape uint8

const (
	isScalar shape = iota
	isList
	isSet
	isTuple  // ordered: a tuple, a vector
	isSquare // [a, b]: an interval or a vector
	isRegion // an interval, a union, an inequality
	isEquation
	isMatrix
	isRatio
	isTime
	isDate
	isText
	isCases
	isBase
	isNamed // x = 2, y = -3
)

var shapeNames = [...]string{"a value", "a list", "a set", "a tuple", "a bracketed list", "a set of real numbers", "an equation", "a matrix", "a ratio", "a time", "a date", "text", "a function by cases", "a numeral in another base", "named values"}

func (s shape) String() string { return shapeNames[s] }

func shapeOf(n *node) shape {
	switch n.k {
	case kList:
		return isList
	case kSet:
		return isSet
	case kTuple, kVector:
		return isTuple
	case kSquare:
		return isSquare
	case kInterval, kUnion, kIntersect, kMinus, kBuilder:
		return isRegion
	case kMatrix:
		return isMatrix
	case kRatio:
		return isRatio
	case kTime:
		return isTime
	case kDate:
		return isDate
	case kText:
		return isText
	case kCases:
		return isCases
	case kBase:
		return isBase
	case kSym:
		if n.name == "ℝ" {
			return isRegion
		}
	case kRel:
		if strings.Trim(n.name, "=") == "" {
			return isEquation
		}
		return isRegion
	case kMul, kDiv:
		if holdsMatrix(n) {
			return isMatrix
		}
	case kAdd:
		for _, x := range n.args {
			if s := shapeOf(x); s == isMatrix || s == isRegion || x.k == kNeg && x.args[0].k == kSet {
				return s
			}
		}
	}
	return isScalar
}

func holdsMatrix(n *node) bool {
	if n.k == kMatrix {
		return true
	}
	if n.k == kMul || n.k == kDiv || n.k == kNeg {
		for _, x := range n.args {
			if holdsMatrix(x) {
				return true
			}
		}
	}
	return false
}

// unwrap takes off what only surrounds a value: words before it, and an
// approximation behind it; of a chain of equal things it gives first and last.
func unwrap(n *node) *node {
	for {
		switch {
		case n.k == kPrefixed:
			n = n.args[0]
		case n.k == kRel && strings.Contains(n.name, "~"):
			i := strings.IndexByte(n.name, '~')
			if i == 0 {
				if isName(n.args[0]) && len(n.args) == 2 { // x ≈ 3.7
					return &node{k: kRel, name: "=", args: n.args}
				}
				return n.args[0]
			}
			n = &node{k: kRel, name: n.name[:i], args: n.args[:i+1]}
		case n.k == kRel && len(n.args) > 2 && strings.Trim(n.name, "=") == "":
			if !isName(n.args[0]) {
				return n
			}
			n = &node{k: kRel, name: "=", args: []*node{n.args[0], n.args[len(n.args)-1]}}
		case n.k == kRel && n.name == "i" && isName(n.args[0]):
			n = n.args[1]
		case n.k == kList && len(n.args) == 1:
			n = n.args[0]
		case (n.k == kSquare || n.k == kTuple) && len(n.args) == 1:
			n = n.args[0]
		default:
			return n
		}
	}
}

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
			return upperProduct(n.args[0])
		case "det", "dim", "deg", "Pr", "min", "max":
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
	case kTuple:
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
		if x.k != kSym && x.k != kNum && x.k != kTuple && x.k != kE && x.k != kI && x.k != kText && x.k != kRel {
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

// productOfNames says whether a product is of different variables alone.
func productOfNames(n *node) bool {
	if n.k != kMul {
		return false
	}
	for i, x := range n.args {
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

func symbolFree(n *node) bool {
	if n.k == kSym || n.k == kText {
		return false
	}
	return !slices.ContainsFunc(n.args, func(x *node) bool { return !symbolFree(x) })
}

func holds(n *node, symbol string) bool {
	if n.k == kSym {
		return n.name == symbol
	}
	for _, x := range n.args {
		if holds(x, symbol) {
			return true
		}
	}
	return false
}

func containsKind(n *node, k kind) bool {
	if n.k == k {
		return true
	}
	for _, x := range n.args {
		if containsKind(x, k) {
			return true
		}
	}
	return false
}

// compare decides whether an answer equals a gold, by the gold's type.
func (c *comparer) compare(g, a *node, depth int) (Outcome, string) {
	if c.work < 0 || depth > 40 {
		return Unknown, "too much work to decide"
	}
	c.spend(20)
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
		if s := shapeOf(a); s != isEquation && (s != isList || !c.allNamed(a)) {
			return c.compare(gv, a, depth+1)
		}
	case !aok && a.k == kRel && a.name == "=" && productOfNames(a.args[0]) && shapeOf(g) == isScalar && symbolFree(a.args[1]): // xy = 12
		return c.compare(g, a.args[1], depth+1)
	case aok:
		if s := shapeOf(g); s != isEquation && (s != isList || !c.allNamed(g)) {
			return c.compare(g, av, depth+1)
		}
	}
	return c.shapes(g, a, depth)
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
	case gArg != nil && a.k == kSym && a.name == "y", aArg != nil && g.k == kSym && g.name == "y":
		return gv, av, true
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

func rename(n *node, from, to string) *node {
	if from == to {
		return n
	}
	if n.k == kSym && n.name == from {
		return &node{k: kSym, name: to}
	}
	if len(n.args) == 0 {
		return n
	}
	out := *n
	out.args = make([]*node, len(n.args))
	for i, x := range n.args {
		out.args[i] = rename(x, from, to)
	}
	return &out
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
		l, v, ok := named(unwrap(x))
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

// shapes compares by the types of the two forms.
func (c *comparer) shapes(g, a *node, depth int) (Outcome, string) {
	if out, why, ok := c.byNames(g, a, depth); ok {
		return out, why
	}
	gs, as := shapeOf(g), shapeOf(a)
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
		return c.inOrder(g.args, a.args, depth)
	case gs == isTuple || as == isTuple, gs == isSquare || as == isSquare:
		return Different, gs.String() + " and " + as.String()
	}
	return c.collections(g, a, depth)
}

// textList parts "Alice and Bob" into its members.
func textList(n *node) *node {
	words := strings.Split(n.name, " and ")
	if len(words) < 2 {
		return n
	}
	list := &node{k: kList}
	for _, w := range words {
		list.args = append(list.args, &node{k: kText, name: strings.TrimSpace(w)})
	}
	return list
}

// onBasis writes a vector of two or three entries as a sum over the unit
// vectors i, j, k as the other side names them; ok is false if it has none.
func onBasis(vector, sum *node) (*node, bool) {
	if len(vector.args) < 2 || len(vector.args) > 3 || vector.k != kTuple && vector.k != kVector && vector.k != kMatrix {
		return nil, false
	}
	var t traits
	t.read(sum)
	for _, accent := range [...]string{"", "hat ", "vec "} {
		if !slices.Contains(t.symbols, accent+"j") && !slices.Contains(t.symbols, accent+"k") {
			continue
		}
		first := &node{k: kI}
		if accent != "" {
			first = &node{k: kSym, name: accent + "i"}
		}
		basis := [...]*node{first, {k: kSym, name: accent + "j"}, {k: kSym, name: accent + "k"}}
		out := &node{k: kAdd}
		for i, x := range vector.args {
			out.args = append(out.args, &node{k: kMul, args: []*node{x, basis[i]}})
		}
		return out, true
	}
	return nil, false
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

func (c *comparer) inOrder(g, a []*node, depth int) (Outcome, string) {
	if len(g) != len(a) {
		return Different, "another number of elements"
	}
	worst, reason := Same, "equal element by element"
	for i := range g {
		out, why := c.compare(g[i], a[i], depth+1)
		if out == Different {
			return Different, "element " + itoa(i+1) + ": " + why
		}
		if out != Same {
			worst, reason = out, "element "+itoa(i+1)+": "+why
		}
	}
	return worst, reason
}

// elementsOf lists the elements of a collection, ± written out. A single value
// is a collection of one.
func (c *comparer) elementsOf(n *node) (items []*node, ok bool) {
	n = unwrap(n)
	args := []*node{n}
	if n.k == kList || n.k == kSet {
		args = n.args
	}
	for _, x := range args {
		x = unwrap(x)
		if _, v, ok := named(x); ok {
			x = unwrap(v)
		}
		if x.k == kList && len(args) > 1 || x.k == kSet && n.k == kList {
			sub, ok := c.elementsOf(x)
			if !ok {
				return nil, false
			}
			if x.k == kSet { // a list of sets
				items = append(items, x)
				continue
			}
			items = append(items, sub...)
			continue
		}
		if !containsKind(x, kPM) {
			items = append(items, x)
			continue
		}
		if x.k == kTuple || x.k == kVector || x.k == kMatrix { // each sign on its own
			combos := [][]*node{nil}
			for _, y := range x.args {
				options := branches(y)
				var next [][]*node
				for _, prefix := range combos {
					for _, o := range options {
						next = append(next, append(slices.Clone(prefix), o))
					}
				}
				if combos = next; len(combos) > 64 {
					return nil, false
				}
			}
			for _, args := range combos {
				y := *x
				y.args = args
				items = append(items, &y)
			}
			continue
		}
		if x.k == kList || x.k == kSet {
			sub, ok := c.elementsOf(x)
			if !ok {
				return nil, false
			}
			items = append(items, sub...)
			continue
		}
		items = append(items, branches(x)...)
	}
	return items, len(items) <= 400
}

// branches gives the upper and the lower reading of the ± in an expression.
func branches(n *node) []*node {
	if !containsKind(n, kPM) {
		return []*node{n}
	}
	return []*node{branch(n, true), branch(n, false)}
}

func branch(n *node, upper bool) *node {
	if !containsKind(n, kPM) {
		return n
	}
	out := *n
	out.args = make([]*node, len(n.args))
	for i, x := range n.args {
		out.args[i] = branch(x, upper)
	}
	if n.k != kPM {
		return &out
	}
	last := out.args[len(out.args)-1]
	if upper == n.has(minusFirst) {
		last = &node{k: kNeg, args: []*node{last}}
	}
	if len(out.args) == 1 {
		return last
	}
	return &node{k: kAdd, args: []*node{out.args[0], last}}
}

// collections compares lists and sets without order: a set drops what is
// repeated, a list keeps it.
func (c *comparer) collections(g, a *node, depth int) (Outcome, string) {
	if out, why, ok := c.compound(g, a); ok {
		return out, why
	}
	gi, ok := c.elementsOf(g)
	ai, okay := c.elementsOf(a)
	if !ok || !okay {
		return Unknown, "too many elements"
	}
	isIt := func(n *node, k kind) bool { return n.k == k }
	if g.k == kSet && len(g.args) == 0 || a.k == kSet && len(a.args) == 0 {
		if g.k == kSet && len(g.args) == 0 && a.k == kSet && len(a.args) == 0 {
			return Same, "both are empty"
		}
		return Different, "one of them is empty"
	}
	if g.k == kSet && len(g.args) == 1 && g.args[0].k == kSet || a.k == kSet && len(a.args) == 1 && a.args[0].k == kSet {
		if g.k != kSet || a.k != kSet {
			return Different, "a set within a set"
		}
	}
	if isIt(g, kSet) || isIt(a, kSet) {
		gi, ai = c.distinct(gi, depth), c.distinct(ai, depth)
	}
	if len(gi) != len(ai) {
		if len(gi) == 1 && len(ai) == 1 {
			return c.compare(gi[0], ai[0], depth+1)
		}
		return Different, itoa(len(gi)) + " elements are wanted, " + itoa(len(ai)) + " given"
	}
	if c.o.Ordered || slices.ContainsFunc(gi, func(n *node) bool { return n.k == kDots }) {
		return c.inOrder(gi, ai, depth)
	}
	left := slices.Clone(ai)
	worst, reason := Same, "equal in any order"
	if len(gi) == 1 {
		reason = "equal"
	}
	for _, x := range gi {
		found := -1
		for i, y := range left {
			out, why := c.compare(x, y, depth+1)
			if out == Same {
				found = i
				break
			}
			if out == Unknown {
				worst, reason = out, why
			}
		}
		if found < 0 {
			if worst == Unknown {
				return worst, reason
			}
			return Different, x.String() + " is missing"
		}
		left = slices.Delete(left, found, found+1)
	}
	return Same, reason
}

func (c *comparer) distinct(items []*node, depth int) []*node {
	if len(items) > 60 {
		return items
	}
	var out []*node
	for _, x := range items {
		if !slices.ContainsFunc(out, func(y *node) bool {
			o, _ := c.compare(x, y, depth+1)
			return o == Same
		}) {
			out = append(out, x)
		}
	}
	return out
}

// compound decides between one quantity and one in several units: 2 h 30 min.
func (c *comparer) compound(g, a *node) (Outcome, string, bool) {
	sum := func(n *node) (*node, bool) {
		if n.k != kList || len(n.args) < 2 {
			return nil, false
		}
		var total []*node
		first := n.args[0].unit
		for _, x := range n.args {
			if x.k != kQuantity || x.unit.noun != "" || !x.unit.convertible(first) || len(total) > 0 && x.unit.equal(first) {
				return nil, false
			}
			total = append(total, &node{k: kMul, args: []*node{x.args[0], {k: kNum, val: x.unit.scale.mul(first.scale.inv())}}})
		}
		return &node{k: kQuantity, unit: first, args: []*node{{k: kAdd, args: total}}}, true
	}
	if x, ok := sum(g); ok && (a.k == kQuantity || a.k == kList) {
		if y, ok := sum(a); ok {
			a = y
		}
		if a.k == kQuantity {
			out, why := c.quantities(x, a)
			return out, why, true
		}
	}
	if y, ok := sum(a); ok && g.k == kQuantity {
		out, why := c.quantities(g, y)
		return out, why, true
	}
	return 0, "", false
}

// texts compares words, ignoring case.
func (c *comparer) texts(g, a *node) (Outcome, string) {
	word := func(n *node) (string, bool) {
		switch n.k {
		case kText:
			return n.name, true
		case kSym:
			return lowerASCII(n.name), true
		case kE:
			return "e", true
		case kI:
			return "i", true
		case kMul:
			s := ""
			for _, x := range n.args {
				switch x.k {
				case kSym:
					if len(x.name) != 1 {
						return "", false
					}
					s += lowerASCII(x.name)
				case kE:
					s += "e"
				case kI:
					s += "i"
				default:
					return "", false
				}
			}
			return s, true
		}
		return "", false
	}
	x, ok := word(g)
	y, okay := word(a)
	if !ok || !okay {
		return Different, "text and mathematics"
	}
	if x == "dne" || y == "dne" {
		x, y = strings.Replace(x, "dne", "does not exist", 1), strings.Replace(y, "dne", "does not exist", 1)
	}
	if x == y || strings.ReplaceAll(x, " ", "") == strings.ReplaceAll(y, " ", "") {
		return Same, "the same text"
	}
	if c.o.Synonyms && synonym(x) == synonym(y) {
		return Same, "another word for the same"
	}
	return Different, "another text"
}

// synonym gives one word of several that answer a question alike.
func synonym(s string) string {
	switch s {
	case "true", "t", "yes", "y", "correct":
		return "yes"
	case "false", "f", "no", "n", "incorrect":
		return "no"
	case "none", "no solution", "no solutions", "does not exist", "dne", "no real solutions", "undefined":
		return "none"
	}
	return s
}

// times compares times of day; a plain 7:45 is one where the other side is.
func (c *comparer) times(g, a *node) (Outcome, string) {
	seconds := func(n *node) (rat, bool) {
		if n.k == kTime {
			return n.val, true
		}
		return clockOf(n)
	}
	x, ok := seconds(g)
	y, okay := seconds(a)
	if ok && okay && x.equal(y) {
		return Same, "the same time"
	}
	return Different, "another time"
}

// clockOf reads a ratio as hours, minutes and seconds.
func clockOf(n *node) (rat, bool) {
	if n.k != kRatio || !n.has(clock) || len(n.args) > 3 {
		return rat{}, false
	}
	total := ratInt(0)
	for i, x := range n.args {
		if i > 0 && (len(x.name) != 2 || x.val.cmp(ratInt(60)) >= 0) || !x.val.isInt() || x.val.sign() < 0 || i == 0 && (len(x.name) > 2 || x.val.cmp(ratInt(24)) > 0) {
			return rat{}, false
		}
		total = total.mul(ratInt(60)).add(x.val)
	}
	if len(n.args) == 2 {
		total = total.mul(ratInt(60))
	}
	return total, true
}

func (c *comparer) bases(g, a *node) (Outcome, string) {
	if g.k != kBase || a.k != kBase {
		// the base may be missing where the gold has it: 204 for 204_5
		if g.k == kBase && a.k == kNum && a.name == g.name && c.o.BareNumerals {
			return Same, "the same numeral"
		}
		return Different, "a numeral in another base"
	}
	trim := func(s string) string { return strings.TrimLeft(s, "0") }
	if g.val.equal(a.val) && trim(g.name) == trim(a.name) {
		return Same, "the same numeral"
	}
	return Different, "another numeral"
}

func (c *comparer) ratios(g, a *node, depth int) (Outcome, string) {
	if g.k == kRatio && a.k == kRatio {
		if x, ok := clockOf(g); ok {
			if y, ok := clockOf(a); ok {
				if x.equal(y) {
					return Same, "the same time"
				}
				return Different, "another time"
			}
		}
		if len(g.args) != len(a.args) {
			return Different, "a ratio of another number of terms"
		}
		for i := 1; i < len(g.args); i++ { // g0 : gi = a0 : ai
			l := &node{k: kMul, args: []*node{g.args[0], a.args[i]}}
			r := &node{k: kMul, args: []*node{a.args[0], g.args[i]}}
			if out, why := c.scalar(l, r); out != Same {
				return out, why
			}
		}
		return Same, "the same ratio"
	}
	value := func(n *node) (*node, bool) {
		if n.k != kRatio {
			return n, shapeOf(n) == isScalar
		}
		if len(n.args) != 2 {
			return nil, false
		}
		return &node{k: kDiv, args: n.args}, true
	}
	for _, n := range []*node{g, a} { // 7:45 is not 7.45
		if x := n; x.k == kNum && x.has(decimal) {
			if _, isClock := clockOf(g); isClock {
				return Different, "a time and a number"
			}
			if _, isClock := clockOf(a); isClock {
				return Different, "a time and a number"
			}
		}
	}
	x, ok := value(g)
	y, okay := value(a)
	if !ok || !okay {
		return Different, "a ratio and none"
	}
	return c.scalar(x, y)
}

func (c *comparer) cases(g, a *node, depth int) (Outcome, string) {
	if g.k != kCases || a.k != kCases {
		if g.k == kCases && a.k == kSet || a.k == kCases && g.k == kSet || g.k == kCases && a.k == kList {
			return c.collections(&node{k: kList, args: g.args}, &node{k: kList, args: a.args}, depth)
		}
		return Different, "a function by cases and none"
	}
	if len(g.args) != len(a.args) {
		return Different, "another number of cases"
	}
	left := make([]bool, len(a.args))
	for i := 0; i+1 < len(g.args); i += 2 {
		found := false
		for j := 0; j+1 < len(a.args) && !found; j += 2 {
			if left[j] {
				continue
			}
			if out, _ := c.compare(g.args[i], a.args[j], depth+1); out != Same {
				continue
			}
			out, _ := c.compare(g.args[i+1], a.args[j+1], depth+1)
			last := g.args[i+1].k == kText && g.args[i+1].name == "otherwise" || a.args[j+1].k == kText && a.args[j+1].name == "otherwise"
			if out == Same || last && i+2 >= len(g.args) {
				left[j], found = true, true
			}
		}
		if !found {
			return Different, "no case is " + g.args[i].String() + " for " + g.args[i+1].String()
		}
	}
	return Same, "equal case by case"
}

// matrixOf gives the entries of a matrix, a vector or a multiple of one.
func matrixOf(n *node) (entries []*node, columns int64, ok bool) {
	switch n.k {
	case kMatrix:
		columns, _ := n.val.int64()
		return n.args, columns, true
	case kTuple, kVector, kSquare:
		return n.args, 0, true // as column or row
	case kNeg:
		entries, columns, ok := matrixOf(n.args[0])
		out := make([]*node, len(entries))
		for i, x := range entries {
			out[i] = &node{k: kNeg, args: []*node{x}}
		}
		return out, columns, ok
	case kDiv:
		entries, columns, ok := matrixOf(n.args[0])
		out := make([]*node, len(entries))
		for i, x := range entries {
			out[i] = &node{k: kDiv, args: []*node{x, n.args[1]}}
		}
		return out, columns, ok
	case kMul:
		at := slices.IndexFunc(n.args, func(x *node) bool { _, _, ok := matrixOf(x); return ok })
		if at < 0 || len(n.args) > 8 {
			return nil, 0, false
		}
		entries, columns, _ := matrixOf(n.args[at])
		factors := append(slices.Clone(n.args[:at]), n.args[at+1:]...)
		if slices.ContainsFunc(factors, func(x *node) bool { return shapeOf(x) != isScalar }) {
			return nil, 0, false
		}
		out := make([]*node, len(entries))
		for i, x := range entries {
			out[i] = &node{k: kMul, args: append(slices.Clone(factors), x)}
		}
		return out, columns, true
	case kAdd:
		var sum []*node
		width := int64(-1)
		for _, x := range n.args {
			entries, columns, ok := matrixOf(x)
			if !ok || width >= 0 && (columns != width || len(entries) != len(sum)) {
				return nil, 0, false
			}
			if width < 0 {
				sum, width = slices.Clone(entries), columns
				continue
			}
			for i := range sum {
				sum[i] = &node{k: kAdd, args: []*node{sum[i], entries[i]}}
			}
		}
		return sum, width, true
	}
	return nil, 0, false
}

func (c *comparer) matrices(g, a *node, depth int) (Outcome, string) {
	x, xc, ok := matrixOf(g)
	y, yc, okay := matrixOf(a)
	if !ok || !okay {
		return Different, "a matrix and none"
	}
	if xc == 0 && yc > 0 && yc != 1 && int(yc) != len(y) || yc == 0 && xc > 0 && xc != 1 && int(xc) != len(x) || xc > 0 && yc > 0 && xc != yc || len(x) != len(y) {
		return Different, "another shape"
	}
	return c.inOrder(x, y, depth)
}
