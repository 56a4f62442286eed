package mathx

import (
	"strings"
)

// kind is what a node of a syntax tree is.
type kind uint8

const (
	kNum       kind = iota // val; name keeps the digits as written
	kSym                   // name
	kPi                    // π
	kE                     // Euler's number
	kI                     // the imaginary unit
	kInf                   // ∞
	kAdd                   // sum of args
	kMul                   // product of args
	kDiv                   // args[0] / args[1]
	kNeg                   // -args[0]
	kPow                   // args[0] ^ args[1]
	kFunc                  // name(args...)
	kPM                    // args[0] ± args[1]; flag minusFirst: ∓
	kTuple                 // (args...)
	kVector                // ⟨args...⟩
	kSquare                // [args...]
	kSet                   // {args...}
	kList                  // args..., without brackets; flag disjoined: joined by "or"
	kInterval              // args[0], args[1]; flags openLow, openHigh
	kRel                   // args related pairwise by the operators in name, one byte each
	kUnion                 // args[0] ∪ args[1]
	kIntersect             // args[0] ∩ args[1]
	kMinus                 // args[0] \ args[1]
	kBuilder               // {args[0] | args[1]}
	kMatrix                // args row by row; val is the number of columns
	kCases                 // args: value, condition, value, condition, ...
	kRatio                 // args[0] : args[1] : ...
	kQuantity              // args[0] in unit
	kBase                  // the numeral name in base val
	kTime                  // val in seconds since midnight
	kDate                  // name, normalised
	kText                  // name, normalised
	kDots                  // an ellipsis
	kPrefixed              // words before a value: name, args[0]
	kFamily                // args with an integer parameter
)

const (
	openLow    uint16 = 1 << iota // the lower end is not in the interval
	openHigh                      // nor the upper
	minusFirst                    // ∓
	disjoined                     // a list joined by "or"
	conjoined                     // a list joined by "and"
	call                          // a product that may be a call: f(x)
	decimal                       // a number with a decimal point
	literal                       // a number as written, without brackets
	bracketed                     // stood in brackets
	spaced                        // followed white space
	clock                         // a ratio that may be a time of day
)

// A node of a syntax tree. Trees are never changed once they are built.
type node struct {
	k    kind
	flag uint16
	name string
	val  rat
	args []*node
	unit *unit
}

// An arena keeps the nodes of the trees of one comparison, to be used again by
// the next.
type arena struct {
	slabs [][]node
	last  int // the slab that is being filled
}

const slabSize = 64

func (a *arena) node(n node) *node {
	if len(a.slabs) == 0 || len(a.slabs[a.last]) == slabSize {
		if a.last+1 < len(a.slabs) {
			a.last++
		} else {
			a.slabs = append(a.slabs, make([]node, 0, slabSize))
			a.last = len(a.slabs) - 1
		}
		a.slabs[a.last] = a.slabs[a.last][:0]
	}
	slab := append(a.slabs[a.last], n)
	a.slabs[a.last] = slab
	return &slab[len(slab)-1]
}

// reset gives the nodes back. What one large input took is not kept.
func (a *arena) reset() {
	if len(a.slabs) > 8 {
		clear(a.slabs[8:])
		a.slabs = a.slabs[:8]
	}
	a.last = 0
	if len(a.slabs) > 0 {
		a.slabs[0] = a.slabs[0][:0]
	}
}

func (n *node) has(flag uint16) bool { return n.flag&flag != 0 }

// number says whether the node is a rational number, and which.
func (n *node) number() (rat, bool) { return n.val, n.k == kNum }

// opSymbols name the relations, for people.
var opSymbols = map[byte]string{'=': "=", '<': "<", '>': ">", 'l': "≤", 'g': "≥", 'n': "≠", '~': "≈", 'i': "∈", 't': "→"}

// String writes a tree in plain mathematics, for people and as the key of
// opaque parts: equal trees give equal texts.
func (n *node) String() string {
	var b strings.Builder
	n.write(&b, 0)
	return b.String()
}

// Precedences for writing: sum, product, sign, power, atom.
const (
	inSum = iota + 1
	inProduct
	inPower
)

func (n *node) write(b *strings.Builder, in int) {
	wrap := func(own int, f func()) {
		if in > own {
			b.WriteByte('(')
			f()
			b.WriteByte(')')
			return
		}
		f()
	}
	join := func(open, sep, shut string) {
		b.WriteString(open)
		for i, x := range n.args {
			if i > 0 {
				b.WriteString(sep)
			}
			x.write(b, 0)
		}
		b.WriteString(shut)
	}
	switch n.k {
	case kNum:
		if n.val.sign() < 0 || !n.val.isInt() {
			wrap(inSum, func() { b.WriteString(n.val.String()) })
			return
		}
		b.WriteString(n.val.String())
	case kSym, kText, kDate:
		b.WriteString(n.name)
	case kPi:
		b.WriteString("π")
	case kE:
		b.WriteString("e")
	case kI:
		b.WriteString("i")
	case kInf:
		b.WriteString("∞")
	case kDots:
		b.WriteString("…")
	case kAdd:
		wrap(inSum, func() {
			for i, x := range n.args {
				if i > 0 && x.k != kNeg && (x.k != kNum || x.val.sign() >= 0) {
					b.WriteByte('+')
				}
				if x.k == kNum && x.val.isInt() {
					b.WriteString(x.val.String())
					continue
				}
				x.write(b, inSum)
			}
		})
	case kNeg:
		wrap(inSum, func() {
			b.WriteByte('-')
			n.args[0].write(b, inProduct)
		})
	case kMul:
		wrap(inProduct, func() {
			for i, x := range n.args {
				if i > 0 {
					b.WriteByte('*')
				}
				x.write(b, inProduct+boolInt(i > 0))
			}
		})
	case kDiv:
		wrap(inProduct, func() {
			n.args[0].write(b, inProduct)
			b.WriteByte('/')
			n.args[1].write(b, inPower)
		})
	case kPow:
		wrap(inPower, func() {
			n.args[0].write(b, inPower+1)
			b.WriteByte('^')
			n.args[1].write(b, inPower+1)
		})
	case kPM:
		wrap(inSum, func() {
			if len(n.args) == 2 {
				n.args[0].write(b, inSum)
			}
			b.WriteString("±")
			n.args[len(n.args)-1].write(b, inProduct)
		})
	case kFunc, kPrefixed:
		b.WriteString(n.name)
		join("(", ", ", ")")
	case kTuple:
		join("(", ", ", ")")
	case kVector:
		join("⟨", ", ", "⟩")
	case kSquare:
		join("[", ", ", "]")
	case kSet:
		join("{", ", ", "}")
	case kList:
		sep := ", "
		if n.has(disjoined) {
			sep = " or "
		}
		join("", sep, "")
	case kCases:
		join("cases(", "; ", ")")
	case kRatio:
		join("", ":", "")
	case kBuilder:
		join("{", " | ", "}")
	case kUnion:
		join("", " ∪ ", "")
	case kIntersect:
		join("", " ∩ ", "")
	case kMinus:
		join("", " \\ ", "")
	case kInterval:
		b.WriteByte("[("[boolInt(n.has(openLow))])
		n.args[0].write(b, 0)
		b.WriteString(", ")
		n.args[1].write(b, 0)
		b.WriteByte("])"[boolInt(n.has(openHigh))])
	case kRel:
		for i, x := range n.args {
			if i > 0 {
				b.WriteString(" " + opSymbols[n.name[i-1]] + " ")
			}
			x.write(b, 0)
		}
	case kMatrix:
		columns, _ := n.val.int64()
		b.WriteByte('[')
		for i, x := range n.args {
			if i > 0 {
				b.WriteString([]string{", ", "; "}[boolInt(int64(i)%columns == 0)])
			}
			x.write(b, 0)
		}
		b.WriteByte(']')
	case kQuantity:
		n.args[0].write(b, inProduct)
		b.WriteString(" " + n.unit.label())
	case kBase:
		b.WriteString(n.name + "_" + n.val.String())
	case kTime:
		b.WriteString("time " + n.name)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// same says whether two trees are the same, part by part.
func same(a, b *node) bool {
	if a == b {
		return true
	}
	if a.k != b.k || len(a.args) != len(b.args) || a.k != kNum && a.k != kTuple && a.name != b.name {
		return false
	}
	switch a.k {
	case kNum:
		return a.val.equal(b.val)
	case kBase, kTime, kMatrix:
		if !a.val.equal(b.val) {
			return false
		}
	case kInterval:
		if (a.flag^b.flag)&(openLow|openHigh) != 0 {
			return false
		}
	case kPM, kList:
		if (a.flag^b.flag)&(minusFirst|disjoined) != 0 {
			return false
		}
	case kQuantity:
		if !a.unit.equal(b.unit) {
			return false
		}
	}
	for i := range a.args {
		if !same(a.args[i], b.args[i]) {
			return false
		}
	}
	return true
}
