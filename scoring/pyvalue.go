package scoring

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A pyKind is a type of Python.
type pyKind byte

const (
	pyNone  pyKind = 'n'
	pyBool  pyKind = 'B'
	pyInt   pyKind = 'i'
	pyFloat pyKind = 'f'
	pyCplx  pyKind = 'c'
	pyStr   pyKind = 's'
	pyBytes pyKind = 'b'
	pyList  pyKind = 'l'
	pyTuple pyKind = 't'
	pySet   pyKind = 'S'
	pyFroz  pyKind = 'F'
	pyDict  pyKind = 'd'
	pyOther pyKind = 'o' // an object that is no plain value; equal to nothing
)

// A pyValue is a plain value of Python, outside Python.
type pyValue struct {
	kind  pyKind
	n     *big.Int // bool and int
	f, im float64  // float; complex
	s     string   // str, bytes, and the type's name of an other
	items []pyValue
	keys  []pyValue // of a dict; items are its values
}

func pyBoolean(b bool) pyValue {
	if b {
		return pyValue{kind: pyBool, n: one}
	}
	return pyValue{kind: pyBool, n: zero}
}

// The numbers that bools are; they are never written to.
var zero, one = big.NewInt(0), big.NewInt(1)

// brief is a value of which a reader sees no more than the beginning: the
// decimals of a huge integer take long to write.
func (v pyValue) brief() pyValue {
	const most, bits = 20, 1024
	switch {
	case v.kind == pyInt && v.n.BitLen() > bits:
		return pyValue{kind: pyOther, s: fmt.Sprintf("integer of %d bits", v.n.BitLen())}
	case len(v.s) > 4*most*most:
		v.s = strings.ToValidUTF8(v.s[:4*most*most], "")
	}
	v.items, v.keys = slices.Clone(v.items[:min(len(v.items), most)]), v.keys[:min(len(v.keys), most)]
	for i := range v.items {
		v.items[i] = v.items[i].brief()
	}
	return v
}

// number says whether a value is a bool, an int or a float.
func (v pyValue) number() bool { return v.kind == pyBool || v.kind == pyInt || v.kind == pyFloat }

// float gives a number as a float; large integers lose digits.
func (v pyValue) float() float64 {
	if v.kind == pyFloat {
		return v.f
	}
	f, _ := new(big.Float).SetInt(v.n).Float64()
	return f
}

// pyEqual is Python's ==: numbers by value, lists and tuples apart, sets and
// dicts in any order, NaN equal to nothing.
func pyEqual(a, b pyValue) bool {
	switch {
	case a.kind == pyOther || b.kind == pyOther:
		return false
	case a.number() && b.number():
		return numbersEqual(a, b)
	case a.kind == pyCplx || b.kind == pyCplx:
		re1, im1, ok1 := a.complexParts()
		re2, im2, ok2 := b.complexParts()
		return ok1 && ok2 && re1 == re2 && im1 == im2
	case (a.kind == pySet || a.kind == pyFroz) && (b.kind == pySet || b.kind == pyFroz):
		return len(a.items) == len(b.items) && subset(a.items, b.items)
	case a.kind != b.kind:
		return false
	}
	switch a.kind {
	case pyNone:
		return true
	case pyStr, pyBytes:
		return a.s == b.s
	case pyDict:
		return dictsEqual(a, b)
	}
	if len(a.items) != len(b.items) {
		return false
	}
	for i := range a.items {
		if !pyEqual(a.items[i], b.items[i]) {
			return false
		}
	}
	return true
}

func (v pyValue) complexParts() (re, im float64, ok bool) {
	if v.kind == pyCplx {
		return v.f, v.im, true
	}
	if v.number() {
		return v.float(), 0, true
	}
	return 0, 0, false
}

func numbersEqual(a, b pyValue) bool {
	if a.kind != pyFloat && b.kind != pyFloat {
		return a.n.Cmp(b.n) == 0
	}
	if a.kind == pyFloat && b.kind == pyFloat {
		return a.f == b.f
	}
	if a.kind == pyFloat {
		a, b = b, a
	}
	if math.IsNaN(b.f) || math.IsInf(b.f, 0) {
		return false
	}
	f := new(big.Float).SetFloat64(b.f)
	return f.IsInt() && f.Cmp(new(big.Float).SetInt(a.n)) == 0
}

// hash is equal for equal values, so that sets compare in linear time.
func (v pyValue) hash() string {
	switch {
	case v.kind == pyFloat && (math.IsNaN(v.f) || math.IsInf(v.f, 0) || v.f != math.Trunc(v.f)):
		return "f" + strconv.FormatFloat(v.f, 'g', -1, 64)
	case v.kind == pyFloat:
		n, _ := new(big.Float).SetFloat64(v.f).Int(nil)
		return "i" + n.String()
	case v.number():
		return "i" + v.n.String()
	case v.kind == pyStr, v.kind == pyBytes:
		return string(v.kind) + strconv.Quote(v.s)
	case v.kind == pyTuple:
		var b strings.Builder
		b.WriteByte('t')
		for _, x := range v.items {
			b.WriteString("," + x.hash())
		}
		return b.String()
	}
	return string(v.kind)
}

func subset(a, b []pyValue) bool {
	index := map[string][]pyValue{}
	for _, x := range b {
		index[x.hash()] = append(index[x.hash()], x)
	}
	for _, x := range a {
		if !contains(index[x.hash()], x) {
			return false
		}
	}
	return true
}

func contains(list []pyValue, x pyValue) bool {
	for _, y := range list {
		if pyEqual(x, y) {
			return true
		}
	}
	return false
}

func dictsEqual(a, b pyValue) bool {
	if len(a.keys) != len(b.keys) {
		return false
	}
	index := map[string][]int{}
	for i, k := range b.keys {
		index[k.hash()] = append(index[k.hash()], i)
	}
	for i, k := range a.keys {
		found := false
		for _, j := range index[k.hash()] {
			if pyEqual(k, b.keys[j]) && pyEqual(a.items[i], b.items[j]) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// source writes a value as Python source.
func (v pyValue) source() string {
	list := func(open, shut string) string {
		parts := make([]string, len(v.items))
		for i, x := range v.items {
			parts[i] = x.source()
		}
		return open + strings.Join(parts, ", ") + shut
	}
	switch v.kind {
	case pyNone:
		return "None"
	case pyBool:
		if v.n.Sign() != 0 {
			return "True"
		}
		return "False"
	case pyInt:
		return v.n.String()
	case pyFloat:
		switch {
		case math.IsNaN(v.f):
			return "nan"
		case math.IsInf(v.f, 0):
			return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(v.f, 'g', -1, 64), "+"))
		}
		s := strconv.FormatFloat(v.f, 'g', -1, 64)
		if !strings.ContainsAny(s, ".e") {
			s += ".0"
		}
		return s
	case pyCplx:
		return fmt.Sprintf("complex(%s, %s)", pyValue{kind: pyFloat, f: v.f}.source(), pyValue{kind: pyFloat, f: v.im}.source())
	case pyStr:
		return quotePython(v.s)
	case pyBytes:
		return fmt.Sprintf("bytes.fromhex(%q)", hex.EncodeToString([]byte(v.s)))
	case pyList:
		return list("[", "]")
	case pyTuple:
		if len(v.items) == 1 {
			return "(" + v.items[0].source() + ",)"
		}
		return list("(", ")")
	case pySet:
		return list("set([", "])")
	case pyFroz:
		return list("frozenset([", "])")
	case pyDict:
		parts := make([]string, len(v.keys))
		for i := range v.keys {
			parts[i] = v.keys[i].source() + ": " + v.items[i].source()
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "None"
}

// quotePython quotes a text, whose lone surrogates are three bytes each, as
// driver/codec.py has them.
func quotePython(s string) string {
	if utf8.ValidString(s) {
		return strconv.QuoteToASCII(s)
	}
	var b strings.Builder
	b.WriteByte('"')
	for len(s) > 0 {
		_, n := utf8.DecodeRuneInString(s)
		if len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 {
			fmt.Fprintf(&b, `\u%04x`, 0xD000|int(s[1]&0x3F)<<6|int(s[2]&0x3F))
			s = s[3:]
			continue
		}
		quoted := strconv.QuoteToASCII(s[:n])
		b.WriteString(quoted[1 : len(quoted)-1])
		s = s[n:]
	}
	b.WriteByte('"')
	return b.String()
}

// other says whether a value is, or holds, an object that is no plain value.
func (v pyValue) other() bool {
	return v.kind == pyOther || slices.ContainsFunc(v.items, pyValue.other) || slices.ContainsFunc(v.keys, pyValue.other)
}
