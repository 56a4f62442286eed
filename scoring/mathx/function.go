package mathx

import "strings"

// function reads the argument of a known function, and its power or base
// before that.
func (p *parser) function(name string) *node {
	var power, base *node
	for p.fail == "" {
		if p.peek().t == '^' && power == nil {
			p.i++
			power = p.exponent()
			continue
		}
		if p.peek().t == '_' && base == nil {
			p.i++
			base = p.argument(false)
			continue
		}
		break
	}
	if name == "sqrt" {
		name = "root"
	}
	var args []*node
	switch p.peek().t {
	case '(', '[':
		x := p.atom()
		args = elements(x)
		if x.k == kTuple || x.k == kSquare {
			args = x.args
		}
		if x.k == kInterval {
			return p.failed("the brackets of a function do not match")
		}
	case '{':
		p.i++
		args = elements(p.braces())
	case tOpenSet:
		p.i++
		args = p.set().args
	case '|':
		args = []*node{p.factor()}
	default:
		args = []*node{p.functionArgument()}
	}
	if p.fail != "" {
		return p.node(node{k: kText})
	}
	if len(args) == 0 {
		return p.failed("a function lacks its argument")
	}
	return p.apply(name, base, power, args)
}

// functionArgument reads an argument without brackets: factors side by side, up to
// the next function or operator.
func (p *parser) functionArgument() *node {
	if p.peek().t == '-' {
		p.i++
		return p.negate(p.functionArgument())
	}
	if p.peek().t == tFunc { // \ln\sin x
		return p.factor()
	}
	left := p.factor()
	var args []*node
	for p.fail == "" {
		t := p.peek()
		if !p.startsFactor(t, left) || t.t == tFunc || t.t == '(' || t.t == '[' || t.t == '|' || t.t == tNum || t.t == tBegin {
			break
		}
		p.times(&left, &args, p.factor())
	}
	if args != nil {
		left = p.node(node{k: kMul, args: args})
	}
	// sin π/6
	if p.peek().t == tDivide && p.ahead(1).t == tNum && (left.k == kPi || left.k == kMul && left.args[len(left.args)-1].k == kPi) {
		p.i += 2
		left = p.op(kDiv, left, p.node(node{k: kNum, val: p.toks[p.i-1].val}))
	}
	return left
}

// apply builds a call: powers on the name go around it, an exponent of -1 is
// the inverse function.
func (p *parser) apply(name string, base, power *node, args []*node) *node {
	if power != nil {
		if v, ok := power.number(); ok && v.is(-1) {
			if inverse, ok := map[string]string{"sin": "asin", "cos": "acos", "tan": "atan", "cot": "acot", "sec": "asec", "csc": "acsc", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh"}[name]; ok {
				name, power = inverse, nil
			}
		}
	}
	var x *node
	switch name {
	case "root", "cbrt":
		degree := p.node(node{k: kNum, val: ratInt(2)})
		if name == "cbrt" {
			degree = p.node(node{k: kNum, val: ratInt(3)})
		}
		if len(args) == 2 {
			degree = args[1]
		}
		x = p.fn("root", args[0], degree)
	case "cis":
		x = p.op(kAdd, p.fn("cos", args[0]), p.op(kMul, p.node(node{k: kI}), p.fn("sin", args[0])))
	case "det":
		if args[0].k == kMatrix {
			x = p.determinant(args[0])
		} else {
			x = p.fn("det", args...)
		}
	case "exp":
		x = p.op(kPow, p.node(node{k: kE}), args[0])
	case "log", "lg":
		if name == "lg" {
			base = p.node(node{k: kNum, val: ratInt(10)})
		}
		if len(args) == 2 && base == nil {
			base = args[1]
		}
		if base != nil {
			x = p.fn("logb", args[0], base)
		} else {
			x = p.fn("log", args[0])
		}
	default:
		if base != nil {
			name += "_" + base.String()
		}
		x = p.node(node{k: kFunc, name: name, args: args})
	}
	if power != nil {
		x = p.op(kPow, x, power)
	}
	return x
}

// textAtom reads words: the name of something, or a product of letters.
func (p *parser) textAtom() *node {
	t := p.peek()
	next := p.ahead(1)
	if t.t == tWord && next.t != tText && next.t != tWord {
		short := len(t.text) <= 4 && t.text != "" && t.text[0] < 0x80
		mathy := false
		switch next.t {
		case '+', '-', tTimes, tDivide, '^', tPM, '!', tFrac, tSqrt:
			mathy = len(t.text) <= 6
		case '(', '{', tPi, tFunc, tSym, tE, tI, tFloor:
			mathy = short
		case '_':
			mathy = short && !allUpper(t.text)
		}
		before := token{}
		if p.i > 0 {
			before = p.toks[p.i-1]
		}
		switch before.t {
		case '+', '-', tTimes, tDivide, '^', tPM, '(', '{', '|', tNum, tSym, tFunc, tSqrt, tFrac, tPi, tRel, tWrap, '}', ')':
			named := before.t == tRel && next.t == tEnd && len(t.text) > 3 && !p.words // colour = blue
			mathy = mathy || short && !named
		}
		if p.words && short || next.t == tRel && strings.Trim(t.text, "xyz") == "" { // xy = 1
			mathy = true
		}
		if mathy {
			p.i++
			args := make([]*node, 0, len(t.text))
			for i := range len(t.text) {
				switch c := t.text[i : i+1]; c {
				case "e":
					args = append(args, p.node(node{k: kE}))
				case "i":
					args = append(args, p.node(node{k: kI}))
				default:
					args = append(args, p.node(node{k: kSym, name: c}))
				}
			}
			// what stands behind the word goes with its last letter
			last := args[len(args)-1]
			for p.fail == "" {
				if p.peek().t == '^' {
					p.i++
					last = p.raise(last)
				} else if p.peek().t == '_' {
					p.i++
					last = p.index(last)
				} else {
					break
				}
			}
			args[len(args)-1] = last
			return p.node(node{k: kMul, args: args})
		}
	}
	var b strings.Builder
	for {
		t := p.peek()
		if t.t != tText && t.t != tWord {
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
		p.i++
	}
	text := wordsOf(b.String())
	x := p.node(node{k: kText, name: text})
	switch t := p.peek().t; {
	case t == tEnd, t == tRel, t == ':', t == '_', separatorToken(t), closes(t), t == '&', t == '.':
		return x
	}
	switch text {
	case "about", "approximately", "exactly", "the answer is", "answer", "approx", "is", "equals", "total", "around", "roughly", "the value is":
		y := p.item()
		return p.node(node{k: kPrefixed, name: text, args: p.args(y)})
	}
	if option := strings.TrimSpace(b.String()); optionLetter(option) || len(option) == 1 {
		p.i = len(p.toks)
		return p.node(node{k: kText, name: strings.Trim(lowerASCII(option), "()")})
	}
	return p.failed("words within mathematics: " + text)
}

func allUpper(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}
