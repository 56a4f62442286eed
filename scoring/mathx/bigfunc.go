package mathx

import (
	"math"
	"math/big"
)

func (p bigPoint) function(n *node) (bigBall, bool) {
	switch n.name {
	case "factorial", "binom", "gcd", "lcm", "doublefact", "floor", "ceil", "max", "min":
		if v, ok := exact(n, p.at, p.work); ok {
			return p.rat(v), true
		}
	}
	x, ok := p.eval(n.args[0])
	if !ok {
		return bigBall{}, false
	}
	one := bigBall{re: p.float().SetInt64(1), err: noError}
	switch n.name {
	case "percent":
		return p.mul(x, p.rat(ratOf(1, 100)))
	case "deg":
		if !p.w.degree {
			return x, true
		}
		pi, _ := p.rounded(bigBall{re: p.float().Set(constants().pi), err: noError})
		if x, ok = p.mul(x, pi); !ok {
			return bigBall{}, false
		}
		return p.mul(x, p.rat(ratOf(1, 180)))
	case "root":
		k, ok := exact(n.args[1], p.at, p.work)
		i, isInt := k.int64()
		if !ok || !isInt || i < 1 {
			return bigBall{}, false
		}
		if i == 2 {
			return p.sqrt(x)
		}
		if x.im == nil && x.re.Sign() < 0 && i%2 == 1 {
			out, ok := p.viaLog(p.neg(x), ratOf(1, i))
			return p.neg2(out, ok)
		}
		if x.im == nil && x.re.Sign() == 0 && x.err <= noError {
			return x, true
		}
		return p.viaLog(x, ratOf(1, i))
	case "ln", "log":
		out, ok := p.log(x)
		if ok && n.name == "log" && p.w.log10 {
			return p.quotient(out, bigBall{re: bigLog(p.float().SetInt64(10), p.prec), err: 5 - int(p.prec)})
		}
		return out, ok
	case "logb":
		b, ok := p.eval(n.args[1])
		if !ok {
			return bigBall{}, false
		}
		if b, ok = p.log(b); !ok {
			return bigBall{}, false
		}
		if x, ok = p.log(x); !ok {
			return bigBall{}, false
		}
		return p.quotient(x, b)
	case "abs":
		if x.im == nil {
			x.re = p.float().Abs(x.re)
			return x, true
		}
		norm := sum(p.prec, p.float().Mul(x.re, x.re), p.float().Mul(x.im, x.im))
		return p.rounded(bigBall{re: norm.Sqrt(norm), err: worse(x.err, satAdd(x.mag(), 4-int(p.prec)))})
	case "floor", "ceil":
		if x.im != nil || x.err > -8 || exponentOf(x.re) > int(p.prec)-16 {
			return bigBall{}, false
		}
		k, _ := x.re.Int(nil)
		frac, _ := p.float().Sub(x.re, p.float().SetInt(k)).Float64()
		if frac < 0 {
			k.Sub(k, big.NewInt(1))
			frac++
		}
		if margin := math.Ldexp(1, max(x.err+1, -1000)); frac < margin || frac > 1-margin {
			return bigBall{}, false
		}
		if n.name == "ceil" {
			k.Add(k, big.NewInt(1))
		}
		return bigBall{re: p.float().SetInt(k), err: noError}, true
	case "sin", "cos", "tan", "cot", "sec", "csc":
		sin, cos, ok := p.sincos(x)
		if !ok {
			return bigBall{}, false
		}
		switch n.name {
		case "sin":
			return sin, true
		case "cos":
			return cos, true
		case "tan":
			return p.quotient(sin, cos)
		case "cot":
			return p.quotient(cos, sin)
		case "sec":
			return p.inv(cos)
		}
		return p.inv(sin)
	case "sinh", "cosh", "tanh", "coth", "sech", "csch":
		plus, ok := p.exp(x)
		if !ok {
			return bigBall{}, false
		}
		minus, ok := p.inv(plus)
		if !ok {
			return bigBall{}, false
		}
		s, ok := p.add(plus, p.neg(minus))
		if !ok {
			return bigBall{}, false
		}
		c, ok := p.add(plus, minus)
		if !ok {
			return bigBall{}, false
		}
		half := p.rat(ratOf(1, 2))
		switch n.name {
		case "sinh":
			return p.mul(s, half)
		case "cosh":
			return p.mul(c, half)
		case "tanh":
			return p.quotient(s, c)
		case "coth":
			return p.quotient(c, s)
		case "sech":
			return p.quotient(p.rat(ratInt(2)), c)
		}
		return p.quotient(p.rat(ratInt(2)), s)
	case "atan", "acot", "asin", "acos", "asec", "acsc":
		if x.im != nil {
			return bigBall{}, false
		}
		return p.inverse(n.name, x, one)
	}
	if functions[n.name] != "" || n.name == "factorial" || n.name == "binom" || unevaluated[n.name] {
		return bigBall{}, false
	}
	return p.rat(p.applied(n)), true
}

func (p bigPoint) neg2(b bigBall, ok bool) (bigBall, bool) {
	if !ok {
		return bigBall{}, false
	}
	return p.neg(b), true
}

func (p bigPoint) inverse(name string, x, one bigBall) (bigBall, bool) {
	var ok bool
	*p.work -= 2000 * int(p.prec) / 256
	half := p.float().Set(constants().pi)
	half.SetMantExp(half, -1)
	right := bigBall{re: half, err: 4 - int(p.prec)}
	switch name {
	case "asec", "acsc":
		if x, ok = p.inv(x); !ok {
			return bigBall{}, false
		}
		fallthrough
	case "asin", "acos":
		square, ok := p.mul(x, x)
		if !ok {
			return bigBall{}, false
		}
		rest, ok := p.add(one, p.neg(square))
		if !ok || rest.re.Sign() <= 0 {
			return bigBall{}, false
		}
		if rest, ok = p.sqrt(rest); !ok {
			return bigBall{}, false
		}
		if x, ok = p.quotient(x, rest); !ok {
			return bigBall{}, false
		}
	}
	a := bigBall{re: bigAtan(x.re, p.prec), err: worse(x.err, 5-int(p.prec))}
	if name == "acos" || name == "asec" || name == "acot" {
		return p.add(right, p.neg(a))
	}
	return a, true
}
