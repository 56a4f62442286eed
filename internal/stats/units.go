package stats

import "math"

// A Unit is one problem as it was tried: the mean score of its trials in [0, 1],
// their sample variance (divisor Trials-1; 0 with fewer than two), their number,
// and the cluster of kindred problems it belongs to ("" if it stands alone).
type Unit struct {
	Mean, Variance float64
	Trials         int
	Cluster        string
}

// SE gives the standard error of the mean of the problem means, for problems
// drawn anew: by the central limit theorem, or ClusteredSE's where a cluster has
// more than one problem. Attempts are never pooled. With fewer than two problems
// it is 0.
func SE(units []Unit) float64 {
	return ClusteredSE(columns(units))
}

// ClusteredSE gives the cluster-robust standard error of the mean of scores:
// sqrt(G/(G-1) · Σ_c (Σ_{i in c} (s_i - mean))²)/n, the CR1 sandwich with G
// clusters. A score with cluster "" is a cluster of its own; where all are, it
// is the ordinary standard error. So it is where all are in one cluster, which
// shows nothing of how clusters vary. With fewer than two scores it is 0.
func ClusteredSE(scores []float64, clusters []string) float64 {
	totals := clusterResiduals(scores, clusters)
	g := float64(len(totals))
	if g < 2 {
		return math.Sqrt(Variance(scores) / max(1, float64(len(scores))))
	}
	sum := 0.0
	for _, t := range totals {
		sum += t * t
	}
	return math.Sqrt(g/(g-1)*sum) / float64(len(scores))
}

// MillerSE gives the clustered standard error of Miller (2024, arXiv:2411.00640,
// section 2.2): the squared ordinary one plus the products of residuals of each
// two scores of a cluster, over n². The products are at least -Σ (s_i - mean)²,
// so that the sum is never negative. With fewer than two scores it is 0.
func MillerSE(scores []float64, clusters []string) float64 {
	n := float64(len(scores))
	if n < 2 {
		return 0
	}
	squares := Variance(scores) * (n - 1)
	pairs := -squares
	for _, t := range clusterResiduals(scores, clusters) {
		pairs += t * t
	}
	return math.Sqrt(max(0, squares/(n-1)/n+pairs/(n*n)))
}

// clusterResiduals gives the sum of score - mean in each cluster, in order of
// first appearance.
func clusterResiduals(scores []float64, clusters []string) []float64 {
	var totals []float64
	seen := map[string]int{}
	mean := Mean(scores)
	for i, s := range scores {
		at, known := seen[clusters[i]]
		if !known || clusters[i] == "" {
			at = len(totals)
			seen[clusters[i]] = at
			totals = append(totals, 0)
		}
		totals[at] += s - mean
	}
	return totals
}

// Split divides the variance of one attempt in two: between problems, which only
// more problems average out, and within them, which more trials do:
// Var(mean) = (between + within/K)/n. within is the mean of the problems'
// variances, between is what remains of the variance of problem means, at least
// 0. A problem with a single trial is taken to vary as the others do on average.
// known is false, and both are 0, where no problem has two trials.
func Split(units []Unit) (between, within float64, known bool) {
	noise, within, known := trialNoise(units)
	if !known {
		return 0, 0, false
	}
	means, _ := columns(units)
	return max(0, Variance(means)-noise/float64(len(units))), within, true
}

// trialNoise gives Σ σ²_i/K_i over the problems, and the mean σ².
func trialNoise(units []Unit) (sum, mean float64, known bool) {
	repeated := 0.0
	for _, u := range units {
		if u.Trials >= 2 {
			mean += u.Variance
			repeated++
		}
	}
	if repeated == 0 {
		return 0, 0, false
	}
	mean /= repeated
	for _, u := range units {
		if u.Trials >= 2 {
			sum += u.Variance / float64(u.Trials)
		} else {
			sum += mean
		}
	}
	return sum, mean, true
}

// columns gives the means and the clusters of units apart.
func columns(units []Unit) (means []float64, clusters []string) {
	means, clusters = make([]float64, len(units)), make([]string, len(units))
	for i, u := range units {
		means[i], clusters[i] = u.Mean, u.Cluster
	}
	return means, clusters
}
