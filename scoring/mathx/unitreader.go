package mathx

import "strings"

// A unitReader gathers the words behind a value: units multiply, words that are
// no unit are a counted thing.
type unitReader struct {
	p      *parser
	out    *unit
	names  []string // of units
	nouns  []string // what is counted
	divide bool     // the next unit is below the bar
	power  int64    // of the next unit: square, cubic
}

func (r *unitReader) done() (*unit, bool) {
	if r.names == nil && r.nouns == nil {
		return nil, false
	}
	if (r.names == nil || len(r.names) == 1 && r.names[0] == "in") && numeric(r.nouns) {
		return nil, false
	}
	if len(r.nouns) > 0 {
		r.out.noun = strings.TrimSpace(r.out.noun + " " + strings.Join(r.nouns, " "))
	}
	r.out.name = strings.Join(append(r.names, r.nouns...), " ")
	return r.out, true
}

// numeric says whether words go on with the number before them: "5 (millions)",
// "three point five", "two times three", "twenty first", "3 halves".
func numeric(words []string) bool {
	found := false
	for _, w := range words {
		_, small := smallNumbers[w]
		switch {
		case small, ordinals[w] != 0, largeNumbers[w] != 0, w == "half", w == "halve", w == "quarter":
			found = true
		case w != "point" && w != "time" && w != "in":
			return false
		}
	}
	return found
}

func (r *unitReader) fraction() (*unit, bool) {
	above, ok := r.p.unitGroup()
	below, okay := r.p.unitGroup()
	if !ok || !okay || r.names != nil || r.nouns != nil {
		return nil, false
	}
	v, ok := above.multiply(below, -1)
	if !ok {
		return nil, false
	}
	v.name = above.name + "/" + below.name
	return v, true
}

// token reads the words of a token; a power behind it goes with the last.
func (r *unitReader) token(t token) bool {
	text := t.text
	switch t.t {
	case tE:
		text = "e"
	case tDegree:
		text = "°"
	case '%':
		text = "%"
	}
	if next := r.p.peek(); (next.t == tWord || next.t == tText) && fixed[lowerASCII(text+" "+strings.TrimSuffix(next.text, "s"))] != nil {
		text += " " + next.text
		r.p.i++
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '~' || r == '-' || r == '\n' || r == '·' })
	for i := 0; i < len(words); i++ {
		if i+1 < len(words) && fixed[lowerASCII(words[i]+" "+strings.TrimSuffix(words[i+1], "s"))] != nil { // electron volts
			words[i] += " " + strings.TrimSuffix(words[i+1], "s")
			words = append(words[:i+1], words[i+2:]...)
		}
		parts := strings.Split(strings.Trim(words[i], "."), "/")
		for j, part := range parts {
			if j > 0 {
				r.divide = true
			}
			if !r.word(part, i+1 == len(words) && j+1 == len(parts)) {
				return false
			}
		}
	}
	return true
}

// word reads one word; last says that it ends its token.
func (r *unitReader) word(s string, last bool) bool {
	s = strings.Trim(s, "(),;:!")
	low := lowerASCII(s)
	switch low {
	case "":
		return true
	case "per":
		r.divide = true
		return true
	case "square", "sq":
		r.power = 2
		return true
	case "cubic":
		r.power = 3
		return true
	case "squared", "cubed":
		return true
	case "of", "a", "an", "the", "in", "total", "each", "and":
		if low != "in" || r.names != nil || len(r.nouns) > 0 {
			return true
		}
	}
	if sentenceWords[low] {
		return false
	}
	s, k := splitPower(s)
	if last {
		if r.p.take('^') {
			power, ok := r.p.unitPower()
			if !ok {
				return false
			}
			k = power
		}
		if next := r.p.peek(); next.t == tWord || next.t == tText {
			if n, ok := map[string]int64{"squared": 2, "cubed": 3}[lowerASCII(strings.TrimSpace(next.text))]; ok {
				k = n
			}
		}
	}
	k *= r.power
	r.power = 1
	if r.divide {
		if low == "cent" { // per cent
			r.divide = false
			r.out.noun = "%"
			r.names = append(r.names, "%")
			return true
		}
		k = -k
		r.divide = false
	}
	u := unitOf(s)
	if u != nil && u.offset() && len(r.names) == 1 && r.out.pi == 1 && r.out.dim == angleDegree.dim { // degrees Celsius
		r.out, r.names = &unit{scale: ratInt(1)}, nil
	}
	if u != nil && (len(r.nouns) == 0 || u.noun != "" || len(s) > 2) {
		if v, ok := r.out.multiply(u, k); ok {
			r.names = append(r.names, s)
			r.out = v
			return true
		}
		if k != 1 && u.noun == "" {
			return false
		}
	}
	r.nouns = append(r.nouns, stem(s))
	return true
}
