package mathx

import "strings"

// rewritten mends tokens whose meaning depends on the whole: intervals with the
// brackets of France, relations in words, a union sign between inequalities.
func rewritten(toks []token) []token {
	toks = relationsInWords(toks)
	turnedBrackets(toks)
	out := toks[:0]
	for i := 0; i < len(toks); i++ { // {\sin}^2 x
		if i+2 < len(toks) && toks[i].t == '{' && toks[i+1].t == tFunc && toks[i+2].t == '}' && (i == 0 || toks[i-1].t != '^' && toks[i-1].t != '_') {
			out = append(out, toks[i+1])
			i += 2
			continue
		}
		out = append(out, toks[i])
	}
	toks = out
	for i := 1; i+2 < len(toks); i++ {
		if toks[i].t == tUnion && toks[i+1].t == tSym && toks[i+2].t == tRel { // x < -6 ∪ x > 6
			toks[i] = token{t: tOr, space: true}
		}
	}
	return toks
}

// turnedBrackets writes ]a, b[ as (a, b), where the first bracket or the last is
// turned so.
func turnedBrackets(toks []token) {
	first, last := -1, -1
	for i, t := range toks {
		if t.t == '(' || t.t == '[' || t.t == ')' || t.t == ']' {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 || toks[first].t != ']' && toks[last].t != '[' {
		return
	}
	open := false
	for i, t := range toks {
		switch {
		case t.t == '(' || t.t == ')':
			open = t.t == '('
		case t.t == '[' && open:
			toks[i].t, open = ')', false
		case t.t == ']' && !open:
			toks[i].t, open = '(', true
		case t.t == '[' || t.t == ']':
			open = t.t == '['
		}
	}
}

// wordsOfRelations are the relations that are written in words, the longest
// first.
var wordsOfRelations = []struct {
	words []string
	op    string
}{
	{strings.Fields("greater than or equal to"), "g"}, {strings.Fields("less than or equal to"), "l"}, {strings.Fields("not equal to"), "n"}, {strings.Fields("equal to"), "="},
	{strings.Fields("greater than"), ">"}, {strings.Fields("more than"), ">"}, {strings.Fields("less than"), "<"}, {strings.Fields("at least"), "g"}, {strings.Fields("at most"), "l"}, {strings.Fields("equals"), "="},
}

// relationsInWords writes "x is greater than -4" as x > -4. A relation in words
// needs a variable before it.
func relationsInWords(toks []token) []token {
	if len(toks) > 3 && (toks[0].t == tWord || toks[0].t == tText) && firstWord(toks[0].text) == "all" && toks[1].t == tSym { // all x greater than 2
		toks = toks[1:]
	}
	if len(toks) < 3 || toks[0].t != tSym || toks[1].t != tWord && toks[1].t != tText {
		return toks
	}
	var words []string
	i := 1
	for ; i < len(toks) && len(words) < 8; i++ {
		switch t := toks[i]; t.t {
		case tWord, tText:
			words = append(words, strings.Fields(lowerASCII(t.text))...)
			continue
		case tOr:
			words = append(words, "or")
			continue
		case tTo:
			words = append(words, "to")
			continue
		}
		break
	}
	if len(words) > 0 && words[0] == "is" {
		words = words[1:]
	}
	text := strings.Join(words, " ")
	for _, r := range wordsOfRelations {
		if text == strings.Join(r.words, " ") && i < len(toks) {
			out := append([]token{toks[0], {t: tRel, text: r.op}}, toks[i:]...)
			return out
		}
	}
	return toks
}

// allBut reads "all real numbers except 1 and 4": the tokens of the exceptions.
func allBut(toks []token) ([]token, bool) {
	var words []string
	for i, t := range toks {
		if t.t != tWord && t.t != tText {
			text := strings.Join(words, " ")
			for _, but := range [...]string{"except", "except for", "other than", "but", "excluding"} {
				if all, ok := strings.CutSuffix(text, " "+but); ok {
					if x := phrase(all); x != nil && x.k == kSym {
						return toks[i:], true
					}
				}
			}
			return nil, false
		}
		words = append(words, strings.Fields(lowerASCII(t.text))...)
	}
	return nil, false
}
