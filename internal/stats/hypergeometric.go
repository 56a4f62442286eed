package stats

// Hypergeometric gives the chance of exactly x marked ones among k that are drawn
// without replacement from n, of which c are marked. It is 0 for what cannot be.
func Hypergeometric(x, c, n, k int) float64 {
	if checkDraw(n, c, k) != nil {
		return 0
	}
	low, pmf := hypergeometric(n, c, k)
	if x < low || x-low >= len(pmf) {
		return 0
	}
	return pmf[x-low]
}
