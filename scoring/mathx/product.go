package mathx

import "strings"

// product reads factors: explicit and implicit multiplication and division
// from left to right, so that 1/2x is (1/2)x.
func (p *parser) product() *node {
	if !p.enter() {
		return p.failed("")
	}
	defer func() { p.depth-- }()
	left := p.factor()
	var args []*node
	flush := func() {
		if args != nil {
			left, args = p.node(node{k: kMul, args: args}), nil
		}
	}
	for p.fail == "" {
		t := p.peek()
		switch {
		case t.t == tTimes:
			p.i++
			if x := p.peek().t; x == tEnd || closes(x) {
				return p.failed("nothing follows the multiplication sign")
			}
			p.times(&left, &args, p.signed())
		case t.t == tDivide:
			p.i++
			flush()
			left = p.op(kDiv, left, p.signed())
		case t.t == tMod:
			p.i++
			flush()
			left = p.fn("mod", left, p.signed())
		case p.startsFactor(t, left):
			if t.t == tNum && !p.numberMayFollow(t, left) {
				return p.failed("two numbers side by side")
			}
			if t.t == '(' && left.k == kSym && args == nil {
				left = p.call(left)
				continue
			}
			p.times(&left, &args, p.factor())
		default:
			flush()
			return left
		}
	}
	return p.node(node{k: kText})
}

// numberMayFollow says whether a factor may be a number behind left: (2)3 and
// x 3, not 2 3.
func (p *parser) numberMayFollow(t token, left *node) bool {
	switch p.toks[p.i-1].t {
	case tShutCeil, tShutFlr, '}', ')', tDegree, tSym, tPi, tE, tI:
		return true
	}
	return left.has(bracketed) || t.space && left.k != kNum
}

func (p *parser) times(left **node, args *[]*node, x *node) {
	if *args == nil {
		*args = append(make([]*node, 0, 4), *left, x)
		return
	}
	*args = append(*args, x)
}

// signed reads a factor that may have a sign of its own.
func (p *parser) signed() *node {
	switch p.peek().t {
	case '-':
		if !p.enter() {
			return p.failed("")
		}
		defer func() { p.depth-- }()
		p.i++
		return p.negate(p.signed())
	case '+':
		p.i++
	}
	return p.factor()
}

// call reads "(…)" behind a symbol: the call of a function whose name is
// customary, else a product that may be a call.
func (p *parser) call(f *node) *node {
	name, _, _ := strings.Cut(strings.TrimRight(f.name, "'"), "_")
	open := p.i
	x := p.factor()
	switch {
	case x.k == kInterval: // x(0, 4]
		return x
	case x.k == kNum && x.has(bracketed) && p.toks[open].t == '(' && len(name) == 1: // I(0)
		return p.node(node{k: kFunc, name: f.name, flag: call, args: p.args(x)})
	case x.k == kTuple && len(name) == 1 && name[0] >= 'A' && name[0] <= 'Z' && name != "F" && name != "G" && name != "H":
		y := *x // P(2, -3): the point
		y.name = name
		return p.node(y)
	case x.k == kTuple, name == "f" || name == "g" || name == "h" || name == "F" || name == "G" || name == "H" || strings.HasSuffix(f.name, "'"):
		if p.toks[open].t == '(' && x.k != kPow {
			args := p.args(x)
			if x.k == kTuple {
				args = x.args
			}
			return p.node(node{k: kFunc, name: f.name, flag: call, args: args})
		}
	}
	return p.node(node{k: kMul, flag: call, args: p.args(f, x)})
}

// startsFactor says whether a token begins another factor of a product.
func (p *parser) startsFactor(t token, left *node) bool {
	switch t.t {
	case tSym:
		if p.group == 0 && left.k == kFunc && left.name == "deg" && (t.text == "C" || t.text == "F") { // 77 °F
			return false
		}
		if next := p.ahead(1).t; p.group == 0 && t.space && left.k == kNum && letterUnit(t.text) && (next == tWord || next == tText) { // 5 m long
			return false
		}
		return !p.units || left.k != kNum || unitOf(t.text) == nil
	case '(':
		return p.group > 0 || !t.space || !p.aside()
	case tFrac:
		return !p.fractionOfUnits()
	case tFunc, tPi, tE, tI, tInf, '{', tBig, tSqrt, tBinom, tFloor, tCeil, tAccent, tUnder, tWrap, tBegin, tNum, tAngle:
		return true
	case '[':
		return true
	case '|':
		return p.abs == 0 && p.build == 0
	case tOpenVec:
		return true
	case tMoney:
		return false
	case tWord:
		return p.letters(t, left)
	}
	return false
}

// letters says whether a word behind a value is a product of letters rather
// than a unit.
func (p *parser) letters(t token, left *node) bool {
	variables := t.t == tWord && len(t.text) == 2 && (left.k == kSym || left.k != kNum && !t.roman && t.text[1] <= 'Z') // mg behind μ, kT behind 3/2
	if strings.IndexFunc(t.text, func(r rune) bool { return r > 'z' }) >= 0 || len(t.text) > 4 || p.unitLike() && !variables {
		return false
	}
	if p.group > 0 || p.words {
		return true
	}
	next := p.ahead(1).t
	if next == tText || next == tWord { // words in a row are prose
		return false
	}
	return !t.space || len(t.text) < 3
}

// unitLike says whether the word here is a unit outside of brackets.
func (p *parser) unitLike() bool {
	t := p.peek()
	if p.plain {
		return false
	}
	if p.group > 0 {
		return t.space && len(t.text) > 2 && unitOf(t.text) != nil
	}
	return unitOf(t.text) != nil
}
