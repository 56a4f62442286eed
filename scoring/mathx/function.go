package mathx

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
			t, next := p.peek(), p.ahead(1).t
			lone := t.t == tNum && (next == tEnd || closes(next) || next == '+' || next == '-' || separatorToken(next)) // \log_25 is log₂ 5
			base = p.argument(lone)
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
	case "ratio": // SymPy's Rational(1, 2)
		x = args[0]
		if len(args) == 2 {
			x = p.op(kDiv, args[0], args[1])
		}
	case "cis":
		x = p.op(kAdd, p.fn("cos", args[0]), p.op(kMul, p.node(node{k: kI}), p.fn("sin", args[0])))
	case "det":
		if args[0].k == kMatrix {
			x = p.determinant(args[0])
		} else {
			x = p.fn("det", args...)
		}
	case "asinh", "acosh", "atanh":
		x = p.areaFunction(name, args[0])
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

// areaFunction writes the inverse hyperbolic functions as logarithms (Abramowitz
// & Stegun 1964, 4.6.20–22).
func (p *parser) areaFunction(name string, x *node) *node {
	one, two := p.node(node{k: kNum, val: ratInt(1)}), p.node(node{k: kNum, val: ratInt(2)})
	if name == "atanh" {
		quotient := p.op(kDiv, p.op(kAdd, one, x), p.op(kAdd, one, p.negate(x)))
		return p.op(kDiv, p.fn("ln", quotient), two)
	}
	if name == "acosh" {
		one = p.node(node{k: kNum, val: ratInt(-1)})
	}
	return p.fn("ln", p.op(kAdd, x, p.fn("root", p.op(kAdd, p.op(kPow, x, two), one), two)))
}
