package mathx

import (
	"math"
	"math/cmplx"
)

// A ball is a complex number with a bound on its error: the true value lies
// within rad of z. Where real is set the true value is real.
//
// The error of each operation of float64 is taken as 2^-50 of the result: the
// functions of package math err by less than an ulp or two.
type ball struct {
	z    complex128
	rad  float64
	real bool
}

const ulps = 1.0 / (1 << 50)

func realBall(x float64) ball { return ball{complex(x, 0), math.Abs(x) * ulps, true} }

func (b ball) ok() bool {
	return !math.IsNaN(real(b.z)) && !math.IsNaN(imag(b.z)) && !math.IsInf(real(b.z), 0) && !math.IsInf(imag(b.z), 0) && !math.IsNaN(b.rad) && !math.IsInf(b.rad, 0)
}

func (b ball) widen() (ball, bool) {
	b.rad += cmplx.Abs(b.z) * ulps
	if b.real {
		b.z = complex(real(b.z), 0)
	}
	return b, b.ok()
}

func (b ball) add(c ball) (ball, bool) {
	return ball{b.z + c.z, b.rad + c.rad, b.real && c.real}.widen()
}

func (b ball) mul(c ball) (ball, bool) {
	return ball{b.z * c.z, cmplx.Abs(b.z)*c.rad + cmplx.Abs(c.z)*b.rad + b.rad*c.rad, b.real && c.real}.widen()
}

func (b ball) inv() (ball, bool) {
	m := cmplx.Abs(b.z)
	if m <= b.rad*2 || m == 0 {
		return ball{}, false
	}
	return ball{1 / b.z, b.rad / (m * (m - b.rad)), b.real}.widen()
}

func (b ball) exp() (ball, bool) {
	z := cmplx.Exp(b.z)
	return ball{z, cmplx.Abs(z) * (math.Expm1(b.rad) + math.Abs(imag(b.z))*ulps), b.real}.widen()
}

func (b ball) log() (ball, bool) {
	m := cmplx.Abs(b.z)
	if m <= b.rad*2 || m == 0 {
		return ball{}, false
	}
	if real(b.z) < 0 && !b.real && math.Abs(imag(b.z)) <= b.rad { // on the branch cut
		return ball{}, false
	}
	out := ball{cmplx.Log(b.z), b.rad/(m-b.rad) + ulps, b.real && real(b.z) > 0}
	return out.widen()
}

func (b ball) sincos() (sin, cos ball, ok bool) {
	if math.Abs(real(b.z)) > 1e12 {
		return
	}
	grow := math.Cosh(math.Abs(imag(b.z)) + b.rad)
	rad := (b.rad + math.Abs(real(b.z))*ulps) * grow
	sin, ok = ball{cmplx.Sin(b.z), rad, b.real}.widen()
	if !ok {
		return
	}
	cos, ok = ball{cmplx.Cos(b.z), rad, b.real}.widen()
	return
}

// point is where floating-point evaluation happens.
type point struct {
	at   assignment
	w    *worker
	work *int
}

// float evaluates an expression with floating-point balls; ok is false where
// that is not possible or not defined.
func (p point) float(n *node) (ball, bool) {
	if *p.work -= 6; *p.work < 0 {
		return ball{}, false
	}
	v, ok := p.floatNode(n)
	return v, ok && *p.work >= 0 // whoever is above pays no more
}

func (p point) floatNode(n *node) (ball, bool) {
	switch n.k {
	case kNum:
		f := n.val.float()
		if math.IsInf(f, 0) || f == 0 && n.val.sign() != 0 || f != 0 && math.Abs(f) < 1e-290 {
			return ball{}, false
		}
		if n.val.d == 1 && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return ball{complex(f, 0), 0, true}, true
		}
		return realBall(f), true
	case kSym:
		return realBall(p.value(n.name).float()), true
	case kDots:
		return realBall(p.value("…").float()), true
	case kPi:
		return realBall(math.Pi), true
	case kE:
		return realBall(math.E), true
	case kI:
		return ball{complex(0, 1), 0, false}, true
	case kQuantity:
		return p.float(n.args[0])
	case kNeg:
		b, ok := p.float(n.args[0])
		b.z = -b.z
		return b, ok
	case kAdd, kMul:
		out, ok := p.float(n.args[0])
		for _, x := range n.args[1:] {
			if !ok {
				return ball{}, false
			}
			var b ball
			if b, ok = p.float(x); !ok {
				return ball{}, false
			}
			if n.k == kAdd {
				out, ok = out.add(b)
			} else {
				out, ok = out.mul(b)
			}
		}
		return out, ok
	case kDiv:
		a, ok := p.float(n.args[0])
		if !ok {
			return ball{}, false
		}
		b, ok := p.float(n.args[1])
		if !ok {
			return ball{}, false
		}
		if b, ok = b.inv(); !ok {
			return ball{}, false
		}
		return a.mul(b)
	case kPow:
		return p.floatPow(n.args[0], n.args[1])
	case kFunc:
		return p.floatFunction(n)
	}
	return ball{}, false
}

// value gives a variable its value here: the point's, or a fixed one between
// 1 and 2.
func (p point) value(name string) rat {
	if v, ok := p.at.of(name); ok {
		return v
	}
	return ratOf(int64(1<<20+symbolValue(name)%(1<<20)), 1<<20)
}
