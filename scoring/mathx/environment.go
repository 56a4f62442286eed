package mathx

import "strings"

// environment reads \begin{…} … \end{…}.
func (p *parser) environment(name string) *node {
	if strings.HasPrefix(name, "align") || name == "split" || name == "eqnarray" {
		p.unalign()
	}
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
			if t := p.peek(); cases && (t.t == tText || t.t == tWord) { // n is even
				words, _ := p.wordsHere()
				x = p.node(node{k: kText, name: x.String() + " " + gist(words)})
			}
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

// unalign drops the & of the environment that begins here: they part no cells.
func (p *parser) unalign() {
	out := p.toks[:p.i]
	done := false
	rest := p.toks[p.i:]
	if !p.look(rest...) {
		return
	}
	for i, t := range rest {
		done = done || t.t == tFinish
		goesOn := t.t == tRow && (i+1 < len(rest) && rest[i+1].t == tRel || i+2 < len(rest) && rest[i+1].t == '&' && rest[i+2].t == tRel) // a chain over several rows
		if done || t.t != '&' && !goesOn {
			out = append(out, t)
		}
	}
	p.toks = out
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
