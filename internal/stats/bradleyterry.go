package stats

import "math"

// BradleyTerry gives the log strengths, with mean 0, of players where wins[i][j]
// is how often i beat j (a tie is half a win of each): the maximum likelihood by
// the iteration of Hunter (2004, Annals of Statistics 32:384). It is false where
// there is no maximum, because some players never lost to the rest.
func BradleyTerry(wins [][]float64) ([]float64, bool) {
	m := len(wins)
	strength := make([]float64, m)
	if !connected(wins) {
		return strength, false
	}
	for i := range strength {
		strength[i] = 1
	}
	for range 100_000 {
		next, change := make([]float64, m), 0.0
		logs := 0.0
		for i := range m {
			won, met := 0.0, 0.0
			for j := range m {
				if i != j {
					won += wins[i][j]
					met += (wins[i][j] + wins[j][i]) / (strength[i] + strength[j])
				}
			}
			next[i] = won / met
			logs += math.Log(next[i])
		}
		for i := range m {
			next[i] *= math.Exp(-logs / float64(m))
			change = max(change, math.Abs(math.Log(next[i]/strength[i])))
		}
		strength = next
		if change < 1e-14 {
			break
		}
	}
	for i := range strength {
		strength[i] = math.Log(strength[i])
	}
	return strength, true
}

// connected says whether every player beat every other, if by way of others.
func connected(wins [][]float64) bool {
	for start := range wins {
		seen, reached := map[int]bool{start: true}, []int{start}
		for len(reached) > 0 {
			i := reached[0]
			reached = reached[1:]
			for j, w := range wins[i] {
				if w > 0 && !seen[j] {
					seen[j] = true
					reached = append(reached, j)
				}
			}
		}
		if len(seen) < len(wins) {
			return false
		}
	}
	return true
}
