package mathx

import (
	"math"
	"slices"
)

// familyName is what the integer parameter of a family is called: its own name
// does not matter.
const familyName = "any integer"

// familyOf reads values with an integer parameter, "π/4 + kπ, k ∈ ℤ" or
// {π/4 + kπ | k ∈ ℤ}: a node of the kind kFamily whose args are the values.
func familyOf(n *node) (*node, bool) {
	parameter := func(x *node) string {
		if x.k != kRel || x.name != "i" || x.args[0].k != kSym || x.args[1].k != kSym {
			return ""
		}
		switch x.args[1].name {
		case "ℤ", "Z":
			return x.args[0].name
		}
		return ""
	}
	build := func(values []*node, name string) (*node, bool) {
		out := &node{k: kFamily}
		for _, x := range values {
			if _, v, ok := named(x); ok {
				x = v
			}
			if !holds(x, name) {
				return nil, false
			}
			out.args = append(out.args, branches(rename(x, name, familyName))...)
		}
		return out, len(out.args) > 0
	}
	switch {
	case n.k == kList && len(n.args) > 1:
		if name := parameter(n.args[len(n.args)-1]); name != "" {
			return build(n.args[:len(n.args)-1], name)
		}
	case n.k == kBuilder:
		if name := parameter(n.args[1]); name != "" {
			return build(n.args[:1], name)
		}
	case n.k == kMul && len(n.args) == 2: // [2kπ, 2kπ + π] (k ∈ ℤ)
		if name := parameter(n.args[1]); name != "" {
			return build(n.args[:1], name)
		}
	case n.k == kRel && n.name == "=" && n.args[1].k == kMul:
		if f, ok := familyOf(n.args[1]); ok && isName(n.args[0]) {
			return f, true
		}
	}
	return nil, false
}

// families compares families of values. A side without "k ∈ ℤ" is read as one if
// it has but one variable.
func (c *comparer) families(g, a *node, depth int) (Outcome, string) {
	x, ok := c.asFamily(g)
	y, okay := c.asFamily(a)
	if !ok || !okay {
		return Different, "a family of values and none"
	}
	p, ok := c.progressions(x.args)
	q, okay := c.progressions(y.args)
	if ok && okay {
		return c.sameProgressions(p, q)
	}
	return c.collections(&node{k: kList, args: x.args}, &node{k: kList, args: y.args}, depth+1)
}

func (c *comparer) asFamily(n *node) (*node, bool) {
	if n.k == kFamily {
		return n, true
	}
	items, ok := c.elementsOf(n)
	if !ok {
		return nil, false
	}
	out := &node{k: kFamily}
	for _, x := range items {
		var t traits
		t.read(x)
		if len(t.symbols) != 1 {
			return nil, false
		}
		out.args = append(out.args, rename(x, t.symbols[0], familyName))
	}
	return out, true
}

// A progression is start + k·step for all integers k.
type progression struct {
	start, step *node
	at, by      float64
}

// progressions reads values as progressions; ok is false where one is none.
func (c *comparer) progressions(values []*node) ([]progression, bool) {
	var out []progression
	for _, x := range values {
		if shapeOf(x) != isScalar {
			return nil, false
		}
		q := quantityOf(x)
		if q.percent || q.unit != nil && q.unit != angleDegree {
			return nil, false
		}
		number := func(k int64) *node { return substitute(x, familyName, &node{k: kNum, val: ratInt(k)}) }
		p := progression{start: number(0)}
		p.step = minus(number(1), p.start)
		next := &node{k: kAdd, args: []*node{{k: kSym, name: familyName}, {k: kNum, val: ratInt(1)}}}
		if same, _ := c.scalar(minus(substitute(x, familyName, next), x), p.step); same != Same {
			return nil, false
		}
		var ok bool
		if p.at, ok = c.real(p.start); !ok {
			return nil, false
		}
		if p.by, ok = c.real(p.step); !ok || p.by == 0 {
			return nil, false
		}
		out = append(out, p)
	}
	return out, true
}

func (c *comparer) real(n *node) (float64, bool) {
	c.degree = true
	b, ok := point{nil, &c.worker, &c.work}.float(n)
	return real(b.z), ok && b.real
}

// sameProgressions compares unions of progressions: each is parted into ones of
// a common step, whose starts must agree but for multiples of it.
func (c *comparer) sameProgressions(g, a []progression) (Outcome, string) {
	all := append(slices.Clone(g), a...)
	parts := int64(1) // how often the first step goes into the common one
	for _, p := range all {
		ratio := math.Abs(p.by / all[0].by)
		den := int64(0)
		for d := int64(1); d <= 24 && den == 0; d++ {
			if n := math.Round(ratio * float64(d)); n > 0 && math.Abs(ratio*float64(d)-n) < 1e-9*n {
				if out, _ := c.scalar(scaled(p.step, ratInt(d), 0), scaled(all[0].step, ratInt(int64(n)*int64(boolSign(p.by/all[0].by))), 0)); out == Same {
					den = d
					parts = lcm64(parts, int64(n)/gcd64(int64(n), d))
				}
			}
		}
		if den == 0 || parts > 48 {
			return Different, "another step"
		}
	}
	common, by := scaled(all[0].step, ratInt(parts), 0), all[0].by*float64(parts)
	expand := func(ps []progression) ([]progression, bool) {
		var out []progression
		for _, p := range ps {
			n := int64(math.Round(math.Abs(by / p.by)))
			if n < 1 || int64(len(out))+n > 96 {
				return nil, false
			}
			for k := range n {
				shifted := &node{k: kAdd, args: []*node{p.start, scaled(p.step, ratInt(k), 0)}}
				q := progression{start: shifted, at: p.at + float64(k)*p.by}
				if !slices.ContainsFunc(out, func(o progression) bool { return c.congruent(o, q, common, by) }) {
					out = append(out, q)
				}
			}
		}
		return out, true
	}
	p, ok := expand(g)
	q, okay := expand(a)
	if !ok || !okay {
		return Unknown, "too many values in a period"
	}
	for _, x := range p {
		if !slices.ContainsFunc(q, func(y progression) bool { return c.congruent(x, y, common, by) }) {
			return Different, x.start.String() + " is missing"
		}
	}
	if len(p) != len(q) {
		return Different, "more values than are wanted"
	}
	return Same, "the same values for all integers"
}

// congruent says whether two starts differ by a multiple of the step.
func (c *comparer) congruent(x, y progression, step *node, by float64) bool {
	k := math.Round((x.at - y.at) / by)
	if math.Abs((x.at-y.at)/by-k) > 1e-9*(1+math.Abs(k)) || math.Abs(k) > 1e9 {
		return false
	}
	out, _ := c.scalar(minus(x.start, y.start), scaled(step, ratInt(int64(k)), 0))
	return out == Same
}

func boolSign(x float64) int {
	if x < 0 {
		return -1
	}
	return 1
}

func lcm64(a, b int64) int64 { return a / gcd64(a, b) * b }
