package mathx

import "strings"

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
	if base, ok := p.baseInWords(); ok && flag&decimal == 0 {
		return p.node(node{k: kBase, name: t.text, val: base})
	}
	if scale, ok := p.largeNumber(); ok {
		return p.node(node{k: kNum, val: t.val.mul(scale), flag: flag &^ decimal})
	}
	return p.node(node{k: kNum, val: t.val, name: t.text, flag: flag})
}

// baseInWords reads "base 2", "in base two" or "(base 2)" behind a numeral.
func (p *parser) baseInWords() (rat, bool) {
	start := p.i
	group := p.take('(')
	t := p.peek()
	if t.t != tWord && t.t != tText {
		p.i = start
		return rat{}, false
	}
	text := strings.TrimSpace(lowerASCII(t.text))
	if after, open := strings.CutPrefix(text, "("); open {
		text, group = after, true
	}
	words := strings.Fields(text)
	p.i++
	if len(words) == 1 && words[0] == "in" && (p.peek().t == tWord || p.peek().t == tText) {
		words = append(words, strings.Fields(lowerASCII(p.peek().text))...)
		p.i++
	}
	if len(words) > 0 && words[0] == "in" {
		words = words[1:]
	}
	base := rat{}
	if len(words) > 0 && words[0] == "base" {
		switch next := p.peek(); {
		case len(words) == 2:
			if n, ok := smallNumbers[words[1]]; ok {
				base = ratInt(n)
			}
		case next.t == tNum:
			base = next.val
			p.i++
		case next.t == tWord || next.t == tText:
			if n, ok := smallNumbers[lowerASCII(strings.TrimSpace(next.text))]; ok {
				base = ratInt(n)
				p.i++
			}
		}
	}
	b, isInt := base.int64()
	if base.d == 0 || !isInt || b < 2 || b > 36 || group && !p.take(')') {
		p.i = start
		return rat{}, false
	}
	return base, true
}

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

// maxDigits bounds the digits of a numeral with letters.
const maxDigits = 64

// baseNumeral reads a numeral of digits and letters with its base, as 7C3_{16}.
func (p *parser) baseNumeral() (*node, bool) {
	digits, j := "", p.i
	for ; j < len(p.toks) && len(digits) <= maxDigits; j++ {
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
	for k := j + 1; (b.t == '{' || b.t == '(') && k+1 < len(p.toks) && p.look(b); k++ {
		b = p.toks[k+1]
	}
	base, ok := b.val.int64()
	if n, is := smallNumbers[baseName(b.text)]; is && b.t != tNum {
		base, ok, b.t = n, true, tNum
	}
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
