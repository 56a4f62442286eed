package mathx

import "strings"

// textList parts "Alice and Bob" into its members.
func textList(n *node) *node {
	words := strings.Split(n.name, " and ")
	if len(words) < 2 {
		return n
	}
	list := &node{k: kList}
	for _, w := range words {
		list.args = append(list.args, &node{k: kText, name: strings.TrimSpace(w)})
	}
	return list
}

// mixedInWords reads "4 and 1/3" as a mixed number.
func mixedInWords(n *node) (*node, bool) {
	if !n.has(conjoined) || len(n.args) != 2 {
		return nil, false
	}
	work := 1000
	whole, ok := n.args[0].number()
	part, okay := exact(n.args[1], nil, &work)
	if !ok || !okay || !whole.isInt() || whole.sign() <= 0 || n.args[1].k != kDiv || part.sign() <= 0 || part.cmp(ratInt(1)) >= 0 {
		return nil, false
	}
	return &node{k: kNum, val: whole.add(part)}, true
}

// texts compares words, ignoring case.
func (c *comparer) texts(g, a *node) (Outcome, string) {
	word := func(n *node) (string, bool) {
		switch n.k {
		case kText:
			return n.name, true
		case kSym:
			return lowerASCII(n.name), true
		case kE:
			return "e", true
		case kI:
			return "i", true
		case kMul:
			s := ""
			for _, x := range n.args {
				switch x.k {
				case kSym:
					if len(x.name) != 1 {
						return "", false
					}
					s += lowerASCII(x.name)
				case kE:
					s += "e"
				case kI:
					s += "i"
				default:
					return "", false
				}
			}
			return s, true
		}
		return "", false
	}
	x, ok := word(g)
	y, okay := word(a)
	if out, why, decided := c.wordsForMathematics(g, a); decided {
		return out, why
	}
	if !ok || !okay {
		return Different, "text and mathematics"
	}
	if x == "dne" || y == "dne" {
		x, y = strings.Replace(x, "dne", "does not exist", 1), strings.Replace(y, "dne", "does not exist", 1)
	}
	if x == y || strings.ReplaceAll(x, " ", "") == strings.ReplaceAll(y, " ", "") {
		return Same, "the same text"
	}
	if subject, rest, ok := strings.Cut(y, " is "); ok && subject == x && !denies(rest) { // Maria is the tallest
		return Same, "the same words but for fillers"
	}
	if gist(x) == gist(y) || len(strings.Fields(x)) > 2 && strings.HasSuffix(y, " "+x) && !denies(strings.TrimSuffix(y, x)) {
		return Same, "the same words but for fillers"
	}
	if c.o.Synonyms && synonym(x) == synonym(y) {
		return Same, "another word for the same"
	}
	return Different, "another text"
}

// wordsForMathematics compares a number or a set in words with one in signs;
// decided is false where the words stand for no mathematics.
func (c *comparer) wordsForMathematics(g, a *node) (out Outcome, why string, decided bool) {
	read := func(n *node) *node {
		if n.k != kText {
			return n
		}
		if x := phrase(n.name); x != nil {
			return x
		}
		if v, rest, ok := numberInWords(gist(n.name)); ok {
			x := &node{k: kNum, val: v}
			if rest == "" {
				return x
			}
			if u := (unitReader{out: &unit{scale: ratInt(1)}, power: 1, p: &parser{}}); u.token(token{text: rest}) { // twelve apples
				if made, ok := u.done(); ok {
					return &node{k: kQuantity, args: []*node{x}, unit: made}
				}
			}
		}
		return nil
	}
	x, y := read(g), read(a)
	if x == nil || y == nil || x == g && y == a || shapeOf(x) == isText || shapeOf(y) == isText || letterful(x) || letterful(y) {
		return 0, "", false
	}
	out, why = c.compare(x, y, 30)
	return out, why, true
}

// letterful says whether mathematics holds variables.
func letterful(n *node) bool {
	var t traits
	t.read(n)
	return len(t.symbols) > 0 && (n.k != kSym || n.name != "ℝ")
}

// synonym gives one word of several that answer a question alike.
func synonym(s string) string {
	switch s {
	case "true", "t", "yes", "y", "correct":
		return "yes"
	case "false", "f", "no", "n", "incorrect":
		return "no"
	case "none", "no solution", "no solutions", "does not exist", "dne", "no real solutions", "undefined":
		return "none"
	}
	return s
}
