package stats

// relabelledFast gives TwoSampleWithin's p-value where scores are 0 or 1 and all
// problems have as many trials as each other, now and before: then the number of
// correct trials now is a sum of hypergeometric ones. It is false elsewhere.
func relabelledFast(cur, base [][]float64) (p float64, ok bool) {
	first, all := len(cur[0]), len(cur[0])+len(base[0])
	seen := 0
	totals := make([]int, len(cur))
	for i := range cur {
		now, ok := correct(cur[i])
		before, ok2 := correct(base[i])
		if !ok || !ok2 || len(cur[i]) != first || len(base[i]) != all-first {
			return 0, false
		}
		seen, totals[i] = seen+now, now+before
	}
	pmfs := map[int][]float64{}
	sum := window{0, []float64{1}}
	for _, total := range totals {
		pmf := pmfs[total]
		if pmf == nil {
			for x := 0; x <= min(first, total); x++ {
				pmf = append(pmf, Hypergeometric(x, total, all, first))
			}
			pmfs[total] = pmf
		}
		sum = sum.plus(pmf)
	}
	for i, c := range sum.chance {
		if sum.from+i <= seen {
			p += c
		}
	}
	return clampP(p), true
}

// correct counts ones among ones and zeros.
func correct(scores []float64) (n int, ok bool) {
	for _, s := range scores {
		switch s {
		case 1:
			n++
		case 0:
		default:
			return 0, false
		}
	}
	return n, true
}

// A window is the part of a distribution of whole numbers that matters.
type window struct {
	from   int
	chance []float64
}

// negligible is the chance below which an end of a window is cut off. What is cut
// from the lower end is added to the lowest number that is left, so that a p-value
// is never too small.
const negligible = 1e-20

// plus adds an independent number.
func (w window) plus(pmf []float64) window {
	next := make([]float64, len(w.chance)+len(pmf)-1)
	for x, q := range pmf {
		if q > 0 {
			for j, c := range w.chance {
				next[x+j] += q * c
			}
		}
	}
	low, high, cut := 0, len(next), 0.0
	for ; low < high-1 && next[low] < negligible; low++ {
		cut += next[low]
	}
	for ; high > low+1 && next[high-1] < negligible; high-- {
	}
	next[low] += cut
	return window{w.from + low, next[low:high]}
}
