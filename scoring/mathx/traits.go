package mathx

import "slices"

// traits are what a tree holds, as far as the choice of method needs it.
type traits struct {
	symbols  []string
	degree   bool // the degree sign
	log      bool // a bare log
	roots    bool // a root, a fractional power or a logarithm of a variable
	stepping bool // floor, factorials and the like of a variable
	floors   bool // floor and ceiling of a variable
	absolute bool
	pm       bool
	quantity bool
}

func (t *traits) read(n *node) (symbolic bool) {
	switch n.k {
	case kSym:
		if n.name == boundName {
			return false
		}
		if !slices.Contains(t.symbols, n.name) {
			t.symbols = append(t.symbols, n.name)
		}
		return true
	case kDots:
		return true
	case kPM:
		t.pm = true
	case kQuantity:
		t.quantity = true
	}
	inner := false
	for i, x := range n.args {
		s := t.read(x)
		inner = inner || s
		if n.k == kPow && i == 1 && s && n.args[0].k != kE {
			if v, ok := n.args[0].number(); ok && v.sign() < 0 || n.args[0].k == kNeg {
				t.stepping = true
			}
		}
	}
	if n.k == kPow && inner {
		if e, ok := n.args[1].number(); !ok && n.args[0].k != kE && n.args[0].k != kNum || ok && !e.isInt() {
			t.roots = true
		}
	}
	if n.k == kFunc {
		switch n.name {
		case "deg":
			t.degree = true
		case "log":
			t.log = true
			t.roots = t.roots || inner
		case "root", "ln", "logb":
			t.roots = t.roots || inner
		case "abs", "sgn", "max", "min":
			t.absolute = t.absolute || inner
		case "floor", "ceil":
			t.stepping = t.stepping || inner
			t.floors = t.floors || inner
		case "factorial", "binom", "gcd", "lcm", "doublefact", "sum", "prod":
			t.stepping = t.stepping || inner
		}
	}
	return inner
}
