package mathx

import "math"

// A size is a bound on a positive number of any height: it lies between
// exp^level(lo) and exp^level(hi), exp^level being the exponential function
// applied that often (the level-index numbers of Clenshaw & Olver 1984). It tells
// power towers apart that no float holds.
type size struct {
	level  int
	lo, hi float64
}

const sizeError = 1e-11 // relative error that each step allows for

func sizeOf(x float64) (size, bool) {
	if !(x > 0) || math.IsInf(x, 0) {
		return size{}, false
	}
	return size{0, x * (1 - sizeError), x * (1 + sizeError)}, true
}

// ln gives the natural logarithm of a size above 1.
func (s size) ln() (size, bool) {
	if s.level > 0 {
		return size{s.level - 1, s.lo, s.hi}, s.level > 1 || s.lo > 0
	}
	lo, hi := math.Log(s.lo), math.Log(s.hi)
	return size{0, lo * (1 - sizeError), hi * (1 + sizeError)}, lo > 0
}

// exp gives the exponential function of a size.
func (s size) exp() size {
	if s.level == 0 && s.hi < 600 {
		return size{0, math.Exp(s.lo) * (1 - sizeError), math.Exp(s.hi) * (1 + sizeError)}
	}
	return size{s.level + 1, s.lo, s.hi}
}

// raised brings two sizes to one level.
func raised(a, b size) (x, y size, ok bool) {
	for a.level < b.level {
		if a.lo <= 0 {
			return a, b, false
		}
		a = size{a.level + 1, math.Log(a.lo) - sizeError, math.Log(a.hi) + sizeError}
	}
	for b.level < a.level {
		if b.lo <= 0 {
			return a, b, false
		}
		b = size{b.level + 1, math.Log(b.lo) - sizeError, math.Log(b.hi) + sizeError}
	}
	return a, b, true
}

// times multiplies: the logarithms are added.
func (s size) times(t size) (size, bool) {
	if s.level == 0 && t.level == 0 {
		if hi := s.hi * t.hi; hi < 1e300 && s.lo*t.lo > 1e-300 {
			return size{0, s.lo * t.lo * (1 - sizeError), hi * (1 + sizeError)}, true
		}
	}
	x, ok := s.ln()
	y, okay := t.ln()
	if !ok || !okay {
		return size{}, false
	}
	sum, ok := x.plus(y)
	return sum.exp(), ok
}

// plus adds: of sizes far apart the larger stands for both.
func (s size) plus(t size) (size, bool) {
	if s.level == 0 && t.level == 0 && s.hi+t.hi < 1e300 {
		return size{0, (s.lo + t.lo) * (1 - sizeError), (s.hi + t.hi) * (1 + sizeError)}, true
	}
	if t.above(s) {
		s, t = t, s
	}
	if s.level > 0 && s.above(t) { // e^a + e^b ≤ e^(a + ln 2), and less so at higher levels
		return size{s.level, s.lo, s.hi + math.Ln2}, true
	}
	x, y, ok := raised(s, t)
	if !ok || x.level < 1 {
		return size{}, false
	}
	lo, hi := math.Max(x.lo, y.lo), math.Max(x.hi, y.hi)
	return size{x.level, lo, hi + math.Ln2}, true
}

// size bounds a positive constant; ok is false where it is not of that kind.
func (p point) size(n *node, depth int) (size, bool) {
	if *p.work -= 10; *p.work < 0 || depth > 60 {
		return size{}, false
	}
	if b, ok := p.float(n); ok {
		if !b.real || real(b.z) <= b.rad {
			return size{}, false
		}
		return sizeOf(real(b.z))
	}
	switch n.k {
	case kAdd, kMul:
		out, ok := p.size(n.args[0], depth+1)
		for _, x := range n.args[1:] {
			s, okay := p.size(x, depth+1)
			if !ok || !okay {
				return size{}, false
			}
			if n.k == kAdd {
				out, ok = out.plus(s)
			} else {
				out, ok = out.times(s)
			}
		}
		return out, ok
	case kPow: // ln b^e = e ln b
		e, ok := p.size(n.args[1], depth+1)
		b, okay := p.size(n.args[0], depth+1)
		if !ok || !okay {
			return size{}, false
		}
		if b, ok = b.ln(); !ok {
			return size{}, false
		}
		if e, ok = e.times(b); !ok {
			return size{}, false
		}
		return e.exp(), true
	case kFunc:
		if n.name != "factorial" {
			return size{}, false
		}
		x, ok := p.size(n.args[0], depth+1)
		if !ok || x.level == 0 && x.lo < 10 {
			return size{}, false
		}
		// Stirling: x ln x - x ≤ ln x! ≤ x ln x for x ≥ 10; x (ln x - 1) ≤ … ≤ x ln x
		l, ok := x.ln()
		if !ok {
			return size{}, false
		}
		top, ok := x.times(l)
		if !ok {
			return size{}, false
		}
		bottom := x // ln x ≥ 1
		lo, hi, ok := raised(bottom, top)
		if !ok {
			return size{}, false
		}
		return size{lo.level, lo.lo, hi.hi}.exp(), true
	}
	return size{}, false
}

// sizes tells two constants apart whose sizes no float holds.
func (c *comparer) sizes(g, a *node) bool {
	p := point{nil, &c.worker, &c.work}
	x, ok := p.size(g, 0)
	if !ok {
		return false
	}
	y, ok := p.size(a, 0)
	if !ok {
		return false
	}
	return x.above(y) || y.above(x)
}

// above says whether s is certainly greater than t.
func (s size) above(t size) bool {
	for t.level < s.level {
		if s.lo > t.hi { // exp x > x
			return true
		}
		if t.lo <= 0 {
			return false
		}
		t = size{t.level + 1, math.Log(t.lo) - sizeError, math.Log(t.hi) + sizeError}
	}
	for s.level < t.level {
		if s.lo <= 0 {
			return false
		}
		s = size{s.level + 1, math.Log(s.lo) - sizeError, math.Log(s.hi) + sizeError}
	}
	return s.lo > t.hi
}
