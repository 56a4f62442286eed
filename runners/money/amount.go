// Package money knows what requests cost and sees to it that a run does not
// spend more than it may: prices, projections, and the Purse, which reserves the
// worst case of every request before it is sent. It must not know benchmarks,
// the services' protocols or where answers go.
package money

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// An amount is in millionths of a millionth of a US dollar: prices are for a
// million tokens and have up to six decimals, so that sums are exact.
type amount int64

const (
	dollar amount = 1_000_000_000_000
	// most is where amounts end: two of them can be added.
	most amount = math.MaxInt64 / 4
)

// MostUSD is the largest budget in US dollars that can be counted.
const MostUSD = 1_000_000

// plus adds without ever going round.
func (a amount) plus(b amount) amount { return min(a+b, most) }

// times multiplies with a count, without ever going round.
func (a amount) times(n int64) amount {
	if a <= 0 || n <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(a), uint64(n))
	if hi != 0 || lo > uint64(most) {
		return most
	}
	return amount(lo)
}

// usd is the amount in dollars.
func (a amount) usd() float64 { return float64(a) / float64(dollar) }

// up is a number of dollars, rounded up; the last digits that a float does not
// really have are not taken for a fraction.
func up(usd float64) amount {
	x := usd * float64(dollar)
	if near := math.Round(x); math.Abs(x-near) < 1e-3 {
		x = near
	}
	return amount(min(math.Ceil(x), float64(most)))
}

// down is a number of dollars, rounded down.
func down(usd float64) amount {
	x := usd * float64(dollar)
	if near := math.Round(x); math.Abs(x-near) < 1e-3 {
		x = near
	}
	return amount(min(math.Floor(x), float64(most)))
}

// MarshalJSON writes dollars with all their decimals.
func (a amount) MarshalJSON() ([]byte, error) {
	text := fmt.Sprintf("%d.%012d", a/dollar, a%dollar)
	return []byte(strings.TrimRight(strings.TrimRight(text, "0"), ".")), nil
}

// UnmarshalJSON reads dollars exactly.
func (a *amount) UnmarshalJSON(text []byte) error {
	whole, fraction, _ := strings.Cut(string(text), ".")
	if len(fraction) > 12 || len(whole) > 7 || strings.ContainsAny(string(text), "eE-+ ") {
		return errors.New("want an amount in dollars with at most 12 decimals")
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return errors.New("want an amount in dollars")
	}
	f, err := strconv.ParseInt(fraction+strings.Repeat("0", 12-len(fraction)), 10, 64)
	if err != nil {
		return errors.New("want an amount in dollars")
	}
	if amount(n) >= most/dollar {
		return fmt.Errorf("want less than %d dollars", most/dollar)
	}
	*a = amount(n)*dollar + amount(f)
	return nil
}

// USD writes an amount of dollars as people read it: cents, or two digits that
// tell something where it is less.
func USD(x float64) string {
	switch abs := math.Abs(x); {
	case abs == 0 || abs >= 0.995:
		return fmt.Sprintf("$%.2f", x)
	case abs >= 0.0995:
		return fmt.Sprintf("$%.3f", x)
	default:
		return "$" + strconv.FormatFloat(x, 'f', 1-int(math.Floor(math.Log10(abs))), 64)
	}
}
