package mathx

// Groups finds the groups of a text. That a group is not closed shows only at the
// end of the text: from then on the ends of all groups behind it are known, so
// that a thousand open groups cost as much as one. Escaped brackets do not count.
type Groups struct {
	Text  string
	brace map[int]int // ends of {…} by their beginnings; nil until one was found open
	round map[int]int // of (…)
}

// End gives the offset behind the group that opens with the brace or parenthesis
// at i; ok is false where nothing closes it.
func (g *Groups) End(i int) (end int, ok bool) {
	known, shut := &g.brace, byte('}')
	open := g.Text[i]
	if open == '(' {
		known, shut = &g.round, ')'
	}
	if *known != nil {
		end, ok = (*known)[i]
		return end, ok
	}
	depth := 0
	for j := i; j < len(g.Text); j++ {
		switch g.Text[j] {
		case '\\':
			j++
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return j + 1, true
			}
		}
	}
	*known = ends(g.Text, i, open, shut)
	return 0, false
}

// ends gives the end of each closed group at or behind i by its beginning.
func ends(text string, i int, open, shut byte) map[int]int {
	out := map[int]int{}
	var opened []int
	for j := i; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case open:
			opened = append(opened, j)
		case shut:
			if n := len(opened); n > 0 {
				out[opened[n-1]] = j + 1
				opened = opened[:n-1]
			}
		}
	}
	return out
}
