package mathx

import "slices"

// settle rewrites the sloppy spellings of collections into the ones that are
// compared: (x, y) = (1, 2) as named values, "x ≠ 0, 3" with its relation
// before each, "x=1, y=2 or x=2, y=1" as pairs, 1, 2, …, 6 written out, a set of
// integers with bounds by its elements, a value with an integer parameter as a
// family.
func (c *comparer) settle(n *node) *node {
	if f, ok := familyOf(n); ok {
		return f
	}
	switch n.k {
	case kRel:
		if list, ok := pairwise(n); ok {
			return list
		}
	case kBuilder:
		if set, ok := c.integers(n); ok {
			return set
		}
	case kSet, kList:
		out := n
		if n.k == kList {
			if x, ok := unconditional(n); ok {
				return x
			}
			if x, ok := distributed(n); ok {
				out = x
			}
			if x, ok := grouped(out); ok {
				return x
			}
		}
		if args, ok := listedOut(out.args); ok {
			y := *out
			y.args = args
			return &y
		}
		return out
	}
	return n
}

// unconditional takes off a condition on a constant: f(x) = cx, c ∈ ℝ.
func unconditional(n *node) (*node, bool) {
	last := n.args[len(n.args)-1]
	if len(n.args) != 2 || last.k != kRel || last.name != "i" || last.args[0].k != kSym || last.args[1].k != kSym {
		return nil, false
	}
	l, v, ok := named(n.args[0])
	if !ok || !holds(v, last.args[0].name) || holds(l, last.args[0].name) {
		return nil, false
	}
	return n.args[0], last.args[1].name == "ℝ"
}

// pairwise reads (x, y) = (1, 2) as x = 1, y = 2.
func pairwise(n *node) (*node, bool) {
	if n.name != "=" || n.args[0].k != kTuple || n.args[1].k != kTuple || len(n.args[0].args) != len(n.args[1].args) || !isName(n.args[0]) {
		return nil, false
	}
	out := &node{k: kList}
	for i, x := range n.args[0].args {
		out.args = append(out.args, &node{k: kRel, name: "=", args: []*node{x, n.args[1].args[i]}})
	}
	return out, true
}

// distributed gives each element of "x ≠ 0, 3" the relation of the first, and of
// "1, 5 (mod 6)" the modulus of the last.
func distributed(n *node) (*node, bool) {
	first, last := n.args[0], n.args[len(n.args)-1]
	if len(n.args) < 2 {
		return nil, false
	}
	value := last
	if _, v, ok := named(last); ok {
		value = v
	}
	if value.k == kFunc && value.name == "residue" {
		out := *n
		out.args = make([]*node, len(n.args))
		for i, x := range n.args {
			if _, v, ok := named(x); ok {
				x = v
			}
			if x.k == kFunc && x.name == "residue" {
				out.args[i] = x
				continue
			}
			if shapeOf(x) != isScalar {
				return nil, false
			}
			out.args[i] = &node{k: kFunc, name: "residue", args: []*node{x, value.args[1]}}
		}
		return &out, true
	}
	if first.k != kRel || first.name != "n" || !isName(first.args[0]) {
		return nil, false
	}
	out := *n
	out.args = []*node{first}
	for _, x := range n.args[1:] {
		if shapeOf(x) != isScalar {
			return nil, false
		}
		out.args = append(out.args, &node{k: kRel, name: "n", args: []*node{first.args[0], x}})
	}
	return &out, true
}

// grouped reads "x=1, y=2 or x=2, y=1" as tuples in the order of the names.
func grouped(n *node) (*node, bool) {
	size := 0
	var names []string
	var values []*node
	for i, x := range n.args {
		l, v, ok := named(unwrap(x))
		if !ok || l.k != kSym {
			return nil, false
		}
		if size == 0 && i > 0 && l.name == names[0] {
			size = i
		}
		names, values = append(names, l.name), append(values, v)
	}
	if size < 2 || len(names)%size != 0 {
		return nil, false
	}
	order := slices.Sorted(slices.Values(names[:size]))
	if len(slices.Compact(slices.Clone(order))) != size {
		return nil, false
	}
	out := &node{k: kList}
	for g := 0; g < len(names); g += size {
		tuple := &node{k: kTuple}
		for _, name := range order {
			i := slices.Index(names[g:g+size], name)
			if i < 0 {
				return nil, false
			}
			tuple.args = append(tuple.args, values[g+i])
		}
		out.args = append(out.args, tuple)
	}
	return out, true
}

// listedOut replaces the dots of an arithmetic progression of integers by its
// members: 1, 2, …, 6. ok is false where there are no dots or no end.
func listedOut(args []*node) ([]*node, bool) {
	at := slices.IndexFunc(args, func(x *node) bool { return x.k == kDots })
	if at < 1 || at+2 != len(args) {
		return nil, false
	}
	var known []int64
	for i, x := range args {
		if i == at {
			continue
		}
		v, ok := x.number()
		k, isInt := v.int64()
		if !ok || !isInt || k > 1e6 || k < -1e6 {
			return nil, false
		}
		known = append(known, k)
	}
	step := int64(1)
	if at > 1 {
		step = known[1] - known[0]
	}
	for i := 2; i < at; i++ {
		if known[i]-known[i-1] != step {
			return nil, false
		}
	}
	last, end := known[at-1], known[at]
	if step == 0 || (end-last)%step != 0 || (end-last)/step < 1 || (end-last)/step > 300 {
		return nil, false
	}
	out := slices.Clone(args[:at])
	for k := last + step; k != end; k += step {
		out = append(out, &node{k: kNum, val: ratInt(k)})
	}
	return append(out, args[at+1]), true
}

// integers lists {n ∈ ℤ | 3 ≤ n ≤ 6}; ok is false where that is no set of few
// integers.
func (c *comparer) integers(n *node) (*node, bool) {
	x := n.args[0]
	if x.k != kRel || x.name != "i" || x.args[0].k != kSym || x.args[1].k != kSym {
		return nil, false
	}
	lowest := int64(-1 << 62)
	switch x.args[1].name {
	case "ℤ":
	case "ℕ", "ℤ_+", "ℤ^+":
		lowest = 1
	default:
		return nil, false
	}
	r, ok := c.regionOf(n.args[1], 0)
	if !ok {
		return nil, false
	}
	var o ordering
	if !c.order(r, &o) || len(o.ends) == 0 {
		return nil, false
	}
	c.place(r, &o)
	if r.contains(2*len(o.ends)) || lowest < 0 && r.contains(0) {
		return nil, false // without end
	}
	first, ok := exact(o.ends[0], nil, &c.work)
	last, okay := exact(o.ends[len(o.ends)-1], nil, &c.work)
	from, isInt := first.floor().int64()
	to, areInts := last.floor().int64()
	if from = max(from, lowest); r.contains(0) { // {n ∈ ℕ | n ≤ 3}
		from = lowest
	}
	if !ok || !okay || !isInt || !areInts || to >= from && uint64(to)-uint64(from) > 300 {
		return nil, false
	}
	out := &node{k: kSet}
	for k := from; k <= to; k++ {
		at := 0 // the position of k among the ends
		for i, e := range o.ends {
			v, ok := exact(e, nil, &c.work)
			if !ok {
				return nil, false
			}
			switch v.cmp(ratInt(k)) {
			case 0:
				at = 2*i + 1
			case -1:
				at = 2*i + 2
			}
		}
		if r.contains(at) {
			out.args = append(out.args, &node{k: kNum, val: ratInt(k)})
		}
	}
	return out, true
}
