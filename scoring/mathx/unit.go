package mathx

import "strings"

// unitTail reads the unit behind a value, if there is one.
func (p *parser) unitTail(x *node) *node {
	if p.fail != "" {
		return x
	}
	t := p.peek()
	if x.k == kQuantity {
		if start := p.i; x.unit.money && (t.t == tText || t.t == tWord) { // $69 in total
			if u, ok := p.unit(); !ok || u.dim != [dimensions]int8{} || u.money && u.noun != x.unit.noun {
				p.back(start)
			}
		}
		return x
	}
	switch {
	case t.t == tMoney: // 5€
		p.i++
		return p.node(node{k: kQuantity, args: p.args(x), unit: unitOf(t.text)})
	case x.k == kText || x.k == kList || x.k == kPrefixed:
		return x
	case x.k == kNeg && x.args[0].k == kFunc && x.args[0].name == "deg" && t.t != '^': // -40 °F
		if y := p.unitTail(x.args[0]); y.k == kQuantity {
			return p.negate(y)
		}
		return x
	case t.t == tSym && x.k == kNum: // 5 m long; 2 h 15 min, where the other side has units
		if !p.units && p.ahead(1).t != tWord && p.ahead(1).t != tText || unitOf(t.text) == nil {
			return x
		}
	case t.t == tPrime && x.k == kNum: // 5' 5"
		p.i++
		u := "ft"
		if t.text == "''" {
			u = "in"
		}
		return p.moreUnits(p.node(node{k: kQuantity, args: p.args(x), unit: unitOf(u)}))
	case t.t == '(' && p.group == 0 && t.space && (p.ahead(1).t == tText || p.ahead(1).t == tWord) && !asides[firstWord(p.ahead(1).text)]: // 12 (cm)
		start := p.i
		p.i++
		if u, ok := p.unit(); ok && p.toks[p.i-1].t == ')' {
			return p.node(node{k: kQuantity, args: p.args(x), unit: u})
		}
		p.back(start)
		return x
	case t.t != tText && t.t != tWord && t.t != tFrac:
		if x.k == kFunc && x.name == "deg" {
			if t.t == tSym && (t.text == "C" || t.text == "F") && p.ahead(1).t != '^' {
				p.i++
				return p.node(node{k: kQuantity, args: p.args(x.args[0]), unit: unitOf("°" + t.text)})
			}
		}
		return x
	}
	if x.k == kFunc && x.name == "deg" {
		switch word := strings.ToLower(strings.TrimSpace(t.text)); word {
		case "c", "f", "celsius", "fahrenheit":
			p.i++
			return p.node(node{k: kQuantity, args: p.args(x.args[0]), unit: unitOf("°" + strings.ToUpper(word[:1]))})
		}
	}
	start := p.i
	u, ok := p.unit()
	if !ok {
		p.back(start)
		return x
	}
	if x.k == kFunc && x.name == "percent" && u.dim == [dimensions]int8{} { // 35% of the pupils
		return x
	}
	if u.noun == "%" && u.dim == [dimensions]int8{} {
		return p.fn("percent", x)
	}
	return p.moreUnits(p.node(node{k: kQuantity, args: p.args(x), unit: u}))
}

// unit reads a product of units: "km/h", "kg m^2 s^{-2}", "square metres",
// "apples". Words that are no unit are a counted thing, but words of a sentence
// are not: "12 is not possible" has no unit.
func (p *parser) unit() (*unit, bool) {
	r := unitReader{p: p, out: &unit{scale: ratInt(1)}, power: 1}
	for count := 0; p.i < len(p.toks); count++ {
		t := p.peek()
		read := r.names != nil || r.nouns != nil
		if read && (t.t == '(' && t.space && p.aside() || (t.t == tWord || t.t == tText) && firstWord(t.text) == "in" && p.ahead(1).t == tNum) {
			break
		}
		if t.t == tEnd || t.t == tRel || separatorToken(t.t) || closes(t.t) && t.t != ')' || t.t == '&' || count > 40 ||
			t.t == tNum && r.names != nil && r.nouns == nil {
			break
		}
		p.i++
		switch t.t {
		case tDivide:
			r.divide = true
		case tFrac:
			return r.fraction()
		case tTo: // ways to do it
			if r.nouns == nil {
				return nil, false
			}
		case tTimes, '(', ')', '.', '-', tSetminus:
		case tText, tWord, tSym, tE, tDegree, tMoney, '%':
			if !r.token(t) {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return r.done()
}

// sentenceWords are words that no counted thing has: behind a value they make a
// sentence about it.
var sentenceWords = wordSet("is are was were be been does did has have had not no nor never cannot can't isn't doesn't don't if unless but except than or wrong incorrect false impossible invalid fails because since when where which that would could should may might")

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// unitGroup reads a unit in braces.
func (p *parser) unitGroup() (*unit, bool) {
	if !p.take('{') {
		return nil, false
	}
	u, ok := p.unit()
	return u, ok && p.take('}')
}

// splitPower parts "cm2" into cm and 2.
func splitPower(s string) (string, int64) {
	if n := len(s); n > 1 && (s[n-1] == '2' || s[n-1] == '3') && isLetter(s[n-2]) {
		return s[:n-1], int64(s[n-1] - '0')
	}
	if i := strings.IndexByte(s, '^'); i > 0 && i+1 < len(s) {
		v, ok := decimalValue(strings.Trim(s[i+1:], "{}-"))
		if k, isInt := v.int64(); ok && isInt && allDigits(strings.Trim(s[i+1:], "{}-")) {
			if strings.Contains(s[i+1:], "-") {
				k = -k
			}
			return s[:i], k
		}
	}
	return s, 1
}

func (p *parser) unitPower() (int64, bool) {
	group := p.take('{')
	sign := int64(1)
	if p.take('-') {
		sign = -1
	}
	v, ok := p.peek().val.int64()
	if p.peek().t != tNum || !ok {
		return 0, false
	}
	p.i++
	if group && !p.take('}') {
		return 0, false
	}
	return sign * v, true
}

// stem takes the plural off a word.
func stem(s string) string {
	s = lowerASCII(s)
	switch {
	case strings.HasSuffix(s, "ies") && len(s) > 4:
		return s[:len(s)-3] + "y"
	case strings.HasSuffix(s, "ses"), strings.HasSuffix(s, "xes"), strings.HasSuffix(s, "ches"), strings.HasSuffix(s, "shes"):
		return s[:len(s)-2]
	case strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "ss"):
		return s[:len(s)-1]
	case s == "people":
		return "person"
	}
	return s
}
