package mathx

import (
	"slices"
	"strings"
)

// A region is a set of real numbers, built from intervals.
type region struct {
	op       byte // 'i' interval, 'u' union, 'n' intersection, '\\' difference
	low, hi  *node
	flag     uint16
	lowAt    int // ordinals of the ends, once they are sorted
	hiAt     int
	a, b     *region
	variable string
}

// conditions says whether a list consists of inequalities, so that it is a
// region.
func (c *comparer) conditions(n *node) bool {
	if n.k != kList {
		return false
	}
	for _, x := range n.args {
		if x.k != kRel || strings.Trim(x.name, "=") == "" && !n.has(disjoined) || strings.Trim(x.name, "=~i") == "" && !n.has(disjoined) {
			return false
		}
	}
	return slices.ContainsFunc(n.args, func(x *node) bool { return strings.ContainsAny(x.name, "<>lgn") })
}

// regionOf reads a set of reals; ok is false if it is none of this program's.
func (c *comparer) regionOf(n *node, depth int) (*region, bool) {
	if depth > 30 {
		return nil, false
	}
	n = unwrap(n)
	combine := func(op byte, x, y *node) (*region, bool) {
		a, ok := c.regionOf(x, depth+1)
		if !ok {
			return nil, false
		}
		b, ok := c.regionOf(y, depth+1)
		if !ok {
			return nil, false
		}
		return join(op, a, b)
	}
	switch n.k {
	case kInterval:
		return c.between2(n.args[0], n.args[1], n.flag&(openLow|openHigh))
	case kTuple, kSquare:
		if len(n.args) != 2 || c.descending(n.args[0], n.args[1]) {
			return nil, false
		}
		flag := openLow | openHigh
		if n.k == kSquare {
			flag = 0
		}
		return c.between2(n.args[0], n.args[1], flag)
	case kSym:
		if n.name == "ℝ" {
			return &region{op: 'i'}, true
		}
	case kSet:
		return c.pointsOf(n.args, depth)
	case kUnion:
		return combine('u', n.args[0], n.args[1])
	case kIntersect:
		return combine('n', n.args[0], n.args[1])
	case kMinus:
		return combine('\\', n.args[0], n.args[1])
	case kAdd:
		if len(n.args) == 2 && n.args[1].k == kNeg {
			return combine('\\', n.args[0], n.args[1].args[0])
		}
	case kBuilder: // the variable is bound: its name does not matter
		x := n.args[0]
		var r *region
		ok := false
		switch {
		case x.k == kRel && x.name == "i":
			r, ok = combine('n', x.args[1], n.args[1])
		case x.k == kSym:
			r, ok = c.regionOf(n.args[1], depth+1)
		}
		if ok {
			r.variable = ""
		}
		return r, ok
	case kList:
		if len(n.args) == 0 {
			return nil, false
		}
		op := byte('n')
		if n.has(disjoined) {
			op = 'u'
		}
		if !slices.ContainsFunc(n.args, func(x *node) bool { return x.k == kRel }) {
			op = 'u' // intervals side by side
			for _, x := range n.args {
				if s := shapeOf(x); s != isRegion && s != isSquare && s != isSet && s != isTuple {
					return nil, false
				}
			}
		}
		out, ok := c.regionOf(n.args[0], depth+1)
		for _, x := range n.args[1:] {
			if !ok {
				return nil, false
			}
			var r *region
			if r, ok = c.regionOf(x, depth+1); ok {
				out, ok = join(op, out, r)
			}
		}
		return out, ok
	case kRel:
		return c.solve(n, depth)
	}
	return nil, false
}

func join(op byte, a, b *region) (*region, bool) {
	v := a.variable
	if v == "" || v == "□" {
		v = b.variable
	}
	if a.variable != "" && b.variable != "" && a.variable != b.variable && a.variable != "□" && b.variable != "□" {
		return nil, false
	}
	return &region{op: op, a: a, b: b, variable: v}, true
}

func (c *comparer) pointsOf(items []*node, depth int) (*region, bool) {
	out := &region{op: 'n', a: &region{op: 'i', hi: zeroNode, flag: openHigh}, b: &region{op: 'i', low: zeroNode, flag: openLow}} // nothing
	for _, x := range items {
		if shapeOf(x) != isScalar {
			return nil, false
		}
		for _, y := range branches(x) {
			out = &region{op: 'u', a: out, b: &region{op: 'i', low: y, hi: y}}
		}
	}
	return out, true
}

var zeroNode = &node{k: kNum, val: ratInt(0)}

// descending says whether the ends of what looks like an interval are not in
// ascending order, so that it is none.
func (c *comparer) descending(low, hi *node) bool {
	x, ok := c.real(low)
	y, okay := c.real(hi)
	return ok && okay && x >= y
}

// between2 builds the interval from low to hi; infinite ends are nil.
func (c *comparer) between2(low, hi *node, flag uint16) (*region, bool) {
	r := &region{op: 'i', low: low, hi: hi, flag: flag}
	if s := infinite(low); s != 0 {
		if s > 0 {
			return nil, false
		}
		r.low = nil
	}
	if s := infinite(hi); s != 0 {
		if s < 0 {
			return nil, false
		}
		r.hi = nil
	}
	return r, true
}

// An ordering holds the ends of regions in ascending order.
type ordering struct {
	ends []*node
	at   []float64
}

// order numbers the ends of a region; equal ends get one number.
func (c *comparer) order(r *region, o *ordering) bool {
	if r.a != nil {
		return c.order(r.a, o) && c.order(r.b, o)
	}
	for _, n := range []*node{r.low, r.hi} {
		if n == nil {
			continue
		}
		p := point{nil, &c.worker, &c.work}
		var t traits
		t.read(n)
		if len(t.symbols) > 0 {
			return false
		}
		c.degree = true
		b, ok := p.float(n)
		if !ok || !b.real || len(o.ends) > 60 {
			return false
		}
		x := real(b.z)
		known := false
		for _, e := range o.ends {
			if out, _ := c.quantities(e, n); out == Same {
				known = true
				break
			}
		}
		if known {
			continue
		}
		i, _ := slices.BinarySearch(o.at, x)
		o.at = slices.Insert(o.at, i, x)
		o.ends = slices.Insert(o.ends, i, n)
	}
	return true
}

// place gives the ends of a region their positions: 2i+1 for the i-th end.
func (c *comparer) place(r *region, o *ordering) {
	if r.a != nil {
		c.place(r.a, o)
		c.place(r.b, o)
		return
	}
	find := func(n *node) int {
		for i, e := range o.ends {
			if e == n {
				return 2*i + 1
			}
		}
		for i, e := range o.ends {
			if out, _ := c.quantities(e, n); out == Same {
				return 2*i + 1
			}
		}
		return -1
	}
	r.lowAt, r.hiAt = -1, 2*len(o.ends)+1
	if r.low != nil {
		r.lowAt = find(r.low)
	}
	if r.hi != nil {
		r.hiAt = find(r.hi)
	}
}

// contains says whether a position lies in a region: odd ones are ends, even
// ones lie between.
func (r *region) contains(at int) bool {
	switch r.op {
	case 'u':
		return r.a.contains(at) || r.b.contains(at)
	case 'n':
		return r.a.contains(at) && r.b.contains(at)
	case '\\':
		return r.a.contains(at) && !r.b.contains(at)
	}
	low := at > r.lowAt || at == r.lowAt && r.flag&openLow == 0
	high := at < r.hiAt || at == r.hiAt && r.flag&openHigh == 0
	return low && high
}

// regions compares sets of real numbers by what they contain.
func (c *comparer) regions(g, a *node, depth int) (Outcome, string) {
	// Relations that are not solved: the same relation up to a positive factor.
	x, ok := c.regionOf(g, 0)
	y, okay := c.regionOf(a, 0)
	if ok && okay {
		if x.variable != "" && y.variable != "" && x.variable != y.variable && x.variable != "□" && y.variable != "□" {
			if out, why := c.relations(g, a); out == Same {
				return out, why
			}
			return Different, "another variable"
		}
		var o ordering
		if c.order(x, &o) && c.order(y, &o) {
			c.place(x, &o)
			c.place(y, &o)
			for at := range 2*len(o.ends) + 1 {
				if x.contains(at) != y.contains(at) {
					where := "beyond the ends"
					if at%2 == 1 {
						where = "at " + o.ends[at/2].String()
					} else if at > 0 && at < 2*len(o.ends) {
						where = "between " + o.ends[at/2-1].String() + " and " + o.ends[at/2].String()
					}
					return Different, "the sets differ " + where
				}
			}
			return Same, "the same set of real numbers"
		}
		if x.op == 'i' && y.op == 'i' {
			return c.sameEnds(x, y)
		}
	}
	if g.k == kRel && a.k == kRel {
		return c.relations(g, a)
	}
	if g.k == kUnion && a.k == kUnion || g.k == kIntersect && a.k == kIntersect {
		return c.collections(&node{k: kList, args: g.args}, &node{k: kList, args: a.args}, depth+1)
	}
	if g.k == kMinus && a.k == kMinus {
		return c.inOrder(g.args, a.args, depth+1)
	}
	if g.k == kBuilder && a.k == kBuilder {
		return c.inOrder(g.args, a.args, depth+1)
	}
	if c.conditions(g) && c.conditions(a) {
		return c.collections(g, a, depth+1)
	}
	return Different, shapeOf(g).String() + " and " + shapeOf(a).String()
}

func (c *comparer) sameEnds(x, y *region) (Outcome, string) {
	if x.flag != y.flag || (x.low == nil) != (y.low == nil) || (x.hi == nil) != (y.hi == nil) {
		return Different, "other ends"
	}
	for _, e := range [][2]*node{{x.low, y.low}, {x.hi, y.hi}} {
		if e[0] == nil {
			continue
		}
		if out, why := c.scalar(e[0], e[1]); out != Same {
			return out, why
		}
	}
	return Same, "the same ends"
}
