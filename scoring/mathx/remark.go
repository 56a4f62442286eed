package mathx

import "strings"

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
	if parenthesis && p.ofAnother(i) {
		p.i = len(p.toks)
		return true
	}
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

// ofAnother says whether a parenthesis that ends the answer tells of another value
// in words: x = 4 (x = -1 is extraneous).
func (p *parser) ofAnother(i int) bool {
	n := len(p.toks)
	if i+3 >= n || p.toks[i].t != tSym || p.toks[i+1].t != tRel || p.toks[n-1].t != ')' {
		return false
	}
	last := p.toks[n-2].t
	return last == tWord || last == tText
}

// affirms says whether what follows from i on is words alone that do not deny
// the value before them, nor add another.
func (p *parser) affirms(i int) bool {
	for _, t := range p.toks[i:] {
		if !p.look(t) {
			return false
		}
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
	for j, t := range p.toks[i:] {
		if !p.look(t) {
			return true
		}
		if t.t != tText && t.t != tWord {
			continue
		}
		if p.concludes(i + j) {
			return true
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

// concludes says whether the word at i states the number that ends the text, and
// that is not the one which begins it: "5, so the answer is 6".
func (p *parser) concludes(i int) bool {
	n := len(p.toks)
	for n > 0 && (p.toks[n-1].t == '.' || p.toks[n-1].t == ')') {
		n--
	}
	if i+2 != n || p.toks[i+1].t != tNum || p.toks[0].t == tNum && p.toks[0].val.equal(p.toks[i+1].val) {
		return false
	}
	switch lastWord(lowerASCII(p.toks[i].text)) {
	case "is", "are", "gives", "give", "yields", "gets", "get", "equals", "becomes", "of":
		return true
	}
	return false
}

// asides are the words that begin a remark in parentheses.
var asides = wordSet("about approximately approx around roughly because since not or i.e that in as note where with for exactly see using by")

// aside says whether the parenthesis here holds words up to the end: a unit or a
// remark, no factor. "42 (square units)", "\sqrt2 (about 1.414)".
func (p *parser) aside() bool {
	first := p.ahead(1)
	if p.ofAnother(p.i + 1) {
		return true
	}
	if first.t == tRel && first.text == "~" || first.t == tText && asides[firstWord(first.text)] || first.t == tWord && asides[firstWord(first.text)] {
		return p.toks[len(p.toks)-1].t == ')' || p.toks[len(p.toks)-1].t == '.'
	}
	n := 0
	for i := p.i + 1; i < len(p.toks); i++ {
		if !p.look(p.toks[i]) {
			return false
		}
		switch t := p.toks[i]; t.t {
		case tText, tWord:
			if t.t == tWord && len(t.text) < 3 && unitOf(t.text) == nil || largeNumbers[stem(lastWord(t.text))] != 0 { // 5 (millions)
				return false
			}
			n++
		case '.', '-', ',', ':', tDivide, '^', tNum:
		case tRel: // (3×5 = 15)
			if t.text != "=" || p.group > 0 || p.abs > 0 {
				return false
			}
			for j := i; j < len(p.toks) && p.look(p.toks[j]); j++ {
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
