package mathx

import "strings"

// textAtom reads words: the name of something, or a product of letters.
func (p *parser) textAtom() *node {
	t := p.peek()
	next := p.ahead(1)
	if x := p.announced(t); x != nil {
		return x
	}
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
	text, raw := p.wordsHere()
	x := p.node(node{k: kText, name: text})
	switch t := p.peek().t; {
	case t == tEnd, t == tRel, t == ':', t == '_', separatorToken(t), closes(t), t == '&', t == '.':
		return x
	}
	if announces[text] || hedges[text] {
		y := p.item()
		return p.node(node{k: kPrefixed, name: text, args: p.args(y)})
	}
	if option := strings.TrimSpace(raw); optionLetter(option) || len(option) == 1 {
		p.i = len(p.toks)
		return p.node(node{k: kText, name: strings.Trim(lowerASCII(option), "()")})
	}
	return p.failed("words within mathematics: " + text)
}

// wordsHere reads words in a row: normalised, and as they are written.
func (p *parser) wordsHere() (text, raw string) {
	var b strings.Builder
	for t := p.peek(); t.t == tText || t.t == tWord; t = p.peek() {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
		p.i++
	}
	return wordsOf(b.String()), b.String()
}

// announced reads what a word before a value says of it: its sign, its currency.
// nil if the word is none of these.
func (p *parser) announced(t token) *node {
	next := p.ahead(1)
	switch word := strings.TrimSpace(t.text); lowerASCII(word) {
	case "negative", "minus":
		if next.t == tNum || next.t == tInf || next.t == tFrac || next.t == tSqrt || next.t == tPi {
			p.i++
			return p.negate(p.product())
		}
		if n := p.ahead(1); n.t == tWord && (n.text == "infinity" || n.text == "inf") {
			p.i += 2
			return p.negate(p.node(node{k: kInf}))
		}
	default:
		if u := unitOf(word); u != nil && u.money && (next.t == tNum || next.t == '.' && p.ahead(2).t == tNum || next.t == tMoney) { // GBP 3.20, Rs. 50, US$12
			p.i++
			p.take('.')
			if p.peek().t == tMoney {
				return p.atom()
			}
			return p.node(node{k: kQuantity, args: p.args(p.factor()), unit: u})
		}
		if word == "US" && next.t == tMoney {
			p.i++
			return p.atom()
		}
	}
	return nil
}

// announces are the words that a value may follow within mathematics.
var announces = wordSet("exactly answer is equals total precisely just simply only")

func allUpper(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}
