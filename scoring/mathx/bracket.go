package mathx

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
	if list && len(x.args) == 0 {
		return p.failed("empty brackets")
	}
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
	for i, depth := p.i, 0; i < len(p.toks) && p.look(p.toks[i]); i++ {
		switch p.toks[i].t {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return bars == 1
			}
		case '|', tMid:
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
