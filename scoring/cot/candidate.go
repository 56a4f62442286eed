package cot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evalr/evalr/scoring/mathx"
)

// A Candidate is an answer that a thought says is one: what stands in a box or
// behind "the answer is".
type Candidate struct {
	Start, End int // byte offsets of the answer's words
	Text       string
	boxed      bool
}

// maxCandidate bounds a candidate, in bytes; longer ones are sentences.
const maxCandidate = 200

// announcers say that an answer follows; those of letters end at a word's end.
// All are in lower case.
var announcers = []string{
	"answer is", "answer:", "answer would be", "answer should be", "answer must be", "answer will be", "answer =", "answer equals", "answer**:", "answer:**", "answer**", "answer**\n", "answer to the question is", "answer to this question is",
	"answer to the problem is", "answer to this problem is", "solution is", "result is:", "correct option is", "correct choice is", "correct option:", "correct choice:",
	"答案是", "答案为", "答案：", "答案:", "答案应该是", "故选", "所以选", "应选", "答えは", "答え：", "答え:", "정답은", "정답:", "답은",
	"réponse est", "réponse finale est", "réponse :", "réponse:", "antwort ist", "antwort lautet", "antwort:", "lösung ist", "respuesta es", "respuesta final es", "respuesta correcta es", "respuesta:",
	"risposta è", "resposta é", "ответ:", "ответ —", "ответ –", "ответ равен",
}

// Candidates lists the explicit answers of a text, in order. A box that another
// box or an announcement contains is listed once. Numbers that merely occur are
// no candidates: a small gold stands everywhere. Work is linear in the length of
// the text.
func Candidates(text string) []Candidate {
	var out []Candidate
	taken := 0 // behind the last candidate
	for i := 0; i < len(text); {
		start, kind := nextAnnouncer(text, i)
		if kind == "" {
			break
		}
		var c Candidate
		ok := false
		next := start + len(kind)
		switch kind {
		case "boxed", "fbox":
			c, ok = boxedAt(text, next)
			c.boxed = true
		case "<answer>":
			c, ok = upTo(text, next, "</answer>")
		case "####":
			c, ok = announced(text, next)
		default:
			if !denied(text, start, next) {
				c, ok = announced(text, next)
			}
		}
		if ok && c.Start >= taken {
			out = append(out, c)
			taken = c.End
			next = max(next, c.End)
		}
		i = next
	}
	return out
}

// byFirst lists the announcers by their first byte; pairs tells the pairs of bytes
// with which one begins, which hardly any place of a text does.
var byFirst, pairs = func() (first [256][]string, pair [1 << 16]bool) {
	for _, a := range append(announcers, "boxed", "fbox", "<answer>", "####") {
		first[a[0]] = append(first[a[0]], a)
		pair[int(a[0])<<8|int(a[1])] = true
		if r, size := utf8.DecodeRuneInString(a); size == 2 { // Ответ
			upper := string(unicode.ToUpper(r))
			pair[int(upper[0])<<8|int(upper[1])] = true
		}
	}
	return first, pair
}()

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// nextAnnouncer finds the next announcer at or after i.
func nextAnnouncer(text string, i int) (at int, kind string) {
	for ; i+1 < len(text); i++ {
		c := lowerByte(text[i])
		if !pairs[int(c)<<8|int(lowerByte(text[i+1]))] {
			continue
		}
		for _, a := range byFirst[c] {
			if len(text)-i >= len(a) && strings.EqualFold(text[i:i+len(a)], a) && marks(text, i, a) {
				return i, a
			}
		}
	}
	return len(text), ""
}

// marks says whether an announcer at i is one there.
func marks(text string, i int, a string) bool {
	switch a {
	case "boxed", "fbox":
		return i > 0 && text[i-1] == '\\'
	case "<answer>":
		return true
	case "####":
		rest := strings.TrimLeft(text[i+4:min(len(text), i+12)], " $-")
		return (i == 0 || text[i-1] == '\n') && rest != "" && isDigit(rest[0])
	case "answer**":
		rest := strings.TrimLeft(text[i+len(a):min(len(text), i+len(a)+4)], " ")
		return strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "$") || strings.HasPrefix(rest, `\`)
	}
	if i > 0 && isLetter(a[0]) && isLetter(text[i-1]) {
		return false
	}
	end := i + len(a)
	return !isLetter(a[len(a)-1]) || end == len(text) || !isLetter(text[end])
}

// denied says whether the answer that is announced is not given: "a wrong answer
// is 5", "the answer is not 5", "is the answer: 5?".
func denied(text string, start, end int) bool {
	before := strings.ToLower(text[max(0, start-24):start])
	for _, word := range [...]string{"wrong ", "incorrect ", "not the ", "n't the ", "not an ", "naive ", "if the ", "whether the ", "their ", "your "} {
		if strings.HasSuffix(strings.TrimRight(before, "*_"), word) {
			return true
		}
	}
	after := strings.TrimLeft(text[end:min(len(text), end+24)], " *_:")
	for _, word := range [...]string{"not ", "n't ", "indeed not", "wrong", "correct", "incorrect", "likely to", "unlikely", "supposed", "expected", "in the", "given in", "the same", "consistent", "unique", "given", "a positive ", "a single ", "a number", "a whole ", "an integer", "an odd ", "an even "} {
		if strings.HasPrefix(after, word) {
			return true
		}
	}
	return false
}

// boxedAt reads the content of a box whose command ends at i. It looks no further
// than a candidate may be long, so that nested boxes cost no more than others.
func boxedAt(text string, i int) (Candidate, bool) {
	for i < len(text) && text[i] == ' ' {
		i++
	}
	if i == len(text) || text[i] != '{' {
		return Candidate{}, false
	}
	depth := 0
	for j := i; j < len(text) && j-i < maxCandidate+2; j++ {
		switch text[j] {
		case '\\':
			j++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return candidate(text, i+1, j)
			}
		}
	}
	return Candidate{}, false
}

// upTo reads a candidate that a closing tag ends.
func upTo(text string, i int, tag string) (Candidate, bool) {
	window := text[i:min(len(text), i+maxCandidate+len(tag))]
	n := strings.Index(window, tag)
	if n < 0 {
		return Candidate{}, false
	}
	if at := strings.Index(window[:n], `\boxed{`); at >= 0 { // the box is the candidate
		return Candidate{}, false
	}
	return candidate(text, i, i+n)
}

// announced reads what an announcer says: mathematics in delimiters, else the
// words up to the end of the clause.
func announced(text string, i int) (Candidate, bool) {
	for n := 0; i < len(text) && n < 16 && strings.IndexByte(" \n\t*_:=", text[i]) >= 0; n++ {
		i++
	}
	if strings.HasPrefix(text[i:], "：") {
		i += len("：")
	}
	window := text[i:min(len(text), i+maxCandidate)]
	for _, filler := range [...]string{"therefore ", "thus ", "then ", "simply ", "just ", "indeed ", "probably ", "likely ", "option ", "choice ", "equal to "} {
		if len(window) > len(filler) && strings.EqualFold(window[:len(filler)], filler) {
			i += len(filler)
			window = window[len(filler):]
		}
	}
	for _, d := range [...][2]string{{"$$", "$$"}, {"$", "$"}, {`\(`, `\)`}, {`\[`, `\]`}} {
		if inner, ok := strings.CutPrefix(window, d[0]); ok {
			n := strings.Index(inner, d[1])
			if n < 0 {
				break
			}
			if strings.Contains(inner[:n], `\boxed`) {
				return Candidate{}, false // the box is the candidate
			}
			return candidate(text, i+len(d[0]), i+len(d[0])+n)
		}
	}
	n := clauseLength(window)
	if strings.Contains(window[:n], `\boxed`) {
		return Candidate{}, false
	}
	c, ok := candidate(text, i, i+n)
	if enumerated(c.Text, window[n:]) {
		return Candidate{}, false
	}
	words := len(strings.Fields(c.Text))
	return c, ok && (words <= 3 || words <= 6 && mathx.HasMath(c.Text))
}

// enumerated says whether a letter is the first of several options: "A, B, C or D".
func enumerated(letter, rest string) bool {
	return len(letter) == 1 && isLetter(letter[0]) && len(rest) > 3 && strings.HasPrefix(rest, ", ") && isLetter(rest[2]) && (rest[3] == ',' || strings.HasPrefix(rest[3:], " or "))
}

// clauseLength gives how much of s is its first clause.
func clauseLength(s string) int {
	for i := range len(s) {
		rest := s[i+1:]
		switch s[i] {
		case '\n', ';', '!', '?':
			return i
		case '.', ',':
			if rest == "" || !isDigit(rest[0]) && rest[0] != '\\' {
				return i
			}
		case '(':
			if i > 0 && s[i-1] == ' ' && letterAt(rest, 0) && letterAt(rest, 1) {
				return i
			}
		case 0xE3, 0xEF:
			if r, _ := utf8.DecodeRuneInString(s[i:]); strings.ContainsRune("。，；！？", r) {
				return i
			}
		}
		for _, word := range [...]string{" because ", " since ", " as ", " which ", " so ", " but ", " when ", " if ", " and then "} {
			if s[i] == ' ' && strings.HasPrefix(s[i:], word) {
				return i
			}
		}
	}
	return len(s)
}

// candidate is text[start:end] without space and emphasis around it; ok is false
// if nothing is left or it is too long.
func candidate(text string, start, end int) (Candidate, bool) {
	const around = " \t\r\n*_`\"'“”."
	for start < end && strings.IndexByte(around, text[start]) >= 0 && text[start] != '.' {
		start++
	}
	for end > start && strings.IndexByte(around, text[end-1]) >= 0 {
		end--
	}
	if end <= start || end-start > maxCandidate {
		return Candidate{}, false
	}
	switch strings.ToLower(text[start:end]) {
	case "answer", "your answer", "final answer", "the answer": // a form to fill in
		return Candidate{}, false
	}
	return Candidate{Start: start, End: end, Text: text[start:end]}, true
}
