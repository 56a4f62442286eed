package mathx

import (
	"slices"
	"strings"
)

// combinations reads C(n, k), which looks like a point, as the binomial
// coefficient, and P(n, k) as the number of arrangements.
func combinations(n *node) (*node, bool) {
	if n.k != kTuple || len(n.args) != 2 || n.name != "C" && n.name != "P" {
		return nil, false
	}
	x := &node{k: kFunc, name: "binom", args: n.args}
	if n.name == "P" {
		x = &node{k: kMul, args: []*node{x, {k: kFunc, name: "factorial", args: n.args[1:]}}}
	}
	return x, true
}

// choose rewrites the other spellings of the binomial coefficient, C_n^k and
// 12C5, where a letter C with an index is meant as that.
func choose(n *node) (*node, bool) {
	index := func(x *node) (*node, bool) {
		digits, ok := strings.CutPrefix(x.name, "C_")
		v, isNumber := decimalValue(digits)
		if !ok || x.k != kSym || !allDigits(digits) || !isNumber {
			if ok && len(digits) == 1 {
				return &node{k: kSym, name: digits}, true
			}
			return nil, false
		}
		return &node{k: kNum, val: v}, true
	}
	if n.k == kPow {
		if top, ok := index(n.args[0]); ok {
			return &node{k: kFunc, name: "binom", args: []*node{top, n.args[1]}}, true
		}
	}
	if n.k == kMul && len(n.args) == 2 && n.args[0].k == kNum {
		if low, ok := index(n.args[1]); ok {
			return &node{k: kFunc, name: "binom", args: []*node{n.args[0], low}}, true
		}
	}
	if n.k == kMul && len(n.args) == 3 && n.args[0].k == kNum && n.args[1].k == kSym && n.args[1].name == "C" && n.args[2].k == kNum {
		return &node{k: kFunc, name: "binom", args: []*node{n.args[0], n.args[2]}}, true
	}
	if !holdsIndexedC(n) {
		return n, false
	}
	changed := false
	out := *n
	out.args = make([]*node, len(n.args))
	for i, x := range n.args {
		y, ok := choose(x)
		out.args[i] = x
		if ok {
			out.args[i], changed = y, true
		}
	}
	return &out, changed
}

// holdsIndexedC says whether a letter C, alone or with an index, stands somewhere.
func holdsIndexedC(n *node) bool {
	return n.k == kSym && (n.name == "C" || strings.HasPrefix(n.name, "C_")) || slices.ContainsFunc(n.args, holdsIndexedC)
}
