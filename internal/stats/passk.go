package stats

import (
	"fmt"
	"math"
)

// PassAtK estimates, without bias, the chance that at least one of k trials is
// correct, from c correct in n: 1 - C(n-c, k)/C(n, k) (Chen et al. 2021,
// arXiv:2107.03374). It is an error unless 0 ≤ c ≤ n and 1 ≤ k ≤ n: from n
// trials nothing is known of more.
func PassAtK(n, c, k int) (float64, error) {
	if err := checkDraw(n, c, k); err != nil {
		return 0, err
	}
	switch {
	case c == 0:
		return 0, nil
	case n-c < k:
		return 1, nil
	case k == 1:
		return float64(c) / float64(n), nil
	}
	logNone := 0.0
	for i := n - c + 1; i <= n; i++ {
		logNone += math.Log1p(-float64(k) / float64(i))
	}
	return -math.Expm1(logNone), nil
}

// PassHatK estimates, without bias, the chance that all of k trials are correct,
// from c correct in n: C(c, k)/C(n, k), the pass^k of Yao et al. (2024,
// arXiv:2406.12045). Errors as for PassAtK.
func PassHatK(n, c, k int) (float64, error) {
	if err := checkDraw(n, c, k); err != nil {
		return 0, err
	}
	all := 1.0
	for i := range k {
		all *= float64(max(0, c-i)) / float64(n-i)
	}
	return all, nil
}

// GPassAtK estimates, without bias, the chance that at least a share tau in
// [0, 1] of k trials is correct, from c correct in n (Liu et al. 2024,
// arXiv:2412.13147). A tau near or at 0 asks for one correct trial and gives
// PassAtK, tau = 1 gives PassHatK. Errors as for PassAtK, and for a tau out of
// range.
func GPassAtK(n, c, k int, tau float64) (float64, error) {
	if err := checkDraw(n, c, k); err != nil {
		return 0, err
	}
	if !(tau >= 0 && tau <= 1) {
		return 0, fmt.Errorf("tau %v is not in [0, 1]", tau)
	}
	// 0.55·20 is 11.000000000000002 in binary: without the allowance it would
	// ask for 12.
	return atLeast(n, c, k)[max(1, int(math.Ceil(tau*float64(k)-1e-9)))], nil
}

// MGPassAtK is the mean of GPassAtK over tau from a half to 1:
// 2/k · Σ G-Pass@k at i/k, i from ⌈k/2⌉+1 to k. As published it is below 1 even
// for a perfect model where k is odd (0.8 at k = 5), and 0 at k = 1: keep k
// even. Errors as for PassAtK.
func MGPassAtK(n, c, k int) (float64, error) {
	if err := checkDraw(n, c, k); err != nil {
		return 0, err
	}
	sum := 0.0
	for _, p := range atLeast(n, c, k)[(k+1)/2+1:] {
		sum += p
	}
	return 2 * sum / float64(k), nil
}

func checkDraw(n, c, k int) error {
	switch {
	case c < 0 || c > n:
		return fmt.Errorf("%d correct of %d trials", c, n)
	case k < 1 || k > n:
		return fmt.Errorf("k = %d is not in 1 to %d, the number of trials", k, n)
	}
	return nil
}

// atLeast gives, for m from 0 to k, the chance of m or more correct among k
// trials drawn from n of which c are correct.
func atLeast(n, c, k int) []float64 {
	tail := make([]float64, k+1)
	low, pmf := hypergeometric(n, c, k)
	copy(tail[low:], pmf)
	for m := k - 1; m >= 0; m-- {
		tail[m] = min(1, tail[m]+tail[m+1])
	}
	for m := range low + 1 {
		tail[m] = 1
	}
	return tail
}

// hypergeometric gives the chances of low, low+1, … correct among k drawn from n
// of which c are correct. It works outward from the mode by ratios of
// neighbours, so that nothing overflows.
func hypergeometric(n, c, k int) (low int, pmf []float64) {
	low = max(0, k-(n-c))
	pmf = make([]float64, min(c, k)-low+1)
	// ratio of the chance of x+1 to that of x.
	ratio := func(x int) float64 {
		return float64(c-x) / float64(x+1) * float64(k-x) / float64(n-c-k+x+1)
	}
	mode := 0
	for mode+1 < len(pmf) && ratio(low+mode) > 1 {
		mode++
	}
	pmf[mode] = 1
	sum := 1.0
	for i := mode + 1; i < len(pmf); i++ {
		pmf[i] = pmf[i-1] * ratio(low+i-1)
		sum += pmf[i]
	}
	for i := mode - 1; i >= 0; i-- {
		pmf[i] = pmf[i+1] / ratio(low+i)
		sum += pmf[i]
	}
	for i := range pmf {
		pmf[i] /= sum
	}
	return low, pmf
}
