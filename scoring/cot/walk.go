package cot

import (
	"strings"

	"github.com/evalr/evalr/scoring/mathx"
)

// maxGraded bounds how many different candidates of one thought are judged;
// later ones count as not correct.
const maxGraded = 64

// A course is the way that the candidates of a thought take.
type course struct {
	first   int // the first correct one; -1 if there is none
	changes int // neighbours that differ in value
	lost    int // changes from right to wrong
	gained  int // changes from wrong to right
	right   map[string]bool
}

// FirstCorrectAnswer finds the first candidate of a thought that right, as in
// Measure, calls correct.
func FirstCorrectAnswer(thought string, right func(final string) bool) (Candidate, bool) {
	found := Candidates(thought)
	w := walk(found, right)
	if w.first < 0 {
		return Candidate{}, false
	}
	return found[w.first], true
}

// walk judges candidates in order, each wording once.
func walk(found []Candidate, right func(final string) bool) course {
	w := course{first: -1, right: map[string]bool{}}
	for i, c := range found {
		k := key(c.Text)
		is, known := w.right[k]
		if !known && len(w.right) < maxGraded {
			is = right(`\boxed{` + c.Text + `}`)
			w.right[k] = is
		}
		if is && w.first < 0 {
			w.first = i
		}
		if i == 0 {
			continue
		}
		before := found[i-1].Text
		was := w.right[key(before)]
		switch {
		case was && !is:
			w.lost++
		case !was && is:
			w.gained++
		case is || i > 4*maxGraded && key(before) == k || i <= 4*maxGraded && same(before, c.Text):
			continue
		}
		w.changes++
	}
	return w
}

// key gives a candidate without what does not change its value.
func key(s string) string {
	return strings.NewReplacer(" ", "", "$", "", `\,`, "", `\!`, "", `\left`, "", `\right`, "", "dfrac", "frac", "tfrac", "frac", "**", "", "\n", "").Replace(s)
}

// same says whether two answers have one value.
func same(a, b string) bool {
	return key(a) == key(b) || mathx.Equal(a, b, mathx.Options{}).Outcome == mathx.Same
}
