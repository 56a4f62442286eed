package mathx

import (
	"math/big"
	"strings"
)

// decimalValue reads digits with at most one point.
func decimalValue(s string) (rat, bool) {
	point := strings.IndexByte(s, '.')
	if point < 0 && len(s) <= 18 {
		n := int64(0)
		for i := range len(s) {
			n = n*10 + int64(s[i]-'0')
		}
		return ratInt(n), true
	}
	if len(s) <= 18 {
		n, d := int64(0), int64(1)
		for i := range len(s) {
			if s[i] == '.' {
				continue
			}
			n = n*10 + int64(s[i]-'0')
			if i > point {
				d *= 10
			}
		}
		return ratOf(n, d), true
	}
	if len(s) > maxLength {
		return rat{}, false
	}
	b, ok := new(big.Rat).SetString(strings.TrimSuffix(s, "."))
	if !ok {
		return rat{}, false
	}
	return ratBig(b), true
}

// recurring reads a recurring part at i behind the digits: \overline{36},
// \dot{4}, \bar 3, (36).
func (l *lexer) recurring(digits string, i int) (rat, int, bool) {
	s := l.s
	if i < len(s) && s[i] == '.' { // "0.\overline{4}": the point was not read
		digits += "."
		i++
	}
	if !strings.Contains(digits, ".") {
		return rat{}, 0, false
	}
	period, dots := "", false
	for i < len(s) {
		rest := s[i:]
		var name string
		switch {
		case strings.HasPrefix(rest, `\overline`):
			name = `\overline`
		case strings.HasPrefix(rest, `\bar`):
			name = `\bar`
		case strings.HasPrefix(rest, `\dot`) && !strings.HasPrefix(rest, `\dots`):
			name, dots = `\dot`, true
		case strings.HasPrefix(rest, "("):
			end := strings.IndexByte(rest, ')')
			if period != "" || end < 2 || !allDigits(rest[1:end]) {
				return rat{}, 0, false
			}
			v, ok := recurringValue(digits, rest[1:end])
			return v, i + end + 1, ok
		case dots && isDigit(rest[0]):
			period += rest[:1]
			i++
			continue
		}
		if name == "" {
			break
		}
		rest = strings.TrimLeft(rest[len(name):], " ")
		group := ""
		if strings.HasPrefix(rest, "{") {
			end := strings.IndexByte(rest, '}')
			if end < 0 {
				return rat{}, 0, false
			}
			group, rest = rest[1:end], rest[end+1:]
		} else if rest != "" {
			group, rest = rest[:1], rest[1:]
		}
		if group = strings.TrimSpace(group); !allDigits(group) {
			return rat{}, 0, false
		}
		period += group
		i = len(s) - len(rest)
		if !dots {
			break
		}
	}
	if period == "" {
		return rat{}, 0, false
	}
	v, ok := recurringValue(digits, period)
	return v, i, ok
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// recurringValue gives digits.period period period…
func recurringValue(digits, period string) (rat, bool) {
	if len(digits)+len(period) > 400 {
		return rat{}, false
	}
	base, ok := decimalValue(digits)
	if !ok {
		return rat{}, false
	}
	places := int64(len(digits) - 1 - strings.IndexByte(digits, '.'))
	p, _ := decimalValue(period)
	scale, _ := ratInt(10).pow(places)
	nines, _ := ratInt(10).pow(int64(len(period)))
	return base.add(p.mul(scale.mul(nines.sub(ratInt(1))).inv())), true
}
