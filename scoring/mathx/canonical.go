package mathx

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Canonical gives one text for all answers that Equal calls equal, so that they
// may be counted as one vote: rationals and polynomials in normal form, other
// values by 40 digits, at fixed points where there are variables. Names are
// dropped, units are converted to the base units of the SI.
//
// Equality under the default policy is no equivalence: 5 is 5 m and 5 is 5 cm.
// CanonicalLike settles that by the gold.
func Canonical(s string) string { return CanonicalLike(s, "") }

// CanonicalLike is Canonical for an answer to a question whose gold is known: a
// unit or a percent sign that the answer lacks is the gold's, one that the gold
// lacks does not count.
func CanonicalLike(s, gold string) string {
	c := pool.Get().(*comparer)
	defer pool.Put(c)
	c.reset(s, s, Options{})
	like := quantity{}
	if gold != "" {
		if g, _ := c.read(gold, false); g != nil {
			like = bearer(g)
		}
	}
	n, why := c.read(s, false)
	if n == nil {
		if why == "empty" || len(s) > maxLength {
			return ""
		}
		if n, _ = c.read(s, true); n == nil {
			return plain(s)
		}
	}
	c.like, c.known = like, gold != ""
	out := c.canonical(c.settle(n), 0)
	c.like, c.known = quantity{}, false
	return out
}

// bearer gives the unit or the percent sign of a gold that has one.
func bearer(n *node) quantity {
	n = unwrap(n)
	if _, v, ok := named(n); ok {
		n = v
	}
	if shapeOf(n) != isScalar {
		return quantity{}
	}
	q := quantityOf(n)
	return quantity{unit: q.unit, percent: q.percent}
}

func (c *comparer) canonical(n *node, depth int) string {
	if depth > 40 {
		return n.String()
	}
	n = unwrap(n)
	if n.k == kRel && strings.Trim(n.name, "=") == "" && !isName(n.args[0]) && !isName(n.args[1]) {
		last := n.args[len(n.args)-1]
		var t traits
		t.read(n)
		if len(t.symbols) == 0 {
			return c.canonical(last, depth+1)
		}
	}
	if l, v, ok := named(n); ok && (l.k != kSym || l.name != "x" || !holds(v, "y")) {
		return c.canonical(v, depth+1)
	}
	switch s := shapeOf(n); s {
	case isText, isDate:
		return word(n.name)
	case isBase:
		return strings.TrimLeft(n.name, "0") + "_" + n.val.String()
	case isTime:
		return "time " + n.val.String()
	case isRatio:
		if t, ok := clockOf(n); ok {
			return "time " + t.String()
		}
		first := n.args[0]
		parts := make([]string, 0, len(n.args)-1)
		for _, x := range n.args[1:] {
			parts = append(parts, c.value(&node{k: kDiv, args: []*node{first, x}}))
		}
		return strings.Join(parts, ":")
	case isMatrix:
		entries, columns, ok := matrixOf(n)
		if !ok {
			return n.String()
		}
		body := c.join(entries, depth)
		if columns <= 1 {
			return "(" + body + ")"
		}
		return "[" + strconv.Itoa(int(columns)) + " columns: " + body + "]"
	case isTuple:
		if !containsKind(n, kPM) {
			return "(" + c.join(n.args, depth) + ")"
		}
	case isFamily:
		parts := make([]string, len(n.args))
		for i, x := range n.args {
			parts[i] = c.canonical(x, depth+1)
		}
		slices.Sort(parts)
		return "for all integers " + strings.Join(parts, ",")
	case isSquare, isRegion:
		return c.region(n, depth)
	case isCases:
		var rows []string
		for i := 0; i+1 < len(n.args); i += 2 {
			rows = append(rows, c.canonical(n.args[i], depth+1)+" if "+c.canonical(n.args[i+1], depth+1))
		}
		slices.Sort(rows)
		return "cases " + strings.Join(rows, "; ")
	case isEquation:
		return c.equation(n)
	case isScalar:
		if n.k == kSym && len(n.name) == 1 {
			return n.name
		}
		if !containsKind(n, kPM) {
			return c.borne(quantityOf(n))
		}
	}
	return c.collected(n, depth)
}

// word writes words: an option's letter in upper case.
func word(s string) string {
	switch {
	case len(s) == 1:
		return strings.ToUpper(s)
	case s == "dne":
		return "does not exist"
	}
	return gist(s)
}

// borne writes a value with its unit, as far as the gold says that it counts.
func (c *comparer) borne(q quantity) string {
	if c.known {
		switch {
		case q.unit == nil && !q.percent:
			q.unit = c.like.unit
			if c.like.percent {
				q.percent = true
				if v, ok := exact(q.value, nil, &c.work); ok && v.cmp(ratInt(1)) <= 0 {
					q.percent = false // 0.35 for 35%
				}
			}
		case c.like.unit == nil && !c.like.percent && q.unit != nil && q.unit != angleDegree:
			q.unit = nil
		}
	}
	u := q.unit
	switch {
	case q.percent:
		return c.value(scaled(q.value, ratOf(1, 100), 0))
	case u == nil:
		return c.value(q.value)
	case u.offset():
		x, _ := kelvins(q.value, u)
		return c.value(x) + " K"
	case u.noun != "" && !u.money: // apples
		return c.value(scaled(q.value, u.scale, u.pi))
	}
	text := c.value(scaled(q.value, u.scale, u.pi))
	if u.noun != "" {
		return text + " " + u.noun
	}
	var b strings.Builder
	for i, d := range u.dim {
		if d != 0 && i != radian {
			b.WriteString(" " + dimensionNames[i])
			if d != 1 {
				b.WriteString("^" + strconv.Itoa(int(d)))
			}
		}
	}
	return text + b.String()
}

// collected writes lists, sets and named values.
func (c *comparer) collected(n *node, depth int) string {
	if names, ok := namings(n); ok {
		parts := make([]string, len(names))
		for i, x := range names {
			parts[i] = c.canonical(x.value, depth+1)
		}
		return "(" + strings.Join(parts, ",") + ")"
	}
	if c.conditions(n) {
		return c.region(n, depth)
	}
	items, ok := c.elementsOf(n)
	if !ok {
		return n.String()
	}
	parts := make([]string, len(items))
	for i, x := range items {
		parts[i] = c.canonical(x, depth+1)
		if x.k == kSet && len(items) > 1 {
			parts[i] = "{" + parts[i] + "}"
		}
	}
	if !slices.ContainsFunc(items, func(x *node) bool { return x.k == kDots }) {
		slices.Sort(parts)
	}
	if n.k == kSet {
		parts = slices.Compact(parts)
		if len(parts) == 0 {
			return "∅"
		}
		if len(items) == 1 && items[0].k == kSet {
			return "{" + parts[0] + "}"
		}
	}
	return strings.Join(parts, ",")
}

func (c *comparer) join(items []*node, depth int) string {
	parts := make([]string, len(items))
	for i, x := range items {
		parts[i] = c.canonical(x, depth+1)
	}
	return strings.Join(parts, ",")
}

// region writes a set of reals as the maximal intervals that it consists of.
func (c *comparer) region(n *node, depth int) string {
	fallback := func() string {
		switch n.k {
		case kSquare:
			return "(" + c.join(n.args, depth) + ")"
		case kInterval:
			s := c.join(n.args, depth)
			return string("[("[boolInt(n.has(openLow))]) + s + string("])"[boolInt(n.has(openHigh))])
		case kRel:
			return c.relation(n)
		}
		return n.String()
	}
	if n.k == kSquare && (len(n.args) != 2 || !c.couldBeInterval(n, n)) {
		return fallback()
	}
	r, ok := c.regionOf(n, 0)
	var o ordering
	if !ok || !c.order(r, &o) {
		return fallback()
	}
	c.place(r, &o)
	end := func(i int) string { return c.canonical(o.ends[i], depth+1) }
	var parts []string
	last := 2 * len(o.ends)
	for at := 0; at <= last; at++ {
		if !r.contains(at) {
			continue
		}
		start := at
		for at < last && r.contains(at+1) {
			at++
		}
		if start == at && start%2 == 1 {
			parts = append(parts, "{"+end(start/2)+"}")
			continue
		}
		low, hi := "(-∞", "∞)"
		if start%2 == 1 {
			low = "[" + end(start/2)
		} else if start > 0 {
			low = "(" + end(start/2-1)
		}
		if at%2 == 1 {
			hi = end(at/2) + "]"
		} else if at < last {
			hi = end(at/2) + ")"
		}
		parts = append(parts, low+","+hi)
	}
	if len(parts) == 0 {
		return "∅"
	}
	all := true
	for i, p := range parts { // nothing but points: a set
		all = all && p[0] == '{'
		parts[i] = p
	}
	if all {
		for i, p := range parts {
			parts[i] = strings.Trim(p, "{}")
		}
		slices.Sort(parts)
		return strings.Join(parts, ",")
	}
	return strings.Join(parts, "∪")
}

// relation writes inequalities in several variables as polynomials against 0.
func (c *comparer) relation(n *node) string {
	var parts []string
	for i := range n.name {
		l, r, op := n.args[i], n.args[i+1], n.name[i]
		if op == '<' || op == 'l' {
			l, r, op = r, l, flip(op)
		}
		f, ok := c.of(minus(l, r))
		d, isConst := f.d.isConst()
		if !ok || !isConst || op == 'i' {
			return n.String()
		}
		_, p := c.primitive(f.n.scale(d.inv()))
		parts = append(parts, c.text(p)+" "+opSymbols[op]+" 0")
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// equation writes left minus right, cleared and scaled; solved for y where that
// is a line.
func (c *comparer) equation(n *node) string {
	if len(n.args) != 2 {
		return n.String()
	}
	f, ok := c.of(minus(n.args[0], n.args[1]))
	if !ok || len(f.n) == 0 {
		return n.String()
	}
	p := c.cleared(f.n)
	var t traits
	t.read(n)
	if len(t.symbols) == 1 {
		if x, ok := c.solvedFor(p, t.symbols[0]); ok {
			return x
		}
	}
	if y, ok := c.solvedFor(p, "y"); ok {
		return y
	}
	_, p = c.primitive(p)
	if c.sorted(p)[0].c.sign() < 0 {
		p = p.scale(ratInt(-1))
	}
	return c.text(p) + "=0"
}

// solvedFor gives the value of a variable that stands alone and linear in p = 0.
func (c *comparer) solvedFor(p poly, name string) (string, bool) {
	slope := ratInt(0)
	var rest poly
	for _, t := range p {
		has := false
		for _, f := range t.f {
			if a := c.atoms[f.atom]; a.kind == aSymbol && a.key == name {
				if len(t.f) != 1 || f.n != 1 || f.d != 1 {
					return "", false
				}
				has = true
			}
		}
		if has {
			slope = t.c
		} else {
			rest = append(rest, t)
		}
	}
	if slope.sign() == 0 {
		return "", false
	}
	return c.text(rest.scale(slope.inv().neg())), true
}

// value writes an expression.
func (c *comparer) value(n *node) string {
	if v, ok := exact(n, nil, &c.work); ok {
		return v.String()
	}
	c.degree = true
	if f, ok := c.of(n); ok {
		if p, ok := c.divided(f); ok && c.plainAtoms(p) {
			return c.text(p)
		}
	}
	if !c.spend(2500) {
		return n.String()
	}
	var t traits
	t.read(n)
	if len(t.symbols) == 0 {
		if s, ok := c.digits(n, nil, true); ok {
			return s
		}
		return c.symbolic(n)
	}
	slices.Sort(t.symbols)
	pts := points(slices.Clone(t.symbols), t.stepping)
	if !t.stepping {
		pts = pts[:firstNegative]
	}
	if t.floors {
		pts = append(pts[:2:2], points(slices.Clone(t.symbols), false)[:2]...)
	}
	var parts []string
	for _, at := range pts {
		if s, ok := c.digits(n, at, false); ok {
			parts = append(parts, s)
		}
		if len(parts) == 3 && !t.stepping {
			break
		}
	}
	if len(parts) == 0 {
		return n.String()
	}
	h := strconv.FormatUint(symbolValue(strings.Join(parts, " "))+symbolValue("second "+strings.Join(parts, " "))<<1, 36)
	return "expression in " + strings.Join(t.symbols, ",") + " #" + h
}

// symbolic writes a constant too large for digits: by its normal form, or by its
// residues modulo two primes.
func (c *comparer) symbolic(n *node) string {
	hash := "number"
	for _, p := range fieldPrimes {
		r, ok := modular(n, p, &c.work)
		if !ok {
			if f, ok := c.of(n); ok {
				return c.formText(f)
			}
			return n.String()
		}
		hash += " #" + strconv.FormatUint(r, 36)
	}
	return hash
}

// plainAtoms says whether a polynomial has but one normal form: variables and
// constants with integer exponents.
func (c *comparer) plainAtoms(p poly) bool {
	symbols := false
	for _, t := range p {
		for _, f := range t.f {
			k := c.atoms[f.atom].kind
			if k != aSymbol && k != aPi && k != aE && k != aI || f.d != 1 {
				return false
			}
			symbols = symbols || k == aSymbol
		}
	}
	_, isConst := p.isConst()
	return symbols || isConst
}

// divided gives n/d as a polynomial, if d divides n.
func (c *comparer) divided(f form) (poly, bool) {
	if d, ok := f.d.isConst(); ok && d.sign() != 0 {
		return f.n.scale(d.inv()), true
	}
	if len(f.d) == 0 {
		return nil, false
	}
	rest, lead := f.n, f.d[0]
	inv, ok := c.invert(whole(poly{lead}))
	if !ok {
		return nil, false
	}
	var out poly
	for range 50 {
		if len(rest) == 0 {
			return out, true
		}
		q, ok := c.mul(poly{rest[0]}, inv.n)
		if !ok || len(q) != 1 {
			return nil, false
		}
		for _, x := range q[0].f {
			if x.n < 0 {
				return nil, false
			}
		}
		if out, ok = c.add(out, q); !ok {
			return nil, false
		}
		p, ok := c.mul(q, f.d)
		if !ok {
			return nil, false
		}
		if rest, ok = c.add(rest, p.scale(ratInt(-1))); !ok {
			return nil, false
		}
	}
	return nil, false
}

// digits writes a value to 40 digits, as a fraction where it is one.
func (c *comparer) digits(n *node, at assignment, rational bool) (string, bool) {
	if v, ok := exact(n, at, &c.work); ok {
		return v.String(), true
	}
	p := bigPoint{point{at, &c.worker, &c.work}, 256}
	b, ok := p.eval(n)
	if !ok {
		return "", false
	}
	size := max(b.low(), -64)
	if size > 128 { // 40 digits would not tell it from its neighbours
		return "", false
	}
	if b.err > size-150 {
		return "", false
	}
	text := func(x *big.Float) string {
		if x == nil || exponentOf(x) <= b.err+8 {
			return "0"
		}
		if rational {
			if r, ok := simplest(x, b.err); ok {
				return r
			}
		}
		if e := exponentOf(x); e > 4096 || e < -4096 { // writing it in decimals would take long
			return x.Text('p', 36)
		}
		return x.Text('e', 39)
	}
	s := text(b.re)
	if im := text(b.im); im != "0" {
		s += "+" + im + "i"
	}
	return s, true
}

// nearFraction says whether a float is close to a fraction with a denominator
// below 2^20, by its continued fraction: what is not is no such fraction.
func nearFraction(f float64) bool {
	f = math.Abs(f)
	if f > 1e12 || f < 1e-12 {
		return true
	}
	x, d0, d1 := f, 0.0, 1.0
	for range 40 {
		q := math.Floor(x)
		rest := x - q
		if math.Abs(f*d1-math.Round(f*d1)) < 1e-9*math.Max(1, f*d1)*1e-2 {
			return true
		}
		if rest < 1e-13 {
			return true
		}
		x = 1 / rest
		d0, d1 = d1, math.Floor(x)*d1+d0
		if d1 > 1<<20 {
			return false
		}
	}
	return true
}

// simplest gives the fraction with a denominator below 10^6 that a value is, if
// it is one.
func simplest(x *big.Float, err int) (string, bool) {
	if exponentOf(x) > 60 || exponentOf(x) < -60 {
		return "", false
	}
	if f, _ := x.Float64(); !nearFraction(f) {
		return "", false
	}
	r, _ := x.Rat(nil)
	if r == nil {
		return "", false
	}
	n0, d0, n1, d1 := big.NewInt(0), big.NewInt(1), big.NewInt(1), big.NewInt(0)
	num, den := new(big.Int).Set(r.Num()), new(big.Int).Set(r.Denom())
	for range 40 {
		q, m := new(big.Int).DivMod(num, den, new(big.Int))
		n0, n1 = n1, new(big.Int).Add(new(big.Int).Mul(q, n1), n0)
		d0, d1 = d1, new(big.Int).Add(new(big.Int).Mul(q, d1), d0)
		if d1.BitLen() > 20 {
			return "", false
		}
		diff := new(big.Rat).Sub(r, new(big.Rat).SetFrac(n1, d1))
		if diff.Sign() == 0 || new(big.Float).SetRat(diff).MantExp(nil) <= err+2 {
			return new(big.Rat).SetFrac(n1, d1).RatString(), true
		}
		if m.Sign() == 0 {
			return "", false
		}
		num, den = den, m
	}
	return "", false
}
