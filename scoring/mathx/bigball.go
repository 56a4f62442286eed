package mathx

import (
	"math"
	"math/big"
)

// A bigBall is a complex number of big.Floats whose true value lies within
// 2^err. im is nil where the value is real.
type bigBall struct {
	re, im *big.Float
	err    int
}

const noError = math.MinInt32

// A bigPoint is where evaluation to many bits happens.
type bigPoint struct {
	point
	prec uint
}

func exponentOf(x *big.Float) int {
	if x == nil || x.Sign() == 0 {
		return noError
	}
	return x.MantExp(nil)
}

// mag gives e with |b| < 2^e.
func (b bigBall) mag() int { return satAdd(max(exponentOf(b.re), exponentOf(b.im)), 1) }

// low gives e with 2^e <= |b|.
func (b bigBall) low() int { return satAdd(max(exponentOf(b.re), exponentOf(b.im)), -1) }

func satAdd(a, b int) int {
	if a <= noError || b <= noError {
		return noError
	}
	return a + b
}

// worse combines bounds of errors.
func worse(errs ...int) int {
	out := noError
	for _, e := range errs {
		out = max(out, e)
	}
	return satAdd(out, len(errs)-1)
}

func (p bigPoint) rounded(b bigBall) (bigBall, bool) {
	b.err = worse(b.err, satAdd(b.mag(), 2-int(p.prec)))
	if b.re.IsInf() || b.im != nil && b.im.IsInf() || b.mag() > 1<<30 {
		return bigBall{}, false
	}
	return b, true
}

func (p bigPoint) float() *big.Float { return newFloat(p.prec) }

func (p bigPoint) rat(v rat) bigBall {
	b := bigBall{re: p.float(), err: noError}
	if v.isInt() && v.bits() < int(p.prec) {
		b.re.SetInt(v.num())
		return b
	}
	b.re.SetRat(v.rat())
	b, _ = p.rounded(b)
	return b
}

func (p bigPoint) add(a, b bigBall) (bigBall, bool) {
	out := bigBall{re: sum(p.prec, a.re, b.re), err: worse(a.err, b.err)}
	switch {
	case a.im != nil && b.im != nil:
		out.im = sum(p.prec, a.im, b.im)
	case a.im != nil:
		out.im = a.im
	case b.im != nil:
		out.im = b.im
	}
	// The sum is rounded in proportion to itself.
	return p.rounded(out)
}

func (p bigPoint) neg(a bigBall) bigBall {
	a.re = p.float().Neg(a.re)
	if a.im != nil {
		a.im = p.float().Neg(a.im)
	}
	return a
}

func (p bigPoint) mul(a, b bigBall) (bigBall, bool) {
	out := bigBall{err: worse(satAdd(a.mag(), b.err), satAdd(b.mag(), a.err), satAdd(a.err, b.err))}
	top := satAdd(a.mag(), b.mag())
	if top > 1<<30 {
		return bigBall{}, false
	}
	switch {
	case a.im == nil && b.im == nil:
		out.re = p.float().Mul(a.re, b.re)
	case a.im == nil:
		out.re, out.im = p.float().Mul(a.re, b.re), p.float().Mul(a.re, b.im)
	case b.im == nil:
		out.re, out.im = p.float().Mul(a.re, b.re), p.float().Mul(a.im, b.re)
	default:
		out.re = difference(p.prec, p.float().Mul(a.re, b.re), p.float().Mul(a.im, b.im))
		out.im = sum(p.prec, p.float().Mul(a.re, b.im), p.float().Mul(a.im, b.re))
	}
	out.err = worse(out.err, satAdd(top, 3-int(p.prec))) // cancellation within the product
	return p.rounded(out)
}

func (p bigPoint) inv(a bigBall) (bigBall, bool) {
	if a.low() <= a.err+1 || a.low() <= noError || a.low() < -(1<<30) {
		return bigBall{}, false
	}
	out := bigBall{err: satAdd(a.err, 2-2*a.low())}
	if a.im == nil {
		out.re = p.float().Quo(p.float().SetInt64(1), a.re)
		return p.rounded(out)
	}
	norm := sum(p.prec, p.float().Mul(a.re, a.re), p.float().Mul(a.im, a.im))
	out.re = p.float().Quo(a.re, norm)
	out.im = p.float().Quo(p.float().Neg(a.im), norm)
	out.err = worse(out.err, satAdd(out.mag(), 4-int(p.prec)))
	return p.rounded(out)
}

func (p bigPoint) exp(a bigBall) (bigBall, bool) {
	if a.re.MantExp(nil) > 29 && a.re.Sign() != 0 || a.err > -2 {
		return bigBall{}, false
	}
	*p.work -= 1500 * int(p.prec) / 256
	out := bigBall{re: bigExp(a.re, p.prec)}
	m := exponentOf(out.re)
	out.err = worse(satAdd(a.err, m+2), m+5-int(p.prec))
	if a.im != nil {
		if exponentOf(a.im) > 900 {
			return bigBall{}, false
		}
		s, c := bigSinCos(a.im, p.prec)
		*p.work -= 1500 * int(p.prec) / 256
		out.im = p.float().Mul(out.re, s)
		out.re = p.float().Mul(out.re, c)
		out.err++
	}
	return p.rounded(out)
}

func (p bigPoint) log(a bigBall) (bigBall, bool) {
	if a.low() <= a.err+1 || a.low() <= noError {
		return bigBall{}, false
	}
	*p.work -= 2000 * int(p.prec) / 256
	err := satAdd(a.err, 2-a.low())
	if a.im == nil && a.re.Sign() > 0 {
		re := bigLog(a.re, p.prec)
		return p.rounded(bigBall{re: re, err: worse(err, max(exponentOf(re), 1)+5-int(p.prec))})
	}
	err = worse(err, 36-int(p.prec)) // the logarithm of an exponent has up to 31 bits
	if a.im == nil {
		re := bigLog(p.float().Neg(a.re), p.prec)
		return p.rounded(bigBall{re: re, im: p.float().Set(constants().pi), err: err})
	}
	if a.re.Sign() < 0 && exponentOf(a.im) <= a.err {
		return bigBall{}, false // on the branch cut
	}
	norm := sum(p.prec, p.float().Mul(a.re, a.re), p.float().Mul(a.im, a.im))
	re := bigLog(norm, p.prec)
	re.SetMantExp(re, -1)
	*p.work -= 2000 * int(p.prec) / 256
	return p.rounded(bigBall{re: re, im: p.atan2(a.im, a.re), err: err})
}

// atan2 gives the argument of x + iy.
func (p bigPoint) atan2(y, x *big.Float) *big.Float {
	half := p.float().Set(constants().pi)
	half.SetMantExp(half, -1)
	if x.Sign() == 0 {
		if y.Sign() < 0 {
			return half.Neg(half)
		}
		return half
	}
	a := bigAtan(p.float().Quo(y, x), p.prec)
	if x.Sign() > 0 {
		return a
	}
	pi := p.float().Set(constants().pi)
	if y.Sign() < 0 {
		return a.Sub(a, pi)
	}
	return a.Add(a, pi)
}

func (p bigPoint) sqrt(a bigBall) (bigBall, bool) {
	if a.im != nil || a.re.Sign() < 0 {
		return p.viaLog(a, ratOf(1, 2))
	}
	if a.re.Sign() == 0 && a.err <= noError {
		return a, true
	}
	if a.low() <= a.err+1 {
		return bigBall{}, false
	}
	out := bigBall{re: p.float().Sqrt(a.re)}
	out.err = satAdd(a.err, 1-(a.low()-1)/2)
	*p.work -= 100
	return p.rounded(out)
}

// viaLog gives a^r as exp(r ln a).
func (p bigPoint) viaLog(a bigBall, r rat) (bigBall, bool) {
	l, ok := p.log(a)
	if !ok {
		return bigBall{}, false
	}
	if l, ok = p.mul(l, p.rat(r)); !ok {
		return bigBall{}, false
	}
	return p.exp(l)
}

func (p bigPoint) sincos(a bigBall) (sin, cos bigBall, ok bool) {
	if a.im == nil {
		if exponentOf(a.re) > 900 || a.err > -2 {
			return
		}
		*p.work -= 1500 * int(p.prec) / 256
		s, c := bigSinCos(a.re, p.prec)
		err := worse(a.err, 5-int(p.prec))
		return bigBall{re: s, err: err}, bigBall{re: c, err: err}, true
	}
	i := bigBall{re: p.float(), im: p.float().SetInt64(1), err: noError}
	ia, ok := p.mul(a, i)
	if !ok {
		return
	}
	plus, ok := p.exp(ia)
	if !ok {
		return
	}
	minus, ok := p.inv(plus)
	if !ok {
		return
	}
	if cos, ok = p.add(plus, minus); !ok {
		return
	}
	if sin, ok = p.add(plus, p.neg(minus)); !ok {
		return
	}
	if cos, ok = p.mul(cos, p.rat(ratOf(1, 2))); !ok {
		return
	}
	half := bigBall{re: p.float(), im: p.float().SetFloat64(-0.5), err: noError}
	sin, ok = p.mul(sin, half)
	return
}

// eval evaluates an expression; ok is false where that is not possible to this
// precision, or not defined.
func (p bigPoint) eval(n *node) (bigBall, bool) {
	if *p.work -= 20 + int(p.prec)/16; *p.work < 0 {
		return bigBall{}, false
	}
	v, ok := p.evalNode(n)
	return v, ok && *p.work >= 0 // whoever is above pays no more
}

func (p bigPoint) evalNode(n *node) (bigBall, bool) {
	switch n.k {
	case kNum:
		return p.rat(n.val), true
	case kSym:
		return p.rat(p.value(n.name)), true
	case kDots:
		return p.rat(p.value("…")), true
	case kPi:
		return p.rounded(bigBall{re: p.float().Set(constants().pi), err: noError})
	case kE:
		return p.exp(bigBall{re: p.float().SetInt64(1), err: noError})
	case kI:
		return bigBall{re: p.float(), im: p.float().SetInt64(1), err: noError}, true
	case kQuantity:
		return p.eval(n.args[0])
	case kNeg:
		b, ok := p.eval(n.args[0])
		if !ok {
			return bigBall{}, false
		}
		return p.neg(b), true
	case kAdd, kMul:
		out, ok := p.eval(n.args[0])
		for _, x := range n.args[1:] {
			if !ok {
				return bigBall{}, false
			}
			var b bigBall
			if b, ok = p.eval(x); !ok {
				return bigBall{}, false
			}
			if n.k == kAdd {
				out, ok = p.add(out, b)
			} else {
				out, ok = p.mul(out, b)
			}
		}
		return out, ok
	case kDiv:
		a, ok := p.eval(n.args[0])
		if !ok {
			return bigBall{}, false
		}
		b, ok := p.eval(n.args[1])
		if !ok {
			return bigBall{}, false
		}
		if b, ok = p.inv(b); !ok {
			return bigBall{}, false
		}
		return p.mul(a, b)
	case kPow:
		return p.pow(n.args[0], n.args[1])
	case kFunc:
		return p.function(n)
	}
	return bigBall{}, false
}

func (p bigPoint) pow(base, exponent *node) (bigBall, bool) {
	e, isRat := exact(exponent, p.at, p.work)
	k, isInt := e.int64()
	if base.k == kE {
		x, ok := p.eval(exponent)
		if !ok {
			return bigBall{}, false
		}
		return p.exp(x)
	}
	b, ok := p.eval(base)
	if !ok {
		return bigBall{}, false
	}
	if isRat && isInt && k > -(1<<20) && k < 1<<20 {
		if k < 0 {
			if b, ok = p.inv(b); !ok {
				return bigBall{}, false
			}
			k = -k
		}
		out := bigBall{re: p.float().SetInt64(1), err: noError}
		for ; k > 0; k >>= 1 {
			*p.work -= int(p.prec) / 8
			if k&1 == 1 {
				if out, ok = p.mul(out, b); !ok {
					return bigBall{}, false
				}
			}
			if k > 1 {
				if b, ok = p.mul(b, b); !ok {
					return bigBall{}, false
				}
			}
		}
		return out, true
	}
	if isRat && e.d == 2 && e.big == nil && e.n == 1 {
		return p.sqrt(b)
	}
	if b, ok = p.log(b); !ok {
		return bigBall{}, false
	}
	x, ok := p.eval(exponent)
	if !ok {
		return bigBall{}, false
	}
	if b, ok = p.mul(b, x); !ok {
		return bigBall{}, false
	}
	return p.exp(b)
}

func (p bigPoint) quotient(a, b bigBall) (bigBall, bool) {
	b, ok := p.inv(b)
	if !ok {
		return bigBall{}, false
	}
	return p.mul(a, b)
}
