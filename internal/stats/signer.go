package stats

import "math/rand/v2"

// A signer draws random signs for the places of several lists of one length, the
// same signs for all, and gives each list's signed sum. It adds eight places at
// a time from a table of their 256 signed sums.
type signer struct {
	r      *rand.Rand
	lists  int
	blocks [][]float64 // of each eight places, the sums of each list by pattern of signs
}

func newSigner(seed uint64, lists [][]float64) *signer {
	s := &signer{r: generator(seed), lists: len(lists)}
	if len(lists) == 0 {
		return s
	}
	for from := 0; from < len(lists[0]); from += 8 {
		block := make([]float64, 256*len(lists))
		for m, list := range lists {
			places := list[from:min(from+8, len(list))]
			for pattern := range 256 {
				sum := 0.0
				for i, v := range places {
					if pattern>>i&1 == 1 {
						sum += v
					} else {
						sum -= v
					}
				}
				block[pattern*len(lists)+m] = sum
			}
		}
		s.blocks = append(s.blocks, block)
	}
	return s
}

// draw puts the sum of each list, under new signs, into sums.
func (s *signer) draw(sums []float64) {
	clear(sums)
	var bits uint64
	for i, block := range s.blocks {
		if i%8 == 0 {
			bits = s.r.Uint64()
		}
		at := int(bits&255) * s.lists
		bits >>= 8
		for m, v := range block[at : at+s.lists] {
			sums[m] += v
		}
	}
}
