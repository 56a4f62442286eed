package stats

// Ranks gives the best and the worst rank each of M models may have, from 1,
// where better[i][j] says that i is significantly better than j: best is one
// more than those better than it, worst is M less those it is better than.
func Ranks(better [][]bool) (best, worst []int) {
	m := len(better)
	best, worst = make([]int, m), make([]int, m)
	for i := range m {
		best[i], worst[i] = 1, m
		for j := range m {
			if better[j][i] {
				best[i]++
			}
			if better[i][j] {
				worst[i]--
			}
		}
	}
	return best, worst
}

// RankSpread is Ranks where i is better than j if the interval of i lies wholly
// above that of j: lo and hi are the ends.
func RankSpread(lo, hi []float64) (best, worst []int) {
	better := make([][]bool, len(lo))
	for i := range lo {
		better[i] = make([]bool, len(lo))
		for j := range lo {
			better[i][j] = lo[i] > hi[j]
		}
	}
	return Ranks(better)
}

// Normalise puts a raw score on a scale where chance is 0 and perfect is 100:
// 100·max(0, (raw-base)/(1-base)). With base 1 there is no scale and it is 0.
func Normalise(raw, base float64) float64 {
	if base >= 1 {
		return 0
	}
	return 100 * max(0, (raw-base)/(1-base))
}
