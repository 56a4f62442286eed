package cot

import (
	"unicode"
	"unicode/utf8"
)

// gram is how many words a repeated passage has at least.
const gram = 20

// repetition gives 1 − distinct/all of the passages of 20 words: 0 if nothing is
// said twice. Words are runs of letters or digits; a rune of a script without
// spaces is one. ok is false for a text of fewer than 20 words. Passages are told
// apart by a hash of 64 bits.
func repetition(text string) (share float64, ok bool) {
	const base, offset = 0x9E3779B97F4A7C15, 14695981039346656037
	words := make([]uint64, 0, len(text)/4)
	h, n := uint64(offset), 0
	flush := func() {
		if n > 0 {
			words = append(words, h*base)
			h, n = offset, 0
		}
	}
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			if isLetter(c) || isDigit(c) {
				h, n = (h^uint64(c|0x20))*1099511628211, n+1
			} else {
				flush()
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case wide(r):
			flush()
			h, n = (h^uint64(r))*1099511628211, 1
			flush()
		case unicode.IsLetter(r), unicode.IsDigit(r):
			h, n = (h^uint64(r))*1099511628211, n+1
		default:
			flush()
		}
	}
	flush()
	if len(words) < gram {
		return 0, false
	}
	return 1 - float64(distinct(words, base))/float64(len(words)-gram+1), true
}

// distinct counts the different passages of 20 words by a rolling hash.
func distinct(words []uint64, base uint64) int {
	size := 64
	for size < 2*len(words) {
		size *= 2
	}
	seen := make([]uint64, size) // 0 is free
	power := uint64(1)
	for range gram {
		power *= base
	}
	count := 0
	var h uint64
	for i, w := range words {
		h = h*base + w
		if i >= gram {
			h -= words[i-gram] * power
		}
		if i < gram-1 {
			continue
		}
		key := h | 1
		at := (h >> 17) & uint64(size-1)
		for seen[at] != 0 && seen[at] != key {
			at = (at + 1) & uint64(size-1)
		}
		if seen[at] == 0 {
			seen[at] = key
			count++
		}
	}
	return count
}
