package mathx

// A parser turns tokens into a tree by operator precedence: lists, relations,
// sets, ratios, sums, products, signs, powers, atoms. Where it looks ahead, or
// goes back, it pays for each token: see look.
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
	work   *int
	fail   string
}

// look pays for looking at tokens ahead; it is false where the work that is left
// does not suffice, and reading fails.
func (p *parser) look(at ...token) bool {
	for _, t := range at {
		if *p.work -= 20 + 4*len(t.text); *p.work < 0 {
			p.failed("too much work to read")
			return false
		}
	}
	return true
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

// back goes back to a token, to read on from there in another way.
func (p *parser) back(start int) {
	read := p.toks[start:min(p.i, len(p.toks))]
	p.i = start
	p.look(read...)
}

func (p *parser) enter() bool {
	if p.depth++; p.depth > maxDepth {
		p.failed("nested too deeply")
		return false
	}
	return true
}

// maxChain bounds the members of a = b = c = ….
const maxChain = 100

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
	var last *node
	var items []*node // if there are several
	var flag uint16
	for p.fail == "" {
		if p.group == 0 && last != nil && p.remark() {
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
		n := p.relation()
		if items != nil {
			items = append(items, n)
		} else if last != nil {
			items = append(make([]*node, 0, 4), last, n)
		}
		last = n
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
		if p.group == 0 && p.remark() {
			break
		}
		return p.failed("cannot read what follows " + last.String())
	}
	switch {
	case last == nil:
		return p.node(node{k: kList})
	case items == nil:
		return last
	}
	return p.node(node{k: kList, flag: flag, args: items})
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
		if ops += op; len(ops) > maxChain {
			return p.failed("too many relations in a chain")
		}
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
