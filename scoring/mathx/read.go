package mathx

import (
	"strings"
	"unicode"
)

// buffers that a comparer keeps from one comparison to the next.
type buffers struct {
	toks  []token
	parse parser
	arena arena
	plain bool     // read no word as a unit
	units bool     // read letters behind a number as units
	like  quantity // what the gold's value bears, for canonical texts
	known bool     // there is a gold
}

// read parses s; why says what is wrong with it, "empty" if it holds nothing.
func (c *comparer) read(s string, words bool) (n *node, why string) {
	if len(s) > maxLength {
		return nil, "too long"
	}
	if c.work -= 6 * len(s); c.work < 0 {
		return nil, "too much work to read"
	}
	s = clean(s)
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
	if t := toks[0]; len(toks) > 1 && t.t == tSym && (t.text == "A" || t.text == "a") && (toks[1].t == tWord && len(toks[1].text) > 3) {
		if n := c.wordsOnly(s); n != nil { // "A circle"
			return n, ""
		}
	}
	if n := special(toks); n != nil {
		return n, ""
	}
	if exclaimed(toks) {
		toks = toks[:len(toks)-1]
	}
	except, reals := allBut(toks)
	if reals {
		toks = except
	} else {
		toks = rewritten(toks[announcement(toks):])
	}
	p := &c.parse
	*p = parser{toks: toks, words: words, plain: c.plain, units: c.units, arena: &c.arena, work: &c.work}
	n = p.list()
	if p.peek().t == tOver && p.fail == "" { // 7 \over 12
		p.i++
		n = p.op(kDiv, n, p.list())
	}
	if reals {
		n = p.op(kMinus, p.node(node{k: kSym, name: "ℝ"}), p.node(node{k: kSet, args: elements(n)}))
	}
	for p.fail == "" && (p.peek().t == '.' || p.peek().t == ',' || p.peek().t == '!' && n.k == kText || p.peek().t == '}') { // a brace too many
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
		letters = len(t.symbols) > 0 && g.k != kQuantity
	}
	a, whyAnswer := c.read(answer, letters)
	r = Result{Outcome: Unknown, Gold: trim(gold), Answer: trim(answer)}
	switch {
	case whyAnswer == "empty":
		r.Outcome, r.Why = UnparsedAnswer, "empty"
	case r.Gold == r.Answer:
		r.Outcome, r.Why = Same, "the same text"
	case g != nil && a != nil:
	case plain(gold) == plain(answer) && plain(gold) != "":
		r.Outcome, r.Why = Same, "the same text"
	case sameWords(gold, answer):
		r.Outcome, r.Why = Same, "the same words"
	case g == nil:
		r.Outcome, r.Why = UnparsedGold, whyGold
	default:
		r.Outcome, r.Why = UnparsedAnswer, whyAnswer
	}
	return g, a, r
}
