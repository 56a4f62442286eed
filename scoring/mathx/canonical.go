package mathx

import (
	"slices"
	"strconv"
	"strings"
)

// CanonicalLike gives one text for all answers that Equal calls equal, so that
// they may be counted as one vote: rationals and polynomials in normal form, other
// values by 40 digits, at fixed points where there are variables. Names are
// dropped, units are converted to the base units of the SI.
//
// Equality under the default policy is no equivalence: 5 is 5 m and 5 is 5 cm. The
// gold settles that: a unit or a percent sign that the answer lacks is the gold's,
// one that the gold lacks does not count. It may be empty.
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
	return c.canonical(c.settle(n), 0)
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
