package mathx

import "strings"

var (
	smallNumbers = map[string]int64{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
		"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
	ordinals = map[string]int64{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
		"eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "hundredth": 100}
	largeNumbers = map[string]int64{"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
)

// numberInWords reads an English number: "twenty-five", "one hundred and two",
// "minus seven", "three quarters", "two and a half", "third". rest is the words
// behind it ("twelve apples").
func numberInWords(s string) (value rat, rest string, ok bool) {
	words := strings.Fields(strings.ReplaceAll(s, "-", " "))
	sign := ratInt(1)
	if len(words) > 1 && (words[0] == "minus" || words[0] == "negative") {
		sign, words = ratInt(-1), words[1:]
	}
	if len(words) == 0 || len(words) > 24 {
		return rat{}, "", false
	}
	n, used := cardinal(words)
	after := words[used:]
	switch {
	case used == 0 && len(words) == 1 && ordinals[words[0]] != 0:
		return sign.mul(ratInt(ordinals[words[0]])), "", true
	case used == 0 && (words[0] == "a" || words[0] == "an") && len(words) == 2: // a third
		if d := denominator(words[1]); d != 0 {
			return sign.mul(ratOf(1, d)), "", true
		}
	case used == 0 && words[0] == "half" && len(words) == 1:
		return sign.mul(ratOf(1, 2)), "", true
	case used == 0:
	case len(after) == 1 && denominator(after[0]) != 0: // three quarters
		return sign.mul(ratOf(n, denominator(after[0]))), "", true
	case len(after) >= 3 && after[0] == "and": // two and a half, two and three quarters
		k, m := cardinal(after[1:])
		if after[1] == "a" || after[1] == "an" {
			k, m = 1, 1
		}
		if d := after[1+m:]; m > 0 && len(d) == 1 && denominator(d[0]) > k {
			return sign.mul(ratInt(n).add(ratOf(k, denominator(d[0])))), "", true
		}
	default:
		return sign.mul(ratInt(n)), strings.Join(after, " "), true
	}
	return rat{}, "", false
}

// denominator reads "half", "thirds", "quarter"; 0 if it is none.
func denominator(s string) int64 {
	switch s {
	case "half", "halves":
		return 2
	case "quarter", "quarters":
		return 4
	}
	if d := ordinals[strings.TrimSuffix(s, "s")]; d > 2 {
		return d
	}
	return 0
}

// cardinal reads the words of a whole number; used is how many they are.
func cardinal(words []string) (n int64, used int) {
	total, group, last := int64(0), int64(0), int64(1<<62)
	for i, w := range words {
		if v, ok := smallNumbers[w]; ok {
			tens := group % 100
			if group > 0 && (tens != 0 && (tens < 20 || v >= 10 || tens%10 != 0) || group%100 == 0 && group < 100) {
				break // "five six" is no number
			}
			group, used = group+v, i+1
			continue
		}
		if scale, ok := largeNumbers[w]; ok && used == i && i > 0 {
			if scale == 100 {
				if group == 0 || group >= 100 {
					break
				}
				group *= 100
			} else {
				if group == 0 || scale >= last {
					break
				}
				total, group, last = total+group*scale, 0, scale
			}
			used = i + 1
			continue
		}
		if w == "and" && used == i && i > 0 && i+1 < len(words) && (group%100 == 0 && group > 0 || group == 0 && total > 0) {
			if _, ok := smallNumbers[words[i+1]]; ok {
				used = i + 1
				continue
			}
		}
		break
	}
	if used > 0 && words[used-1] == "and" {
		used--
	}
	return total + group, used
}
