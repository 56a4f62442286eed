package local

import (
	"encoding/json"
	"math"
	"strings"
	"unicode"
)

// A tree is a JSON object of a server. Servers differ in what they send, and may
// send anything: what is not of the kind that is asked for counts as absent.
type tree map[string]any

// at follows a path of names.
func (t tree) at(path ...string) any {
	var v any = map[string]any(t)
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// raw gives a text as it is.
func (t tree) raw(path ...string) string {
	s, _ := t.at(path...).(string)
	return s
}

// nameRunes bounds a text that is shown to people.
const nameRunes = 200

// text gives a short text fit to be shown.
func (t tree) text(path ...string) string { return shown(t.raw(path...)) }

// shown makes a server's text fit to be shown: one line, printable, not long.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > nameRunes {
		s = string(r[:nameRunes]) + "…"
	}
	return s
}

// number gives a whole number that is not negative.
func (t tree) number(path ...string) int64 {
	n, ok := t.at(path...).(json.Number)
	if !ok {
		return 0
	}
	if i, err := n.Int64(); err == nil {
		return max(0, i)
	}
	f, err := n.Float64()
	if err != nil || f < 0 || f > 1<<53 || f != math.Trunc(f) {
		return 0
	}
	return int64(f)
}

// count is a number that fits an int of any machine.
func (t tree) count(path ...string) int { return int(min(t.number(path...), math.MaxInt32)) }

// listed bounds how many elements of a list are read.
const listed = 10_000

// list gives the objects of a list.
func (t tree) list(path ...string) []tree {
	items, _ := t.at(path...).([]any)
	var out []tree
	for _, item := range items[:min(len(items), listed)] {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// has says whether the object has the name, be it null.
func (t tree) has(name string) bool { _, ok := t[name]; return ok }
