package plot

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// clean keeps a name on one line, in its order and within its line: no control,
// bidirectional or invisible characters, and no towers of accents.
func clean(s string) string {
	accents := 0
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r&0xfffe == 0xfffe:
			return -1
		case unicode.Is(unicode.M, r):
			if accents++; accents > 2 {
				return -1
			}
			return r
		}
		accents = 0
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if s = strings.Join(strings.Fields(s), " "); s == "" {
		return none
	}
	return s
}

// escape gives s as text of XML, also within quotes.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}

// textWidth estimates the width of a text in units, on the wide side: a page
// decides the font, and DejaVu Sans is the widest in common use.
func textWidth(s string, size float64) float64 {
	em := 0.0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.M, r):
		case strings.ContainsRune("ijlI.,:;'| ", r):
			em += 0.32
		case strings.ContainsRune("frt-/()[]!", r):
			em += 0.41
		case strings.ContainsRune("cksvxyz_", r):
			em += 0.58
		case strings.ContainsRune("mwMW@%…", r), r >= 0x1100 && r < 0x2000, r >= 0x2100:
			em++
		case unicode.IsUpper(r):
			em += 0.73
		default:
			em += 0.64
		}
	}
	return em * size
}

// fit shortens s in its middle until it is at most room wide: models of a family
// differ at the end of their names, and families at the beginning.
func fit(s string, size, room float64) string {
	if textWidth(s, size) <= room {
		return s
	}
	runes := []rune(s)
	for keep := min(len(runes)-1, int(room)); keep > 0; keep-- {
		front := keep / 2
		short := string(runes[:front]) + "…" + string(runes[len(runes)-(keep-front):])
		if textWidth(short, size) <= room {
			return short
		}
	}
	return "…"
}

// wrap breaks s at its spaces into lines at most room wide.
func wrap(s string, size, room float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && textWidth(longer, size) > room {
			lines = append(lines, fit(line, size, room))
			longer = word
		}
		line = longer
	}
	return append(lines, fit(line, size, room))
}

// percent gives a share in [0, 1] as percent with one decimal.
func percent(x float64) string { return fmt.Sprintf("%.1f", 100*x) }

// compact gives a positive number in three digits: 1234 is 1.23k.
func compact(x float64) string {
	// Rounded first, so that 999.9 is 1k.
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	for _, unit := range []struct {
		size float64
		name string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if x >= unit.size {
			return fmt.Sprintf("%.3g%s", x/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%.3g", x)
}
