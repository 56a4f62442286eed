package mathx

import "strings"

// Statement gives the value that a sentence in plain words states: "3:5" of
// "Hence the ratio of boys to girls is 3:5." ok is false where the sentence
// states none, denies it or goes on to something else.
func Statement(s string) (value string, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) > 1000 || strings.Contains(s, `\`) || strings.Count(s, "$") > 1 {
		return "", false
	}
	at, values := 0, 0
	for word := range strings.FieldsSeq(s) {
		at = strings.Index(s[at:], word) + at + len(word)
		low := lowerASCII(word)
		if values == 0 && denials[strings.Trim(low, ",.;:")] {
			return "", false
		}
		rest := strings.TrimSpace(s[at:])
		if rest == "" || !strings.HasSuffix(word, ":") && !announcers[strings.Trim(low, ",")] && !leads[low] {
			continue
		}
		if !startsValue(rest) {
			continue
		}
		if values++; values > 1 { // "x is 5 and y is 3"
			return "", false
		}
		v, err := Parse(rest)
		if err != nil || v.Kind() == isText.String() || !HasMath(rest) || prose(v.n) {
			continue
		}
		value, ok = strings.TrimRight(rest, " ."), true
		if v.n.k == kQuantity && v.n.unit.dim == [dimensions]int8{} && v.n.unit.noun != "" && !v.n.unit.money && !v.n.unit.offset() { // 7 of them
			value, _, _ = strings.Cut(value, " ")
		}
	}
	return value, ok
}

// startsValue says whether mathematics begins here, rather than another word.
func startsValue(s string) bool {
	if c := s[0]; isDigit(c) || strings.IndexByte("-+([{|.√$", c) >= 0 || !isLetter(c) {
		return true
	}
	return len(s) == 1 || !isLetter(s[1]) && s[1] != '-' && s[1] != '\''
}

// prose says whether what was read has words that were not understood: a noun of
// several words is rather a sentence.
func prose(n *node) bool {
	if n.k == kText && strings.Contains(n.name, " ") || n.k == kQuantity && strings.Count(n.unit.noun, " ") > 2 {
		return true
	}
	for _, x := range n.args {
		if prose(x) {
			return true
		}
	}
	return false
}
