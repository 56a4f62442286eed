package mathx

import (
	"math"
	"slices"
)

// ranges of the fixed values that variables take at the points of comparison.
var ranges = [...]struct{ low, span float64 }{{1, 1}, {0.1, 0.8}, {5, 50}, {0.1, 0.8}, {-0.9, 0.8}, {-50, 45}, {0.2, 3}, {0.2, 3}}

// The ranges from firstNegative on are negative; from firstMixed on variables
// are negative and positive by turns.
const (
	firstNegative = 4
	firstMixed    = 6
)

// points builds the points for the variables: real ones, or integers where
// functions of integers are in play.
func points(symbols []string, stepping bool) []assignment {
	slices.Sort(symbols)
	if stepping {
		out := make([]assignment, 0, 6)
		for _, values := range [...][]int64{{9, 4, 3, 2, 5}, {7, 5, 2, 3, 4}, {12, 6, 5, 4, 2}, {10, 3, 2, 7, 5}, {3, 8, 13, 21, 30}, {4, 11, 15, 24, 31}} {
			at := make(assignment, len(symbols))
			for i, s := range symbols {
				at[i] = binding{s, ratInt(values[i%len(values)] + int64(i/len(values)))}
			}
			out = append(out, at)
		}
		return out
	}
	out := make([]assignment, len(ranges))
	all := make(assignment, len(ranges)*len(symbols))
	for i, r := range ranges {
		at := all[i*len(symbols):][:len(symbols)]
		for j, s := range symbols {
			h := symbolValue(s + string(rune('0'+i)))
			x := r.low + r.span*float64(h%(1<<16))/(1<<16)
			if i >= firstMixed && (i+j)%2 == 0 {
				x = -x
			}
			at[j] = binding{s, ratOf(int64(math.Round(x*(1<<20))), 1<<20)}
		}
		out[i] = at
	}
	return out
}

// numerically compares at fixed points: balls that part are a proof that the
// values differ; values that agree to more than 200 bits at two points, or a
// constant to more than 900, are taken as equal.
func (c *comparer) numerically(g, a *node, t, u traits, constants bool) (Outcome, string) {
	if constants {
		return c.toManyBits(g, a, nil, [...]uint{256, 1024})
	}
	if t.absolute != u.absolute && (slices.Contains(t.symbols, "z") || slices.Contains(t.symbols, "w")) {
		return Unknown, "absolute values of complex variables" // |z|² is not z²
	}
	symbols := slices.Clone(t.symbols)
	for _, s := range u.symbols {
		if !slices.Contains(symbols, s) {
			symbols = append(symbols, s)
		}
	}
	pts := points(symbols, t.stepping || u.stepping)
	if t.floors || u.floors {
		pts = append(pts, points(symbols, false)...)
	}
	if !t.stepping && !u.stepping && t.roots && u.roots && !t.absolute && !u.absolute {
		pts = pts[:firstNegative] // variables under roots are positive
	}
	for _, at := range pts {
		p := point{at, &c.worker, &c.work}
		if t.stepping || u.stepping {
			if x, ok := exact(g, at, &c.work); ok {
				if y, ok := exact(a, at, &c.work); ok {
					if !x.equal(y) {
						return Different, "another value at a point"
					}
					continue
				}
			}
		}
		x, ok := p.float(g)
		if !ok {
			continue
		}
		if y, ok := p.float(a); ok && apart(x, y) {
			return Different, "another value at a point"
		}
	}
	agreed := 0
	for _, at := range pts {
		if x, ok := exact(g, at, &c.work); ok {
			if y, ok := exact(a, at, &c.work); ok {
				if !x.equal(y) {
					return Different, "another value at a point"
				}
				agreed++
				continue
			}
		}
		out, _ := c.toManyBits(g, a, at, [...]uint{256, 0})
		switch out {
		case Different:
			return Different, "another value at a point"
		case Same:
			agreed++
		}
		if agreed >= 2 && !t.absolute && !u.absolute && !t.stepping && !u.stepping {
			break
		}
	}
	switch {
	case c.work < 0:
		return Unknown, "too much work to decide"
	case agreed >= 2:
		return Same, "equal at several points to 200 bits"
	}
	return Unknown, "could not be evaluated"
}

func (c *comparer) toManyBits(g, a *node, at assignment, precisions [2]uint) (Outcome, string) {
	agreed, evaluated := false, false
	for _, prec := range precisions {
		if prec == 0 {
			break
		}
		p := bigPoint{point{at, &c.worker, &c.work}, prec}
		x, ok := p.eval(g)
		if !ok {
			continue
		}
		y, ok := p.eval(a)
		if !ok {
			continue
		}
		d, ok := p.add(x, p.neg(y))
		if !ok {
			continue
		}
		evaluated = true
		scale := max(x.low(), y.low())
		if scale <= d.err { // both are 0 as far as can be seen
			scale = 0
		}
		switch {
		case d.low() > worse(d.err, d.err):
			return Different, "another value"
		case d.err <= noError || d.err < scale-200*int(prec)/256:
			agreed = true
		default:
			agreed = false
		}
	}
	switch {
	case c.work < 0:
		return Unknown, "too much work to decide"
	case agreed:
		return Same, "equal to hundreds of bits"
	case !evaluated:
		return Unknown, "could not be evaluated"
	}
	return Unknown, "too close to tell apart"
}
