// Package mathx is about mathematics as models write it: LaTeX and plain text,
// parsed to exact values where possible, and compared. It must not know what an
// answer or a benchmark is.
//
// This version decides exact rationals, decimals, percentages, lists, tuples,
// sets and intervals of these, and compares everything else as normalised text.
// It decides nothing by floating point, so that a near miss is never accepted.
package mathx

import (
	"math/big"
	"slices"
	"strings"
)

// Outcome of a comparison.
type Outcome int

// The outcomes.
const (
	Same           Outcome = iota // equal
	Different                     // not equal
	UnparsedGold                  // the gold was not understood, and the texts differ
	UnparsedAnswer                // the answer was not understood, and the texts differ
	Unknown                       // both understood, equality not decided
)

// String names the outcome.
func (o Outcome) String() string {
	return [...]string{"equal", "different", "unparsed gold", "unparsed answer", "unknown"}[o]
}

// Options of a comparison; the zero value asks for exact equality.
type Options struct {
	RelTolerance float64 // accept numbers within this relative error of the gold
	AbsTolerance float64 // accept numbers within this distance of the gold
}

// A Result says whether gold and answer are equal, and why.
type Result struct {
	Outcome      Outcome
	Why          string
	Gold, Answer string // normalised forms
}

// maxLength bounds an answer, in bytes: a longer one is not mathematics.
const maxLength = 8 << 10

// Equal compares an answer with a gold, whose form sets the type: a bare list
// or a set has no order, a tuple has; a unit or a percent sign may be missing
// on either side.
func Equal(gold, answer string, o Options) Result {
	if len(gold) > maxLength || len(answer) > maxLength {
		return Result{Outcome: UnparsedAnswer, Why: "too long"}
	}
	g, a := normalise(gold), normalise(answer)
	r := Result{Gold: g, Answer: a}
	switch {
	case a == "":
		r.Outcome, r.Why = UnparsedAnswer, "empty"
	case otherCurrency(gold, answer):
		r.Outcome, r.Why = Different, "another currency"
	case g == a || strings.EqualFold(g, a) && textual(g):
		r.Outcome, r.Why = Same, "the same form"
	default:
		r.Outcome, r.Why = compare(g, a, o, 0)
	}
	return r
}

// otherCurrency says whether both sides bear a sign of money, and not the same.
func otherCurrency(gold, answer string) bool {
	sign := func(s string) string {
		for _, c := range []string{`\$`, "€", "£", "¥", "₹"} {
			if strings.Contains(s, c) {
				return c
			}
		}
		if strings.HasPrefix(s, "$") && !strings.HasSuffix(s, "$") {
			return `\$`
		}
		return ""
	}
	g, a := sign(gold), sign(answer)
	return g != "" && a != "" && g != a
}

// compare compares normalised forms.
func compare(g, a string, o Options, depth int) (Outcome, string) {
	if g == a {
		return Same, "the same form"
	}
	if depth > 20 {
		return Unknown, "nested too deeply"
	}
	a, g = dropName(a, g), dropName(g, a)
	if out, why, ok := compareNumbers(g, a, o); ok {
		return out, why
	}
	gs, as := group(g), group(a)
	if gs.kind == bare && as.kind == bare && len(gs.items) == 1 && len(as.items) == 1 {
		if squash(g) == squash(a) {
			return Same, "the same form"
		}
		if _, ok := value(g); ok {
			return UnparsedAnswer, "not a number"
		}
		return Different, "another form"
	}
	if gs.kind != as.kind && (g == "∅" || a == "∅") { // {∅} is not ∅
		return Different, "another kind of collection"
	}
	if !gs.kind.fits(as.kind) || gs.open != as.open && gs.kind == as.kind && gs.kind == pair {
		return Different, "another kind of collection"
	}
	return compareItems(gs, as, o, depth)
}

func compareItems(g, a collection, o Options, depth int) (Outcome, string) {
	same := func(x, y string) bool {
		out, _ := compare(x, y, o, depth+1)
		return out == Same
	}
	gi, ai := g.items, a.items
	if g.kind == set {
		gi, ai = distinct(gi, same), distinct(ai, same)
	}
	if len(gi) != len(ai) {
		return Different, "another number of elements"
	}
	if g.kind == pair {
		for i := range gi {
			if !same(gi[i], ai[i]) {
				return Different, "element " + big.NewInt(int64(i+1)).String() + " differs"
			}
		}
		return Same, "equal element by element"
	}
	left := slices.Clone(ai)
	for _, x := range gi {
		i := slices.IndexFunc(left, func(y string) bool { return same(x, y) })
		if i < 0 {
			return Different, "an element is missing"
		}
		left = slices.Delete(left, i, i+1)
	}
	return Same, "equal in any order"
}

func distinct(items []string, same func(x, y string) bool) []string {
	var out []string
	for _, x := range items {
		if !slices.ContainsFunc(out, func(y string) bool { return same(x, y) }) {
			out = append(out, x)
		}
	}
	return out
}

// compareNumbers decides where both sides are numbers; ok is false if one is not.
func compareNumbers(g, a string, o Options) (Outcome, string, bool) {
	gv, gok := value(g)
	av, aok := value(a)
	if !gok || !aok {
		return 0, "", false
	}
	// A unit may be missing on either side; this version converts none.
	if gv.unit != "" && av.unit != "" && strings.TrimSuffix(gv.unit, "s") != strings.TrimSuffix(av.unit, "s") {
		return Different, "another unit", true
	}
	candidates := []*big.Rat{av.number}
	if gv.percent != av.percent { // p% is p or p/100 when the sign is on one side alone
		hundredth := new(big.Rat).Mul(percentOf(gv, av), big.NewRat(1, 100))
		if av.percent {
			candidates = append(candidates, hundredth)
		} else if gv.number.Cmp(av.number) != 0 && hundredth.Cmp(av.number) == 0 {
			return Same, "equal as a percentage", true
		}
	}
	for _, c := range candidates {
		if gv.number.Cmp(c) == 0 {
			return Same, "equal numbers", true
		}
		if near(gv.number, c, o) {
			return Same, "equal within the tolerance", true
		}
	}
	return Different, "another number", true
}

// percentOf gives the side that carries the sign.
func percentOf(g, a quantity) *big.Rat {
	if g.percent {
		return g.number
	}
	return a.number
}

func near(gold, answer *big.Rat, o Options) bool {
	distance := new(big.Rat).Sub(gold, answer)
	distance.Abs(distance)
	if o.AbsTolerance > 0 {
		if t := new(big.Rat).SetFloat64(o.AbsTolerance); t != nil && distance.Cmp(t) <= 0 {
			return true
		}
	}
	if o.RelTolerance > 0 {
		if t := new(big.Rat).SetFloat64(o.RelTolerance); t != nil {
			return distance.Cmp(t.Mul(t, new(big.Rat).Abs(gold))) <= 0
		}
	}
	return false
}

// Canonical gives the same text for equal answers as far as the normal form
// reaches; voting uses it.
func Canonical(s string) string {
	if len(s) > maxLength {
		return s
	}
	n := normalise(s)
	n = dropName(n, "0")
	if v, ok := value(n); ok {
		if v.percent {
			return v.number.RatString() + "%"
		}
		return v.number.RatString()
	}
	c := group(n)
	if c.kind == bare && len(c.items) == 1 {
		return squash(n)
	}
	items := make([]string, len(c.items))
	for i, x := range c.items {
		items[i] = Canonical(x)
	}
	if c.kind != pair {
		slices.Sort(items)
	}
	return c.open + strings.Join(items, ",") + c.shut
}

// ListLen gives the number of elements if a gold is a bare list ("2, 6, 7"),
// else 1.
func ListLen(gold string) int {
	if len(gold) > maxLength {
		return 1
	}
	n := normalise(gold)
	if _, ok := value(n); ok {
		return 1
	}
	if c := group(n); c.kind == bare {
		return len(c.items)
	}
	return 1
}

// ParseRational reads a plain number: 1,234 and 1{,}234, -8, 3/4, \frac34, 1.5,
// 7.8\times10^2, $5; of 50% it gives 50. Units behind it are passed over.
func ParseRational(s string) (*big.Rat, bool) {
	if len(s) > maxLength {
		return nil, false
	}
	v, ok := value(normalise(s))
	return v.number, ok
}

// HasMath says whether a text holds digits or a LaTeX command.
func HasMath(s string) bool {
	for i := range len(s) {
		if c := s[i]; '0' <= c && c <= '9' || c == '\\' || c == '$' {
			return true
		}
	}
	return strings.ContainsAny(s, "√π½∞∅=")
}
