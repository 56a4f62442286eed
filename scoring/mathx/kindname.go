package mathx

// kindOf names the kind of a tree, for people.
func kindOf(n *node) string {
	n = unwrap(n)
	if l, _, ok := named(n); ok && l.k == kSym {
		return "a value with a name"
	}
	s := shapeOf(n)
	switch {
	case n.k == kText:
		switch n.name {
		case "true", "false", "yes", "no":
			return "a truth value"
		}
		if len(n.name) == 1 {
			return "an option's letter"
		}
	case s == isSet && len(n.args) == 0:
		return "the empty set"
	case s == isScalar:
		q := quantityOf(n)
		switch {
		case q.percent:
			return "a percentage"
		case q.unit != nil:
			return "a quantity"
		}
		work := 2000
		if v, ok := exact(n, nil, &work); ok {
			if v.isInt() {
				return "an integer"
			}
			return "a rational number"
		}
		var t traits
		if t.read(n); len(t.symbols) > 0 {
			return "an expression"
		}
		return "a number"
	}
	return s.String()
}
