package mathx

import (
	"strings"
	"unicode"
)

// again tries the other readings of what is ambiguous: 100,200 as a list, 0,5
// with a decimal comma, and letters that are units as variables.
func (c *comparer) again(r *Result, gold, answer string, g, a *node) {
	try := func(g, a *node) {
		if g == nil || a == nil {
			return
		}
		c.atoms = c.atoms[:0]
		if out, why := c.compare(g, a, 0); out == Same {
			r.Outcome, r.Why = out, why
		}
	}
	read := func(s, comma string, n *node) *node {
		if !strings.Contains(s, ",") || strings.ContainsAny(s, `\{`) || comma == ", " && n.k != kNum || comma == "." && strings.Trim(trim(s), "-0123456789,$%") != "" {
			return nil
		}
		n, _ = c.read(strings.ReplaceAll(s, ",", comma), false)
		if comma == "." && n != nil && n.k != kNum {
			return nil
		}
		return n
	}
	if lower := holds(g, "c"); constantOfIntegration(g, "C") && constantOfIntegration(a, "c") && !lower && !holds(a, "C") {
		try(g, rename(a, "c", "C"))
	}
	if x, ok := choose(g); ok {
		try(x, a)
	} else if x, ok := choose(a); ok {
		try(g, x)
	}
	if containsKind(g, kI) != containsKind(a, kI) { // 3 - 4j
		for _, name := range [...]string{"j", "I"} {
			if containsKind(g, kI) && holds(a, name) {
				try(g, imaginary(a, name))
			} else if containsKind(a, kI) && holds(g, name) {
				try(imaginary(g, name), a)
			}
		}
	}
	if x, y := plainBasis(g), plainBasis(a); x != g || y != a {
		try(x, y)
	}
	lines := func(s string, n *node) *node {
		if s = trim(s); !strings.Contains(s, "\n") || strings.Contains(s, `\begin`) {
			return n
		}
		n, _ = c.read(strings.ReplaceAll(s, "\n", ", "), false)
		return n
	}
	if x, y := lines(gold, g), lines(answer, a); x != g || y != a {
		try(x, y)
	}
	reread := func(units, plain bool) {
		c.units, c.plain = units, plain
		x, _ := c.read(gold, plain)
		y, _ := c.read(answer, plain)
		c.units, c.plain = false, false
		if r.Outcome != Same {
			try(x, y)
		}
	}
	switch gs, as := shapeOf(g), shapeOf(a); {
	case g.k == kNum && as == isList && len(a.args) == 2:
		try(g, read(answer, ".", a))
		if r.Outcome != Same {
			try(read(gold, ", ", g), a)
		}
	case as == isList || as == isSet:
		try(read(gold, ", ", g), a)
	case gs == isList || gs == isSet:
		try(g, read(answer, ", ", a))
	case containsKind(g, kQuantity) || containsKind(a, kQuantity):
		if letters(g, a) {
			reread(true, false)
			reread(false, true)
		}
	}
	if r.Outcome != Same && g.k == kRel && a.k == kRel && (g.args[0].k == kText || a.args[0].k == kText) { // PV = nRT
		x, _ := c.read(gold, true)
		y, _ := c.read(answer, true)
		try(x, y)
	}
	if r.Outcome != Same {
		if x, ok := locale(answer); ok && (g.k == kNum || g.k == kQuantity) {
			try(g, c.localized(x))
		} else if x, ok := locale(gold); ok && (a.k == kNum || a.k == kQuantity) {
			try(c.localized(x), a)
		}
	}
	if r.Outcome != Same {
		if sameWords(gold, answer) {
			r.Outcome, r.Why = Same, "the same words"
		}
	}
}

func letters(g, a *node) bool {
	var t, u traits
	t.read(g)
	u.read(a)
	return len(t.symbols)+len(u.symbols) > 0
}

func (c *comparer) localized(s string) *node {
	n, _ := c.read(s, false)
	if n == nil || n.k != kNum && n.k != kQuantity {
		return nil
	}
	return n
}

// locale writes a number with the separators of other countries the English way:
// 1.234,5 and 1 234,5 and 12,34,567.89. ok is false where a text is no such number.
func locale(s string) (string, bool) {
	s = trim(s)
	start := strings.IndexFunc(s, unicode.IsDigit)
	end := strings.LastIndexFunc(s, unicode.IsDigit)
	if start < 0 || len(s) > 60 || strings.IndexByte(s, ',') < 0 {
		return "", false
	}
	number := strings.ReplaceAll(strings.ReplaceAll(s[start:end+1], "\u00a0", " "), "\u202f", " ")
	if comma := strings.LastIndexByte(number, ','); comma > 0 && strings.Count(number, ",") == 1 && allDigits(number[comma+1:]) {
		groups := strings.FieldsFunc(number[:comma], func(r rune) bool { return r == '.' || r == ' ' })
		if thousands(groups) && (len(groups) > 1) {
			return s[:start] + strings.Join(groups, "") + "." + number[comma+1:] + s[end+1:], true
		}
	}
	whole, decimals, _ := strings.Cut(number, ".")
	groups := strings.Split(whole, ",")
	if n := len(groups); n > 1 && len(groups[0]) <= 2 && len(groups[n-1]) == 3 && (decimals == "" || allDigits(decimals)) { // lakhs
		for i, g := range groups {
			if !allDigits(g) || i > 0 && i < n-1 && len(g) != 2 {
				return "", false
			}
		}
		if decimals != "" {
			decimals = "." + decimals
		}
		return s[:start] + strings.Join(groups, "") + decimals + s[end+1:], true
	}
	return "", false
}

// thousands says whether groups of digits are those of one number.
func thousands(groups []string) bool {
	for i, g := range groups {
		if !allDigits(g) || i > 0 && len(g) != 3 || len(g) > 3 {
			return false
		}
	}
	return len(groups) > 0
}

// constantOfIntegration says whether a sum ends in such a constant.
func constantOfIntegration(n *node, name string) bool {
	if _, v, ok := named(n); ok {
		n = v
	}
	if n.k != kAdd {
		return false
	}
	last := n.args[len(n.args)-1]
	return last.k == kSym && last.name == name
}
