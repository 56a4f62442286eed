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
	topicAhead    = 40
	retractReach  = 200 // in which a backtrack retracts, as documented
)

// surroundingsOf looks at the words around text[start:end].
func surroundingsOf(text string, start, end int) surroundings {
	from := clauseStart(text, start)
	if _, question := clauseEnd(text, end); question || supposed(text[from:start]) || from > 0 && text[from-1] == ',' && supposers.in(text[clauseStart(text, from-1):from]) {
		return hypothetical
	}
	return stated
}

// excusing says whether the words around text[start:end] excuse a difference: a
// denial or a demand in the same clause, talk of residues, other bases or carries
// somewhat before or just behind, among which 3*5 = 1 may hold, or "roughly".
func excusing(text string, start, end int) bool {
	clause := text[clauseStart(text, start):start]
	behind, _, _ := strings.Cut(text[end:min(len(text), end+topicAhead)], "\n")
	return negations.in(clause) || demands.in(clause) || approximations.in(clause) || residues.in(text[max(0, start-topicReach):start]) ||
		residues.in(behind) || approximations.in(behind)
}

// supposed says whether a clause supposes what follows it: "if", but not "if …
// then".
func supposed(clause string) bool {
	if i := strings.LastIndex(clause, "then "); i >= 0 {
		clause = clause[i:]
	}
	return suppositions.in(clause) || supposers.in(clause)
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
	parts []string        // phrases, and words of scripts without spaces, in lower case
}

// suppositions make a clause say nothing of what is.
var suppositions = wordset{
	words: set("if whether assuming unless maybe perhaps might try trying guess wenn falls wäre si если"),
	parts: []string{"let us say", "如果", "假设", "若", "もし", "是否"},
}

// negations deny a claim of the same clause.
var negations = wordset{
	words: set("not never wrong incorrect false cannot unlike error mistake mistakenly incorrectly wrongly nicht falsch pas faux incorrecto неверно не nope ne neq"),
	parts: []string{"n't", "instead of", "rather than", "≠", "no es", "不等于", "不是", "错误", "不对"},
}

// supposers suppose a clause of their own: Angenommen, 3*4 = 13.
var supposers = wordset{words: set("angenommen supongamos supposons предположим допустим suppose supposing assume imagine"), parts: []string{"let's say"}}

// demands say of a claim that it should hold, or that somebody else makes it.
var demands = wordset{
	words: set("need needs want wants require requires required must condition constraint were say says said claim claims claimed think thinks thought believes wrote equation"),
	parts: []string{"to work", "to hold", "需要", "要求", "应该"},
}

// approximations excuse a difference as a rounding.
var approximations = wordset{
	words: set("about approximately approx around roughly nearly almost circa ish etwa ungefähr rund environ aproximadamente примерно приблизительно около"),
	parts: []string{"约", "左右"},
}

// residues tell of arithmetic that is not that of numbers.
var residues = wordset{
	words: set("mod modulo pmod bmod equiv congruent base binary hexadecimal octal remainder clock modular bit bits digit digits inverse carry borrow xor operation operator остаток модулю"),
	parts: []string{"≡", "余", "进制", "mathbb{f}", "mathbb{z}_", "mathbb{z}/", "ℤ_", "ℤ/", "gf(", "in z_", "in f_", "in z/", "field of"},
}

// rejections say of what was stated before that it does not hold.
var rejections = wordset{
	words: set("false untrue contradiction contradicts contradictory impossible incorrect wrong mistake fails falsch faux неверно ошибка"),
	parts: []string{
		"not true", "n't true", "not correct", "n't correct", "not right", "n't right", "not hold", "n't hold", "not possible", "not equal", "n't equal", "not satisf", "n't satisf",
		"n't match", "not match", "n't make sense", "not make sense", "n't work", "not work", "✗", "✘", "❌", "矛盾", "不对", "错误",
	},
}

// in says whether one of a set stands in s, in letters of either case.
func (w wordset) in(s string) bool {
	var window [2 * topicReach]byte
	low := string(lowered(window[:0], s))
	for i := 0; i < len(low); {
		n := 0
		for i+n < len(low) && (isLetter(low[i+n]) || low[i+n] >= utf8.RuneSelf) {
			n++
		}
		if w.words[low[i:i+n]] {
			return true
		}
		i += max(n, 1)
	}
	for _, p := range w.parts {
		if strings.Contains(low, p) {
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
