package mathx

import (
	"math"
	"math/cmplx"
)

func (p point) floatPow(base, exponent *node) (ball, bool) {
	e, isRat := exact(exponent, p.at, p.work)
	if k, isInt := e.int64(); isRat && isInt && k > -40 && k < 40 {
		b, ok := p.float(base)
		if !ok {
			return ball{}, false
		}
		if k < 0 {
			if b, ok = b.inv(); !ok {
				return ball{}, false
			}
			k = -k
		}
		out := ball{1, 0, true}
		for ; k > 0 && ok; k >>= 1 {
			if k&1 == 1 {
				out, ok = out.mul(b)
			}
			if k > 1 && ok {
				b, ok = b.mul(b)
			}
		}
		return out, ok
	}
	if base.k == kE {
		x, ok := p.float(exponent)
		if !ok {
			return ball{}, false
		}
		return x.exp()
	}
	b, ok := p.float(base)
	if !ok {
		return ball{}, false
	}
	if b, ok = b.log(); !ok {
		return ball{}, false
	}
	x, ok := p.float(exponent)
	if !ok {
		return ball{}, false
	}
	if b, ok = b.mul(x); !ok {
		return ball{}, false
	}
	out, ok := b.exp()
	if isRat && b.real {
		out.real = true
	}
	return out, ok
}

// applied gives a fixed value to an unknown function of given arguments.
func (p point) applied(n *node) rat {
	key := n.name
	for _, x := range n.args {
		w := worker{work: *p.work / 4}
		if f, ok := w.of(x); ok {
			key += "(" + w.formText(f) + ")"
		} else {
			key += "(" + x.String() + ")"
		}
	}
	*p.work -= 200
	return ratOf(int64(1<<20+symbolValue(key)%(1<<20)), 1<<20)
}

func (p point) floatFunction(n *node) (ball, bool) {
	switch n.name {
	case "factorial", "binom", "gcd", "lcm", "doublefact", "floor", "ceil", "max", "min":
		if v, ok := exact(n, p.at, p.work); ok {
			return p.float(&node{k: kNum, val: v})
		}
	}
	x, ok := p.float(n.args[0])
	if !ok {
		return ball{}, false
	}
	one := ball{1, 0, true}
	times := func(b ball, z complex128) ball {
		b.z *= z
		b.rad *= cmplx.Abs(z)
		b.real = b.real && imag(z) == 0
		return b
	}
	switch n.name {
	case "percent":
		return x.mul(realBall(0.01))
	case "deg":
		if !p.w.degree {
			return x, true
		}
		return x.mul(realBall(math.Pi / 180))
	case "root":
		return p.floatRoot(x, n.args[1])
	case "ln", "log":
		out, ok := x.log()
		if ok && n.name == "log" && p.w.log10 {
			return out.mul(realBall(1 / math.Ln10))
		}
		return out, ok
	case "logb":
		b, ok := p.float(n.args[1])
		if !ok {
			return ball{}, false
		}
		if b, ok = b.log(); !ok {
			return ball{}, false
		}
		if b, ok = b.inv(); !ok {
			return ball{}, false
		}
		if x, ok = x.log(); !ok {
			return ball{}, false
		}
		return x.mul(b)
	case "abs":
		m := cmplx.Abs(x.z)
		return ball{complex(m, 0), x.rad, true}.widen()
	case "re":
		return ball{complex(real(x.z), 0), x.rad, true}, true
	case "im":
		return ball{complex(imag(x.z), 0), x.rad, true}, true
	case "floor", "ceil":
		if !x.real {
			return ball{}, false
		}
		round := math.Floor
		if n.name == "ceil" {
			round = math.Ceil
		}
		lo, hi := round(real(x.z)-x.rad), round(real(x.z)+x.rad)
		return ball{complex(lo, 0), 0, true}, lo == hi && math.Abs(lo) < 1e15
	case "sin", "cos", "tan", "cot", "sec", "csc":
		sin, cos, ok := x.sincos()
		if !ok {
			return ball{}, false
		}
		switch n.name {
		case "sin":
			return sin, true
		case "cos":
			return cos, true
		case "sec", "tan":
			inv, ok := cos.inv()
			if !ok || n.name == "sec" {
				return inv, ok
			}
			return sin.mul(inv)
		}
		inv, ok := sin.inv()
		if !ok || n.name == "csc" {
			return inv, ok
		}
		return cos.mul(inv)
	case "sinh", "cosh", "tanh", "coth", "sech", "csch":
		plus, ok := x.exp()
		if !ok {
			return ball{}, false
		}
		minus, ok := plus.inv()
		if !ok {
			return ball{}, false
		}
		s, ok := plus.add(times(minus, -1))
		if !ok {
			return ball{}, false
		}
		c, ok := plus.add(minus)
		if !ok {
			return ball{}, false
		}
		s, c = times(s, 0.5), times(c, 0.5)
		switch n.name {
		case "sinh":
			return s, true
		case "cosh":
			return c, true
		case "tanh", "sech":
			inv, ok := c.inv()
			if !ok || n.name == "sech" {
				return inv, ok
			}
			return s.mul(inv)
		}
		inv, ok := s.inv()
		if !ok || n.name == "csch" {
			return inv, ok
		}
		return c.mul(inv)
	case "atan", "acot":
		if !x.real {
			return ball{}, false
		}
		if n.name == "acot" {
			out, ok := ball{complex(math.Pi/2-math.Atan(real(x.z)), 0), x.rad + 4*ulps, true}.widen()
			return out, ok
		}
		return ball{complex(math.Atan(real(x.z)), 0), x.rad, true}.widen()
	case "asec", "acsc":
		if x, ok = x.inv(); !ok {
			return ball{}, false
		}
		fallthrough
	case "asin", "acos":
		r := real(x.z)
		room := 1 - math.Abs(r) - x.rad
		if !x.real || room <= 0 {
			return ball{}, false
		}
		rad := x.rad/math.Sqrt(room) + 4*ulps
		if n.name == "asin" || n.name == "acsc" {
			return ball{complex(math.Asin(r), 0), rad, true}.widen()
		}
		return ball{complex(math.Acos(r), 0), rad, true}.widen()
	case "asinh", "acosh", "atanh":
		if !x.real {
			return ball{}, false
		}
		sq, ok := x.mul(x)
		if !ok {
			return ball{}, false
		}
		if n.name == "atanh" {
			up, ok := one.add(x)
			if !ok {
				return ball{}, false
			}
			down, ok := one.add(times(x, -1))
			if !ok {
				return ball{}, false
			}
			if down, ok = down.inv(); !ok {
				return ball{}, false
			}
			if up, ok = up.mul(down); !ok {
				return ball{}, false
			}
			up, ok = up.log()
			return times(up, 0.5), ok
		}
		if n.name == "acosh" {
			sq, ok = sq.add(times(one, -1))
		} else {
			sq, ok = sq.add(one)
		}
		if !ok || real(sq.z) <= sq.rad {
			return ball{}, false
		}
		root := ball{complex(math.Sqrt(real(sq.z)), 0), sq.rad / math.Sqrt(real(sq.z)-sq.rad), true}
		if root, ok = root.add(x); !ok {
			return ball{}, false
		}
		return root.log()
	case "factorial", "binom", "gcd", "lcm", "doublefact", "max", "min", "sgn", "det", "arg":
		return ball{}, false
	}
	if unevaluated[n.name] {
		return ball{}, false
	}
	return realBall(p.applied(n).float()), true
}

// floatRoot gives the root of x: the real one where x is real and the index
// odd, else the principal one.
func (p point) floatRoot(x ball, index *node) (ball, bool) {
	k, ok := exact(index, p.at, p.work)
	i, isInt := k.int64()
	if !ok || !isInt || i < 1 {
		return ball{}, false
	}
	m := cmplx.Abs(x.z)
	if m == 0 && x.rad == 0 {
		return x, true
	}
	if m <= 2*x.rad {
		return ball{}, false
	}
	negative := x.real && real(x.z) < 0
	if negative && i%2 == 1 {
		x.z = -x.z
	}
	var z complex128
	switch {
	case x.real && real(x.z) > 0 && i == 2:
		z = complex(math.Sqrt(real(x.z)), 0)
	case x.real && real(x.z) > 0:
		z = complex(math.Pow(real(x.z), 1/float64(i)), 0)
	default:
		if !x.real && real(x.z) < 0 && math.Abs(imag(x.z)) <= x.rad {
			return ball{}, false
		}
		z = cmplx.Pow(x.z, complex(1/float64(i), 0))
	}
	out := ball{z, cmplx.Abs(z)*(x.rad/(m-x.rad)/float64(i)*2) + cmplx.Abs(z)*4*ulps, x.real && real(x.z) > 0}
	if negative && i%2 == 1 {
		out.z = -out.z
	}
	return out.widen()
}
