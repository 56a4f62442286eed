package mathx

import (
	"strings"
	"unicode"
)

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

// buffers that a comparer keeps from one comparison to the next.
type buffers struct {
	toks  []token
	arena arena
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
	p := parser{toks: toks, words: words, plain: c.plain, arena: &c.arena}
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

var wordMarkup = strings.NewReplacer(`\textbf`, "", `\textit`, "", `\textrm`, "", `\text`, "", `\mathrm`, "", `\mathbf`, "", `\mbox`, "", `\operatorname`, "", `\quad`, " ", `\boxed`, "", `\left`, "", `\right`, "", `\,`, " ", `\ `, " ")

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
	s = wordMarkup.Replace(s)
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
