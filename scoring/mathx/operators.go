package mathx

import (
	"slices"
	"strings"
)

// maxSummed bounds the nodes that finite sums and products are written out to.
const maxSummed = 2000

// unevaluated are the operators that stay as they are written: not unknown
// functions, but without a value here.
var unevaluated = map[string]bool{"lim": true, "int": true, "iint": true, "iiint": true, "oint": true, "sum": true, "prod": true, "mod": true}

// big reads \sum, \prod, \int and \lim with their bounds and what they range
// over. Sums and products between whole numbers are written out; the others
// stay a function of their parts, the bound variable renamed.
func (p *parser) big(name string) *node {
	var low, high *node
	for p.fail == "" {
		switch {
		case p.peek().t == '_' && low == nil:
			p.i++
			p.group++
			low = p.argument(true)
			p.group--
			continue
		case p.peek().t == '^' && high == nil:
			p.i++
			high = p.exponent()
			continue
		}
		break
	}
	if t := p.peek().t; t == tEnd || closes(t) {
		return p.failed("nothing follows a sum, a product, an integral or a limit")
	}
	body := p.product()
	if p.fail != "" {
		return body
	}
	if low == nil {
		low = p.node(node{k: kList})
	}
	if high == nil {
		high = p.node(node{k: kList})
	}
	if low.k == kRel && len(low.args) == 2 && (low.args[0].k == kSym || low.args[0].k == kI) {
		v := low.args[0].name
		if low.args[0].k == kI { // i counts here
			v = "i"
			body, low = counting(body), counting(low)
		}
		from, fixed := low.args[1].number()
		fixed = fixed && low.name == "="
		to, ends := high.number()
		if fixed && ends && (name == "sum" || name == "prod") {
			if x, ok := p.writtenOut(name, body, v, from, to); ok {
				return x
			}
		}
		body, low = renameIndex(rename(body, v, boundName), v), rename(low, v, boundName)
	}
	if strings.HasSuffix(name, "int") {
		if v := differential(body); v != "" {
			body = rename(body, v, boundName)
		}
	}
	return p.fn(name, body, low, high)
}

// boundName is what the variable of a sum or an integral is called: its own name
// does not matter.
const boundName = "bound"

// differential gives the variable of an integrand that ends in dx; empty if it
// does not.
func differential(n *node) string {
	if n.k != kMul {
		return ""
	}
	last := n.args[len(n.args)-1]
	if last.k == kMul { // the word "dx"
		return differential(last)
	}
	if d := n.args[len(n.args)-2]; last.k == kSym && d.k == kSym && d.name == "d" {
		return last.name
	}
	return ""
}

// writtenOut gives the terms of a short sum or product; ok is false if it is long.
func (p *parser) writtenOut(name string, body *node, v string, from, to rat) (*node, bool) {
	a, ok := from.int64()
	b, okay := to.int64()
	size := count(body)
	if !ok || !okay || b < a || b-a >= maxSummed || (b-a+1)*int64(size) > int64(maxSummed-p.summed) {
		return nil, false
	}
	p.summed += int(b-a+1) * size
	var terms []*node
	for i := a; i <= b; i++ {
		terms = append(terms, substitute(body, v, p.node(node{k: kNum, val: ratInt(i)})))
	}
	k := kAdd
	if name == "prod" {
		k = kMul
	}
	if len(terms) == 1 {
		return terms[0], true
	}
	return p.node(node{k: k, args: terms}), true
}

func count(n *node) int {
	size := 1
	for _, x := range n.args {
		size += count(x)
	}
	return size
}

// modulo reads (mod n) behind a residue: "3 \pmod 7" is the class of 3, whose
// least representative is kept where both are whole numbers.
func (p *parser) modulo(x *node) *node {
	open := p.peek().text == "("
	p.i++
	var n *node
	if open {
		p.group++
		n = p.sum()
		p.group--
		if !p.take(')') {
			return p.failed("a bracket is not closed")
		}
	} else {
		n = p.argument(false)
	}
	return p.residue(x, n)
}

func (p *parser) residue(x, n *node) *node {
	a, ok := x.number()
	m, okay := n.number()
	if ok && okay && a.isInt() && m.isInt() && m.sign() > 0 {
		rest := a.sub(a.mul(m.inv()).floor().mul(m))
		x = p.node(node{k: kNum, val: rest})
	}
	return p.fn("residue", x, n)
}

// determinant gives the determinant of a small square matrix as an expression.
func (p *parser) determinant(m *node) *node {
	columns, _ := m.val.int64()
	n := int(columns)
	if m.k != kMatrix || len(m.args) != n*n || n > 4 {
		return p.fn("det", m)
	}
	var expand func(rows, cols []int) *node
	expand = func(rows, cols []int) *node {
		if len(rows) == 1 {
			return m.args[rows[0]*n+cols[0]]
		}
		var terms []*node
		for i, col := range cols {
			rest := slices.Delete(slices.Clone(cols), i, i+1)
			x := p.op(kMul, m.args[rows[0]*n+col], expand(rows[1:], rest))
			if i%2 == 1 {
				x = p.op(kNeg, x)
			}
			terms = append(terms, x)
		}
		return p.node(node{k: kAdd, args: terms})
	}
	all := []int{0, 1, 2, 3}[:n]
	return expand(all, all)
}

// moreUnits reads the smaller units of one quantity: 2 h 30 min, 5 ft 6 in, 12
// dollars and 75 cents, 30 degrees 15 minutes.
func (p *parser) moreUnits(q *node) *node {
	if q.k != kQuantity || q.unit.noun != "" && !q.unit.money {
		return q
	}
	degrees := q.unit == angleDegree || q.unit.pi == 1 && q.unit.equal(angleDegree)
	if q.unit.pi != 0 && !degrees {
		return q
	}
	last := q.unit
	for p.fail == "" {
		start := p.i
		if !p.take(tAnd) {
			p.take(',')
		}
		t := p.peek()
		if t.t != tNum {
			p.i = start
			break
		}
		p.i++
		u := p.smallerUnit()
		if u != nil && degrees { // minutes and seconds of arc
			arc := *angleDegree
			switch {
			case u.equal(fixed["minute"]):
				arc.scale = arc.scale.mul(ratOf(1, 60))
			case u.equal(fixed["sec"]):
				arc.scale = arc.scale.mul(ratOf(1, 3600))
			default:
				arc = *u
			}
			u = &arc
		}
		if u == nil || u.pi != q.unit.pi || !u.convertible(q.unit) || u.scale.cmp(last.scale) >= 0 {
			p.i = start
			break
		}
		small := p.node(node{k: kNum, val: t.val.mul(u.scale.mul(q.unit.scale.inv()))})
		q = p.node(node{k: kQuantity, unit: q.unit, args: p.args(p.op(kAdd, q.args[0], small))})
		last = u
	}
	return q
}

// smallerUnit reads the unit behind a further number; nil if there is none.
func (p *parser) smallerUnit() *unit {
	switch mark := p.peek(); {
	case mark.t == tPrime:
		p.i++
		return unitOf(map[string]string{"": "ft", "''": "in"}[mark.text])
	case mark.t == tSym && p.units && unitOf(mark.text) != nil:
		p.i++
		return unitOf(mark.text)
	}
	if u, ok := p.unit(); ok {
		return u
	}
	return nil
}

// fractionOfUnits says whether \frac{…}{…} is a unit: \frac{\text{km}}{\text{h}}.
func (p *parser) fractionOfUnits() bool {
	t := p.ahead(2)
	return p.group == 0 && p.ahead(1).t == '{' && (t.t == tText || t.t == tWord || t.roman) && unitOf(strings.TrimSpace(t.text)) != nil
}
