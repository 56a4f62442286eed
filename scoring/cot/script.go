package cot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A script is a set of letters that a language is written in. Han and kana are
// one, because Japanese mixes them.
type script int

const (
	noScript script = iota
	latin
	eastAsian
	hangul
	cyrillic
	arabic
	devanagari
	greek
	otherScript
	scripts // how many there are
)

// minWords is how many words a text must have for its language to be measured.
const minWords = 20

// stretch is how many words in a row make a change of script count.
const stretch = 3

// languages counts the words of a text by script; a rune of a script without
// spaces is a word.
type languages struct {
	words    [scripts]int
	total    int
	switches int // changes between stretches of three words or more

	last, long script
	run        int
}

// readLanguages reads a text without its code, mathematics, addresses and tags.
// A single letter is a variable, not a word. Work is linear in its length.
func readLanguages(text string) languages {
	var l languages
	for i := 0; i < len(text); {
		if n := foreign(text, i); n > 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		s := scriptOf(r)
		if s == noScript {
			i += size
			continue
		}
		letters := 0
		for i < len(text) && scriptOf(r) == s {
			i += size
			letters++
			if s == eastAsian {
				break
			}
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if letters > 1 || s == eastAsian {
			l.word(s)
		}
	}
	return l
}

func (l *languages) word(s script) {
	l.words[s]++
	l.total++
	if s != l.last {
		l.last, l.run = s, 0
	}
	if l.run++; l.run == stretch {
		if l.long != noScript && l.long != s {
			l.switches++
		}
		l.long = s
	}
}

// dominant gives the script of most words; ok is false for a text of few words.
func (l *languages) dominant() (s script, share float64, ok bool) {
	for i := range l.words {
		if l.words[i] > l.words[s] {
			s = script(i)
		}
	}
	if l.total < minWords {
		return s, 0, false
	}
	return s, float64(l.words[s]) / float64(l.total), true
}

// foreign gives the length of what is no language at text[i]: code, mathematics,
// an address, a tag, a command.
func foreign(text string, i int) int {
	rest := text[i:]
	switch text[i] {
	case '`':
		if strings.HasPrefix(rest, "```") {
			if n := strings.Index(rest[3:], "```"); n >= 0 {
				return n + 6
			}
			return len(rest)
		}
		return enclosed(rest, "`", "`", 200)
	case '$':
		if strings.HasPrefix(rest, "$$") {
			return max(2, enclosed(rest, "$$", "$$", 2000))
		}
		return enclosed(rest, "$", "$", 500)
	case '\\':
		for _, d := range [...][2]string{{`\(`, `\)`}, {`\[`, `\]`}} {
			if n := enclosed(rest, d[0], d[1], 2000); n > 0 {
				return n
			}
		}
		n := 1
		for n < len(rest) && isLetter(rest[n]) {
			n++
		}
		return n
	case '<':
		return enclosed(rest, "<", ">", 64)
	case 'h':
		if strings.HasPrefix(rest, "http://") || strings.HasPrefix(rest, "https://") {
			if n := strings.IndexAny(rest[:min(len(rest), 2000)], " \n\t)>\""); n > 0 {
				return n
			}
			return min(len(rest), 2000)
		}
	}
	return 0
}

// enclosed gives the length of what s begins with between two delimiters, if it
// is at most limit bytes.
func enclosed(s, open, shut string, limit int) int {
	if !strings.HasPrefix(s, open) {
		return 0
	}
	n := strings.Index(s[len(open):min(len(s), limit)], shut)
	if n < 0 {
		return 0
	}
	return len(open) + n + len(shut)
}

func scriptOf(r rune) script {
	switch {
	case r < utf8.RuneSelf:
		if isLetter(byte(r)) {
			return latin
		}
		return noScript
	case r == utf8.RuneError, !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Mc, r):
		return noScript
	case r < 0x250, r >= 0x1E00 && r < 0x1F00:
		return latin
	case r >= 0x370 && r < 0x400:
		return greek
	case r >= 0x400 && r < 0x530:
		return cyrillic
	case r >= 0x600 && r < 0x780:
		return arabic
	case r >= 0x900 && r < 0x980:
		return devanagari
	case r >= 0xAC00 && r < 0xD7B0, r >= 0x1100 && r < 0x1200:
		return hangul
	case wide(r):
		return eastAsian
	}
	return otherScript
}
