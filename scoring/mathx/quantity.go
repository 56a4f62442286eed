package mathx

// A quantity is a value with what it bears.
type quantity struct {
	value   *node
	unit    *unit
	percent bool
}

// quantityOf parts a value from its unit, its percent or degree sign.
func quantityOf(n *node) quantity {
	switch {
	case n.k == kQuantity:
		q := quantityOf(n.args[0])
		if q.unit != nil || q.percent {
			return quantity{value: n.args[0], unit: n.unit}
		}
		if n.unit.noun == "%" {
			return quantity{value: q.value, percent: true}
		}
		return quantity{value: q.value, unit: n.unit}
	case n.k == kFunc && n.name == "percent":
		return quantity{value: n.args[0], percent: true}
	case n.k == kFunc && n.name == "deg":
		return quantity{value: n.args[0], unit: angleDegree}
	case n.k == kNeg:
		q := quantityOf(n.args[0])
		if q.unit != nil || q.percent {
			q.value = &node{k: kNeg, args: []*node{q.value}}
			return q
		}
	case n.k == kMul && len(n.args) == 2: // \frac{5\pi}{12}^\circ and 2 · 45°
		if q := quantityOf(n.args[1]); (q.unit == angleDegree || q.percent) && n.args[0].k != kFunc {
			q.value = &node{k: kMul, args: []*node{n.args[0], q.value}}
			return q
		}
	}
	return quantity{value: n}
}

// letters reads single letters behind a number as units: 5 m, 20 m/s. ok is
// false if there are other letters.
func letterUnits(n *node) (quantity, bool) {
	u := &unit{scale: ratInt(1)}
	var values []*node
	var walk func(n *node, power int64) bool
	units := 0
	walk = func(n *node, power int64) bool {
		switch n.k {
		case kSym:
			v := unitOf(n.name)
			if v == nil {
				return false
			}
			w, ok := u.multiply(v, power)
			if !ok {
				return false
			}
			u = w
			units++
			return true
		case kMul:
			for _, x := range n.args {
				if !walk(x, power) {
					return false
				}
			}
			return true
		case kDiv:
			return walk(n.args[0], power) && walk(n.args[1], -power)
		case kPow:
			if n.args[0].k == kSym {
				k, ok := n.args[1].number()
				i, isInt := k.int64()
				if !ok || !isInt {
					return false
				}
				return walk(n.args[0], power*i)
			}
		case kQuantity:
			w, ok := u.multiply(n.unit, power)
			if !ok {
				return false
			}
			u = w
			units++
			return walk(n.args[0], power)
		case kNeg:
			var t traits
			t.read(n)
			if len(t.symbols) > 0 {
				if !walk(n.args[0], power) {
					return false
				}
				values = append(values, &node{k: kNum, val: ratInt(-1)})
				return true
			}
		}
		var t traits
		if t.read(n); len(t.symbols) > 0 {
			return false
		}
		if power < 0 {
			n = &node{k: kDiv, args: []*node{{k: kNum, val: ratInt(1)}, n}}
		}
		values = append(values, n)
		return true
	}
	if !walk(n, 1) || units == 0 || len(values) == 0 {
		return quantity{}, false
	}
	v := values[0]
	if len(values) > 1 {
		v = &node{k: kMul, args: values}
	}
	return quantity{value: v, unit: u}, true
}

// quantities compares values with what they bear.
func (c *comparer) quantities(g, a *node) (Outcome, string) {
	gq, aq := quantityOf(g), quantityOf(a)
	if gq.unit != nil && gq.unit == aq.unit { // sin of degrees and the like stay
		return c.scalar(gq.value, aq.value)
	}
	out, why := c.measured(gq, aq)
	if out == Same {
		return out, why
	}
	// Letters as units: only where the other side says that there are units,
	// or where the gold is a plain number.
	var t, u traits
	t.read(gq.value)
	u.read(aq.value)
	if len(t.symbols) == 0 && len(u.symbols) > 0 && !c.o.StrictUnits {
		if q, ok := letterUnits(a); ok && (gq.unit != nil || plainNumber(gq.value) && spacedLetter(c.answer)) {
			if o, w := c.measured(gq, q); o == Same {
				return o, w
			}
		}
	}
	if len(u.symbols) == 0 && len(t.symbols) > 0 && !c.o.StrictUnits {
		if q, ok := letterUnits(g); ok && (aq.unit != nil || plainNumber(aq.value) && spacedLetter(c.gold)) {
			if o, w := c.measured(q, aq); o == Same {
				return o, w
			}
		}
	}
	if len(u.symbols) > 0 && len(t.symbols) > 0 {
		if p, ok := letterUnits(g); ok {
			if q, ok := letterUnits(a); ok && p.unit.noun == "" && q.unit.noun == "" && p.unit.convertible(q.unit) && !p.unit.equal(q.unit) {
				if o, w := c.measured(p, q); o == Same {
					return o, w
				}
			}
		}
	}
	return out, why
}

func plainNumber(n *node) bool {
	work := 1000
	_, ok := exact(n, nil, &work)
	return ok
}

// spacedLetter says whether an answer as written is a plain number, white space
// and a letter that is a unit, without LaTeX: "5 m", but not "5m" or "2 \pi r".
func spacedLetter(s string) bool {
	i := len(s)
	for i > 0 && (isLetter(s[i-1]) || s[i-1] == '/' || s[i-1] == '^' || i < len(s) && isDigit(s[i-1]) && i > 1 && (s[i-2] == '^' || isLetter(s[i-2]))) {
		i--
	}
	if i == len(s) || i < 2 || s[i-1] != ' ' || !isDigit(s[i-2]) && s[i-2] != '.' {
		return false
	}
	for j := range i {
		if isLetter(s[j]) || s[j] == '\\' {
			return false
		}
	}
	first := s[i : i+1]
	switch first {
	case "m", "s", "g", "h", "J", "N", "W", "V", "A", "K", "C", "L", "T", "F", "H", "k", "c", "P", "M", "G", "l", "d", "u", "n", "p":
		return true
	}
	return false
}

func scaled(n *node, r rat, pi int8) *node {
	if r.is(1) && pi == 0 {
		return n
	}
	args := []*node{n, {k: kNum, val: r}}
	if pi != 0 {
		args = append(args, &node{k: kPow, args: []*node{{k: kPi}, {k: kNum, val: ratInt(int64(pi))}}})
	}
	return &node{k: kMul, args: args}
}

func (c *comparer) measured(g, a quantity) (Outcome, string) {
	hundredth := func(n *node) *node { return scaled(n, ratOf(1, 100), 0) }
	if g.percent != a.percent {
		if g.unit != nil || a.unit != nil {
			return Different, "a percentage and a unit"
		}
		out, why := c.scalar(g.value, a.value)
		if out == Same || c.o.StrictPercent {
			if c.o.StrictPercent {
				out, why = Different, "the percent sign is missing on one side"
			}
		}
		if out == Same {
			return out, why + "; the percent sign is missing on one side"
		}
		if g.percent {
			g.value = hundredth(g.value)
		} else {
			a.value = hundredth(a.value)
		}
		if out, _ := c.scalar(g.value, a.value); out == Same {
			return Same, "equal as a percentage"
		}
		return out, why
	}
	gu, au := g.unit, a.unit
	// counted in dozens, revolutions and the like: a plain multiple
	plain := func(u *unit) bool { return u != nil && u.noun == "" && u.dim == [dimensions]int8{} }
	if plain(gu) {
		g.value, gu = scaled(g.value, gu.scale, gu.pi), nil
	}
	if plain(au) {
		a.value, au = scaled(a.value, au.scale, au.pi), nil
	}
	switch {
	case gu == nil && au == nil:
		return c.scalar(g.value, a.value)
	case gu != nil && au != nil:
		if x, ok := kelvins(g.value, gu); ok {
			if y, ok := kelvins(a.value, au); ok && !gu.equal(au) {
				out, why := c.scalar(x, y)
				if out == Same {
					why = "equal after converting " + au.label() + " to " + gu.label()
				}
				return out, why
			}
		}
		if !gu.convertible(au) {
			if gu.noun != "" && au.noun != "" && gu.dim == au.dim && noun(gu.noun, au.noun) {
				return c.scalar(g.value, a.value)
			}
			return Different, "another unit"
		}
		if gu.equal(au) {
			return c.scalar(g.value, a.value)
		}
		out, why := c.scalar(scaled(g.value, gu.scale, gu.pi), scaled(a.value, au.scale, au.pi))
		if out == Same {
			why = "equal after converting " + au.label() + " to " + gu.label()
		}
		return out, why
	}
	if c.o.StrictUnits {
		return Different, "a unit is missing"
	}
	out, why := c.scalar(g.value, a.value)
	if out == Same {
		return out, why + "; a unit is missing on one side"
	}
	x, y := g.value, a.value // one of them has a unit
	if gu.angle() {
		x = scaled(x, gu.scale, gu.pi)
	} else if au.angle() {
		y = scaled(y, au.scale, au.pi)
	} else {
		return out, why
	}
	if o, _ := c.scalar(x, y); o == Same {
		return Same, "equal in radians"
	}
	return out, why
}

// angle says whether a unit is degrees or the like, which π turns into radians.
func (u *unit) angle() bool {
	return u != nil && u.dim == angleDegree.dim && u.noun == "" && u.pi != 0
}

// kelvins gives a temperature in kelvins; ok is false where a unit is no scale of
// temperature.
func kelvins(value *node, u *unit) (*node, bool) {
	number := func(r rat) *node { return &node{k: kNum, val: r} }
	switch {
	case u.noun == "°C" && u.dim == [dimensions]int8{}:
		return &node{k: kAdd, args: []*node{value, number(ratOf(27315, 100))}}, true
	case u.noun == "°F" && u.dim == [dimensions]int8{}: // (F + 459.67) · 5/9
		return scaled(&node{k: kAdd, args: []*node{value, number(ratOf(45967, 100))}}, ratOf(5, 9), 0), true
	case u.noun == "" && u.dim == prefixable["K"].dim:
		return scaled(value, u.scale, 0), true
	}
	return nil, false
}

// noun says whether two counted things are the same: one may be more explicit.
func noun(a, b string) bool {
	if a == b || a == "¥" && (b == "yen" || b == "yuan") || b == "¥" && (a == "yen" || a == "yuan") {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(b) > len(a)+1 && (b[:len(a)] == a && b[len(a)] == ' ' || b[len(b)-len(a):] == a && b[len(b)-len(a)-1] == ' ')
}
