package mathx

import "strings"

// special reads dates and times, whose tokens mean something else elsewhere.
func special(toks []token) *node {
	if x := compoundWord(toks); x != nil {
		return x
	}
	if x := decided(toks); x != nil {
		return x
	}
	if x := clockInWords(toks); x != nil {
		return x
	}
	hasWord, hasColon := false, false
	for _, t := range toks[:min(len(toks), 16)] {
		hasWord = hasWord || t.t == tWord || t.t == tText
		hasColon = hasColon || t.t == ':'
	}
	if hasColon || hasWord && toks[0].t == tNum && len(toks) == 2 {
		half := toks[len(toks)-1].t != tNum
		colons := 0
		for _, t := range toks {
			colons += boolInt(t.t == ':')
		}
		if half || colons == 2 {
			if seconds, ok := timeOfDay(toks); ok && (half || len(toks[0].text) <= 2 && len(toks) == 5 && len(toks[0].text) == 2) {
				return &node{k: kTime, val: ratInt(seconds), name: ratInt(seconds).String() + " s after midnight"}
			}
		}
	}
	if hasWord || len(toks) == 5 && (toks[1].t == '-' || toks[1].t == tDivide) && toks[3].t == toks[1].t {
		if d, ok := date(toks); ok {
			return &node{k: kDate, name: d}
		}
	}
	return nil
}

// clockInWords reads 15h30, and "12:00 noon" or "12 midnight".
func clockInWords(toks []token) *node {
	time := func(seconds int64) *node {
		return &node{k: kTime, val: ratInt(seconds), name: ratInt(seconds).String() + " s after midnight"}
	}
	n := len(toks)
	if n < 2 || toks[0].t != tNum || !allDigits(toks[0].text) || len(toks[0].text) > 2 || toks[0].val.cmp(ratInt(24)) > 0 {
		return nil
	}
	hours, _ := toks[0].val.int64()
	if minutes, ok := strings.CutPrefix(toks[1].text, "h_"); ok && n == 2 && toks[1].t == tSym && len(minutes) == 2 && minutes < "60" {
		v, _ := decimalValue(minutes)
		m, _ := v.int64()
		return time(hours*3600 + m*60)
	}
	if m := toks[n-1]; n == 3 && toks[1].t == tSym && toks[1].text == "h" && m.t == tNum && len(m.text) == 2 && m.text < "60" && !toks[1].space && !m.space {
		minutes, _ := m.val.int64()
		return time(hours*3600 + minutes*60)
	}
	last := lowerASCII(strings.TrimSpace(toks[n-1].text))
	exact := n == 2 || n == 4 && toks[1].t == ':' && toks[2].text == "00"
	if hours == 12 && exact && (last == "noon" || last == "midnight") {
		return time(map[string]int64{"noon": 43200, "midnight": 0}[last])
	}
	return nil
}

// compoundWord reads a word with a hyphen, and the names of two times of day.
func compoundWord(toks []token) *node {
	if len(toks) == 1 && (toks[0].t == tWord || toks[0].t == tText) {
		switch lowerASCII(strings.TrimSpace(toks[0].text)) {
		case "noon", "midday":
			return &node{k: kTime, val: ratInt(43200), name: "12:00"}
		case "midnight":
			return &node{k: kTime, val: ratInt(0), name: "0:00"}
		}
	}
	if len(toks) != 3 || toks[1].t != '-' || toks[1].space || toks[2].space {
		return nil
	}
	for _, t := range [...]token{toks[0], toks[2]} {
		if t.t != tWord || len(t.text) < 3 {
			return nil
		}
	}
	return &node{k: kText, name: lowerASCII(toks[0].text + " " + toks[2].text)}
}
