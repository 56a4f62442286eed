package mathx

import (
	"slices"
	"strings"
)

// shape is the type that a form gives an answer.
type shape uint8

const (
	isScalar shape = iota
	isList
	isSet
	isTuple  // ordered: a tuple, a vector
	isSquare // [a, b]: an interval or a vector
	isRegion // an interval, a union, an inequality
	isEquation
	isMatrix
	isRatio
	isTime
	isDate
	isText
	isCases
	isBase
	isNamed // x = 2, y = -3
	isFamily
)

var shapeNames = [...]string{"a value", "a list", "a set", "a tuple", "a bracketed list", "a set of real numbers", "an equation", "a matrix", "a ratio", "a time", "a date", "text", "a function by cases", "a numeral in another base", "named values", "a family of values"}

func (s shape) String() string { return shapeNames[s] }

func shapeOf(n *node) shape {
	switch n.k {
	case kList:
		return isList
	case kSet:
		return isSet
	case kTuple, kVector:
		return isTuple
	case kSquare:
		return isSquare
	case kInterval, kUnion, kIntersect, kMinus, kBuilder:
		return isRegion
	case kMatrix:
		return isMatrix
	case kRatio:
		return isRatio
	case kTime:
		return isTime
	case kDate:
		return isDate
	case kText:
		return isText
	case kFamily:
		return isFamily
	case kCases:
		return isCases
	case kBase:
		return isBase
	case kSym:
		if n.name == "ℝ" {
			return isRegion
		}
	case kRel:
		if strings.Trim(n.name, "=") == "" {
			return isEquation
		}
		return isRegion
	case kMul, kDiv, kNeg:
		if !n.has(call) && holdsMatrix(n) {
			return isMatrix
		}
	case kAdd:
		for _, x := range n.args {
			if s := shapeOf(x); s == isTuple {
				return isMatrix
			} else if s == isMatrix || s == isRegion || x.k == kNeg && x.args[0].k == kSet {
				return s
			}
		}
	}
	return isScalar
}

func holdsMatrix(n *node) bool {
	if n.k == kMatrix || n.k == kTuple && len(n.args) > 1 || n.k == kVector {
		return true
	}
	if n.k == kMul || n.k == kDiv || n.k == kNeg {
		for _, x := range n.args {
			if holdsMatrix(x) {
				return true
			}
		}
	}
	return false
}

// unwrap takes off what only surrounds a value: words before it, and an
// approximation behind it; of a chain of equal things it gives first and last.
func unwrap(n *node) *node {
	for {
		switch {
		case n.k == kPrefixed:
			n = n.args[0]
		case n.k == kRel && strings.Contains(n.name, "~"):
			i := strings.IndexByte(n.name, '~')
			if i == 0 {
				if isName(n.args[0]) && len(n.args) == 2 { // x ≈ 3.7
					return &node{k: kRel, name: "=", args: n.args}
				}
				return n.args[0]
			}
			n = &node{k: kRel, name: n.name[:i], args: n.args[:i+1]}
		case n.k == kRel && len(n.args) > 2 && strings.Trim(n.name, "=") == "":
			if !isName(n.args[0]) && !combined(n.args[0]) {
				return n
			}
			n = &node{k: kRel, name: "=", args: []*node{n.args[0], n.args[len(n.args)-1]}}
		case n.k == kRel && n.name == "i" && isName(n.args[0]):
			n = n.args[1]
		case n.k == kList && len(n.args) == 1:
			n = n.args[0]
		case (n.k == kSquare || n.k == kTuple) && len(n.args) == 1:
			n = n.args[0]
		default:
			return n
		}
	}
}

func symbolFree(n *node) bool {
	if n.k == kSym || n.k == kText {
		return false
	}
	return !slices.ContainsFunc(n.args, func(x *node) bool { return !symbolFree(x) })
}

func holds(n *node, symbol string) bool {
	if n.k == kSym {
		return n.name == symbol
	}
	for _, x := range n.args {
		if holds(x, symbol) {
			return true
		}
	}
	return false
}

func containsKind(n *node, k kind) bool {
	if n.k == k {
		return true
	}
	for _, x := range n.args {
		if containsKind(x, k) {
			return true
		}
	}
	return false
}
