package mathx

import "strings"

// atom reads the smallest complete expression.
func (p *parser) atom() *node {
	if !p.enter() {
		return p.failed("")
	}
	defer func() { p.depth-- }()
	t := p.peek()
	p.i++
	switch t.t {
	case tNum:
		return p.numeral(t)
	case tSym:
		if p.build == 0 && p.group == 0 && hexDigit(t.text) && !p.peek().space && (p.peek().t == tNum || p.peek().t == tWord) {
			p.i--
			if n, ok := p.baseNumeral(); ok {
				return n
			}
			p.i++
		}
		return p.node(node{k: kSym, name: t.text})
	case tPi:
		return p.node(node{k: kPi})
	case tE:
		return p.node(node{k: kE})
	case tI:
		return p.node(node{k: kI})
	case tInf:
		return p.node(node{k: kInf})
	case tDots:
		return p.node(node{k: kDots})
	case tEmpty:
		return p.node(node{k: kSet})
	case '(', '[':
		return p.brackets(t.t)
	case tOpenVec:
		p.group++
		x := p.list()
		p.group--
		if !p.take(tShutVec) && !p.take(')') {
			return p.failed("a bracket is not closed")
		}
		return p.node(node{k: kVector, args: elements(x)})
	case '{':
		return p.braces()
	case tOpenSet:
		return p.set()
	case '|', tMid:
		return p.absolute()
	case tFloor:
		return p.between("floor", tShutFlr)
	case tCeil:
		return p.between("ceil", tShutCeil)
	case '^', '_':
		return p.prescript(t.t)
	case tFrac:
		top := p.argument(true)
		return p.op(kDiv, top, p.argument(true))
	case tBinom:
		top := p.argument(true)
		return p.fn("binom", top, p.argument(true))
	case tSqrt:
		return p.root(t)
	case tFunc:
		return p.function(t.text)
	case tBig:
		return p.big(t.text)
	case tBegin:
		return p.environment(t.text)
	case tAccent, tUnder:
		x := p.argument(false)
		if t.t == tAccent && t.text == "△" {
			return x
		}
		if t.t == tUnder && containsKind(x, kI) && symbolFree(x) {
			return conjugate(x)
		}
		return p.node(node{k: kSym, name: t.text + " " + strings.ReplaceAll(x.String(), "*", "")})
	case tAngle:
		p.i--
		return p.geometric()
	case tWrap:
		if p.peek().t == '{' && p.ahead(1).t == '}' {
			return p.failed("empty")
		}
		if p.take('{') {
			x := p.braces()
			if x.k == kSet && p.toks[p.i-1].t == '}' && len(x.args) > 1 { // a list in a box
				x = p.node(node{k: kList, args: x.args})
			}
			return x
		}
		return p.atom()
	case tMoney:
		sign := p.take('-')
		x := p.factor()
		if sign {
			x = p.negate(x)
		}
		return p.node(node{k: kQuantity, args: p.args(x), unit: unitOf(t.text)})
	case tText, tWord:
		p.i--
		return p.textAtom()
	case '-':
		return p.negate(p.factor())
	case '+':
		return p.factor()
	case '.':
		return p.failed("a full stop within an expression")
	case tEnd:
		return p.failed("the expression ends too early")
	}
	return p.failed("cannot read the expression")
}

// prescript reads what stands raised or lowered before its base: ^{7}/_{12} is a
// fraction, {}_{12}C_{5} a binomial coefficient.
func (p *parser) prescript(t tok) *node {
	x := p.argument(false)
	if next := p.peek(); next.t == tSym && next.text == "C" {
		p.i++
		if p.take('_') {
			return p.fn("binom", x, p.argument(false))
		}
		return p.failed("a C with an index before it lacks the one behind it")
	}
	return x
}

// geometric reads ∠ABC and △ABC: a name.
func (p *parser) geometric() *node {
	name := "∠"
	if p.peek().text != "" {
		name = p.peek().text
	}
	p.i++
	for p.peek().t == tSym || p.peek().t == tWord || p.peek().t == tE || p.peek().t == tI || p.peek().t == tNum && len(name) < 8 {
		t := p.peek()
		p.i++
		switch t.t {
		case tE:
			name += "e"
		case tI:
			name += "i"
		default:
			name += t.text
		}
		if p.take('_') {
			x, _ := p.indexText()
			name += "_" + x
		}
	}
	return p.node(node{k: kSym, name: name})
}

// elements gives the elements of what a bracket held.
func elements(x *node) []*node {
	if x.k == kList {
		return x.args
	}
	return []*node{x}
}

// argument reads the argument of a command: a group or one token; with digit,
// one digit of a number.
func (p *parser) argument(digit bool) *node {
	t := p.peek()
	switch {
	case t.t == '{':
		p.i++
		return p.braces()
	case t.t == tNum && digit && len(t.text) > 1 && allDigits(t.text):
		rest, _ := decimalValue(t.text[1:])
		p.toks[p.i] = token{t: tNum, text: t.text[1:], val: rest}
		return p.node(node{k: kNum, val: ratInt(int64(t.text[0] - '0'))})
	case t.t == tNum:
		p.i++
		return p.node(node{k: kNum, val: t.val, name: t.text})
	case t.t == tEnd:
		return p.failed("a command lacks its argument")
	}
	return p.atom()
}

// root reads what follows a root: its index and what stands under it.
func (p *parser) root(t token) *node {
	index := ratInt(2)
	var degree *node
	switch {
	case t.text != "" && !allDigits(t.text):
		degree = p.node(node{k: kSym, name: t.text})
	case t.text != "":
		index, _ = decimalValue(t.text)
	case p.peek().t == '[':
		p.i++
		p.group++
		degree = p.sum()
		p.group--
		if !p.take(']') {
			return p.failed("the index of a root is not closed")
		}
	}
	if degree == nil {
		degree = p.node(node{k: kNum, val: index})
	}
	var x *node
	switch p.peek().t {
	case '{':
		p.i++
		x = p.braces()
	case tNum:
		n := p.peek()
		p.i++
		x = p.node(node{k: kNum, val: n.val})
	case tEnd:
		return p.failed("a root of nothing")
	default:
		x = p.atom()
	}
	return p.fn("root", x, degree)
}
