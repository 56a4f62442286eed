package stats

import "math"

// PairedDifference compares two lists of scores of the same problems: the mean
// of a[i]-b[i], its standard error (ClusteredSE of the differences), and the
// correlation of a with b, which says what the pairing gained; 0 where either
// does not vary. a, b and clusters are of one length. Of nothing all are 0.
func PairedDifference(a, b []float64, clusters []string) (mean, se, corr float64) {
	if len(a) == 0 {
		return 0, 0, 0
	}
	d := make([]float64, len(a))
	ma, mb, sab, saa, sbb := Mean(a), Mean(b), 0.0, 0.0, 0.0
	for i := range a {
		d[i] = a[i] - b[i]
		sab += (a[i] - ma) * (b[i] - mb)
		saa += (a[i] - ma) * (a[i] - ma)
		sbb += (b[i] - mb) * (b[i] - mb)
	}
	if saa > 0 && sbb > 0 {
		corr = max(-1, min(1, sab/math.Sqrt(saa)/math.Sqrt(sbb)))
	}
	return Mean(d), ClusteredSE(d, clusters), corr
}

// McNemarExact gives the exact two-sided p-value of b problems that only one
// model solved against c that only the other did: min(1, 2·P(X ≤ min(b, c))) with
// X binomial of b+c at 1/2. With b+c = 0 it is 1.
func McNemarExact(b, c int) float64 {
	cdf, _ := halfBinomial(min(b, c), b+c)
	return min(1, 2*cdf)
}

// McNemarMidP is McNemarExact less the chance of what was seen: less
// conservative, for display (Fagerland, Lydersen and Laake 2013).
func McNemarMidP(b, c int) float64 {
	cdf, pmf := halfBinomial(min(b, c), b+c)
	return min(1, 2*cdf-pmf)
}

// halfBinomial gives P(X ≤ x) and P(X = x) for X binomial of n at 1/2.
func halfBinomial(x, n int) (cdf, pmf float64) {
	for i, p := range binomialPMF(n, x, 0.5) {
		cdf += p
		if i == x {
			pmf = p
		}
	}
	return cdf, pmf
}
