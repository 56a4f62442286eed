package cot

import (
	"strings"
	"unicode/utf8"

	"github.com/evalr/evalr/scoring/mathx"
)

// begins tells the bytes with which a token of a segment may begin.
var begins = func() (t [256]bool) {
	for _, c := range "0123456789([{-+*/^=$.\\s" {
		t[c] = true
	}
	t[0xC2], t[0xC3], t[0xE2] = true, true, true // ² ³ ·, × ÷, − √ ≈ and others
	return t
}()

// A token of a segment.
type token int

const (
	tokenNone token = iota
	tokenFiller
	tokenNumber
	tokenOperator
	tokenOpen
	tokenShut
	tokenEqual
	tokenAbout
	tokenBroken // a relation that is not judged
	tokenCommand
)

// A word is a token of more than one byte.
type word struct {
	text string
	kind token
}

// bySecond lists the words by their second byte.
var bySecond = func() (by [256][]word) {
	for _, w := range words {
		by[w.text[1]] = append(by[w.text[1]], w)
	}
	return by
}()

var words = []word{
	{"×", tokenOperator}, {"÷", tokenOperator}, {"·", tokenOperator}, {"⋅", tokenOperator}, {"∙", tokenOperator}, {"∗", tokenOperator}, {"−", tokenOperator}, {"∕", tokenOperator},
	{"²", tokenOperator}, {"³", tokenOperator}, {"¹", tokenOperator}, {"⁰", tokenOperator}, {"⁴", tokenOperator}, {"⁵", tokenOperator}, {"⁶", tokenOperator}, {"⁷", tokenOperator}, {"⁸", tokenOperator}, {"⁹", tokenOperator},
	{"√", tokenOperator}, {"≈", tokenAbout}, {"≃", tokenAbout}, {"£", tokenCommand}, {"¥", tokenCommand}, {"€", tokenCommand}, {"≟", tokenBroken},
	{`\times`, tokenOperator}, {`\cdot`, tokenOperator}, {`\ast`, tokenOperator}, {`\div`, tokenOperator},
	{`\frac`, tokenOperator}, {`\dfrac`, tokenOperator}, {`\tfrac`, tokenOperator}, {`\cfrac`, tokenOperator}, {`\sqrt`, tokenOperator},
	{`\approx`, tokenAbout}, {`\simeq`, tokenAbout}, {`\boxed`, tokenCommand}, {`\$`, tokenCommand},
}

// tokenAt gives the token at text[i] and its length.
func tokenAt(text string, i int) (token, int) {
	switch c := text[i]; {
	case isDigit(c), c == '.' && (i == 0 || !isDigit(text[i-1]) && text[i-1] != '.'):
		if end, _ := mathx.LiteralEnd(text, i); end > i {
			return tokenNumber, end - i
		}
		return tokenNone, 0
	case c == '=':
		return equalAt(text, i)
	case c == '+', c == '-', c == '*', c == '/', c == '^':
		if next := i + 1; next < len(text) && (text[next] == '=' || text[next] == '>' || c == '/' && text[next] == '/') {
			return tokenNone, 0 // +=, ->, //
		}
		if strings.HasPrefix(text[i:], "**") && (i+2 == len(text) || !isDigit(text[i+2]) && text[i+2] != '(' && text[i+2] != ' ') {
			return tokenNone, 0 // the end of emphasis
		}
		return tokenOperator, 1
	case c == '!':
		if i > 0 && (isDigit(text[i-1]) || text[i-1] == ')') && factorial(text, i) {
			return tokenOperator, 1
		}
		return tokenNone, 0
	case c == '(', c == '[', c == '{':
		return tokenOpen, 1
	case c == ')', c == ']', c == '}':
		return tokenShut, 1
	case c == '$':
		if i+1 < len(text) && (isDigit(text[i+1]) || text[i+1] == '.') && (i == 0 || !isDigit(text[i-1])) {
			return tokenCommand, 1
		}
		return tokenNone, 0
	case c == 's', c == 'x', c == 'X':
		return letterToken(text, i)
	case c == ' ', c == '\t', c == '&', c == '~':
		return tokenFiller, 1
	case c == '\\', c >= utf8.RuneSelf:
		return wordToken(text, i)
	}
	return tokenNone, 0
}

// letterToken reads sqrt(9), and the x of 50 x 20.
func letterToken(text string, i int) (token, int) {
	if text[i] == 's' {
		if (strings.HasPrefix(text[i:], "sqrt(") || strings.HasPrefix(text[i:], "sqrt[")) && (i == 0 || !isLetter(text[i-1]) && text[i-1] != '\\') {
			return tokenOperator, len("sqrt")
		}
		return tokenNone, 0
	}
	if i > 1 && text[i-1] == ' ' && (isDigit(text[i-2]) || text[i-2] == ')') && i+2 < len(text) && text[i+1] == ' ' && (isDigit(text[i+2]) || text[i+2] == '$' || text[i+2] == '(') {
		return tokenOperator, 1
	}
	return tokenNone, 0
}

// wordToken reads a command or a sign of Unicode.
func wordToken(text string, i int) (token, int) {
	if n := mathx.FillerAt(text, i); n > 0 {
		return tokenFiller, n
	}
	if i+1 == len(text) {
		return tokenNone, 0
	}
	for _, w := range bySecond[text[i+1]] {
		if strings.HasPrefix(text[i:], w.text) && (text[i] != '\\' || !letterAt(text, i+len(w.text)) || w.text == `\$`) {
			return w.kind, len(w.text)
		}
	}
	return tokenNone, 0
}

// equalAt reads an equals sign, which is not judged as a part of another sign or
// before a question mark.
func equalAt(text string, i int) (token, int) {
	if i > 0 && strings.IndexByte("<>!:=~", text[i-1]) >= 0 {
		return tokenBroken, 1
	}
	rest := text[i+1:]
	switch {
	case strings.HasPrefix(rest, "="), strings.HasPrefix(rest, ">"), strings.HasPrefix(rest, "~"):
		return tokenBroken, 2
	case strings.HasPrefix(strings.TrimLeft(rest[:min(len(rest), 4)], " "), "?"):
		return tokenBroken, 1
	}
	return tokenEqual, 1
}

// factorial says whether an exclamation mark is one: something that goes on with
// the expression follows.
func factorial(text string, i int) bool {
	rest := strings.TrimLeft(text[i+1:min(len(text), i+10)], " ")
	if rest == "" {
		return false
	}
	return strings.IndexByte("+-*/^=)}!", rest[0]) >= 0 || strings.HasPrefix(rest, "×") || strings.HasPrefix(rest, "÷") || strings.HasPrefix(rest, "·") || strings.HasPrefix(rest, `\times`) || strings.HasPrefix(rest, `\cdot`)
}

func letterAt(text string, i int) bool { return i < len(text) && isLetter(text[i]) }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
