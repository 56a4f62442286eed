package mathx

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

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

// buffers that a comparer keeps from one comparison to the next.
type buffers struct {
	toks  []token
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
	p := parser{toks: toks, words: words, plain: c.plain, units: c.units, arena: &c.arena}
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

// clean takes out what is not seen and writes what markup stands for: characters
// of no width, entities and tags of HTML, digits of other scripts.
func clean(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return r == '&' || r == '<' || r >= utf8.RuneSelf }); i < 0 {
		return s
	}
	if strings.Contains(s, "&") && strings.Contains(s, ";") {
		s = entities(s)
	}
	if strings.Contains(s, "</") {
		s = tags.Replace(s)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u2060' || r == '\u00ad':
			return -1
		case r >= '\u0660' && r <= '\u0669':
			return '0' + r - '\u0660'
		case r >= '\u06f0' && r <= '\u06f9':
			return '0' + r - '\u06f0'
		case r >= '\u0966' && r <= '\u096f':
			return '0' + r - '\u0966'
		case r == '✅' || r == '✓' || r == '✔' || r == '☑' || r == '∴' || r == '⇒' || r == '➡' || r == '■' || r == '□' || r == '∎' || r == '\ufe0f':
			return ' '
		}
		return r
	}, s)
}

// entities writes the entities of HTML that end in a semicolon. An & that parts
// columns is left.
func entities(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			break
		}
		end := i + 1
		for end < len(s) && end < i+10 && (isLetter(s[end]) || isDigit(s[end]) || s[end] == '#') {
			end++
		}
		if end == i+1 || end >= len(s) || s[end] != ';' {
			b.WriteString(s[:i+1])
			s = s[i+1:]
			continue
		}
		b.WriteString(s[:i] + html.UnescapeString(s[i:end+1]))
		s = s[end+1:]
	}
	return b.String() + s
}

var tags = strings.NewReplacer("<sup>", "^{", "</sup>", "}", "<sub>", "_{", "</sub>", "}", "<b>", "", "</b>", "", "<i>", "", "</i>", "", "<em>", "", "</em>", "", "<strong>", "", "</strong>", "",
	"<p>", "", "</p>", "", "<span>", "", "</span>", "", "<div>", "", "</div>", "", "<br>", " ", "<br/>", " ")

// special reads dates and times, whose tokens mean something else elsewhere.
func special(toks []token) *node {
	if x := compoundWord(toks); x != nil {
		return x
	}
	if x := decided(toks); x != nil {
		return x
	}
	if x := clockInWords(toks); x != nil {
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
	if hasWord || len(toks) == 5 && (toks[1].t == '-' || toks[1].t == tDivide) && toks[3].t == toks[1].t {
		if d, ok := date(toks); ok {
			return &node{k: kDate, name: d}
		}
	}
	return nil
}

// clockInWords reads 15h30, and "12:00 noon" or "12 midnight".
func clockInWords(toks []token) *node {
	time := func(seconds int64) *node {
		return &node{k: kTime, val: ratInt(seconds), name: ratInt(seconds).String() + " s after midnight"}
	}
	n := len(toks)
	if n < 2 || toks[0].t != tNum || !allDigits(toks[0].text) || len(toks[0].text) > 2 || toks[0].val.cmp(ratInt(24)) > 0 {
		return nil
	}
	hours, _ := toks[0].val.int64()
	if minutes, ok := strings.CutPrefix(toks[1].text, "h_"); ok && n == 2 && toks[1].t == tSym && len(minutes) == 2 && minutes < "60" {
		v, _ := decimalValue(minutes)
		m, _ := v.int64()
		return time(hours*3600 + m*60)
	}
	if m := toks[n-1]; n == 3 && toks[1].t == tSym && toks[1].text == "h" && m.t == tNum && len(m.text) == 2 && m.text < "60" && !toks[1].space && !m.space {
		minutes, _ := m.val.int64()
		return time(hours*3600 + minutes*60)
	}
	last := lowerASCII(strings.TrimSpace(toks[n-1].text))
	exact := n == 2 || n == 4 && toks[1].t == ':' && toks[2].text == "00"
	if hours == 12 && exact && (last == "noon" || last == "midnight") {
		return time(map[string]int64{"noon": 43200, "midnight": 0}[last])
	}
	return nil
}

// compoundWord reads a word with a hyphen, and the names of two times of day.
func compoundWord(toks []token) *node {
	if len(toks) == 1 && (toks[0].t == tWord || toks[0].t == tText) {
		switch lowerASCII(strings.TrimSpace(toks[0].text)) {
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
		if c.letters(g, a) {
			reread(true, false)
			reread(false, true)
		}
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

func (c *comparer) letters(g, a *node) bool {
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
	if start < 0 || len(s) > 60 {
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

// sameWords compares texts that hold words by their letters: x\text{-axis} and
// "the x-axis".
func sameWords(gold, answer string) bool {
	fold := func(s string) string {
		s = plain(withoutTextCommands(clean(s)))
		if strings.IndexByte(s, '\\') < 0 { // \Delta is not \delta
			s = lowerASCII(s)
		}
		return strings.TrimPrefix(strings.TrimSuffix(s, "。"), "the")
	}
	x, y := fold(gold), fold(answer)
	return x == y && strings.IndexFunc(x, unicode.IsLetter) >= 0 && longWord(x)
}

// withoutTextCommands writes \text{…} as what it holds.
func withoutTextCommands(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '\\' {
			j := i + 1
			for j < len(s) && isLetter(s[j]) {
				j++
			}
			if l := (lexer{s: s, i: j}); texts[s[i+1:j]] {
				if inner, end, ok := l.argument(); ok {
					b.WriteString(inner)
					i = end
					continue
				}
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// longWord says whether a text has four letters in a row.
func longWord(s string) bool {
	n := 0
	for i := range len(s) {
		if isLetter(s[i]) {
			if n++; n >= 4 {
				return true
			}
			continue
		}
		n = 0
	}
	return false
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
