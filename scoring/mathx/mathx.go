// Package mathx is about mathematics as models write it: LaTeX and plain text,
// parsed to trees, compared by exact normal forms, in finite fields and, only
// then, by numbers with bounds on their errors. It must not know what an answer
// or a benchmark is.
//
// The walk of one comparison: clean.go and lex.go make tokens, rewrite.go and
// sentence.go mend them, parse.go and its neighbours make trees, settle.go rewrites
// sloppy collections, compare.go chooses by the shapes of the two forms, scalar.go
// compares values: exact.go, modular.go, form.go (the normal form), ball.go,
// points.go and bigball.go (numbers with bounds), size.go. again.go tries the other
// readings of what is ambiguous; canonical.go writes votes.
//
// Every operation is bounded by its input's length and by a budget of counted
// work; there are no time limits, and no input hangs or takes much memory.
// See docs/judging-mathematics.md for the kinds of answers and the policies.
package mathx

import (
	"math/big"
	"strings"
	"sync"
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

// Options are the policies of a comparison. The zero value is the default: equal
// means exactly equal, a unit or a percent sign may be missing on one side, and
// lists have no order.
type Options struct {
	RelTolerance  float64 `json:"rel_tolerance,omitempty"`  // accept numbers within this relative error of the gold
	AbsTolerance  float64 `json:"abs_tolerance,omitempty"`  // accept numbers within this distance of the gold
	Rounding      bool    `json:"rounding,omitempty"`       // accept a decimal that the other side rounds to
	StrictPercent bool    `json:"strict_percent,omitempty"` // a percent sign may not be missing
	StrictUnits   bool    `json:"strict_units,omitempty"`   // a unit may not be missing
	Ordered       bool    `json:"ordered,omitempty"`        // lists without brackets have an order
	Synonyms      bool    `json:"synonyms,omitempty"`       // yes is true, no is false, "no solution" is none
	BareNumerals  bool    `json:"bare_numerals,omitempty"`  // 204 stands for 204_5 where the gold has the base
}

// A Result says whether gold and answer are equal, and why.
type Result struct {
	Outcome      Outcome
	Why          string // the rule that decided
	Gold, Answer string // the texts, without what surrounds them
	Work         int    // units of work that were counted, at most MaxWork
}

// A Value is mathematics that was read.
type Value struct {
	n    *node
	kind string
}

// Kind says what was read: "a value", "a list", "an equation", "text" and so on.
func (v Value) Kind() string { return v.kind }

// IsEquation says whether the value relates variables by an equals sign, rather
// than be a value or give one a name.
func (v Value) IsEquation() bool {
	if v.n == nil || shapeOf(v.n) != isEquation {
		return false
	}
	var t traits
	t.read(v.n)
	return len(t.symbols) > 1
}

// String writes the value in plain mathematics.
func (v Value) String() string {
	if v.n == nil {
		return ""
	}
	return v.n.String()
}

// Parse reads a LaTeX or plain text. The error says what could not be read;
// text that is words alone is a value of the kind "text".
func Parse(s string) (Value, error) {
	var c comparer // of its own: the tree outlives the call
	c.reset(s, "", Options{})
	n, why := c.read(s, false)
	if why != "" {
		return Value{}, &ParseError{Text: s, Why: why}
	}
	return Value{n, kindOf(n)}, nil
}

// A ParseError tells why a text was not read as mathematics.
type ParseError struct{ Text, Why string }

func (e *ParseError) Error() string { return "mathx: " + e.Why + ": " + shorten(e.Text) }

func shorten(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:77], "") + "…"
	}
	return s
}

var pool = sync.Pool{New: func() any { return new(comparer) }}

// Equal compares an answer with a gold. The gold's form sets the type: a bare
// list or a set has no order, a tuple has; (1, 2) is an interval where the other
// side is one. Equality is symmetric but for that.
func Equal(gold, answer string, o Options) Result {
	c := pool.Get().(*comparer)
	defer pool.Put(c)
	return c.equal(gold, answer, o)
}

func (c *comparer) equal(gold, answer string, o Options) Result {
	g, a, r := c.readBoth(gold, answer, o)
	c.decide(&r, gold, answer, g, a)
	return r
}

// decide completes the result of reading both.
func (c *comparer) decide(r *Result, gold, answer string, g, a *node) {
	if r.Outcome == Unknown {
		r.Outcome, r.Why = c.compare(g, a, 0)
		if r.Outcome != Same {
			c.again(r, gold, answer, g, a)
		}
	}
	if r.Outcome != Same && r.Why != "empty" {
		chosen(r, gold, answer)
	}
	r.Work = budget - c.work
}

// chosen settles answers to multiple choice.
func chosen(r *Result, gold, answer string) {
	if same, decided := options(gold, answer); decided {
		if r.Outcome, r.Why = Different, "another option"; same {
			r.Outcome, r.Why = Same, "the same option"
		}
	}
}

func (c *comparer) reset(gold, answer string, o Options) {
	c.atoms, c.work, c.o = c.atoms[:0], budget, o
	c.gold, c.answer = gold, answer
	c.degree, c.log10 = true, false
	c.plain, c.units, c.known, c.like = false, false, false, quantity{}
	c.arena.reset()
}

// ListLen gives the number of elements if a gold is a bare list ("2, 6, 7") or a
// value with ±, else 1.
func ListLen(gold string) int {
	c := pool.Get().(*comparer)
	defer pool.Put(c)
	c.reset(gold, "", Options{})
	n, _ := c.read(gold, false)
	if n == nil || n.k != kList && !containsKind(n, kPM) {
		return 1
	}
	items, ok := c.elementsOf(n)
	if !ok {
		return 1
	}
	return len(items)
}

// ParseRational reads a plain number: 1,234 and 1{,}234, -8, 3/4, \frac34, 1.5,
// 7.8\times10^2, $5; of 50% it gives 50. Units behind it are passed over.
func ParseRational(s string) (*big.Rat, bool) {
	c := pool.Get().(*comparer)
	defer pool.Put(c)
	c.reset(s, "", Options{})
	n, _ := c.read(s, false)
	if n == nil {
		return nil, false
	}
	work := 20_000
	v, ok := exact(quantityOf(unwrap(n)).value, nil, &work)
	if !ok {
		return nil, false
	}
	return new(big.Rat).Set(v.rat()), true
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
