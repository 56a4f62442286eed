package mathx

import (
	"slices"
	"strconv"
	"strings"
)

// text writes a polynomial.
func (w *worker) text(p poly) string {
	if len(p) == 0 {
		return "0"
	}
	var b strings.Builder
	defer func() { w.work -= b.Len() / 2 }()
	for i, t := range w.sorted(p) {
		c := t.c
		switch {
		case c.sign() < 0:
			b.WriteByte('-')
			c = c.neg()
		case i > 0:
			b.WriteByte('+')
		}
		if len(t.f) == 0 || !c.is(1) {
			b.WriteString(c.String())
			if len(t.f) > 0 {
				b.WriteByte('*')
			}
		}
		for j, f := range w.named(t.f) {
			if j > 0 {
				b.WriteByte('*')
			}
			b.WriteString(f)
		}
	}
	return b.String()
}

// named writes the factors of a term, sorted by name, so that the text does
// not depend on the order in which atoms were met.
func (w *worker) named(f []factor) []string {
	out := make([]string, len(f))
	for i, x := range f {
		a := w.atoms[x.atom]
		name := a.key
		switch a.kind {
		case aPi:
			name = "π"
		case aE:
			name = "e"
		case aI:
			name = "i"
		case aPrime:
			name = strconv.FormatInt(a.value, 10)
		case aBase:
			name = "(" + name + ")"
		case aExp:
			name = "exp(" + name + ")"
		}
		switch {
		case x.d != 1:
			name += "^(" + strconv.Itoa(int(x.n)) + "/" + strconv.Itoa(int(x.d)) + ")"
		case x.n != 1:
			name += "^" + strconv.Itoa(int(x.n))
		}
		out[i] = name
	}
	slices.Sort(out)
	return out
}

// sorted orders the terms by their text, for writing.
func (w *worker) sorted(p poly) poly {
	if len(p) < 2 {
		return p
	}
	keys := make(map[int]string, len(p))
	order := make([]int, len(p))
	for i, t := range p {
		order[i] = i
		keys[i] = strings.Join(w.named(t.f), "*")
	}
	w.work -= 30 * len(p)
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(keys[b], keys[a]) })
	out := make(poly, len(p))
	for i, j := range order {
		out[i] = p[j]
	}
	return out
}

func (w *worker) formText(f form) string {
	if d, ok := f.d.isConst(); ok {
		return w.text(f.n.scale(d.inv()))
	}
	return "(" + w.text(f.n) + ")/(" + w.text(f.d) + ")"
}
