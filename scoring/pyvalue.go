package scoring

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
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

// UnmarshalJSON reads the encoding of driver/calls.py.
func (v *pyValue) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true", "false":
		*v = pyBoolean(b[0] == 't')
		return nil
	}
	var tagged map[string]json.RawMessage
	if err := json.Unmarshal(b, &tagged); err != nil {
		return err
	}
	for tag, raw := range tagged {
		if len(tag) != 1 || len(tagged) != 1 {
			break
		}
		v.kind = pyKind(tag[0])
		return v.decode(raw)
	}
	return fmt.Errorf("not an encoded value: %.60s", b)
}

func (v *pyValue) decode(raw json.RawMessage) error {
	switch v.kind {
	case pyList, pyTuple, pySet, pyFroz:
		return json.Unmarshal(raw, &v.items)
	case pyDict:
		var pairs [][2]pyValue
		if err := json.Unmarshal(raw, &pairs); err != nil {
			return err
		}
		for _, p := range pairs {
			v.keys, v.items = append(v.keys, p[0]), append(v.items, p[1])
		}
		return nil
	case pyCplx:
		var parts [2]pyValue
		err := json.Unmarshal(raw, &parts)
		v.f, v.im = parts[0].f, parts[1].f
		return err
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	var err error
	switch v.kind {
	case pyInt:
		n, ok := new(big.Int).SetString(s, 0)
		if !ok {
			return fmt.Errorf("not an integer: %.40s", s)
		}
		v.n = n
	case pyFloat:
		if s == "nan" {
			v.f = math.NaN()
			return nil
		}
		v.f, err = strconv.ParseFloat(s, 64)
	case pyBytes:
		var text []byte
		text, err = hex.DecodeString(s)
		v.s = string(text)
	case pyStr, pyOther:
		v.s = s
	case pyNone:
	default:
		return fmt.Errorf("unknown type %q", string(v.kind))
	}
	return err
}

func pyBoolean(b bool) pyValue {
	n := int64(0)
	if b {
		n = 1
	}
	return pyValue{kind: pyBool, n: big.NewInt(n)}
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
		return strconv.QuoteToASCII(v.s)
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
