package mathx

import "strings"

// maxSigns bounds the signs behind one another, which are nested.
const maxSigns = 60

// factor reads an atom with what stands behind it: powers, factorials,
// indices, signs of degrees and percent.
func (p *parser) factor() *node {
	if !p.enter() {
		return p.failed("")
	}
	defer func() { p.depth-- }()
	x := p.atom()
	for signs := 0; p.fail == ""; signs++ {
		if signs > maxSigns {
			return p.failed("too many signs behind a value")
		}
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
	part := func(want int, per int64) {
		if p.peek().t != tNum {
			return
		}
		if marks, n := p.primes(1); marks == want {
			x = p.op(kAdd, x, p.node(node{k: kNum, val: p.peek().val.mul(ratOf(1, per))}))
			p.i += 1 + n
		}
	}
	if x.k == kNum {
		part(1, 60)
		part(2, 3600)
	}
	return p.fn("deg", x)
}

// primes counts the marks from the token at on: ', ”, ^\prime, ^{\prime\prime}.
// n is the number of their tokens.
func (p *parser) primes(at int) (marks, n int) {
	i := at
	if p.ahead(i).t == '^' {
		i++
	}
	group := p.ahead(i).t == '{'
	if group {
		i++
	}
	for p.ahead(i).t == tPrime {
		marks += 1 + len(p.ahead(i).text)/2
		i++
	}
	if group {
		if p.ahead(i).t != '}' {
			return 0, 0
		}
		i++
	}
	return marks, i - at
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
		return p.failed("a prime mark behind something that is no variable")
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
			if x.k == kSym {
				x = p.node(node{k: kSym, name: x.name + marks})
				if p.ahead(j).t == '}' {
					p.i += j + 1
					return x
				}
				p.i += j - 1 // the power behind the mark
				p.toks[p.i] = token{t: '{'}
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
		if t.text == "o" && x.k == kNum { // 120^o
			p.i++
			return p.degrees(x)
		}
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
	if x.k == kSet && len(x.args) == 1 { // braces as brackets: {x(y+z)}²
		x = x.args[0]
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
	name := ""
	if x.k != kNum {
		if name = x.String(); len(name)+len(text) > 200 { // a chain of indexes would grow by each
			return p.failed("an index is too long")
		}
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
	case text == "" && (x.k == kSym || x.k == kE || x.k == kI || x.k == kText):
		return x
	case x.k == kNum:
		name = x.String()
	}
	return p.node(node{k: kSym, name: name + "_" + text})
}

func allHex(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; !isDigit(s[i]) && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != ""
}

// baseName takes the word "base" off an index: 312_{\text{base five}}.
func baseName(s string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(lowerASCII(s)), "base"))
}

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
		if n, ok := smallNumbers[baseName(t.text)]; ok && t.t != tNum {
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
			if v, ok := smallNumbers[baseName(t.text)]; ok && t.t != tNum {
				value = ratInt(v)
			}
		} else {
			value = rat{}
		}
		b.WriteString(piece(t))
	}
	return b.String(), value
}
