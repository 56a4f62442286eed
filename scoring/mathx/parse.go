package mathx

import (
	"strings"
)

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
	summed int  // nodes that sums were written out to
	chunk  []node
	fail   string
}

func (p *parser) node(n node) *node {
	if len(p.chunk) == cap(p.chunk) {
		p.chunk = make([]node, 0, 24)
	}
	p.chunk = append(p.chunk, n)
	return &p.chunk[len(p.chunk)-1]
}

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
		for separatorToken(p.peek().t) {
			if p.peek().t == tOr {
				flag = disjoined
			}
			p.i++
		}
		if t := p.peek().t; t == tEnd || closes(t) {
			break
		}
		if p.group == 0 && len(items) > 0 && p.remark() {
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

// remark skips words at the end that explain an answer: "where n is odd".
func (p *parser) remark() bool {
	i := p.i
	for i < len(p.toks) && separatorToken(p.toks[i].t) {
		i++
	}
	t := token{}
	if i < len(p.toks) {
		t = p.toks[i]
	}
	if t.t != tText && t.t != tWord {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimLeft(lowerASCII(t.text), " ,"), " ")
	switch first {
	case "where", "for", "with", "when", "since", "because", "as", "if", "provided", "respectively", "only", "i.e.", "which", "so", "integer", "integers":
		p.i = len(p.toks)
		return true
	}
	return false
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
		ops += op
		args = append(args, p.item())
	}
	return p.node(node{k: kRel, name: ops, args: args})
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
		return x // P(2, -3): the point
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
	case tFrac:
		return !p.fractionOfUnits()
	case tSym, tFunc, tPi, tE, tI, tInf, '(', '{', tBig, tSqrt, tBinom, tFloor, tCeil, tAccent, tUnder, tWrap, tBegin, tNum, tAngle:
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
	if strings.IndexFunc(t.text, func(r rune) bool { return r > 'z' }) >= 0 || len(t.text) > 4 || p.unitLike() {
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

// factor reads an atom with what stands behind it: powers, factorials,
// indices, signs of degrees and percent.
func (p *parser) factor() *node {
	if !p.enter() {
		return p.failed("")
	}
	defer func() { p.depth-- }()
	x := p.atom()
	for p.fail == "" {
		t := p.peek()
		switch t.t {
		case '^':
			p.i++
			x = p.raise(x)
		case '_':
			p.i++
			x = p.index(x)
		case '!':
			p.i++
			if p.take('!') {
				x = p.fn("doublefact", x)
			} else {
				x = p.fn("factorial", x)
			}
		case tDegree:
			p.i++
			x = p.degrees(x)
		case '%':
			p.i++
			x = p.fn("percent", x)
		case tPrime:
			if x.k == kSym || x.k == kE || x.k == kI {
				p.i++
				x = p.node(node{k: kSym, name: x.String() + "'" + t.text})
				continue
			}
			return x
		default:
			return x
		}
	}
	return x
}

// degrees reads what follows a number of degrees: minutes and seconds.
func (p *parser) degrees(x *node) *node {
	part := func(mark string, per int64) {
		if p.peek().t != tNum {
			return
		}
		n := 1
		next := p.ahead(1)
		if next.t == '^' && p.ahead(2).t == tPrime {
			n, next = 2, p.ahead(2)
		}
		if next.t != tPrime {
			return
		}
		two := next.text == "''" || p.ahead(n+1).t == tPrime
		if two != (mark == "''") {
			return
		}
		value := p.node(node{k: kNum, val: p.peek().val.mul(ratOf(1, per))})
		x = p.op(kAdd, x, value)
		p.i += 1 + n
		if two && next.text != "''" {
			p.i++
		}
	}
	if x.k == kNum {
		part("'", 60)
		part("''", 3600)
	}
	return p.fn("deg", x)
}

// raise reads an exponent.
func (p *parser) raise(x *node) *node {
	switch t := p.peek(); t.t {
	case tDegree:
		p.i++
		return p.degrees(x)
	case tPrime:
		p.i++
		if x.k == kSym {
			return p.node(node{k: kSym, name: x.name + "'"})
		}
		return x
	case '{':
		if p.ahead(1).t == tDegree && p.ahead(2).t == '}' {
			p.i += 3
			return p.degrees(x)
		}
		if p.ahead(1).t == tPrime {
			j, marks := 1, ""
			for p.ahead(j).t == tPrime {
				marks += "'" + p.ahead(j).text
				j++
			}
			if p.ahead(j).t == '}' && x.k == kSym {
				p.i += j + 1
				return p.node(node{k: kSym, name: x.name + marks})
			}
		}
		if w := p.ahead(1); (w.t == tText || w.t == tWord) && p.ahead(2).t == '}' && ordinal(w.text) {
			p.i += 3
			return x
		}
		if (p.ahead(1).t == '*' || p.ahead(1).t == tTimes || p.ahead(1).t == '+' || p.ahead(1).t == '-') && p.ahead(2).t == '}' {
			p.i += 3
			return p.node(node{k: kSym, name: x.String() + "^*"})
		}
	case tText, tWord:
		if ordinal(t.text) {
			p.i++
			return x
		}
	case tSym:
		if t.text == "T" || t.text == "top" {
			if x.k == kMatrix || x.k == kTuple || x.k == kSquare {
				p.i++
				return p.transposed(x)
			}
		}
	}
	if x.k == kMatrix || x.k == kTuple || x.k == kSquare {
		if p.peek().t == '{' && p.ahead(2).t == '}' && (p.ahead(1).text == "T" || p.ahead(1).text == "top") {
			p.i += 3
			return p.transposed(x)
		}
	}
	e := p.exponent()
	if x.k == kFunc && x.name == "deg" { // "5^\circ^2": no
		return p.failed("a power of degrees")
	}
	return p.op(kPow, x, e)
}

func ordinal(s string) bool {
	switch strings.TrimSpace(lowerASCII(s)) {
	case "th", "st", "nd", "rd":
		return true
	}
	return false
}

// transposed turns rows into columns. A tuple is a column already.
func (p *parser) transposed(x *node) *node {
	if x.k != kMatrix {
		return p.node(node{k: kTuple, args: x.args})
	}
	columns, _ := x.val.int64()
	rows := int64(len(x.args)) / columns
	out := make([]*node, 0, len(x.args))
	for c := range columns {
		for r := range rows {
			out = append(out, x.args[r*columns+c])
		}
	}
	return p.node(node{k: kMatrix, val: ratInt(rows), args: out})
}

// exponent reads what is raised: a group, or one signed atom; towers go to the right.
func (p *parser) exponent() *node {
	if !p.enter() {
		return p.failed("")
	}
	defer func() { p.depth-- }()
	switch p.peek().t {
	case '-':
		p.i++
		return p.negate(p.exponent())
	case '+':
		p.i++
		return p.exponent()
	}
	x := p.atom()
	if p.peek().t == '!' && p.fail == "" {
		p.i++
		x = p.fn("factorial", x)
	}
	if p.take('^') {
		return p.op(kPow, x, p.exponent())
	}
	return x
}

// index reads an index: of a symbol a part of its name, of a numeral its base.
func (p *parser) index(x *node) *node {
	text, value := p.indexText()
	if p.fail != "" {
		return x
	}
	switch {
	case x.k == kNum && x.has(literal) && (x.val.isInt() || x.has(decimal)), x.k == kText && allHex(x.name):
		base, ok := value.int64()
		if value.d == 0 || !ok || base < 2 || base > 36 {
			return p.failed("an index that is no base of a numeral")
		}
		digits := strings.ToUpper(x.name)
		if x.k == kNum && x.name == "" {
			digits = x.val.String()
		}
		return p.node(node{k: kBase, name: digits, val: ratInt(base)})
	case x.k == kSym, x.k == kE, x.k == kI, x.k == kText:
		name := x.String()
		if text == "" {
			return x
		}
		return p.node(node{k: kSym, name: name + "_" + text})
	case x.k == kFunc:
		return p.node(node{k: kSym, name: x.String() + "_" + text})
	}
	return p.node(node{k: kSym, name: x.String() + "_" + text})
}

func allHex(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; !isDigit(s[i]) && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != ""
}

var numbersInWords = map[string]int64{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "sixteen": 16}

// indexText gives an index as text, and its value if it is a number.
func (p *parser) indexText() (string, rat) {
	piece := func(t token) string {
		switch t.t {
		case tNum:
			if t.text == "" {
				return t.val.String()
			}
			return t.text
		case tSym, tWord, tText, tFunc:
			return strings.TrimSpace(t.text)
		case tPi:
			return "π"
		case tE:
			return "e"
		case tI:
			return "i"
		case tInf:
			return "∞"
		case tRel:
			return opSymbols[t.text[0]]
		case tTimes:
			return "*"
		case tDivide:
			return "/"
		}
		if t.t >= '!' && t.t <= '~' {
			return string(rune(t.t))
		}
		return "?"
	}
	if !p.take('{') {
		t := p.peek()
		p.i++
		if t.t == tEnd {
			p.failed("nothing follows the index sign")
			return "", rat{}
		}
		v := t.val
		if n, ok := numbersInWords[lowerASCII(strings.TrimSpace(t.text))]; ok && t.t != tNum {
			v = ratInt(n)
		}
		if t.t == tAccent || t.t == tWrap {
			inner, v := p.indexText()
			return t.text + inner, v
		}
		return piece(t), v
	}
	var b strings.Builder
	var value rat
	n := 0
	for depth := 1; p.i < len(p.toks); n++ {
		t := p.peek()
		p.i++
		if t.t == '{' {
			depth++
			continue
		}
		if t.t == '}' {
			if depth--; depth == 0 {
				break
			}
			continue
		}
		if t.t == '(' || t.t == ')' { // 312_{(5)}
			n--
		} else if n == 0 {
			value = t.val
			if v, ok := numbersInWords[lowerASCII(strings.TrimSpace(t.text))]; ok && t.t != tNum {
				value = ratInt(v)
			}
		} else {
			value = rat{}
		}
		b.WriteString(piece(t))
	}
	return b.String(), value
}

// atom reads the smallest complete expression.
func (p *parser) atom() *node {
	if !p.enter() {
		return p.failed("")
	}
	defer func() { p.depth-- }()
	t := p.peek()
	p.i++
	switch t.t {
	case tNum:
		return p.numeral(t)
	case tSym:
		if p.build == 0 && p.group == 0 && hexDigit(t.text) && !p.peek().space && (p.peek().t == tNum || p.peek().t == tWord) {
			p.i--
			if n, ok := p.baseNumeral(); ok {
				return n
			}
			p.i++
		}
		return p.node(node{k: kSym, name: t.text})
	case tPi:
		return p.node(node{k: kPi})
	case tE:
		return p.node(node{k: kE})
	case tI:
		return p.node(node{k: kI})
	case tInf:
		return p.node(node{k: kInf})
	case tDots:
		return p.node(node{k: kDots})
	case tEmpty:
		return p.node(node{k: kSet})
	case '(', '[':
		return p.brackets(t.t)
	case tOpenVec:
		p.group++
		x := p.list()
		p.group--
		if !p.take(tShutVec) && !p.take(')') {
			return p.failed("a bracket is not closed")
		}
		return p.node(node{k: kVector, args: elements(x)})
	case '{':
		return p.braces()
	case tOpenSet:
		return p.set()
	case '|', tMid:
		return p.absolute()
	case tFloor:
		return p.between("floor", tShutFlr)
	case tCeil:
		return p.between("ceil", tShutCeil)
	case tFrac:
		top := p.argument(true)
		return p.op(kDiv, top, p.argument(true))
	case tBinom:
		top := p.argument(true)
		return p.fn("binom", top, p.argument(true))
	case tSqrt:
		return p.root(t)
	case tFunc:
		return p.function(t.text)
	case tBig:
		return p.big(t.text)
	case tBegin:
		return p.environment(t.text)
	case tAccent, tUnder:
		x := p.argument(false)
		if t.t == tAccent && t.text == "△" {
			return x
		}
		if t.t == tUnder && containsKind(x, kI) && symbolFree(x) {
			return p.conjugate(x)
		}
		return p.node(node{k: kSym, name: t.text + " " + strings.ReplaceAll(x.String(), "*", "")})
	case tAngle:
		p.i--
		return p.geometric()
	case tWrap:
		if p.peek().t == '{' && p.ahead(1).t == '}' {
			return p.failed("empty")
		}
		if p.take('{') {
			x := p.braces()
			if x.k == kSet && p.toks[p.i-1].t == '}' && len(x.args) > 1 { // a list in a box
				x = p.node(node{k: kList, args: x.args})
			}
			return x
		}
		return p.atom()
	case tMoney:
		sign := p.take('-')
		x := p.factor()
		if sign {
			x = p.negate(x)
		}
		return p.node(node{k: kQuantity, args: p.args(x), unit: unitOf(t.text)})
	case tText, tWord:
		p.i--
		return p.textAtom()
	case '-':
		return p.negate(p.factor())
	case '+':
		return p.factor()
	case '.':
		return p.failed("a full stop within an expression")
	case tEnd:
		return p.failed("the expression ends too early")
	}
	return p.failed("cannot read the expression")
}

// geometric reads ∠ABC and △ABC: a name.
func (p *parser) geometric() *node {
	name := "∠"
	if p.peek().text != "" {
		name = p.peek().text
	}
	p.i++
	for p.peek().t == tSym || p.peek().t == tWord || p.peek().t == tE || p.peek().t == tI || p.peek().t == tNum && len(name) < 8 {
		t := p.peek()
		p.i++
		switch t.t {
		case tE:
			name += "e"
		case tI:
			name += "i"
		default:
			name += t.text
		}
		if p.take('_') {
			x, _ := p.indexText()
			name += "_" + x
		}
	}
	return p.node(node{k: kSym, name: name})
}

// elements gives the elements of what a bracket held.
func elements(x *node) []*node {
	if x.k == kList {
		return x.args
	}
	return []*node{x}
}

// numeral reads a number with what may belong to it: the fraction of a mixed
// number, further digits of a numeral in another base.
func (p *parser) numeral(t token) *node {
	flag := literal
	if strings.Contains(t.text, ".") {
		flag |= decimal
	}
	if t.text == "½" {
		return p.node(node{k: kNum, val: t.val})
	}
	if p.group == 0 && p.build == 0 {
		if n := p.peek(); !n.space && (n.t == tSym && hexDigit(n.text) || n.t == tE || (n.t == tWord || n.t == tText) && allHex(n.text)) {
			p.i--
			if x, ok := p.baseNumeral(); ok {
				return x
			}
			p.i++
		}
	}
	if flag&decimal == 0 && t.val.isInt() {
		if n := p.peek(); n.t == tNum && n.text == "½" {
			p.i++
			return p.node(node{k: kNum, val: t.val.add(n.val)})
		}
		if f, n := p.mixed(); n > 0 {
			p.i += n
			return p.node(node{k: kNum, val: t.val.add(f)})
		}
	}
	if scale, ok := p.largeNumber(); ok {
		return p.node(node{k: kNum, val: t.val.mul(scale), flag: flag &^ decimal})
	}
	return p.node(node{k: kNum, val: t.val, name: t.text, flag: flag})
}

var largeNumbers = map[string]int64{"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

// largeNumber reads the word of 3 million.
func (p *parser) largeNumber() (rat, bool) {
	t := p.peek()
	if t.t != tWord && t.t != tText {
		return rat{}, false
	}
	word, rest, more := strings.Cut(strings.TrimSpace(t.text), " ")
	n, ok := largeNumbers[lowerASCII(word)]
	if !ok {
		return rat{}, false
	}
	if more {
		p.toks[p.i].text = rest
	} else {
		p.i++
	}
	return ratInt(n), true
}

// mixed looks for the proper fraction of a mixed number: " 2/5", \frac{2}{5},
// \frac25. n is the number of its tokens.
func (p *parser) mixed() (f rat, n int) {
	proper := func(a, b token, n int) (rat, int) {
		x, ok := a.val.int64()
		y, okay := b.val.int64()
		if a.t != tNum || b.t != tNum || !ok || !okay || x <= 0 || x >= y || strings.Contains(a.text, ".") || strings.Contains(b.text, ".") {
			return rat{}, 0
		}
		return ratOf(x, y), n
	}
	switch p.peek().t {
	case tNum:
		if p.peek().space && p.ahead(1).t == tDivide {
			if next := p.ahead(3).t; next == '^' || next == '!' {
				return rat{}, 0
			}
			return proper(p.peek(), p.ahead(2), 3)
		}
	case tFrac:
		if p.ahead(1).t == '{' && p.ahead(3).t == '}' && p.ahead(4).t == '{' && p.ahead(6).t == '}' {
			return proper(p.ahead(2), p.ahead(5), 7)
		}
		if p.ahead(1).t == '{' && p.ahead(3).t == '}' && p.ahead(4).t == tNum && len(p.ahead(4).text) == 1 {
			return proper(p.ahead(2), p.ahead(4), 5)
		}
		a := p.ahead(1)
		if a.t == tNum && len(a.text) == 2 {
			return proper(token{t: tNum, val: ratInt(int64(a.text[0] - '0'))}, token{t: tNum, val: ratInt(int64(a.text[1] - '0'))}, 2)
		}
		if a.t == tNum && len(a.text) == 1 && p.ahead(2).t == tNum && len(p.ahead(2).text) == 1 {
			return proper(a, p.ahead(2), 3)
		}
		if a.t == tNum && len(a.text) == 1 && p.ahead(2).t == '{' && p.ahead(4).t == '}' {
			return proper(a, p.ahead(3), 5)
		}
	case '{':
		if p.ahead(2).t == tOver && p.ahead(4).t == '}' {
			return proper(p.ahead(1), p.ahead(3), 5)
		}
	}
	return rat{}, 0
}

func hexDigit(s string) bool { return len(s) == 1 && s[0]|0x20 >= 'a' && s[0]|0x20 <= 'f' }

// baseNumeral reads a numeral of digits and letters with its base, as 7C3_{16}.
func (p *parser) baseNumeral() (*node, bool) {
	digits, j := "", p.i
	for ; j < len(p.toks); j++ {
		t := p.toks[j]
		if j > p.i && t.space {
			break
		}
		switch {
		case t.t == tNum && allDigits(t.text), (t.t == tWord || t.t == tText) && allHex(t.text), t.t == tSym && hexDigit(t.text):
			digits += t.text
			continue
		case t.t == tE:
			digits += "E"
			continue
		}
		break
	}
	if j+1 >= len(p.toks) || p.toks[j].t != '_' {
		return nil, false
	}
	b := p.toks[j+1]
	for k := j + 1; (b.t == '{' || b.t == '(') && k+1 < len(p.toks); k++ {
		b = p.toks[k+1]
	}
	base, ok := b.val.int64()
	if b.t != tNum || !ok || base < 11 || base > 36 || base != 16 && digits != strings.ToUpper(digits) {
		return nil, false
	}
	digits = strings.ToUpper(digits)
	for i := range len(digits) {
		if c := digits[i]; c >= 'A' && int64(c-'A')+10 >= base {
			return nil, false
		}
	}
	p.i = j + 1
	p.indexText()
	return p.node(node{k: kBase, name: strings.ToUpper(digits), val: ratInt(base)}), true
}

// brackets reads ( … ) and [ … ]: a group, a tuple, a list or an interval.
func (p *parser) brackets(open tok) *node {
	p.group++
	abs, build := p.abs, p.build
	p.abs, p.build = 0, 0
	x := p.list()
	p.group--
	p.abs, p.build = abs, build
	shut := p.peek().t
	if shut != ')' && shut != ']' {
		return p.failed("a bracket is not closed")
	}
	p.i++
	list := x.k == kList
	switch {
	case open == '(' && shut == ')':
		if list {
			return p.node(node{k: kTuple, args: x.args})
		}
		y := *x
		y.flag |= bracketed
		if y.k == kNum {
			y.flag &^= decimal
			y.flag |= literal & x.flag
		}
		return p.node(y)
	case open == '[' && shut == ']':
		if list {
			if m := p.nested(x.args); m != nil {
				return m
			}
			return p.node(node{k: kSquare, args: x.args})
		}
		if x.k == kSquare || x.k == kTuple { // [[1, 2]]: one row
			return p.node(node{k: kMatrix, val: ratInt(int64(len(x.args))), args: x.args})
		}
		if x.k == kMatrix {
			return x
		}
		y := *x
		y.flag |= bracketed
		return p.node(y)
	}
	if !list || len(x.args) != 2 {
		return p.failed("a half-open interval needs two ends")
	}
	flag := uint16(0)
	if open == '(' {
		flag |= openLow
	}
	if shut == ')' {
		flag |= openHigh
	}
	return p.node(node{k: kInterval, flag: flag, args: x.args})
}

// nested gives the matrix of a list of rows of equal lengths.
func (p *parser) nested(rows []*node) *node {
	var out []*node
	width := 0
	for i, r := range rows {
		single := r.has(bracketed) && (width == 1 || i == 0 && r.k != kTuple)
		if r.k != kSquare && !single {
			return nil
		}
		cells := []*node{r}
		if r.k == kSquare {
			cells = r.args
		}
		if i > 0 && len(cells) != width {
			return nil
		}
		width = len(cells)
		out = append(out, cells...)
	}
	if width == 1 && rows[0].k != kSquare {
		for _, r := range rows {
			if !r.has(bracketed) {
				return nil
			}
		}
	}
	return p.node(node{k: kMatrix, val: ratInt(int64(width)), args: out})
}

// braces reads a group of LaTeX, in which \over and \choose may stand. Braces
// around a list are a set.
func (p *parser) braces() *node {
	if p.take('}') {
		return p.node(node{k: kSet})
	}
	abs, build := p.abs, p.build
	p.abs, p.build = 0, boolInt(p.oneBar())
	p.group++
	x := p.list()
	if t := p.peek().t; t == tOver || t == tChoose {
		p.i++
		y := p.list()
		if t == tOver {
			x = p.op(kDiv, x, y)
		} else {
			x = p.fn("binom", x, y)
		}
	}
	p.group--
	p.abs, p.build = abs, build
	if t := p.peek().t; (t == '|' || t == tMid || t == ':') && p.fail == "" {
		return p.builder(x, '}')
	}
	if !p.take('}') {
		return p.failed("a brace is not closed")
	}
	if x.k == kList && len(x.args) > 1 {
		return p.node(node{k: kSet, args: x.args})
	}
	return x
}

// oneBar says whether a group holds a single bar: {x | x > 2}.
func (p *parser) oneBar() bool {
	bars := 0
	for i, depth := p.i, 0; i < len(p.toks); i++ {
		switch p.toks[i].t {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return bars == 1
			}
		case '|':
			if depth == 0 {
				bars++
			}
		}
		if i-p.i > 60 {
			break
		}
	}
	return false
}

// set reads \{ … \}: elements, or a condition.
func (p *parser) set() *node {
	if p.peek().t == tBegin {
		x := p.atom()
		p.take(tShutSet)
		if x.k == kMatrix {
			x = p.casesOf(x)
		}
		return x
	}
	p.group++
	p.build++
	abs := p.abs
	p.abs = 0
	x := p.list()
	p.build--
	p.group--
	p.abs = abs
	switch p.peek().t {
	case tShutSet, '}':
		p.i++
		return p.node(node{k: kSet, args: elements(x)})
	case tMid, '|', ':':
		return p.builder(x, tShutSet)
	}
	return p.failed("a set is not closed")
}

func (p *parser) builder(x *node, shut tok) *node {
	p.i++
	p.group++
	condition := p.list()
	p.group--
	if !p.take(shut) && !p.take('}') && !p.take(tShutSet) {
		return p.failed("a set is not closed")
	}
	return p.op(kBuilder, x, condition)
}

// casesOf reads a matrix of two columns as a function by cases, and one of one
// column as a list.
func (p *parser) casesOf(x *node) *node {
	if columns, _ := x.val.int64(); columns == 1 {
		return p.node(node{k: kList, args: x.args})
	}
	return p.node(node{k: kCases, args: x.args})
}

func (p *parser) absolute() *node {
	p.group++
	abs, build := p.abs, p.build
	p.abs, p.build = 1, 0
	x := p.sum()
	p.abs, p.build = abs, build
	p.group--
	if !p.take('|') && !p.take(tMid) {
		return p.failed("an absolute value is not closed")
	}
	return p.fn("abs", x)
}

func (p *parser) between(name string, shut tok) *node {
	p.group++
	abs, build := p.abs, p.build
	p.abs, p.build = 0, 0
	x := p.sum()
	p.abs, p.build = abs, build
	p.group--
	if !p.take(shut) {
		return p.failed("a bracket is not closed")
	}
	return p.fn(name, x)
}

// argument reads the argument of a command: a group or one token; with digit,
// one digit of a number.
func (p *parser) argument(digit bool) *node {
	t := p.peek()
	switch {
	case t.t == '{':
		p.i++
		return p.braces()
	case t.t == tNum && digit && len(t.text) > 1 && allDigits(t.text):
		rest, _ := decimalValue(t.text[1:])
		p.toks[p.i] = token{t: tNum, text: t.text[1:], val: rest}
		return p.node(node{k: kNum, val: ratInt(int64(t.text[0] - '0'))})
	case t.t == tNum:
		p.i++
		return p.node(node{k: kNum, val: t.val, name: t.text})
	case t.t == tEnd:
		return p.failed("a command lacks its argument")
	}
	return p.atom()
}

// root reads what follows a root: its index and what stands under it.
func (p *parser) root(t token) *node {
	index := ratInt(2)
	var degree *node
	switch {
	case t.text != "":
		index, _ = decimalValue(t.text)
	case p.peek().t == '[':
		p.i++
		p.group++
		degree = p.sum()
		p.group--
		if !p.take(']') {
			return p.failed("the index of a root is not closed")
		}
	}
	if degree == nil {
		degree = p.node(node{k: kNum, val: index})
	}
	var x *node
	switch p.peek().t {
	case '{':
		p.i++
		x = p.braces()
	case tNum:
		n := p.peek()
		p.i++
		x = p.node(node{k: kNum, val: n.val})
	case tEnd:
		return p.failed("a root of nothing")
	default:
		x = p.atom()
	}
	return p.fn("root", x, degree)
}

// function reads the argument of a known function, and its power or base
// before that.
func (p *parser) function(name string) *node {
	var power, base *node
	for p.fail == "" {
		if p.peek().t == '^' && power == nil {
			p.i++
			power = p.exponent()
			continue
		}
		if p.peek().t == '_' && base == nil {
			p.i++
			base = p.argument(false)
			continue
		}
		break
	}
	if name == "sqrt" {
		name = "root"
	}
	var args []*node
	switch p.peek().t {
	case '(', '[':
		x := p.atom()
		args = elements(x)
		if x.k == kTuple || x.k == kSquare {
			args = x.args
		}
		if x.k == kInterval {
			return p.failed("the brackets of a function do not match")
		}
	case '{':
		p.i++
		args = elements(p.braces())
	case tOpenSet:
		p.i++
		args = p.set().args
	case '|':
		args = []*node{p.factor()}
	default:
		args = []*node{p.functionArgument()}
	}
	if p.fail != "" {
		return p.node(node{k: kText})
	}
	if len(args) == 0 {
		return p.failed("a function lacks its argument")
	}
	return p.apply(name, base, power, args)
}

// functionArgument reads an argument without brackets: factors side by side, up to
// the next function or operator.
func (p *parser) functionArgument() *node {
	if p.peek().t == '-' {
		p.i++
		return p.negate(p.functionArgument())
	}
	if p.peek().t == tFunc { // \ln\sin x
		return p.factor()
	}
	left := p.factor()
	var args []*node
	for p.fail == "" {
		t := p.peek()
		if !p.startsFactor(t, left) || t.t == tFunc || t.t == '(' || t.t == '[' || t.t == '|' || t.t == tNum || t.t == tBegin {
			break
		}
		p.times(&left, &args, p.factor())
	}
	if args != nil {
		left = p.node(node{k: kMul, args: args})
	}
	// sin π/6
	if p.peek().t == tDivide && p.ahead(1).t == tNum && (left.k == kPi || left.k == kMul && left.args[len(left.args)-1].k == kPi) {
		p.i += 2
		left = p.op(kDiv, left, p.node(node{k: kNum, val: p.toks[p.i-1].val}))
	}
	return left
}

// apply builds a call: powers on the name go around it, an exponent of -1 is
// the inverse function.
func (p *parser) apply(name string, base, power *node, args []*node) *node {
	if power != nil {
		if v, ok := power.number(); ok && v.is(-1) {
			if inverse, ok := map[string]string{"sin": "asin", "cos": "acos", "tan": "atan", "cot": "acot", "sec": "asec", "csc": "acsc", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh"}[name]; ok {
				name, power = inverse, nil
			}
		}
	}
	var x *node
	switch name {
	case "root", "cbrt":
		degree := p.node(node{k: kNum, val: ratInt(2)})
		if name == "cbrt" {
			degree = p.node(node{k: kNum, val: ratInt(3)})
		}
		if len(args) == 2 {
			degree = args[1]
		}
		x = p.fn("root", args[0], degree)
	case "cis":
		x = p.op(kAdd, p.fn("cos", args[0]), p.op(kMul, p.node(node{k: kI}), p.fn("sin", args[0])))
	case "det":
		if args[0].k == kMatrix {
			x = p.determinant(args[0])
		} else {
			x = p.fn("det", args...)
		}
	case "exp":
		x = p.op(kPow, p.node(node{k: kE}), args[0])
	case "log", "lg":
		if name == "lg" {
			base = p.node(node{k: kNum, val: ratInt(10)})
		}
		if len(args) == 2 && base == nil {
			base = args[1]
		}
		if base != nil {
			x = p.fn("logb", args[0], base)
		} else {
			x = p.fn("log", args[0])
		}
	default:
		if base != nil {
			name += "_" + base.String()
		}
		x = p.node(node{k: kFunc, name: name, args: args})
	}
	if power != nil {
		x = p.op(kPow, x, power)
	}
	return x
}

// environment reads \begin{…} … \end{…}.
func (p *parser) environment(name string) *node {
	p.group++
	defer func() { p.group-- }()
	var cells []*node
	columns, inRow := 0, 0
	rows := 0
	cases := name == "cases" || name == "dcases" || name == "rcases"
	endRow := func() bool {
		if inRow == 0 {
			return true
		}
		if rows == 0 {
			columns = inRow
		}
		if cases && inRow == 1 && columns == 2 {
			cells = append(cells, p.node(node{k: kText, name: "otherwise"}))
			inRow++
		}
		if inRow != columns {
			return false
		}
		rows++
		inRow = 0
		return true
	}
	for p.fail == "" {
		t := p.peek()
		switch t.t {
		case tEnd:
			return p.failed(`\begin{` + name + "} is not ended")
		case tFinish:
			p.i++
			if !endRow() {
				return p.failed("rows of different lengths")
			}
			switch {
			case len(cells) == 0:
				return p.failed("an empty environment")
			case cases && columns == 2:
				return p.node(node{k: kCases, args: cells})
			case cases, strings.HasPrefix(name, "align"), name == "gather", name == "gathered", name == "split", name == "equation", name == "eqnarray", name == "multline":
				return p.node(node{k: kList, args: cells})
			case name == "vmatrix":
				return p.determinant(p.node(node{k: kMatrix, val: ratInt(int64(columns)), args: cells}))
			}
			return p.node(node{k: kMatrix, val: ratInt(int64(columns)), args: cells})
		case tRow:
			p.i++
			if !endRow() {
				return p.failed("rows of different lengths")
			}
		case '&':
			p.i++
			if (strings.HasPrefix(name, "align") || name == "split" || name == "eqnarray") || cases && p.peek().t == '&' {
				continue
			}
		case ',', ';', '.':
			if !cases {
				p.i++
				continue
			}
			p.i++
		default:
			if cases || strings.HasPrefix(name, "align") || name == "array" {
				if x, ok := p.condition(); ok {
					cells = append(cells, x)
					inRow++
					continue
				}
			}
			x := p.relation()
			cells = append(cells, x)
			inRow++
			if next := p.peek().t; cases && inRow == 2 && (next == ',' || next == tAnd || next == tOr) && p.ahead(1).t != tRow && p.ahead(1).t != tFinish {
				// a condition of several relations
				args := []*node{x}
				flag := uint16(0)
				for separatorToken(p.peek().t) && p.peek().t != tRow && p.ahead(1).t != tRow && p.ahead(1).t != tFinish && p.fail == "" {
					if p.peek().t == tOr {
						flag = disjoined
					}
					p.i++
					args = append(args, p.relation())
				}
				cells[len(cells)-1] = p.node(node{k: kList, flag: flag, args: args})
			}
		}
	}
	return p.node(node{k: kText})
}

// condition reads the words before a case's condition; ok if they are all of it.
func (p *parser) condition() (*node, bool) {
	t := p.peek()
	if t.t != tText && t.t != tWord {
		return nil, false
	}
	word := strings.Trim(lowerASCII(t.text), " ,.")
	switch {
	case word == "if" || word == "for" || word == "when" || word == "where" || word == "as" || word == "for all":
		p.i++
		return nil, false
	case strings.HasPrefix(word, "otherwise") || word == "else" || word == "elsewhere":
		p.i++
		return p.node(node{k: kText, name: "otherwise"}), true
	case strings.HasPrefix(word, "if ") || strings.HasPrefix(word, "for "):
		_, rest, _ := strings.Cut(word, " ")
		p.i++
		return p.node(node{k: kText, name: rest}), true
	}
	return nil, false
}

// textAtom reads words: the name of something, or a product of letters.
func (p *parser) textAtom() *node {
	t := p.peek()
	next := p.ahead(1)
	if t.t == tWord && next.t != tText && next.t != tWord {
		short := len(t.text) <= 4 && t.text != "" && t.text[0] < 0x80
		mathy := false
		switch next.t {
		case '+', '-', tTimes, tDivide, '^', tPM, '!', tFrac, tSqrt:
			mathy = len(t.text) <= 6
		case '(', '{', tPi, tFunc, tSym, tE, tI, tFloor:
			mathy = short
		case '_':
			mathy = short && !allUpper(t.text)
		}
		before := token{}
		if p.i > 0 {
			before = p.toks[p.i-1]
		}
		switch before.t {
		case '+', '-', tTimes, tDivide, '^', tPM, '(', '{', '|', tNum, tSym, tFunc, tSqrt, tFrac, tPi, tRel, tWrap, '}', ')':
			named := before.t == tRel && next.t == tEnd && len(t.text) > 3 && !p.words // colour = blue
			mathy = mathy || short && !named
		}
		if p.words && short || next.t == tRel && strings.Trim(t.text, "xyz") == "" { // xy = 1
			mathy = true
		}
		if mathy {
			p.i++
			args := make([]*node, 0, len(t.text))
			for i := range len(t.text) {
				switch c := t.text[i : i+1]; c {
				case "e":
					args = append(args, p.node(node{k: kE}))
				case "i":
					args = append(args, p.node(node{k: kI}))
				default:
					args = append(args, p.node(node{k: kSym, name: c}))
				}
			}
			// what stands behind the word goes with its last letter
			last := args[len(args)-1]
			for p.fail == "" {
				if p.peek().t == '^' {
					p.i++
					last = p.raise(last)
				} else if p.peek().t == '_' {
					p.i++
					last = p.index(last)
				} else {
					break
				}
			}
			args[len(args)-1] = last
			return p.node(node{k: kMul, args: args})
		}
	}
	var b strings.Builder
	for {
		t := p.peek()
		if t.t != tText && t.t != tWord {
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
		p.i++
	}
	text := wordsOf(b.String())
	x := p.node(node{k: kText, name: text})
	switch t := p.peek().t; {
	case t == tEnd, t == tRel, t == ':', t == '_', separatorToken(t), closes(t), t == '&', t == '.':
		return x
	}
	switch text {
	case "about", "approximately", "exactly", "the answer is", "answer", "approx", "is", "equals", "total", "around", "roughly", "the value is":
		y := p.item()
		return p.node(node{k: kPrefixed, name: text, args: p.args(y)})
	}
	if option := strings.TrimSpace(b.String()); optionLetter(option) || len(option) == 1 {
		p.i = len(p.toks)
		return p.node(node{k: kText, name: strings.Trim(lowerASCII(option), "()")})
	}
	return p.failed("words within mathematics: " + text)
}

func allUpper(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}
