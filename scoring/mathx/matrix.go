package mathx

import "slices"

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

// matrixOf gives the entries of a matrix, a vector or a multiple of one.
func matrixOf(n *node) (entries []*node, columns int64, ok bool) {
	switch n.k {
	case kMatrix:
		columns, _ := n.val.int64()
		return n.args, columns, true
	case kTuple, kVector, kSquare:
		return n.args, 0, true // as column or row
	case kFunc: // t(4, -1, 3), read as a call
		if !n.has(call) || len(n.args) < 2 || len(n.name) != 1 {
			return nil, 0, false
		}
		out := make([]*node, len(n.args))
		for i, x := range n.args {
			out[i] = &node{k: kMul, args: []*node{{k: kSym, name: n.name}, x}}
		}
		return out, 0, true
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
