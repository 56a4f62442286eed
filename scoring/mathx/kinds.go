package mathx

import "strings"

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
