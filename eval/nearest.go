package eval

import (
	"slices"
	"strings"
)

// Nearest returns the words that are so close to word that a slip of the
// keyboard explains the difference, nearest first, at most three: within a
// third of its length in insertions, deletions and substitutions (at least
// two), or with word as a part.
func Nearest(word string, among []string) []string {
	type near struct {
		word     string
		distance int
	}
	lower := strings.ToLower(word)
	limit := max(2, len(word)/3)
	var found []near
	for _, w := range among {
		d := distance(lower, strings.ToLower(w))
		if len(word) >= 3 && strings.Contains(strings.ToLower(w), lower) {
			d = min(d, limit)
		}
		if d <= limit {
			found = append(found, near{w, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.distance - b.distance })
	var out []string
	for _, f := range found[:min(3, len(found))] {
		out = append(out, f.word)
	}
	return out
}

// distance is the Levenshtein distance of two words in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
