package mathx

import "strings"

// A kind of collection.
type kind int

const (
	bare kind = iota // a list without brackets: any order, repeats count
	set              // {…}: any order, repeats do not count
	pair             // (…), […]: ordered; a tuple, a point, an interval
)

// fits says whether an answer of kind other may stand for a gold of this kind.
func (k kind) fits(other kind) bool {
	return k == other || k == bare && other == set || k == set && other == bare
}

// A collection is what stands between brackets, parted at its commas.
type collection struct {
	kind       kind
	open, shut string
	items      []string
}

// group reads a normalised form as a collection; anything else is a bare list
// of one.
func group(s string) collection {
	s = strings.TrimSpace(s)
	for _, b := range []struct {
		kind       kind
		open, shut string
	}{{set, `\{`, `\}`}, {pair, "(", ")"}, {pair, "[", "]"}, {pair, "(", "]"}, {pair, "[", ")"}} {
		if strings.HasPrefix(s, b.open) && strings.HasSuffix(s, b.shut) && spans(s, b.open, b.shut) {
			inner := s[len(b.open) : len(s)-len(b.shut)]
			items := split(inner)
			if b.kind == pair && len(items) < 2 {
				break
			}
			return collection{b.kind, b.open + b.shut, "", items}
		}
	}
	return collection{kind: bare, items: split(s)}
}

// spans says whether the first bracket is closed by the last character.
func spans(s, open, shut string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\':
			if i+1 < len(s) && (s[i+1] == '{' || s[i+1] == '}') {
				i++
				if s[i] == '{' {
					depth++
				} else {
					depth--
				}
			} else {
				continue
			}
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		default:
			continue
		}
		if depth == 0 && i < len(s)-1 {
			return false
		}
	}
	return depth == 0 && len(s) >= len(open)+len(shut)
}

// split parts a form at its outer commas and semicolons; commas of thousands
// stay.
func split(s string) []string {
	var out []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',', ';':
			if depth == 0 && !thousands(s, i) {
				out = append(out, strings.TrimSpace(s[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(s[from:]))
}

// thousands says whether the comma at s[i] separates groups of three digits.
func thousands(s string, i int) bool {
	if s[i] != ',' || i == 0 {
		return false
	}
	if i+3 >= len(s) || s[i-1] < '0' || s[i-1] > '9' || !threeDigits(s[i+1:]) {
		return false
	}
	start := i
	for start > 0 && (s[start-1] >= '0' && s[start-1] <= '9' || s[start-1] == ',') {
		start--
	}
	head, _, _ := strings.Cut(s[start:i], ",")
	return len(head) >= 1 && len(head) <= 3
}
