package mathx

import "strings"

// mapped gives a tree in which f has replaced what it gives a node for; where f
// gives nil for a node, its parts are looked at. What is not changed is shared:
// the tree itself is given back where nothing is.
func mapped(n *node, f func(*node) *node) *node {
	if x := f(n); x != nil {
		return x
	}
	out := n
	for i, x := range n.args {
		y := mapped(x, f)
		if y == x {
			continue
		}
		if out == n {
			c := *n
			c.args = append([]*node(nil), n.args...)
			out = &c
		}
		out.args[i] = y
	}
	return out
}

// substitute puts a tree in the place of a variable.
func substitute(n *node, v string, by *node) *node {
	return mapped(n, func(x *node) *node {
		if x.k == kSym && x.name == v {
			return by
		}
		return nil
	})
}

// rename gives a variable another name.
func rename(n *node, from, to string) *node {
	return substitute(n, from, &node{k: kSym, name: to})
}

// renameIndex gives the bound variable its name where it is an index: a_i.
func renameIndex(n *node, v string) *node {
	return mapped(n, func(x *node) *node {
		if x.k != kSym {
			return nil
		}
		if base, ok := strings.CutSuffix(x.name, "_"+v); ok {
			return &node{k: kSym, name: base + "_" + boundName}
		}
		return nil
	})
}

// counting turns the imaginary unit into the variable i.
func counting(n *node) *node { return replaced(n, kI, &node{k: kSym, name: "i"}) }

// conjugate turns i into -i.
func conjugate(n *node) *node { return replaced(n, kI, &node{k: kNeg, args: []*node{{k: kI}}}) }

func replaced(n *node, k kind, by *node) *node {
	return mapped(n, func(x *node) *node {
		if x.k == k {
			return by
		}
		return nil
	})
}

// imaginary reads the j of engineers, or the I of programs, as i.
func imaginary(n *node, name string) *node { return substitute(n, name, &node{k: kI}) }

// plainBasis takes arrows and hats off the unit vectors i, j and k.
func plainBasis(n *node) *node {
	return mapped(n, func(x *node) *node {
		if x.k != kSym {
			return nil
		}
		switch x.name {
		case "vec i", "hat i":
			return &node{k: kI}
		case "vec j", "hat j", "vec k", "hat k":
			return &node{k: kSym, name: x.name[4:]}
		}
		return nil
	})
}
