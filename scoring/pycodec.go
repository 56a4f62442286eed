package scoring

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// Bounds of a value that another process sent.
const (
	codecDepth  = 101
	codecNodes  = 1_000_100
	codecDigits = 1<<20 + 9
)

// pythonValue reads the encoding of driver/codec.py, which a hostile program may
// have written: depth, number and size of values are bounded.
func pythonValue(b []byte) (pyValue, error) {
	d := &decoder{b: b}
	v, err := d.value(0)
	if err == nil && len(d.b) > 0 {
		err = errors.New("text behind an encoded value")
	}
	return v, err
}

// A decoder reads values off the front of b.
type decoder struct {
	b     []byte
	nodes int
}

// until cuts the text before a mark, which must come within most bytes.
func (d *decoder) until(mark byte, most int) (string, error) {
	i := bytes.IndexByte(d.b[:min(most, len(d.b))], mark)
	if i < 0 {
		return "", fmt.Errorf("no %q in an encoded value", mark)
	}
	s := string(d.b[:i])
	d.b = d.b[i+1:]
	return s, nil
}

// size reads a number of bytes or values, never more than there are bytes left.
func (d *decoder) size() (int, error) {
	s, err := d.until(':', 12)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(s, 10, 31)
	if err == nil && int(n) > len(d.b) {
		err = errors.New("an encoded value is cut off")
	}
	return int(n), err
}

func (d *decoder) text() (string, error) {
	n, err := d.size()
	if err != nil {
		return "", err
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s, nil
}

func (d *decoder) float() (float64, error) {
	s, err := d.until(';', 40)
	if err != nil {
		return 0, err
	}
	if s == "nan" {
		return math.NaN(), nil
	}
	return strconv.ParseFloat(s, 64)
}

func (d *decoder) value(depth int) (v pyValue, err error) {
	if d.nodes++; len(d.b) == 0 || depth > codecDepth || d.nodes > codecNodes {
		return v, errors.New("an encoded value is cut off, too deep or too large")
	}
	tag := d.b[0]
	d.b = d.b[1:]
	switch tag {
	case 'N':
		v.kind = pyNone
	case 'T', 'F':
		v = pyBoolean(tag == 'T')
	case 'i':
		v.kind = pyInt
		v.n, err = d.integer()
	case 'f':
		v.kind = pyFloat
		v.f, err = d.float()
	case 'c':
		v.kind = pyCplx
		if v.f, err = d.float(); err == nil {
			v.im, err = d.float()
		}
	case 's', 'b', 'a', 'o':
		v.kind = map[byte]pyKind{'s': pyStr, 'b': pyBytes, 'a': pyBytes, 'o': pyOther}[tag]
		v.s, err = d.text()
	case 'l', 't', 'S', 'E':
		v.kind = map[byte]pyKind{'l': pyList, 't': pyTuple, 'S': pySet, 'E': pyFroz}[tag]
		v.items, err = d.values(1, depth)
	case 'd':
		v.kind = pyDict
		var halves []pyValue
		halves, err = d.values(2, depth)
		for i := 0; i+1 < len(halves); i += 2 {
			v.keys, v.items = append(v.keys, halves[i]), append(v.items, halves[i+1])
		}
	default:
		err = fmt.Errorf("unknown type %q", tag)
	}
	return v, err
}

func (d *decoder) integer() (*big.Int, error) {
	s, err := d.until(';', codecDigits)
	if err != nil {
		return nil, err
	}
	if n, err := strconv.ParseInt(s, 16, 64); err == nil {
		return big.NewInt(n), nil
	}
	n, ok := new(big.Int).SetString(s, 16)
	if !ok {
		return nil, fmt.Errorf("not an integer: %.40q", s)
	}
	return n, nil
}

// values reads a number of groups of values.
func (d *decoder) values(group, depth int) ([]pyValue, error) {
	n, err := d.size()
	if err != nil {
		return nil, err
	}
	if group*n > len(d.b) || d.nodes+group*n > codecNodes {
		return nil, errors.New("an encoded collection is cut off or too large")
	}
	out := make([]pyValue, group*n)
	for i := range out {
		if out[i], err = d.value(depth + 1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// message cuts one message off a stream of them.
func message(b []byte) (text, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := int(uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3]))
	if n > len(b)-4 {
		return nil, nil, false
	}
	return b[4 : 4+n], b[4+n:], true
}

// A job is what a driver is told, as a dict.
type job []byte

func newJob() job { return nil }

func (j job) text(name, value string) job {
	return fmt.Appendf(j, "s%d:%ss%d:%s", len(name), name, len(value), value)
}

func (j job) float(name string, value float64) job {
	return fmt.Appendf(j, "s%d:%sf%g;", len(name), name, value)
}

func (j job) int(name string, value int) job {
	return fmt.Appendf(j, "s%d:%si%x;", len(name), name, value)
}

// stdin is the whole dict of n entries.
func (j job) stdin(n int) []byte { return append(fmt.Appendf(nil, "d%d:", n), j...) }
