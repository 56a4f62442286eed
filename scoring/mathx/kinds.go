package mathx

import (
	"slices"
	"strings"
)

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

// combinations reads C(n, k), which looks like a point, as the binomial
// coefficient, and P(n, k) as the number of arrangements.
func combinations(n *node) (*node, bool) {
	if n.k != kTuple || len(n.args) != 2 || n.name != "C" && n.name != "P" {
		return nil, false
	}
	x := &node{k: kFunc, name: "binom", args: n.args}
	if n.name == "P" {
		x = &node{k: kMul, args: []*node{x, {k: kFunc, name: "factorial", args: n.args[1:]}}}
	}
	return x, true
}

// choose rewrites the other spellings of the binomial coefficient, C_n^k and
// 12C5, where a letter C with an index is meant as that.
func choose(n *node) (*node, bool) {
	index := func(x *node) (*node, bool) {
		digits, ok := strings.CutPrefix(x.name, "C_")
		v, isNumber := decimalValue(digits)
		if !ok || x.k != kSym || !allDigits(digits) || !isNumber {
			if ok && len(digits) == 1 {
				return &node{k: kSym, name: digits}, true
			}
			return nil, false
		}
		return &node{k: kNum, val: v}, true
	}
	if n.k == kPow {
		if top, ok := index(n.args[0]); ok {
			return &node{k: kFunc, name: "binom", args: []*node{top, n.args[1]}}, true
		}
	}
	if n.k == kMul && len(n.args) == 2 && n.args[0].k == kNum {
		if low, ok := index(n.args[1]); ok {
			return &node{k: kFunc, name: "binom", args: []*node{n.args[0], low}}, true
		}
	}
	if n.k == kMul && len(n.args) == 3 && n.args[0].k == kNum && n.args[1].k == kSym && n.args[1].name == "C" && n.args[2].k == kNum {
		return &node{k: kFunc, name: "binom", args: []*node{n.args[0], n.args[2]}}, true
	}
	if !holdsIndexedC(n) {
		return n, false
	}
	changed := false
	out := *n
	out.args = make([]*node, len(n.args))
	for i, x := range n.args {
		y, ok := choose(x)
		out.args[i] = x
		if ok {
			out.args[i], changed = y, true
		}
	}
	return &out, changed
}

// holdsIndexedC says whether a letter C, alone or with an index, stands somewhere.
func holdsIndexedC(n *node) bool {
	return n.k == kSym && (n.name == "C" || strings.HasPrefix(n.name, "C_")) || slices.ContainsFunc(n.args, holdsIndexedC)
}

// onBasis writes a vector of two or three entries as a sum over the unit
// vectors i, j, k as the other side names them; ok is false if it has none.
func onBasis(vector, sum *node) (*node, bool) {
	if len(vector.args) < 2 || len(vector.args) > 3 || vector.k != kTuple && vector.k != kVector && vector.k != kMatrix {
		return nil, false
	}
	var t traits
	t.read(sum)
	for _, accent := range [...]string{"", "hat ", "vec "} {
		if !slices.Contains(t.symbols, accent+"j") && !slices.Contains(t.symbols, accent+"k") {
			continue
		}
		first := &node{k: kI}
		if accent != "" {
			first = &node{k: kSym, name: accent + "i"}
		}
		basis := [...]*node{first, {k: kSym, name: accent + "j"}, {k: kSym, name: accent + "k"}}
		out := &node{k: kAdd}
		for i, x := range vector.args {
			out.args = append(out.args, &node{k: kMul, args: []*node{x, basis[i]}})
		}
		return out, true
	}
	return nil, false
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

// times compares times of day; a plain 7:45 is one where the other side is.
func (c *comparer) times(g, a *node) (Outcome, string) {
	seconds := func(n *node) (rat, bool) {
		if n.k == kTime {
			return n.val, true
		}
		return clockOf(n)
	}
	x, ok := seconds(g)
	y, okay := seconds(a)
	if ok && okay && x.equal(y) {
		return Same, "the same time"
	}
	return Different, "another time"
}

// clockOf reads a ratio as hours, minutes and seconds.
func clockOf(n *node) (rat, bool) {
	if n.k != kRatio || !n.has(clock) || len(n.args) > 3 {
		return rat{}, false
	}
	total := ratInt(0)
	for i, x := range n.args {
		if i > 0 && (len(x.name) != 2 || x.val.cmp(ratInt(60)) >= 0) || !x.val.isInt() || x.val.sign() < 0 || i == 0 && (len(x.name) > 2 || x.val.cmp(ratInt(24)) > 0) {
			return rat{}, false
		}
		total = total.mul(ratInt(60)).add(x.val)
	}
	if len(n.args) == 2 {
		total = total.mul(ratInt(60))
	}
	return total, true
}

func (c *comparer) bases(g, a *node) (Outcome, string) {
	if g.k != kBase || a.k != kBase {
		// the base may be missing where the gold has it: 204 for 204_5
		if g.k == kBase && a.k == kNum && a.name == g.name && c.o.BareNumerals {
			return Same, "the same numeral"
		}
		return Different, "a numeral in another base"
	}
	trim := func(s string) string { return strings.TrimLeft(s, "0") }
	if g.val.equal(a.val) && trim(g.name) == trim(a.name) {
		return Same, "the same numeral"
	}
	return Different, "another numeral"
}

func (c *comparer) ratios(g, a *node, depth int) (Outcome, string) {
	if g.k == kRatio && a.k == kRatio {
		if x, ok := clockOf(g); ok {
			if y, ok := clockOf(a); ok {
				if x.equal(y) {
					return Same, "the same time"
				}
				return Different, "another time"
			}
		}
		if len(g.args) != len(a.args) {
			return Different, "a ratio of another number of terms"
		}
		for i := 1; i < len(g.args); i++ { // g0 : gi = a0 : ai
			l := &node{k: kMul, args: []*node{g.args[0], a.args[i]}}
			r := &node{k: kMul, args: []*node{a.args[0], g.args[i]}}
			if out, why := c.scalar(l, r); out != Same {
				return out, why
			}
		}
		return Same, "the same ratio"
	}
	value := func(n *node) (*node, bool) {
		if n.k != kRatio {
			return n, shapeOf(n) == isScalar
		}
		if len(n.args) != 2 {
			return nil, false
		}
		return &node{k: kDiv, args: n.args}, true
	}
	for _, n := range []*node{g, a} { // 7:45 is not 7.45
		if x := n; x.k == kNum && x.has(decimal) {
			if _, isClock := clockOf(g); isClock {
				return Different, "a time and a number"
			}
			if _, isClock := clockOf(a); isClock {
				return Different, "a time and a number"
			}
		}
	}
	x, ok := value(g)
	y, okay := value(a)
	if !ok || !okay {
		return Different, "a ratio and none"
	}
	return c.scalar(x, y)
}

func (c *comparer) cases(g, a *node, depth int) (Outcome, string) {
	if g.k != kCases || a.k != kCases {
		if g.k == kCases && a.k == kSet || a.k == kCases && g.k == kSet || g.k == kCases && a.k == kList {
			return c.collections(&node{k: kList, args: g.args}, &node{k: kList, args: a.args}, depth)
		}
		return Different, "a function by cases and none"
	}
	if len(g.args) != len(a.args) {
		return Different, "another number of cases"
	}
	left := make([]bool, len(a.args))
	for i := 0; i+1 < len(g.args); i += 2 {
		found := false
		for j := 0; j+1 < len(a.args) && !found; j += 2 {
			if left[j] {
				continue
			}
			if out, _ := c.compare(g.args[i], a.args[j], depth+1); out != Same {
				continue
			}
			out, _ := c.compare(g.args[i+1], a.args[j+1], depth+1)
			last := g.args[i+1].k == kText && g.args[i+1].name == "otherwise" || a.args[j+1].k == kText && a.args[j+1].name == "otherwise"
			if out == Same || last && i+2 >= len(g.args) {
				left[j], found = true, true
			}
		}
		if !found {
			return Different, "no case is " + g.args[i].String() + " for " + g.args[i+1].String()
		}
	}
	return Same, "equal case by case"
}

// matrixOf gives the entries of a matrix, a vector or a multiple of one.
func matrixOf(n *node) (entries []*node, columns int64, ok bool) {
	switch n.k {
	case kMatrix:
		columns, _ := n.val.int64()
		return n.args, columns, true
	case kTuple, kVector, kSquare:
		return n.args, 0, true // as column or row
	case kFunc: // t(4, -1, 3), read as a call
		if !n.has(call) || len(n.args) < 2 || len(n.name) != 1 {
			return nil, 0, false
		}
		out := make([]*node, len(n.args))
		for i, x := range n.args {
			out[i] = &node{k: kMul, args: []*node{{k: kSym, name: n.name}, x}}
		}
		return out, 0, true
	case kNeg:
		entries, columns, ok := matrixOf(n.args[0])
		out := make([]*node, len(entries))
		for i, x := range entries {
			out[i] = &node{k: kNeg, args: []*node{x}}
		}
		return out, columns, ok
	case kDiv:
		entries, columns, ok := matrixOf(n.args[0])
		out := make([]*node, len(entries))
		for i, x := range entries {
			out[i] = &node{k: kDiv, args: []*node{x, n.args[1]}}
		}
		return out, columns, ok
	case kMul:
		at := slices.IndexFunc(n.args, func(x *node) bool { _, _, ok := matrixOf(x); return ok })
		if at < 0 || len(n.args) > 8 {
			return nil, 0, false
		}
		entries, columns, _ := matrixOf(n.args[at])
		factors := append(slices.Clone(n.args[:at]), n.args[at+1:]...)
		if slices.ContainsFunc(factors, func(x *node) bool { return shapeOf(x) != isScalar }) {
			return nil, 0, false
		}
		out := make([]*node, len(entries))
		for i, x := range entries {
			out[i] = &node{k: kMul, args: append(slices.Clone(factors), x)}
		}
		return out, columns, true
	case kAdd:
		var sum []*node
		width := int64(-1)
		for _, x := range n.args {
			entries, columns, ok := matrixOf(x)
			if !ok || width >= 0 && (columns != width || len(entries) != len(sum)) {
				return nil, 0, false
			}
			if width < 0 {
				sum, width = slices.Clone(entries), columns
				continue
			}
			for i := range sum {
				sum[i] = &node{k: kAdd, args: []*node{sum[i], entries[i]}}
			}
		}
		return sum, width, true
	}
	return nil, 0, false
}

func (c *comparer) matrices(g, a *node, depth int) (Outcome, string) {
	x, xc, ok := matrixOf(g)
	y, yc, okay := matrixOf(a)
	if !ok || !okay {
		return Different, "a matrix and none"
	}
	if xc == 0 && yc > 0 && yc != 1 && int(yc) != len(y) || yc == 0 && xc > 0 && xc != 1 && int(xc) != len(x) || xc > 0 && yc > 0 && xc != yc || len(x) != len(y) {
		return Different, "another shape"
	}
	return c.inOrder(x, y, depth)
}
