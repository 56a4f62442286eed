package scoring

import (
	"strconv"
	"strings"
)

// enumerations are the ways in which parts of an answer are numbered.
var enumerations = [...]func(int) string{
	func(k int) string { return "(" + string(rune('a'+k)) + ")" },
	func(k int) string { return string(rune('a'+k)) + ")" },
	func(k int) string { return "(" + roman[k] + ")" },
	func(k int) string { return "(" + strconv.Itoa(k+1) + ")" },
	func(k int) string { return strconv.Itoa(k+1) + "." },
	func(k int) string { return strconv.Itoa(k+1) + ")" },
}

var roman = [...]string{"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"}

// enumerated reads an answer of n numbered parts, "(a) 3; (b) -8", as a list. ok
// is false where the parts are others or more.
func enumerated(s string, n int) (string, bool) {
	s = strings.TrimLeft(s, " \n*_:")
	if n < 2 || n > len(roman) {
		return "", false
	}
	for _, mark := range enumerations {
		rest, ok := strings.CutPrefix(s, mark(0))
		var parts []string
		for k := 1; ok && k < n; k++ {
			var part string
			part, rest, ok = strings.Cut(rest, mark(k))
			parts = append(parts, part)
		}
		if !ok || n < len(roman) && strings.Contains(rest, mark(n)) {
			continue
		}
		for i, p := range append(parts, rest) {
			if p = strings.TrimRight(payload(strings.TrimLeft(p, " \n*_")), " ;,"); p == "" {
				return "", false
			}
			if i < n-1 {
				parts[i] = p
			} else {
				parts = append(parts, p)
			}
		}
		return strings.Join(parts, ", "), true
	}
	return "", false
}
