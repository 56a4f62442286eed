package mathx

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// A rat is an exact rational number in lowest terms: n/d with d > 0 while both
// fit into 64 bits, else big. The zero value is not a number; use ratInt(0).
type rat struct {
	n, d int64
	big  *big.Rat
}

func ratInt(n int64) rat { return rat{n: n, d: 1} }

// ratOf reduces n/d; d must not be zero.
func ratOf(n, d int64) rat {
	if d == 1 {
		return rat{n: n, d: 1}
	}
	if n == math.MinInt64 || d == math.MinInt64 {
		return ratBig(big.NewRat(n, d))
	}
	if d < 0 {
		n, d = -n, -d
	}
	if g := gcd64(n, d); g > 1 {
		n, d = n/g, d/g
	}
	return rat{n: n, d: d}
}

func ratBig(b *big.Rat) rat {
	if b.Num().IsInt64() && b.Denom().IsInt64() && b.Num().Int64() != math.MinInt64 {
		return rat{n: b.Num().Int64(), d: b.Denom().Int64()}
	}
	return rat{big: b}
}

func gcd64(a, b int64) int64 {
	if a < 0 {
		a = -a
	}
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// rat gives the value as a big.Rat, which must not be changed.
func (a rat) rat() *big.Rat {
	if a.big != nil {
		return a.big
	}
	return big.NewRat(a.n, a.d)
}

func mul64(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(abs64(a), abs64(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func abs64(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}

func add64(a, b int64) (int64, bool) {
	c := a + b
	return c, (c > a) == (b > 0) && c != math.MinInt64
}

func (a rat) mul(b rat) rat {
	switch {
	case a.is(1):
		return b
	case b.is(1):
		return a
	}
	if a.big == nil && b.big == nil {
		if a.d == 1 && b.d == 1 {
			if n, ok := mul64(a.n, b.n); ok {
				return rat{n: n, d: 1}
			}
		}
		g, h := gcd64(a.n, b.d), gcd64(b.n, a.d) // cross-reduce: the product is then in lowest terms
		if n, ok := mul64(a.n/g, b.n/h); ok {
			if d, ok := mul64(a.d/h, b.d/g); ok {
				return rat{n: n, d: d}
			}
		}
	}
	return ratBig(new(big.Rat).Mul(a.rat(), b.rat()))
}

func (a rat) add(b rat) rat {
	if a.big == nil && b.big == nil {
		if a.d == b.d {
			if n, ok := add64(a.n, b.n); ok {
				return ratOf(n, a.d)
			}
		}
		if x, ok := mul64(a.n, b.d); ok {
			if y, ok := mul64(b.n, a.d); ok {
				if n, ok := add64(x, y); ok {
					if d, ok := mul64(a.d, b.d); ok {
						return ratOf(n, d)
					}
				}
			}
		}
	}
	return ratBig(new(big.Rat).Add(a.rat(), b.rat()))
}

func (a rat) neg() rat {
	if a.big == nil {
		return rat{n: -a.n, d: a.d}
	}
	return ratBig(new(big.Rat).Neg(a.big))
}

func (a rat) sub(b rat) rat { return a.add(b.neg()) }

// inv gives 1/a; a must not be zero.
func (a rat) inv() rat {
	if a.big == nil {
		if a.n < 0 {
			return rat{n: -a.d, d: -a.n}
		}
		return rat{n: a.d, d: a.n}
	}
	return ratBig(new(big.Rat).Inv(a.big))
}

func (a rat) sign() int {
	if a.big != nil {
		return a.big.Sign()
	}
	switch {
	case a.n < 0:
		return -1
	case a.n > 0:
		return 1
	}
	return 0
}

func (a rat) equal(b rat) bool {
	if a.big == nil && b.big == nil {
		return a.n == b.n && a.d == b.d
	}
	return a.big != nil && b.big != nil && a.big.Cmp(b.big) == 0
}

func (a rat) cmp(b rat) int { return a.sub(b).sign() }

func (a rat) isInt() bool {
	if a.big != nil {
		return a.big.IsInt()
	}
	return a.d == 1
}

func (a rat) is(n int64) bool { return a.big == nil && a.n == n && a.d == 1 }

// int64 gives the value if it is an integer of 64 bits.
func (a rat) int64() (int64, bool) { return a.n, a.big == nil && a.d == 1 }

// num and den give numerator and denominator, not to be changed.
func (a rat) num() *big.Int {
	if a.big == nil {
		return big.NewInt(a.n)
	}
	return a.big.Num()
}

func (a rat) den() *big.Int {
	if a.big == nil {
		return big.NewInt(a.d)
	}
	return a.big.Denom()
}

// bits is the size of the value in bits, numerator and denominator together.
func (a rat) bits() int {
	if a.big != nil {
		return a.big.Num().BitLen() + a.big.Denom().BitLen()
	}
	return bits.Len64(abs64(a.n)) + bits.Len64(uint64(a.d))
}

// cost is what one operation on a value of this size takes, in units of work:
// fractions are reduced, which takes the square of their length.
func (a rat) cost() int {
	if a.big == nil {
		return 0
	}
	words := a.bits() >> 6
	if a.big.IsInt() {
		return words
	}
	return words + words*words/12
}

// tooLarge says whether an operation on two values would take too long: whole
// numbers may be large, fractions less so, because they are reduced.
func tooLarge(a, b rat) bool {
	n := a.bits() + b.bits()
	whole := a.isInt() && b.isInt()
	return n > 2*maxBits || n > maxBits/2 && !whole
}

// maxBits bounds the exact numbers that are written out; larger powers stay
// symbolic.
const maxBits = 1 << 16

// pow gives a^k; ok is false if it would be too large or is 1/0.
func (a rat) pow(k int64) (rat, bool) {
	if k == 0 {
		return ratInt(1), true
	}
	if a.sign() == 0 {
		return a, k > 0
	}
	if a.is(1) {
		return a, true
	}
	if a.is(-1) {
		if k%2 == 0 {
			return ratInt(1), true
		}
		return a, true
	}
	m := k
	if m < 0 {
		m = -m
	}
	if m < 0 || m > maxBits || int64(a.bits())*m > maxBits {
		return rat{}, false
	}
	if k < 0 {
		a = a.inv()
	}
	if m == 1 {
		return a, true
	}
	if a.big == nil && int64(a.bits())*m <= 62 {
		n, d := int64(1), int64(1)
		for range m {
			n, d = n*a.n, d*a.d
		}
		return rat{n: n, d: d}, true
	}
	e := big.NewInt(m)
	n := new(big.Int).Exp(a.num(), e, nil)
	d := new(big.Int).Exp(a.den(), e, nil)
	if d.IsInt64() && d.Int64() == 1 {
		return ratBig(new(big.Rat).SetInt(n)), true
	}
	// Powers of coprime numbers are coprime: SetFrac would look for a common
	// divisor, which takes most of the time.
	r := big.NewRat(1, 2)
	r.Num().Set(n)
	r.Denom().Set(d)
	return ratBig(r), true
}

func (a rat) float() float64 {
	if a.big != nil {
		f, _ := a.big.Float64()
		return f
	}
	return float64(a.n) / float64(a.d)
}

// floor gives the greatest integer that is not above a.
func (a rat) floor() rat {
	if a.isInt() {
		return a
	}
	if a.big == nil {
		q := a.n / a.d
		if a.n < 0 {
			q--
		}
		return ratInt(q)
	}
	q, m := new(big.Int).DivMod(a.big.Num(), a.big.Denom(), new(big.Int))
	_ = m
	return ratBig(new(big.Rat).SetInt(q))
}

func (a rat) String() string {
	if a.big != nil {
		return a.big.RatString()
	}
	if a.d == 1 {
		return strconv.FormatInt(a.n, 10)
	}
	return strconv.FormatInt(a.n, 10) + "/" + strconv.FormatInt(a.d, 10)
}
