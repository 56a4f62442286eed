package mathx

import (
	"slices"
	"strings"
)

// equations decides whether two equations have the same solutions, as far as
// rearranging and multiplying by a constant go: left minus right must be
// proportional.
func (c *comparer) equations(g, a *node) (Outcome, string) {
	if g.k != kRel || a.k != kRel || len(g.args) != len(a.args) {
		return Different, "another equation"
	}
	if len(g.args) > 2 {
		return c.chainOf(g, a)
	}
	for _, n := range []*node{g, a} {
		for _, x := range n.args {
			if s := shapeOf(x); s != isScalar {
				if out, _ := c.compare(g.args[0], a.args[0], 30); out != Same {
					return Different, "another equation"
				}
				return c.compare(g.args[1], a.args[1], 30)
			}
		}
	}
	out, why := c.proportional(g.args[0], g.args[1], a.args[0], a.args[1], false)
	if out == Same {
		return Same, "proportional equations"
	}
	if out == Different {
		return Different, "another equation"
	}
	return out, why
}

func (c *comparer) chainOf(g, a *node) (Outcome, string) {
	for i := range g.args {
		if out, why := c.scalar(g.args[i], a.args[i]); out != Same {
			return out, why
		}
	}
	return Same, "equal member by member"
}

func minus(a, b *node) *node {
	return &node{k: kAdd, args: []*node{a, {k: kNeg, args: []*node{b}}}}
}

// proportional decides whether gl-gr is a constant multiple of al-ar, positive
// if so asked.
func (c *comparer) proportional(gl, gr, al, ar *node, positive bool) (Outcome, string) {
	f, h := minus(gl, gr), minus(al, ar)
	c.degree = true
	if x, ok := c.of(f); ok {
		if y, ok := c.of(h); ok {
			p, q := x.n, y.n
			if !positive {
				p, q = c.cleared(p), c.cleared(q)
			} else {
				d, ok := x.d.isConst()
				e, okay := y.d.isConst()
				if !ok || !okay {
					p, q = nil, nil
				} else {
					p, q = p.scale(d.inv()), q.scale(e.inv())
				}
			}
			if len(p) > 0 && len(p) == len(q) {
				ratio := p[0].c.mul(q[0].c.inv())
				if (!positive || ratio.sign() > 0) && samePoly(p, q.scale(ratio)) {
					return Same, "proportional"
				}
			}
			if c.independent() && !positive && c.rational(p) && c.rational(q) {
				return Different, "not proportional"
			}
		}
	}
	var t, u traits
	t.read(f)
	u.read(h)
	for _, s := range u.symbols {
		if !slices.Contains(t.symbols, s) {
			return Different, "other variables"
		}
	}
	for _, s := range t.symbols {
		if !slices.Contains(u.symbols, s) {
			return Different, "other variables"
		}
	}
	var first bigBall
	agreed := 0
	for i, at := range points(t.symbols, t.stepping || u.stepping) {
		if i >= firstNegative && t.roots && u.roots {
			break
		}
		p := bigPoint{point{at, &c.worker, &c.work}, 256}
		x, ok := p.eval(f)
		if !ok {
			continue
		}
		y, ok := p.eval(h)
		if !ok {
			continue
		}
		r, ok := p.quotient(x, y)
		if !ok || r.low() <= r.err+100 {
			continue
		}
		if positive && (r.im != nil || r.re.Sign() < 0) {
			return Different, "another direction"
		}
		if agreed == 0 {
			first, agreed = r, 1
			continue
		}
		d, ok := p.add(r, p.neg(first))
		if !ok {
			continue
		}
		if d.low() > d.err+1 {
			return Different, "not proportional"
		}
		if agreed++; agreed >= 4 {
			return Same, "proportional at several points"
		}
	}
	if agreed >= 3 {
		return Same, "proportional at several points"
	}
	return Unknown, "could not decide whether the equations are proportional"
}

// cleared multiplies a polynomial by what makes all exponents of its atoms at
// least 0, and some 0: x - 1/y becomes xy - 1.
func (w *worker) cleared(p poly) poly {
	least := map[int32]factor{}
	for i, t := range p {
		seen := map[int32]bool{}
		for _, f := range t.f {
			if k := w.atoms[f.atom].kind; k != aSymbol && k != aExp && k != aOpaque {
				continue
			}
			seen[f.atom] = true
			l, ok := least[f.atom]
			if !ok {
				l = factor{f.atom, 0, 1}
				if i == 0 {
					l = f
				}
			}
			if int64(f.n)*int64(l.d) < int64(l.n)*int64(f.d) {
				l = f
			}
			least[f.atom] = l
		}
		for a, l := range least {
			if !seen[a] && l.n > 0 {
				least[a] = factor{a, 0, 1}
			}
		}
	}
	for a, l := range least {
		if l.n >= 0 { // factors of variables that are never 0 are not assumed
			continue
		}
		if q, ok := w.mul(p, w.power(a, -l.n, l.d)); ok {
			p = q
		}
	}
	return p
}

// rational says whether all exponents are integers.
func (w *worker) rational(p poly) bool {
	for _, t := range p {
		for _, f := range t.f {
			if f.d != 1 {
				return false
			}
		}
	}
	return true
}

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
	case kTuple:
		if len(n.args) == 2 {
			return c.between2(n.args[0], n.args[1], openLow|openHigh)
		}
	case kSquare:
		if len(n.args) == 2 {
			return c.between2(n.args[0], n.args[1], 0)
		}
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
	case kBuilder:
		x := n.args[0]
		if x.k == kRel && x.name == "i" {
			a, ok := c.regionOf(x.args[1], depth+1)
			if !ok {
				return nil, false
			}
			b, ok := c.regionOf(n.args[1], depth+1)
			if !ok {
				return nil, false
			}
			return join('n', a, b)
		}
		if x.k == kSym {
			return c.regionOf(n.args[1], depth+1)
		}
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

func infinite(n *node) int {
	switch {
	case n.k == kInf:
		return 1
	case n.k == kNeg && n.args[0].k == kInf:
		return -1
	}
	return 0
}

// solve gives the solutions of a chain of inequalities in one variable: those
// that are linear in it, and |linear| and square against a constant.
func (c *comparer) solve(n *node, depth int) (*region, bool) {
	var out *region
	for i := range n.name {
		r, ok := c.solveOne(n.args[i], n.args[i+1], n.name[i], depth)
		if !ok {
			return nil, false
		}
		if out == nil {
			out = r
			continue
		}
		if out, ok = join('n', out, r); !ok {
			return nil, false
		}
	}
	return out, out != nil
}

func flip(op byte) byte {
	switch op {
	case '<':
		return '>'
	case '>':
		return '<'
	case 'l':
		return 'g'
	case 'g':
		return 'l'
	}
	return op
}

func (c *comparer) solveOne(l, r *node, op byte, depth int) (*region, bool) {
	if op == 'i' {
		if l.k != kSym {
			return nil, false
		}
		x, ok := c.regionOf(r, depth+1)
		if ok {
			x.variable = l.name
		}
		return x, ok
	}
	var t traits
	t.read(l)
	t.read(r)
	if len(t.symbols) != 1 {
		// a variable against letters: x > a. The left side is the unknown.
		if l.k == kSym && !holds(r, l.name) {
			return ray(r, op, l.name), true
		}
		return nil, false
	}
	v := t.symbols[0]
	if holds(r, v) && !holds(l, v) {
		l, r, op = r, l, flip(op)
	}
	if l.k == kSym && !holds(r, v) {
		return ray(r, op, v), true
	}
	if !holds(r, v) && l.k == kFunc && l.name == "abs" {
		inner := l.args[0]
		negative := &node{k: kNeg, args: []*node{r}}
		switch op {
		case '<', 'l':
			return c.solveTwo(inner, negative, flip(op), inner, r, op, 'n', depth)
		case '>', 'g':
			return c.solveTwo(inner, r, op, inner, negative, flip(op), 'u', depth)
		case '=', 'n':
			joint := byte('u')
			if op == 'n' {
				joint = 'n'
			}
			return c.solveTwo(inner, r, op, inner, negative, op, joint, depth)
		}
	}
	if !holds(r, v) && l.k == kPow && l.args[1].k == kNum && l.args[1].val.is(2) {
		root := &node{k: kFunc, name: "root", args: []*node{r, {k: kNum, val: ratInt(2)}}}
		if val, ok := exact(r, nil, &c.work); ok && val.sign() >= 0 {
			return c.solveOne(&node{k: kFunc, name: "abs", args: []*node{l.args[0]}}, root, op, depth+1)
		}
	}
	// Linear: f(x) = l - r at 0, 1, 2 and 5.
	f := minus(l, r)
	var y [4]rat
	for i, x := range [...]int64{0, 1, 2, 5} {
		value, ok := exact(f, assignment{v: ratInt(x)}, &c.work)
		if !ok {
			return c.linearIn(f, v, op)
		}
		y[i] = value
	}
	slope := y[1].sub(y[0])
	if slope.sign() == 0 || !y[2].sub(y[1]).equal(slope) || !y[3].sub(y[2]).equal(slope.mul(ratInt(3))) {
		return nil, false
	}
	if slope.sign() < 0 {
		op = flip(op)
	}
	return ray(&node{k: kNum, val: y[0].neg().mul(slope.inv())}, op, v), true
}

// linearIn solves where the coefficients are no rationals: x·√2 > 1.
func (c *comparer) linearIn(f *node, v string, op byte) (*region, bool) {
	form, ok := c.of(f)
	if !ok {
		return nil, false
	}
	d, ok := form.d.isConst()
	if !ok {
		return nil, false
	}
	slope := ratInt(0)
	for _, t := range form.n {
		has := false
		for _, x := range t.f {
			a := c.atoms[x.atom]
			if a.kind == aSymbol && a.key == v {
				has = true
				if x.n != 1 || x.d != 1 || len(t.f) != 1 {
					return nil, false
				}
			} else if a.kind == aOpaque || a.kind == aBase || a.kind == aExp {
				if strings.Contains(a.key, v) {
					return nil, false
				}
			}
		}
		if has {
			slope = t.c
		}
	}
	if slope.sign() == 0 {
		return nil, false
	}
	if slope.mul(d).sign() < 0 {
		op = flip(op)
	}
	// the root is f(0) / -slope, kept as an expression
	at := substitute(f, v, zeroNode)
	return ray(&node{k: kMul, args: []*node{at, {k: kNum, val: slope.mul(d.inv()).inv().neg()}}}, op, v), true
}

func substitute(n *node, v string, by *node) *node {
	if n.k == kSym && n.name == v {
		return by
	}
	if len(n.args) == 0 {
		return n
	}
	out := *n
	out.args = make([]*node, len(n.args))
	for i, x := range n.args {
		out.args[i] = substitute(x, v, by)
	}
	return &out
}

func (c *comparer) solveTwo(l1, r1 *node, op1 byte, l2, r2 *node, op2, joint byte, depth int) (*region, bool) {
	if depth > 30 {
		return nil, false
	}
	a, ok := c.solveOne(l1, r1, op1, depth+1)
	if !ok {
		return nil, false
	}
	b, ok := c.solveOne(l2, r2, op2, depth+1)
	if !ok {
		return nil, false
	}
	return join(joint, a, b)
}

// ray gives the numbers related to end by op.
func ray(end *node, op byte, v string) *region {
	r := &region{op: 'i', variable: v}
	switch op {
	case '<':
		r.hi, r.flag = end, openHigh
	case 'l':
		r.hi = end
	case '>':
		r.low, r.flag = end, openLow
	case 'g':
		r.low = end
	case '=', '~':
		r.low, r.hi = end, end
	case 'n':
		return &region{op: 'u', variable: v, a: &region{op: 'i', hi: end, flag: openHigh}, b: &region{op: 'i', low: end, flag: openLow}}
	}
	if infiniteEnd(r) {
		r.low, r.hi = dropInfinite(r.low), dropInfinite(r.hi)
	}
	return r
}

func infiniteEnd(r *region) bool {
	return r.low != nil && infinite(r.low) != 0 || r.hi != nil && infinite(r.hi) != 0
}

func dropInfinite(n *node) *node {
	if n != nil && infinite(n) != 0 {
		return nil
	}
	return n
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

// relations compares inequalities in several variables, or of no simple form.
func (c *comparer) relations(g, a *node) (Outcome, string) {
	if g.k != kRel || a.k != kRel || len(g.args) != len(a.args) {
		return Different, "another relation"
	}
	forward := func(n *node, i int) (l, r *node, op byte) {
		l, r, op = n.args[i], n.args[i+1], n.name[i]
		if op == '<' || op == 'l' {
			return r, l, flip(op)
		}
		return l, r, op
	}
	pairs := len(g.args) - 1
	try := func(back bool) (Outcome, string) {
		for i := range pairs {
			j := i
			if back {
				j = pairs - 1 - i
			}
			gl, gr, gop := forward(g, i)
			al, ar, aop := forward(a, j)
			if gop != aop {
				return Different, "another relation"
			}
			if gop == 'i' {
				if out, why := c.inOrder([]*node{gl, gr}, []*node{al, ar}, 30); out != Same {
					return out, why
				}
				continue
			}
			out, why := c.proportional(gl, gr, al, ar, gop == '>' || gop == 'g')
			if out != Same {
				return out, why
			}
		}
		return Same, "the same relation"
	}
	out, why := try(false)
	if out != Same && pairs > 1 {
		if o, w := try(true); o == Same {
			return o, w
		}
	}
	return out, why
}
