package mathx

import "strings"

// unitTail reads the unit behind a value, if there is one.
func (p *parser) unitTail(x *node) *node {
	if x.k == kQuantity || p.fail != "" {
		return x
	}
	t := p.peek()
	switch {
	case t.t == tMoney: // 5€
		p.i++
		return p.node(node{k: kQuantity, args: p.args(x), unit: unitOf(t.text)})
	case x.k == kText || x.k == kList || x.k == kPrefixed:
		return x
	case t.t == tPrime && x.k == kNum: // 5' 5"
		p.i++
		u := "ft"
		if t.text == "''" {
			u = "in"
		}
		return p.moreUnits(p.node(node{k: kQuantity, args: p.args(x), unit: unitOf(u)}))
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
		p.i = start
		return x
	}
	if u.noun == "%" && u.dim == [dimensions]int8{} {
		return p.fn("percent", x)
	}
	return p.moreUnits(p.node(node{k: kQuantity, args: p.args(x), unit: u}))
}

// unit reads a product of units: "km/h", "kg m^2 s^{-2}", "square metres",
// "apples". Words that are no unit are a counted thing.
func (p *parser) unit() (*unit, bool) {
	out := &unit{scale: ratInt(1)}
	var nouns, names []string
	divide, power, count := false, int64(1), 0
	for ; p.i < len(p.toks); count++ {
		t := p.peek()
		if t.t == tEnd || t.t == tRel || separatorToken(t.t) || closes(t.t) && t.t != ')' || t.t == '&' || count > 40 || t.t == tNum && names != nil && nouns == nil {
			break
		}
		p.i++
		switch t.t {
		case tDivide:
			divide = true
			continue
		case tFrac:
			above, ok := p.unitGroup()
			below, okay := p.unitGroup()
			if !ok || !okay || names != nil || nouns != nil {
				return nil, false
			}
			v, ok := above.multiply(below, -1)
			if !ok {
				return nil, false
			}
			v.name = above.name + "/" + below.name
			return v, true
		case tTimes, '(', ')', '.', '-', tSetminus:
			continue
		case tText, tWord, tSym, tE, tDegree, tMoney, '%':
			text := t.text
			switch t.t {
			case tE:
				text = "e"
			case tDegree:
				text = "°"
			case '%':
				text = "%"
			}
			for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '~' || r == '.' || r == '-' || r == '\n' }) {
				for i, part := range strings.Split(word, "/") {
					if i > 0 {
						divide = true
					}
					switch strings.Trim(lowerASCII(part), "(),;:!") {
					case "":
						continue
					case "per":
						divide = true
						continue
					case "square", "sq":
						power = 2
						continue
					case "cubic":
						power = 3
						continue
					case "squared", "cubed":
						continue
					case "of", "a", "an", "the", "in", "total", "each", "and":
						if unitOf(part) == nil || len(nouns) > 0 || part != "in" || names != nil {
							continue
						}
					}
					part = strings.Trim(part, "(),;:!")
					part, k := splitPower(part)
					if p.take('^') {
						if k2, ok := p.unitPower(); ok {
							k = k2
						} else {
							return nil, false
						}
					}
					if next := lowerASCII(p.peek().text); (p.peek().t == tWord || p.peek().t == tText) && (next == "squared" || next == "cubed") {
						k = map[string]int64{"squared": 2, "cubed": 3}[next]
					}
					k *= power
					power = 1
					if divide {
						k = -k
						divide = false
					}
					u := unitOf(part)
					if u == nil || len(nouns) > 0 && u.noun == "" && len(part) <= 2 {
						nouns = append(nouns, stem(part))
						continue
					}
					v, ok := out.multiply(u, k)
					if !ok {
						nouns = append(nouns, stem(part))
						continue
					}
					names = append(names, part)
					out = v
				}
			}
			continue
		}
		return nil, false
	}
	if len(nouns) > 0 {
		out.noun = strings.TrimSpace(out.noun + " " + strings.Join(nouns, " "))
	}
	if names == nil && nouns == nil {
		return nil, false
	}
	out.name = strings.Join(append(names, nouns...), " ")
	return out, true
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
