// Package mathx is about mathematics as models write it: LaTeX and plain text,
// parsed to trees, compared by exact normal forms, in finite fields and, only
// then, by numbers with bounds on their errors. It must not know what an answer
// or a benchmark is.
//
// Every operation is bounded by its input's length and by a budget of counted
// work; there are no time limits, and no input hangs or takes much memory.
// See docs/judging-mathematics.md for the kinds of answers and the policies.
package mathx

import (
	"math/big"
	"strings"
	"sync"
	"unicode"
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
	Outcome          Outcome
	Why              string // the rule that decided
	Gold, Answer     string // as they were read
	GoldIs, AnswerIs string // their kinds: "a value", "a list", …
	Work             int    // units of work that were counted, at most the budget
}

// A Value is mathematics that was read.
type Value struct {
	n    *node
	kind string
}

// Kind says what was read: "a value", "a list", "an equation", "text" and so on.
func (v Value) Kind() string { return v.kind }

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
	c := pool.Get().(*comparer)
	defer pool.Put(c)
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

// kindOf names the kind of a tree, for people.
func kindOf(n *node) string {
	n = unwrap(n)
	if l, _, ok := named(n); ok && l.k == kSym {
		return "a value with a name"
	}
	s := shapeOf(n)
	switch {
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

var pool = sync.Pool{New: func() any { return new(comparer) }}

// buffers that a comparer keeps from one comparison to the next.
type buffers struct {
	toks  []token
	plain bool // read no word as a unit
}

// read parses s; why says what is wrong with it, "empty" if it holds nothing.
func (c *comparer) read(s string, words bool) (n *node, why string) {
	if len(s) > maxLength {
		return nil, "too long"
	}
	toks, why := lex(s, c.toks)
	c.toks = toks
	if why != "" {
		if n := c.wordsOnly(s); n != nil {
			return n, ""
		}
		return nil, why
	}
	if len(toks) == 0 {
		return nil, "empty"
	}
	if n := special(toks); n != nil {
		return n, ""
	}
	p := parser{toks: toks, words: words, plain: c.plain}
	n = p.list()
	for p.fail == "" && (p.peek().t == '.' || p.peek().t == ',' || p.peek().t == '!' && n.k == kText) {
		p.i++
	}
	if p.fail == "" && p.i < len(p.toks) {
		p.failed("cannot read what follows " + shorten(n.String()))
	}
	if p.fail != "" {
		if n := c.wordsOnly(s); n != nil && p.fail != "empty" {
			return n, ""
		}
		return nil, p.fail
	}
	if n.k == kList && len(n.args) == 0 {
		return nil, "empty"
	}
	return n, ""
}

// special reads dates and times, whose tokens mean something else elsewhere.
func special(toks []token) *node {
	if x := compoundWord(toks); x != nil {
		return x
	}
	hasWord, hasColon := false, false
	for _, t := range toks[:min(len(toks), 16)] {
		hasWord = hasWord || t.t == tWord || t.t == tText
		hasColon = hasColon || t.t == ':'
	}
	if hasColon || hasWord && toks[0].t == tNum && len(toks) == 2 {
		half := toks[len(toks)-1].t != tNum
		colons := 0
		for _, t := range toks {
			colons += boolInt(t.t == ':')
		}
		if half || colons == 2 {
			if seconds, ok := timeOfDay(toks); ok && (half || len(toks[0].text) <= 2 && len(toks) == 5 && len(toks[0].text) == 2) {
				return &node{k: kTime, val: ratInt(seconds), name: ratInt(seconds).String() + " s after midnight"}
			}
		}
	}
	if hasWord || len(toks) == 5 && toks[1].t == '-' && toks[3].t == '-' {
		if d, ok := date(toks); ok {
			return &node{k: kDate, name: d}
		}
	}
	return nil
}

// compoundWord reads a word with a hyphen, and the names of two times of day.
func compoundWord(toks []token) *node {
	if len(toks) == 1 && toks[0].t == tWord {
		switch lowerASCII(toks[0].text) {
		case "noon", "midday":
			return &node{k: kTime, val: ratInt(43200), name: "12:00"}
		case "midnight":
			return &node{k: kTime, val: ratInt(0), name: "0:00"}
		}
	}
	if len(toks) != 3 || toks[1].t != '-' || toks[1].space || toks[2].space {
		return nil
	}
	for _, t := range [...]token{toks[0], toks[2]} {
		if t.t != tWord || len(t.text) < 3 {
			return nil
		}
	}
	return &node{k: kText, name: lowerASCII(toks[0].text + " " + toks[2].text)}
}

// wordsOnly reads a text that holds no mathematics as words; nil if it does.
func (c *comparer) wordsOnly(s string) *node {
	letters := 0
	for i, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case r == '\\':
			rest := s[i+1:]
			name := rest
			for j := range len(rest) {
				if !isLetter(rest[j]) {
					name = rest[:j]
					break
				}
			}
			if name != "" && !texts[name] && name != "quad" && name != "left" && name != "right" && name != "boxed" {
				return nil
			}
		case unicode.IsDigit(r), strings.ContainsRune("=<>+*/^%|#@&", r):
			return nil
		}
	}
	if letters < 2 {
		return nil
	}
	s = strings.NewReplacer(`\textbf`, "", `\textit`, "", `\textrm`, "", `\text`, "", `\mathrm`, "", `\mathbf`, "", `\mbox`, "", `\operatorname`, "", `\quad`, " ", `\boxed`, "", `\left`, "", `\right`, "", `\,`, " ", `\ `, " ").Replace(s)
	parts := strings.FieldsFunc(strings.ReplaceAll(s, " and ", ","), func(r rune) bool { return r == ',' || r == ';' })
	var items []*node
	for _, p := range parts {
		if w := wordsOf(p); w != "" {
			items = append(items, &node{k: kText, name: w})
		}
	}
	switch len(items) {
	case 0:
		return nil
	case 1:
		return items[0]
	}
	return &node{k: kList, args: items}
}

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
	if r.Outcome == Unknown {
		c.decide(&r, gold, answer, g, a)
	}
	return r
}

// readBoth reads gold and answer; the outcome is Unknown where both were
// understood, so that there is something to decide.
func (c *comparer) readBoth(gold, answer string, o Options) (g, a *node, r Result) {
	c.reset(gold, answer, o)
	g, whyGold := c.read(gold, false)
	letters := false
	if g != nil {
		var t traits
		t.read(g)
		letters = len(t.symbols) > 0
	}
	a, whyAnswer := c.read(answer, letters)
	r = Result{Outcome: Unknown, Gold: trim(gold), Answer: trim(answer)}
	switch {
	case whyAnswer == "empty":
		r.Outcome, r.Why = UnparsedAnswer, "empty"
	case g != nil && a != nil:
	case plain(gold) == plain(answer) && plain(gold) != "":
		r.Outcome, r.Why = Same, "the same text"
	case g == nil:
		r.Outcome, r.Why = UnparsedGold, whyGold
	default:
		r.Outcome, r.Why = UnparsedAnswer, whyAnswer
	}
	return g, a, r
}

func (c *comparer) decide(r *Result, gold, answer string, g, a *node) {
	r.Outcome, r.Why = c.compare(g, a, 0)
	if r.Outcome != Same {
		c.again(r, gold, answer, g, a)
	}
	r.GoldIs, r.AnswerIs = kindOf(g), kindOf(a)
	r.Work = MaxWork - c.work
}

func (c *comparer) reset(gold, answer string, o Options) {
	c.atoms, c.work, c.o = c.atoms[:0], MaxWork, o
	c.gold, c.answer = gold, answer
	c.degree, c.log10 = true, false
}

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
		var t, u traits
		t.read(g)
		u.read(a)
		if len(t.symbols)+len(u.symbols) == 0 {
			return
		}
		c.plain = true
		g, _ = c.read(gold, true)
		a, _ = c.read(answer, true)
		c.plain = false
		try(g, a)
	}
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

// plain folds the spelling of a text that is not parsed: spaces, delimiters,
// sizes.
func plain(s string) string {
	s = trim(s)
	s = folds.Replace(s)
	var b strings.Builder
	last, space := rune(0), false
	for _, r := range s {
		if unicode.IsSpace(r) || r == '$' || r == '~' {
			space = true
			continue
		}
		if space && unicode.IsDigit(r) && unicode.IsDigit(last) { // "5 8" is not 58
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last, space = r, false
	}
	return b.String()
}

var folds = strings.NewReplacer(`\left`, "", `\right`, "", `\dfrac`, `\frac`, `\tfrac`, `\frac`, `\,`, "", `\;`, "", `\!`, "", `\:`, "", `\ `, "", `\displaystyle`, "", `\(`, "", `\)`, "", `\[`, "", `\]`, "", `\quad`, "")

// ListLen gives the number of elements if a gold is a bare list ("2, 6, 7"),
// else 1.
func ListLen(gold string) int {
	c := pool.Get().(*comparer)
	defer pool.Put(c)
	n, _ := c.read(gold, false)
	if n == nil || n.k != kList {
		return 1
	}
	return len(n.args)
}

// ParseRational reads a plain number: 1,234 and 1{,}234, -8, 3/4, \frac34, 1.5,
// 7.8\times10^2, $5; of 50% it gives 50. Units behind it are passed over.
func ParseRational(s string) (*big.Rat, bool) {
	c := pool.Get().(*comparer)
	defer pool.Put(c)
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
