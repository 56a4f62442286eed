package cot

import (
	"math"
	"math/big"
	"regexp"
	"strings"

	"github.com/evalr/evalr/scoring/mathx"
)

// A ClaimKind says what became of one checked equation.
type ClaimKind string

// The kinds of claims.
const (
	ClaimOK          ClaimKind = "ok"          // both sides are exactly equal
	ClaimApproximate ClaimKind = "approximate" // right to the digits shown, or to what ≈ promises
	ClaimWrong       ClaimKind = "wrong"       // the sides differ, and nothing excuses it
	ClaimRetracted   ClaimKind = "retracted"   // wrong, and taken back within the next 200 characters
	ClaimSkipped     ClaimKind = "skipped"     // looks like arithmetic, but is not judged
)

// A Claim is an equation of numeric literals that a text states: 3*4 = 12.
type Claim struct {
	Start, End int // byte offsets: from the first character of the left side to the last of the right
	Kind       ClaimKind
	// Value is the exact value of the left side, a decimal where it has a short
	// one, else a fraction; empty if Kind is skipped.
	Value string
}

// Arithmetic finds the equations of numeric literals in a text and checks them
// exactly, in order of their place; a chain a = b = c is two claims.
//
// Precision goes before recall. An equation is judged only if both sides are
// literals and operations alone, at least one of them has an operation, and both
// sides end where the words or delimiters around them do: nothing is said of
// "2x + 3*4 = 12". Questions, suppositions, residues, other bases, percentages
// and inequalities are skipped, and so is a difference that has an innocent
// reading (see excused). Work is linear in the length of the text.
func Arithmetic(text string) []Claim {
	var out []Claim
	var s segment
	for i := 0; i < len(text); {
		if !begins[text[i]] {
			i++
			continue
		}
		s = segment{sides: s.sides[:0]}
		s.read(text, i)
		out = s.claims(text, out)
		i = max(s.end, i+1)
	}
	return out
}

// claims judges the pairs of neighbouring sides of a segment.
func (s *segment) claims(text string, out []Claim) []Claim {
	if len(s.sides) < 2 {
		return out
	}
	var before, after edge
	surroundings := unread
	previous, known := mathx.Number{}, false
	for i, side := range s.sides {
		value, ok := mathx.Evaluate(text[side.start:side.end])
		if i == 0 || !arithmetic(text, s.sides[i-1], side) {
			previous, known = value, ok
			continue
		}
		if surroundings == unread {
			before, after = s.before(text), s.after(text)
			surroundings = surroundingsOf(text, s.sides[0].start, s.end)
		}
		c := Claim{Start: s.sides[i-1].start, End: side.end, Kind: ClaimSkipped}
		left, right := clean, clean
		if i == 1 {
			left = before
		}
		if i == len(s.sides)-1 {
			right = after
		}
		if known && ok && left != unclean && right != unclean && surroundings != hypothetical && !s.broken {
			p := pair{left: previous, right: value, about: side.about, dots: right == dotted}
			p.doubtful = left == doubtful || right == doubtful || previous.Doubtful || value.Doubtful
			c.Kind = p.judge()
			switch {
			case c.Kind != ClaimWrong:
			case reread(text[s.sides[i-1].start:s.sides[i-1].end], text[side.start:side.end], p):
				c.Kind = ClaimSkipped
			case begun(text, s.sides[i-1], side), i == 1 && len(s.sides) > 2 && previous.Lone && !value.Lone, excusing(text, s.sides[0].start, s.end):
				c.Kind = ClaimSkipped
			default:
				c.Kind = afterwards(text, s.end)
			}
			if c.Kind != ClaimSkipped {
				c.Value = previous.String()
			}
		}
		out = append(out, c)
		previous, known = value, ok
	}
	return out
}

// arithmetic says whether two sides look like a claim: both hold digits, and one
// of them an operation.
func arithmetic(text string, a, b side) bool {
	return a.numbers > 0 && b.numbers > 0 && (a.operators > 0 || b.operators > 0) && a.end > a.start && b.end > b.start
}

// reread says whether the sides may agree in another notation: a/b*c for a/(b*c),
// 1.000 for a thousand, cents for dollars, [3] for a residue, ~ for about.
func reread(left, right string, p pair) bool {
	switch {
	case right[0] == '~', right[0] == '[' && p.right.Operations == 0, pointed(left, right), hundredth(left, right, p):
		return true
	}
	l, r := p.left, p.right
	if g, ok := mathx.EvaluateGreedy(left); ok {
		l = g
	}
	if g, ok := mathx.EvaluateGreedy(right); ok {
		r = g
	}
	for _, q := range [...]pair{{left: l, right: p.right}, {left: p.left, right: r}, {left: l, right: r}} {
		q.about = p.about
		if q.judge() != ClaimWrong {
			return true
		}
	}
	return false
}

// pointed says whether the sides agree if points separate thousands, as in German:
// 1.000 + 500 = 1.500.
func pointed(left, right string) bool {
	if !strings.Contains(left, ".") && !strings.Contains(right, ".") {
		return false
	}
	thousands := func(s string) string { return pointThousands.ReplaceAllString(s, "$1$2") }
	l, r := thousands(left), thousands(right)
	if len(l) == len(left) && len(r) == len(right) {
		return false
	}
	a, known := mathx.Evaluate(l)
	b, ok := mathx.Evaluate(r)
	return known && ok && a.Equal(b)
}

// pointThousands matches a point between one to three digits and exactly three.
var pointThousands = regexp.MustCompile(`\b([1-9]\d{0,2})\.(\d{3})\b`)

// hundredth says whether the sides are cents and dollars: 4*25 = $1.
func hundredth(left, right string, p pair) bool {
	if strings.Contains(left, "$") == strings.Contains(right, "$") {
		return false
	}
	few, many := p.right.Rat(), p.left.Rat()
	if strings.Contains(left, "$") {
		few, many = many, few
	}
	return new(big.Rat).Mul(few, big.NewRat(100, 1)).Cmp(many) == 0
}

// begun says whether the right side only repeats how the left one begins: a
// calculation in steps, 6-12-12 = (6-12) = -6.
func begun(text string, a, b side) bool {
	bare := strings.NewReplacer(" ", "", "(", "", ")", "", "{", "", "}", "")
	left, right := bare.Replace(text[a.start:a.end]), bare.Replace(text[b.start:b.end])
	return b.operators > 0 && strings.HasPrefix(left, right)
}

// A pair is two neighbouring sides that were computed.
type pair struct {
	left, right mathx.Number
	about       bool // the sign between them is ≈
	dots        bool // an ellipsis follows the right side
	doubtful    bool // something around excuses a difference
}

// judge compares the sides.
func (p pair) judge() ClaimKind {
	switch {
	case p.left.Operations == 0 && p.right.Operations == 0:
		return ClaimSkipped // 3.14159 = 3.14 is no operation
	case p.left.Equal(p.right):
		if p.about {
			return ClaimApproximate
		}
		return ClaimOK
	case p.shown(p.right, p.left.Rat()), p.shown(p.left, p.right.Rat()):
		return ClaimApproximate
	case p.doubtful, p.excused():
		return ClaimSkipped
	}
	return ClaimWrong
}

// shown says whether a lone literal is a value rounded or cut to the digits that
// it shows. A whole number stands for a fraction only behind ≈, where zeros at
// its end count as not shown. Of many digits the last may be the noise of
// floating point.
func (p pair) shown(literal mathx.Number, exact *big.Rat) bool {
	if !literal.Lone || literal.Places == 0 && !p.about && !p.dots {
		return false
	}
	ulp := powerOfTen(literal.Zeros + literal.Exponent - literal.Places)
	diff := new(big.Rat).Sub(exact, literal.Rat())
	diff.Abs(diff)
	if twice := new(big.Rat).Add(diff, diff); twice.Cmp(ulp) <= 0 {
		return true
	}
	if diff.Cmp(ulp) < 0 && new(big.Rat).Abs(literal.Rat()).Cmp(new(big.Rat).Abs(exact)) < 0 {
		return true // cut off: nearer to zero than the value
	}
	return literal.Places >= 12 && within(diff, exact, 1e13)
}

// excused says whether a difference has an innocent reading:
//   - a whole number may be a fraction, or a large number, rounded without a word;
//   - decimals may be rounded ones that stand for the exact values that were used;
//   - ≈ may be meant loosely, or as an order of magnitude;
//   - 3+4 = 7+5 goes on with a sum instead of stating an equality.
func (p pair) excused() bool {
	l, r := p.left.Rat(), p.right.Rat()
	diff := new(big.Rat).Sub(l, r)
	diff.Abs(diff)
	switch {
	case !p.right.Lone && (p.right.First().Cmp(l) == 0 || p.shown(lone(p.right), l)):
		return true
	case p.about:
		return within(diff, l, 10) || p.right.Lone && p.right.Operations == 1
	case p.right.Zeros >= 1 && p.left.Fine >= 1 && diff.Cmp(powerOfTen(p.right.Zeros)) < 0 && within(diff, l, 100):
		return true // decimals give a whole number of few digits: 4.18 * 25.0 = 100
	case p.right.Zeros >= 3 && diff.Cmp(powerOfTen(p.right.Zeros)) <= 0:
		return true
	case p.right.Lone && p.right.Places == 0 && p.right.Exponent == 0 && !l.IsInt() && diff.Cmp(big.NewRat(1, 1)) < 0:
		return true
	case !p.right.Lone:
		return max(p.left.Fine, p.right.Fine) >= 1 && within(diff, l, 100)
	}
	apart, _ := diff.Float64()
	whole, _ := l.Float64()
	return apart <= p.left.Slack*math.Abs(whole)
}

// lone gives the first literal of an expression as if it stood alone.
func lone(n mathx.Number) mathx.Number {
	first, _ := mathx.Evaluate(n.First().FloatString(n.Fine))
	return first
}

// within says whether |diff| is at most 1/parts of |whole|.
func within(diff, whole *big.Rat, parts int64) bool {
	scaled := new(big.Rat).Mul(diff, big.NewRat(parts, 1))
	return scaled.Cmp(new(big.Rat).Abs(whole)) <= 0
}

func powerOfTen(k int) *big.Rat {
	n := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(k, -k))), nil)
	if k < 0 {
		return new(big.Rat).SetFrac(big.NewInt(1), n)
	}
	return new(big.Rat).SetInt(n)
}
