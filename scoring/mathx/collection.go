package mathx

import "slices"

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
		if (x.k == kTuple || x.k == kVector || x.k == kMatrix) && !pairedSigns(x) { // each sign on its own
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

// pairedSigns says whether ∓ stands somewhere, so that the signs go together.
func pairedSigns(n *node) bool {
	return n.k == kPM && n.has(minusFirst) || slices.ContainsFunc(n.args, pairedSigns)
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
	if len(gi) == 1 && len(ai) > 1 && a.has(disjoined) && len(c.distinct(ai, depth)) == 1 { // 1/2 or 0.5
		ai = ai[:1]
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
			if (x.k == kSet) != (y.k == kSet) && len(gi) > 1 { // {1} is no element 1
				continue
			}
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
			if (x.k == kSet) != (y.k == kSet) {
				return false
			}
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
