package mathx

import (
	"strings"
	"unicode/utf8"
)

// An option is an answer to multiple choice as it is written: its letter, in
// upper case, and how.
type option struct {
	letter byte
	marked bool // (C), C), C., Option C
	lone   bool // nothing follows the letter
}

var optionMarkup = strings.NewReplacer("**", "", "`", "", "$", "", `\boxed`, "", `\left`, "", `\right`, "", `\ `, " ", `\,`, " ", `\quad`, " ", "~", " ")

var optionWords = wordSet("option choice answer letter is the correct la opción opcion opção réponse respuesta die antwort вариант")

// optionOf reads an answer that is the letter of an option, perhaps with the
// option's text: "(C)", "C. x > 2", "Option C", "选C". ok is false for what is no
// such answer; a lone small letter is a variable.
func optionOf(s string) (o option, ok bool) {
	if len(s) > 400 {
		return option{}, false
	}
	s = strings.TrimSpace(withoutTextCommands(optionMarkup.Replace(s)))
	s = strings.TrimSpace(strings.Trim(s, "{}"))
	for {
		word, rest, more := strings.Cut(s, " ")
		if !more || !optionWords[strings.Trim(lowerASCII(word), ":")] {
			break
		}
		s, o.marked = strings.TrimSpace(rest), true
	}
	for _, word := range [...]string{"答案：", "答案:", "答案是", "答案", "故选", "选项", "选择", "选", "：", ":"} {
		if rest, is := strings.CutPrefix(s, word); is {
			s, o.marked = strings.TrimSpace(rest), true
		}
	}
	rest, bracket := strings.CutPrefix(s, "(")
	if rest == "" || !isLetter(rest[0]) || rest[0]|0x20 > 'j' {
		return option{}, false
	}
	small := rest[0] >= 'a'
	o.letter, rest = rest[0]&^0x20, rest[1:]
	shut := false
	if bracket {
		if rest, shut = strings.CutPrefix(rest, ")"); !shut {
			return option{}, false
		}
	} else {
		for _, mark := range [...]string{").", ")", ".", ":", "：", "、"} {
			if after, is := strings.CutPrefix(rest, mark); is {
				rest, shut = after, true
				break
			}
		}
	}
	o.marked = o.marked || shut
	rest = strings.TrimLeft(rest, " .}")
	o.lone = rest == ""
	if !o.lone && !shut || small && !o.marked {
		return option{}, false
	}
	if takesBack(rest) {
		return option{}, false
	}
	if word := firstWord(rest); word == "and" || word == "or" || word == "&" || strings.HasPrefix(rest, "(") { // (C) and (D)
		return option{}, false
	}
	if first, _ := utf8.DecodeRuneInString(rest); !o.lone && (first == ',' || first == '=' || first == '(' && !bracket) {
		return option{}, false
	}
	return o, true
}

// takesBack says whether what follows an option denies it or names another:
// "(B) is wrong, (C) is right".
func takesBack(rest string) bool {
	last := ""
	for w := range strings.FieldsSeq(rest) {
		bare := strings.Trim(w, "().,;:!")
		switch lowerASCII(bare) {
		case "not", "wrong", "incorrect", "false", "isn't":
			return last == "" || last == "is" || lowerASCII(bare) != "false" && lowerASCII(bare) != "not"
		}
		if letter := len(bare) == 1 && bare[0] >= 'A' && bare[0] <= 'J'; letter && (last == "is" || w[0] == '(' && len(w) > 2 || strings.HasPrefix(w, bare+")")) {
			return true
		}
		last = lowerASCII(bare)
	}
	return false
}

// options compares answers to multiple choice by their letters; decided is false
// unless the gold is a letter and the answer gives one.
func options(gold, answer string) (same, decided bool) {
	if gold != "" && (isDigit(gold[0]) || gold[0] == '-') || strings.HasPrefix(gold, `\frac`) {
		return false, false
	}
	g, ok := optionOf(gold)
	if !ok || !g.lone && !g.marked {
		return sameLetters(gold, answer)
	}
	a, ok := optionOf(answer)
	if !ok || !a.marked && !g.marked && (!a.lone || !g.lone) {
		return false, false
	}
	return a.letter == g.letter, true
}

// sameLetters compares several options: ACD and "A, C and D".
func sameLetters(gold, answer string) (same, decided bool) {
	letters := func(s string) string {
		s = strings.TrimSpace(withoutTextCommands(optionMarkup.Replace(s)))
		var b strings.Builder
		for word := range strings.FieldsFuncSeq(s, func(r rune) bool {
			return r == ',' || r == ' ' || r == '{' || r == '}' || r == '(' || r == ')' || r == '、'
		}) {
			if word == "and" || word == "&" {
				continue
			}
			for _, r := range word {
				if (r < 'A' || r > 'H') && (r < '①' || r > '⑳') {
					return ""
				}
			}
			b.WriteString(word)
		}
		return b.String()
	}
	x, y := letters(gold), letters(answer)
	options := []rune(x)
	if len(options) < 2 || len(options) > 10 || len(y) < 2 {
		return false, false
	}
	for i := 1; i < len(options); i++ {
		if options[i] <= options[i-1] { // options are named in order
			return false, false
		}
	}
	return x == y, x == y
}
