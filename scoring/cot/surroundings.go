package cot

import (
	"strings"
	"unicode/utf8"
)

// surroundings say in what kind of sentence a segment stands.
type surroundings int

const (
	unread       surroundings = iota
	stated                    // as a fact
	hypothetical              // asked, supposed or tried: neither right nor wrong
)

// How far, in bytes, the words around a segment are looked at.
const (
	clauseReach   = 100
	sentenceAhead = 60
	topicReach    = 300
	retractReach  = 200 // in which a backtrack retracts, as documented
)

// surroundingsOf looks at the words around text[start:end].
func surroundingsOf(text string, start, end int) surroundings {
	if _, question := clauseEnd(text, end); question || supposed(text[clauseStart(text, start):start]) {
		return hypothetical
	}
	return stated
}

// excusing says whether the words before text[start:] excuse a difference: a
// denial in the same clause, or talk of residues and other bases somewhat before,
// among which 3*5 = 1 may hold.
func excusing(text string, start int) bool {
	return negations.in(text[clauseStart(text, start):start]) || residues.in(text[max(0, start-topicReach):start])
}

// supposed says whether a clause supposes what follows it: "if", but not "if …
// then".
func supposed(clause string) bool {
	if i := strings.LastIndex(clause, "then "); i >= 0 {
		clause = clause[i:]
	}
	return suppositions.in(clause)
}

// clauseStart gives where the clause begins in which i stands.
func clauseStart(text string, i int) int {
	low := max(0, i-clauseReach)
	for j := i; j > low; j-- {
		switch c := text[j-1]; c {
		case '\n', ';', '!', '?', '<':
			return j
		case ',', ':', '.':
			if j == len(text) || !isDigit(text[j]) {
				return j
			}
		}
	}
	return low
}

// clauseEnd gives the rest of the clause behind i, and whether it ends in a
// question mark.
func clauseEnd(text string, i int) (rest string, question bool) {
	high := min(len(text), i+sentenceAhead)
	for j := i; j < high; j++ {
		switch c := text[j]; c {
		case '?':
			return text[i:j], true
		case '\n', ';', '!', ',', ':', '(':
			return text[i:j], false
		case '.':
			if j+1 == len(text) || !isDigit(text[j+1]) {
				return text[i:j], false
			}
		case 0xEF: // ？ of full width
			if strings.HasPrefix(text[j:], "？") {
				return text[i:j], true
			}
		case 0xE3: // 。
			if strings.HasPrefix(text[j:], "。") {
				return text[i:j], false
			}
		}
	}
	return text[i:high], false
}

// A wordset is words and phrases to look for.
type wordset struct {
	words map[string]bool // whole words, in lower case
	parts []string        // phrases, and words of scripts without spaces
}

// suppositions make a clause say nothing of what is.
var suppositions = wordset{
	words: set("if whether suppose supposing assume assuming unless maybe perhaps might imagine try trying guess wenn falls angenommen si supongamos supposons если предположим"),
	parts: []string{"let's say", "如果", "假设", "若", "もし", "是否"},
}

// negations deny a claim of the same clause.
var negations = wordset{
	words: set("not never wrong incorrect false cannot unlike error mistake mistakenly incorrectly wrongly nicht falsch pas faux incorrecto неверно не nope ne neq"),
	parts: []string{"n't", "n’t", "instead of", "rather than", "≠", "no es", "不等于", "不是", "错误", "不对"},
}

// residues tell of arithmetic that is not that of numbers.
var residues = wordset{
	words: set("mod modulo pmod bmod equiv congruent base binary hexadecimal octal remainder clock modular bit bits digit digits"),
	parts: []string{"≡", "余", "进制"},
}

// rejections say of what was stated before that it does not hold.
var rejections = wordset{
	words: set("false untrue contradiction contradicts contradictory impossible incorrect wrong mistake falsch faux неверно ошибка"),
	parts: []string{
		"not true", "n't true", "not correct", "n't correct", "not right", "n't right", "not hold", "n't hold", "not possible", "not equal", "n't equal", "not satisf", "n't satisf",
		"n't match", "not match", "n't make sense", "not make sense", "n't work", "not work", "矛盾", "不对", "错误",
	},
}

// in says whether one of a set stands in s.
func (w wordset) in(s string) bool {
	var low [24]byte
	for i := 0; i < len(s); {
		n := 0
		for i+n < len(s) && (isLetter(s[i+n]) || s[i+n] >= utf8.RuneSelf) {
			n++
		}
		if n == 0 {
			i++
			continue
		}
		if n <= len(low) {
			for j := range n {
				if low[j] = s[i+j]; 'A' <= low[j] && low[j] <= 'Z' {
					low[j] += 'a' - 'A'
				}
			}
			if w.words[string(low[:n])] {
				return true
			}
		}
		i += n
	}
	for _, p := range w.parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// afterwards tells wrong from retracted: within 200 characters behind a segment
// there is a backtrack, or words that reject what was stated.
func afterwards(text string, end int) ClaimKind {
	high, n := end, 0
	for high < len(text) && n < retractReach {
		if text[high]&0xC0 != 0x80 {
			n++
		}
		high++
	}
	if behind := text[end:high]; takesBack(behind) || rejections.in(behind) {
		return ClaimRetracted
	}
	return ClaimWrong
}
