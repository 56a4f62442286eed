package mathx

import "strings"

// A parser turns tokens into a tree by operator precedence: lists, relations,
// sets, ratios, sums, products, signs, powers, atoms. Every token is read once,
// but for the bounded look-ahead of mixed numbers.
type parser struct {
	toks   []token
	i      int
	depth  int
	group  int  // brackets around: units are read outside of them only
	abs    int  // open absolute values
	build  int  // open set-builders: a colon and a bar end the element
	words  bool // read unknown words behind a value as products of letters
	plain  bool // read no word as a unit
	units  bool // read letters behind a number as units
	summed int  // nodes that sums were written out to
	arena  *arena
	fail   string
}

func (p *parser) node(n node) *node { return p.arena.node(n) }

func (p *parser) args(n ...*node) []*node { return append([]*node(nil), n...) }

func (p *parser) op(k kind, args ...*node) *node { return p.node(node{k: k, args: p.args(args...)}) }

func (p *parser) fn(name string, args ...*node) *node {
	return p.node(node{k: kFunc, name: name, args: p.args(args...)})
}

func (p *parser) peek() token {
	if p.i < len(p.toks) {
		return p.toks[p.i]
	}
	return token{}
}

func (p *parser) ahead(n int) token {
	if p.i+n < len(p.toks) {
		return p.toks[p.i+n]
	}
	return token{}
}

func (p *parser) take(t tok) bool {
	if p.peek().t == t {
		p.i++
		return true
	}
	return false
}

// failed notes the first reason; parsing goes on with what it has and ends soon.
func (p *parser) failed(why string) *node {
	if p.fail == "" {
		p.fail = why
	}
	p.i = len(p.toks)
	return p.node(node{k: kText})
}

func (p *parser) enter() bool {
	if p.depth++; p.depth > maxDepth {
		p.failed("nested too deeply")
		return false
	}
	return true
}

// separatorToken says whether a token parts the elements of a list.
func separatorToken(t tok) bool {
	return t == ',' || t == ';' || t == tAnd || t == tOr || t == tRow
}

// list reads elements up to a closing token or the end. A single element is
// given as it is.
func (p *parser) list() *node {
	if !p.enter() {
		return p.failed("")
	}
	defer func() { p.depth-- }()
	var items []*node
	var flag uint16
	for p.fail == "" {
		if p.group == 0 && len(items) > 0 && p.remark() {
			break
		}
		for separatorToken(p.peek().t) {
			switch p.peek().t {
			case tOr:
				flag |= disjoined
			case tAnd:
				flag |= conjoined
			}
			p.i++
		}
		if t := p.peek().t; t == tEnd || closes(t) {
			break
		}
		items = append(items, p.relation())
		t := p.peek().t
		if separatorToken(t) {
			continue
		}
		if t == tEnd || closes(t) {
			break
		}
		if t == '|' && p.abs > 0 || (t == tMid || t == ':' || t == '|') && p.build > 0 {
			break
		}
		if t == '&' || t == tOver || t == tChoose {
			break
		}
		if p.group == 0 && len(items) > 0 && p.remark() {
			break
		}
		return p.failed("cannot read what follows " + items[len(items)-1].String())
	}
	switch len(items) {
	case 0:
		return p.node(node{k: kList})
	case 1:
		return items[0]
	}
	return p.node(node{k: kList, flag: flag, args: items})
}

// remarks are the words that begin an explanation behind an answer; hedges begin
// its approximation.
var (
	remarks = wordSet("where for with when since because as if provided respectively only i.e which so integer integers that using by given")
	hedges  = wordSet("about approximately approx roughly around nearly")
)

// remark skips words at the end that explain an answer: "where n is odd", "or
// about 1.86", "(because 6·7 = 42)". Those that take it back are no remark.
func (p *parser) remark() bool {
	i, joined := p.i, false
	for i < len(p.toks) && (separatorToken(p.toks[i].t) || p.toks[i].t == '(') {
		joined = joined || p.toks[i].t == tAnd
		i++
	}
	if i >= len(p.toks) {
		return false
	}
	t := p.toks[i]
	parenthesis := i > 0 && p.toks[i-1].t == '('
	if parenthesis && !p.takenBack(i) && (t.t == tRel && t.text == "~" || p.peek().t == '(' && p.aside()) {
		p.i = len(p.toks)
		return true
	}
	if t.t != tText && t.t != tWord {
		return false
	}
	first := firstWord(t.text)
	if (first == "is" || first == "are" || first == "works") && !joined && p.affirms(i) { // n = 17 is the smallest such integer
		p.i = len(p.toks)
		return true
	}
	if first == "in" && i+1 < len(p.toks) && p.toks[i+1].t == tNum { // in 2021
		p.i = len(p.toks)
		return true
	}
	if (remarks[first] || hedges[first] && !joined || parenthesis && asides[first]) && !p.takenBack(i) {
		p.i = len(p.toks)
		return true
	}
	return false
}

// affirms says whether what follows from i on is words alone that do not deny
// the value before them, nor add another.
func (p *parser) affirms(i int) bool {
	for _, t := range p.toks[i:] {
		switch t.t {
		case tText, tWord:
			if denies(t.text) {
				return false
			}
			for w := range strings.FieldsSeq(lowerASCII(t.text)) {
				switch strings.Trim(w, ",.;:") {
				case "also", "but", "another", "other", "too", "one", "excluded", "extraneous", "impossible", "invalid", "rejected":
					return false
				}
			}
		case '.', ',', tTo:
		default:
			return false
		}
	}
	return true
}

// takenBack says whether the words from i on deny the answer before them.
func (p *parser) takenBack(i int) bool {
	conditions := 0
	for _, t := range p.toks[i:] {
		if t.t != tText && t.t != tWord {
			continue
		}
		for w := range strings.FieldsSeq(lowerASCII(t.text)) {
			switch strings.Trim(w, "(),.;:!") {
			case "if", "when", "otherwise", "else": // another value under another condition
				if conditions++; conditions > 1 {
					return true
				}
			case "wrong", "incorrect", "false", "impossible", "invalid", "extraneous", "rejected", "fails", "contradiction":
				return true
			}
		}
	}
	return false
}

// asides are the words that begin a remark in parentheses.
var asides = wordSet("about approximately approx around roughly because since not or i.e that in as note where with for exactly see using by")

// aside says whether the parenthesis here holds words up to the end: a unit or a
// remark, no factor. "42 (square units)", "\sqrt2 (about 1.414)".
func (p *parser) aside() bool {
	first := p.ahead(1)
	if first.t == tRel && first.text == "~" || first.t == tText && asides[firstWord(first.text)] || first.t == tWord && asides[firstWord(first.text)] {
		return p.toks[len(p.toks)-1].t == ')' || p.toks[len(p.toks)-1].t == '.'
	}
	n := 0
	for i := p.i + 1; i < len(p.toks); i++ {
		switch t := p.toks[i]; t.t {
		case tText, tWord:
			if t.t == tWord && len(t.text) < 3 && unitOf(t.text) == nil {
				return false
			}
			n++
		case '.', '-', ',', tDivide, '^', tNum:
		case tRel: // (3×5 = 15)
			if t.text != "=" || p.group > 0 || p.abs > 0 {
				return false
			}
			for j := i; j < len(p.toks); j++ {
				if p.toks[j].t == ')' {
					return j+1 == len(p.toks)
				}
			}
			return false
		case tTimes, '+':
			if p.toks[p.i+1].t != tNum {
				return false
			}
		case tSym: // (a pentagon has 5 sides)
			if next := p.ahead(i + 1 - p.i).t; next != tWord && next != tText {
				return false
			}
		case ')':
			return n > 0 && (i+1 == len(p.toks) || p.toks[i+1].t == '.' && i+2 == len(p.toks))
		default:
			return false
		}
	}
	return false
}

func firstWord(s string) string {
	first, _, _ := strings.Cut(strings.TrimLeft(lowerASCII(s), " (,"), " ")
	return strings.Trim(first, ",.;:")
}

func closes(t tok) bool {
	switch t {
	case ')', ']', '}', tShutSet, tShutVec, tShutFlr, tShutCeil, tFinish:
		return true
	}
	return false
}

// relation reads a chain of relations between expressions.
func (p *parser) relation() *node {
	first := p.peek()
	var left *node
	if first.t == tRel {
		if first.text == "~" || first.text == "=" { // "≈ 3.7": what is written is the value
			p.i++
			return p.relation()
		}
		left = p.node(node{k: kSym, name: "□"})
	} else {
		left = p.item()
	}
	if p.peek().t != tRel {
		return left
	}
	args, ops := []*node{left}, ""
	for p.peek().t == tRel && p.fail == "" {
		op := p.peek().text
		p.i++
		if p.peek().t == tRel && p.peek().text == "=" && (op == "<" || op == ">") { // "< ="
			p.i++
			op = map[string]string{"<": "l", ">": "g"}[op]
		}
		if t := p.peek().t; t == tEnd || closes(t) {
			if op == "=" { // "x =" without a value
				return p.failed("nothing follows the equals sign")
			}
			return p.failed("nothing follows a relation")
		}
		if op == "m" { // f: x ↦ x²
			return p.mapping(left, p.item())
		}
		congruence := p.toks[p.i-1].val.is(1)
		x := p.item()
		if congruence && x.k == kFunc && x.name == "mod" { // x ≡ 3 mod 7
			x = p.residue(x.args[0], x.args[1])
		}
		ops += op
		args = append(args, x)
	}
	return p.node(node{k: kRel, name: ops, args: args})
}

// mapping reads "f: x ↦ value" or "x ↦ value" as f(x) = value.
func (p *parser) mapping(left, value *node) *node {
	f := p.node(node{k: kSym, name: "f"})
	if left.k == kRatio && len(left.args) == 2 {
		f, left = left.args[0], left.args[1]
	}
	if f.k != kSym || left.k != kSym {
		return p.failed("a mapping of something that is no variable")
	}
	call := p.node(node{k: kFunc, name: f.name, flag: call, args: p.args(left)})
	return p.node(node{k: kRel, name: "=", args: p.args(call, value)})
}

// item reads a set expression and, outside of brackets, a unit behind it.
func (p *parser) item() *node {
	left := p.meet()
	for p.peek().t == tUnion && p.fail == "" {
		p.i++
		left = p.op(kUnion, left, p.meet())
	}
	if p.peek().t == tPMod {
		left = p.modulo(left)
	}
	if p.group == 0 {
		left = p.unitTail(left)
	}
	return left
}

func (p *parser) meet() *node {
	left := p.ratio()
	for (p.peek().t == tMeet || p.peek().t == tSetminus) && p.fail == "" {
		k := kIntersect
		if p.peek().t == tSetminus {
			k = kMinus
		}
		p.i++
		left = p.op(k, left, p.ratio())
	}
	return left
}

func (p *parser) ratio() *node {
	left := p.sum()
	if t := p.peek().t; t == tTo || t == ':' && p.build == 0 {
		args := []*node{left}
		flag := clock
		for (p.peek().t == ':' || p.peek().t == tTo) && p.fail == "" {
			if p.peek().t == tTo {
				flag = 0
			}
			p.i++
			if p.peek().t == tEnd {
				return p.failed("nothing follows the colon")
			}
			args = append(args, p.sum())
		}
		if left.k == kText && len(args) == 2 { // "Answer: 5"
			return p.node(node{k: kPrefixed, name: left.name, args: args[1:]})
		}
		for _, x := range args {
			if x.k != kNum || !x.has(literal) {
				flag = 0
			}
		}
		return p.node(node{k: kRatio, flag: flag, args: args})
	}
	return left
}

func (p *parser) sum() *node {
	if !p.enter() {
		return p.failed("")
	}
	defer func() { p.depth-- }()
	var args []*node
	var first *node
	for p.fail == "" {
		t := p.peek()
		var x *node
		switch t.t {
		case '+':
			p.i++
			x = p.product()
		case '-':
			p.i++
			x = p.negate(p.product())
		case tPM:
			p.i++
			flag := uint16(0)
			if t.text == "-" {
				flag = minusFirst
			}
			y := p.product()
			left := first
			if args != nil {
				left = p.node(node{k: kAdd, args: args})
			}
			pm := node{k: kPM, flag: flag, args: p.args(y)}
			if left != nil {
				pm.args = p.args(left, y)
			}
			first, args = p.node(pm), nil
			continue
		default:
			if first != nil {
				if args != nil {
					return p.node(node{k: kAdd, args: args})
				}
				return first
			}
			x = p.product()
		}
		switch {
		case first == nil:
			first = x
		case args == nil:
			args = append(make([]*node, 0, 4), first, x)
		default:
			args = append(args, x)
		}
	}
	return p.node(node{k: kText})
}

// negate gives -x, as a number where x is one.
func (p *parser) negate(x *node) *node {
	switch x.k {
	case kNum:
		return p.node(node{k: kNum, val: x.val.neg(), flag: x.flag &^ literal, name: x.name})
	case kQuantity:
		return p.node(node{k: kQuantity, unit: x.unit, args: p.args(p.negate(x.args[0]))})
	case kFunc:
		if x.name == "mod" { // -3 mod 5 is 2
			return p.fn("mod", p.negate(x.args[0]), x.args[1])
		}
	}
	return p.op(kNeg, x)
}

// product reads factors: explicit and implicit multiplication and division
// from left to right, so that 1/2x is (1/2)x.
func (p *parser) product() *node {
	if !p.enter() {
		return p.failed("")
	}
	defer func() { p.depth-- }()
	left := p.factor()
	var args []*node
	flush := func() {
		if args != nil {
			left, args = p.node(node{k: kMul, args: args}), nil
		}
	}
	for p.fail == "" {
		t := p.peek()
		switch {
		case t.t == tTimes:
			p.i++
			if x := p.peek().t; x == tEnd || closes(x) {
				return p.failed("nothing follows the multiplication sign")
			}
			p.times(&left, &args, p.signed())
		case t.t == tDivide:
			p.i++
			flush()
			left = p.op(kDiv, left, p.signed())
		case t.t == tMod:
			p.i++
			flush()
			left = p.fn("mod", left, p.signed())
		case p.startsFactor(t, left):
			if t.t == tNum && !p.numberMayFollow(t, left) {
				return p.failed("two numbers side by side")
			}
			if t.t == '(' && left.k == kSym && args == nil {
				left = p.call(left)
				continue
			}
			p.times(&left, &args, p.factor())
		default:
			flush()
			return left
		}
	}
	return p.node(node{k: kText})
}

// numberMayFollow says whether a factor may be a number behind left: (2)3 and
// x 3, not 2 3.
func (p *parser) numberMayFollow(t token, left *node) bool {
	switch p.toks[p.i-1].t {
	case tShutCeil, tShutFlr, '}', ')', tDegree, tSym, tPi, tE, tI:
		return true
	}
	return left.has(bracketed) || t.space && left.k != kNum
}

func (p *parser) times(left **node, args *[]*node, x *node) {
	if *args == nil {
		*args = append(make([]*node, 0, 4), *left, x)
		return
	}
	*args = append(*args, x)
}

// signed reads a factor that may have a sign of its own.
func (p *parser) signed() *node {
	switch p.peek().t {
	case '-':
		if !p.enter() {
			return p.failed("")
		}
		defer func() { p.depth-- }()
		p.i++
		return p.negate(p.signed())
	case '+':
		p.i++
	}
	return p.factor()
}

// call reads "(…)" behind a symbol: the call of a function whose name is
// customary, else a product that may be a call.
func (p *parser) call(f *node) *node {
	name, _, _ := strings.Cut(strings.TrimRight(f.name, "'"), "_")
	open := p.i
	x := p.factor()
	switch {
	case x.k == kInterval: // x(0, 4]
		return x
	case x.k == kNum && x.has(bracketed) && p.toks[open].t == '(' && len(name) == 1: // I(0)
		return p.node(node{k: kFunc, name: f.name, flag: call, args: p.args(x)})
	case x.k == kTuple && len(name) == 1 && name[0] >= 'A' && name[0] <= 'Z' && name != "F" && name != "G" && name != "H":
		y := *x // P(2, -3): the point
		y.name = name
		return p.node(y)
	case x.k == kTuple, name == "f" || name == "g" || name == "h" || name == "F" || name == "G" || name == "H" || strings.HasSuffix(f.name, "'"):
		if p.toks[open].t == '(' && x.k != kPow {
			args := p.args(x)
			if x.k == kTuple {
				args = x.args
			}
			return p.node(node{k: kFunc, name: f.name, flag: call, args: args})
		}
	}
	return p.node(node{k: kMul, flag: call, args: p.args(f, x)})
}

// startsFactor says whether a token begins another factor of a product.
func (p *parser) startsFactor(t token, left *node) bool {
	switch t.t {
	case tSym:
		if p.group == 0 && left.k == kFunc && left.name == "deg" && (t.text == "C" || t.text == "F") { // 77 °F
			return false
		}
		if next := p.ahead(1).t; p.group == 0 && t.space && left.k == kNum && letterUnit(t.text) && (next == tWord || next == tText) { // 5 m long
			return false
		}
		return !p.units || left.k != kNum || unitOf(t.text) == nil
	case '(':
		return p.group > 0 || !t.space || !p.aside()
	case tFrac:
		return !p.fractionOfUnits()
	case tFunc, tPi, tE, tI, tInf, '{', tBig, tSqrt, tBinom, tFloor, tCeil, tAccent, tUnder, tWrap, tBegin, tNum, tAngle:
		return true
	case '[':
		return true
	case '|':
		return p.abs == 0 && p.build == 0
	case tOpenVec:
		return true
	case tMoney:
		return false
	case tWord:
		return p.letters(t, left)
	}
	return false
}

// letters says whether a word behind a value is a product of letters rather
// than a unit.
func (p *parser) letters(t token, left *node) bool {
	variables := t.t == tWord && len(t.text) == 2 && (left.k == kSym || left.k != kNum && !t.roman && t.text[1] <= 'Z') // mg behind μ, kT behind 3/2
	if strings.IndexFunc(t.text, func(r rune) bool { return r > 'z' }) >= 0 || len(t.text) > 4 || p.unitLike() && !variables {
		return false
	}
	if p.group > 0 || p.words {
		return true
	}
	next := p.ahead(1).t
	if next == tText || next == tWord { // words in a row are prose
		return false
	}
	return !t.space || len(t.text) < 3
}

// unitLike says whether the word here is a unit outside of brackets.
func (p *parser) unitLike() bool {
	t := p.peek()
	if p.plain {
		return false
	}
	if p.group > 0 {
		return t.space && len(t.text) > 2 && unitOf(t.text) != nil
	}
	return unitOf(t.text) != nil
}
