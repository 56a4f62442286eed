package mathx

import (
	"strings"
	"unicode"
)

// wordsOf normalises words: lower case, single spaces, no punctuation, no
// parentheses around an option's letter.
func wordsOf(s string) string {
	s = strings.TrimSpace(s)
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || r == '~' || r == '-' || r == '_' || r == '–':
			space = b.Len() > 0
		case strings.ContainsRune(`.,;:!?"'“”‘’$*(){}[]`+"`\\", r):
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

var months = map[string]int{"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12}

var dateMarkup = strings.NewReplacer("^", "", "{", "", "}", "")

func dateGap(r rune) bool { return r == ',' || r == '.' || unicode.IsSpace(r) }

var halfMarkup = strings.NewReplacer(".", "", " ", "")

// halfOfDay writes "A. M." as am.
func halfOfDay(s string) string {
	if len(s) > 8 {
		return s
	}
	return lowerASCII(halfMarkup.Replace(s))
}

// date reads a day with or without a year, in any order of words; ISO dates
// with digits. It gives year-month-day, the year empty if there is none.
func date(toks []token) (string, bool) {
	if len(toks) > 16 {
		return "", false
	}
	if len(toks) == 5 && toks[0].t == tNum && toks[1].t == '-' && toks[2].t == tNum && toks[3].t == '-' && toks[4].t == tNum && len(toks[0].text) == 4 && len(toks[2].text) == 2 && len(toks[4].text) == 2 {
		return toks[0].text + "-" + strings.TrimPrefix(toks[2].text, "0") + "-" + strings.TrimPrefix(toks[4].text, "0"), true
	}
	if d, ok := slashDate(toks); ok {
		return d, true
	}
	month, day, year := 0, "", ""
	var words []string
	for _, t := range toks {
		switch t.t {
		case tNum:
			words = append(words, t.text)
		case tText, tWord:
			words = append(words, strings.FieldsFunc(dateMarkup.Replace(t.text), dateGap)...)
		case ',', '.', '^', '{', '}':
		default:
			return "", false
		}
	}
	for _, w := range words {
		low := lowerASCII(w)
		if m, ok := months[low]; ok {
			if month != 0 {
				return "", false
			}
			month = m
			continue
		}
		if ordinal(low) || low == "the" || low == "of" {
			continue
		}
		number := low
		if n := len(low); n > 2 && ordinal(low[n-2:]) {
			number = low[:n-2]
		}
		switch {
		case !allDigits(number):
			return "", false
		case len(number) <= 2 && day == "":
			day = strings.TrimLeft(number, "0")
		case len(number) == 4 && year == "":
			year = number
		default:
			return "", false
		}
	}
	if month == 0 || day == "" && year == "" {
		return "", false
	}
	return year + "-" + itoa(month) + "-" + day, true
}

// slashDate reads 29/02/2024, where one number can only be the day, and
// 1976年7月4日.
func slashDate(toks []token) (string, bool) {
	plain := func(s string) string { return strings.TrimLeft(s, "0") }
	number := func(i, digits int) bool {
		return toks[i].t == tNum && allDigits(toks[i].text) && len(toks[i].text) <= digits
	}
	switch {
	case len(toks) == 5 && toks[1].t == tDivide && toks[3].t == tDivide && number(0, 2) && number(2, 2) && number(4, 4) && len(toks[4].text) == 4:
		d, m := toks[0], toks[2]
		if d.val.cmp(ratInt(12)) <= 0 {
			d, m = m, d
		}
		if d.val.cmp(ratInt(12)) > 0 && d.val.cmp(ratInt(31)) <= 0 && m.val.cmp(ratInt(12)) <= 0 {
			return toks[4].text + "-" + plain(m.text) + "-" + plain(d.text), true
		}
	case len(toks) >= 6 && len(toks) <= 7 && toks[1].text == "年" && toks[3].text == "月" && (toks[5].text == "日" || toks[5].text == "号") && number(0, 4) && number(2, 2) && number(4, 2):
		return toks[0].text + "-" + plain(toks[2].text) + "-" + plain(toks[4].text), true
	}
	return "", false
}

func itoa(n int) string { return ratInt(int64(n)).String() }

// timeOfDay reads a time with its half of the day or with seconds, as
// 2:05 PM, 14:05:00. Plain 14:05 is left to the parser: it may be a ratio.
func timeOfDay(toks []token) (seconds int64, ok bool) {
	n := len(toks)
	half := ""
	if n > 1 && (toks[n-1].t == tWord || toks[n-1].t == tText) {
		half = halfOfDay(toks[n-1].text)
		n--
	} else if n > 2 && toks[n-1].t == tSym && toks[n-2].t == tSym { // "p m"
		half = strings.ToLower(toks[n-2].text + toks[n-1].text)
		n -= 2
	}
	if half != "" && half != "am" && half != "pm" && half != "h" && half != "hours" {
		return 0, false
	}
	var parts [3]int64
	count := 0
	for i := 0; i < n; i++ {
		v, isInt := toks[i].val.int64()
		if i%2 == 1 {
			if toks[i].t != ':' {
				return 0, false
			}
			continue
		}
		if toks[i].t != tNum || !isInt || count == 3 || count > 0 && (len(toks[i].text) != 2 || v > 59) {
			return 0, false
		}
		parts[count] = v
		count++
	}
	if n%2 == 0 || count == 0 || count == 1 && half != "am" && half != "pm" || parts[0] > 24 {
		return 0, false
	}
	switch half {
	case "am", "pm":
		if parts[0] < 1 || parts[0] > 12 {
			if half == "am" || parts[0] > 24 {
				return 0, false
			}
			break // 14:05 PM
		}
		parts[0] %= 12
		if half == "pm" {
			parts[0] += 12
		}
	}
	return parts[0]*3600 + parts[1]*60 + parts[2], true
}
