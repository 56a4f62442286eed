package stats

import (
	"math/rand/v2"
	"slices"
)

// resamples is how often a bootstrap draws.
const resamples = 2000

// stream is the second half of every seed: the seed a caller gives is the first.
const stream = 0x9e3779b97f4a7c15

func generator(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// Bootstrap gives the percentile interval of the mean of x at confidence conf,
// by drawing x anew with replacement 2000 times (Efron 1979). The same seed
// gives the same interval. With fewer than two values it is [min, max] of x, or
// [0, 1] of nothing.
func Bootstrap(x []float64, conf float64, seed uint64) Interval {
	switch len(x) {
	case 0:
		return Interval{0, 1}
	case 1:
		return Interval{x[0], x[0]}
	}
	r := generator(seed)
	return percentile(conf, func() float64 {
		sum := 0.0
		for range x {
			sum += x[r.IntN(len(x))]
		}
		return sum / float64(len(x))
	})
}

// ClusterBootstrap is Bootstrap with whole clusters drawn; a score with cluster
// "" is a cluster of its own. The mean is that of the scores drawn, so that its
// divisor varies with the clusters' sizes.
func ClusterBootstrap(scores []float64, clusters []string, conf float64, seed uint64) Interval {
	if len(scores) == 0 {
		return Interval{0, 1}
	}
	var sums, sizes []float64
	seen := map[string]int{}
	for i, s := range scores {
		at, known := seen[clusters[i]]
		if !known || clusters[i] == "" {
			at = len(sums)
			seen[clusters[i]] = at
			sums, sizes = append(sums, 0), append(sizes, 0)
		}
		sums[at] += s
		sizes[at]++
	}
	r := generator(seed)
	return percentile(conf, func() float64 {
		sum, size := 0.0, 0.0
		for range sums {
			c := r.IntN(len(sums))
			sum += sums[c]
			size += sizes[c]
		}
		return sum / size
	})
}

// TwoLevelBootstrap is Bootstrap of the mean of problem means, with problems
// drawn and then trials within each: scores[i] are the trials of problem i. It
// is a little wide, because the noise of trials counts twice: its variance is
// Var(means)/n + mean of Var_i/K_i over n. Problems without trials are skipped.
func TwoLevelBootstrap(scores [][]float64, conf float64, seed uint64) Interval {
	scores = slices.DeleteFunc(slices.Clone(scores), func(s []float64) bool { return len(s) == 0 })
	if len(scores) == 0 {
		return Interval{0, 1}
	}
	r := generator(seed)
	return percentile(conf, func() float64 {
		sum := 0.0
		for range scores {
			trials := scores[r.IntN(len(scores))]
			one := 0.0
			for range trials {
				one += trials[r.IntN(len(trials))]
			}
			sum += one / float64(len(trials))
		}
		return sum / float64(len(scores))
	})
}

// percentile gives the middle conf of the values that draw gives.
func percentile(conf float64, draw func() float64) Interval {
	values := make([]float64, resamples)
	for i := range values {
		values[i] = draw()
	}
	slices.Sort(values)
	return Interval{quantileSorted(values, (1-conf)/2), quantileSorted(values, (1+conf)/2)}
}
