package stats

import "math"

// An Allocation says how many trials each problem is to have in each of its two
// streams. It grows by rounds, and spends most where outcomes vary most: Neyman
// (1934), JRSS 97:558, n ∝ σ.
//
// So that the estimate stays unbiased (see Streams), the length of a stream
// depends on the scores of the other alone, and of those on a prefix alone that
// every stream of every problem has by then: were it to depend on all, its own
// early scores would speak through how many the other has. The prefix grows with
// the rounds, which keeps every problem in the running. What depends on all
// scores is one number a round for all problems, how far to go.
type Allocation struct {
	counts [][2]int // trials by problem and stream
	prefix int      // trials that every stream has
	most   int      // trials that a stream may have
	level  float64  // trials a stream, on the average
}

// share is the part of the average that the prefix is kept at.
const share = 0.75

// NewAllocation gives each of n problems pilot trials, and lets it have most at
// most; both are of both streams together, and are made even. pilot is at least
// 4, so that each stream shows its variance.
func NewAllocation(n, pilot, most int) *Allocation {
	half := max(2, (pilot+1)/2)
	a := &Allocation{counts: make([][2]int, n), prefix: half, most: max(half, most/2), level: float64(half)}
	for i := range a.counts {
		a.counts[i] = [2]int{half, half}
	}
	return a
}

// Counts gives the trials of problem i in its even and its odd stream.
func (a *Allocation) Counts(i int) (even, odd int) { return a.counts[i][0], a.counts[i][1] }

// Total gives the trials of all problems.
func (a *Allocation) Total() int {
	sum := 0
	for _, c := range a.counts {
		sum += c[0] + c[1]
	}
	return sum
}

// Level gives the trials of a problem on the average, as asked for by Raise.
func (a *Allocation) Level() float64 { return 2 * a.level }

// Full says whether no problem may have more trials.
func (a *Allocation) Full() bool { return a.level >= float64(a.most) }

// Raise brings the average to level trials a problem. Scores beyond the counts
// so far are not looked at, so that the same scores always lead to the same
// counts, however many more are known.
func (a *Allocation) Raise(level float64, problems []Streams) {
	a.level = min(max(a.level, level/2), float64(a.most))
	known := a.prefix
	a.prefix = min(a.most, max(a.prefix, int(share*a.level)))
	for stream := range 2 {
		weights := deviations(problems, 1-stream, known)
		a.spread(stream, weights)
	}
}

// spread gives stream counts in proportion to the weights, between the prefix or
// what is there and the most, such that their mean is the level.
func (a *Allocation) spread(stream int, weights []float64) {
	at := func(i int, scale float64) int {
		n := min(a.most, max(a.prefix, int(math.Round(scale*weights[i]))))
		return max(a.counts[i][stream], n)
	}
	want := a.level * float64(len(weights))
	low, high := 0.0, 1.0
	total := func(scale float64) float64 {
		sum := 0
		for i := range weights {
			sum += at(i, scale)
		}
		return float64(sum)
	}
	for total(high) < want && high < 1e9 {
		high *= 2
	}
	for range 40 {
		if middle := (low + high) / 2; total(middle) < want {
			low = middle
		} else {
			high = middle
		}
	}
	// Between the two scales lie problems of one weight: the first of them get
	// what is left.
	left := int(math.Round(want - total(low)))
	for i := range weights {
		n, more := at(i, low), at(i, high)
		step := max(0, min(left, more-n))
		left -= step
		a.counts[i][stream] = n + step
	}
}

// deviations gives, by problem, the square root of the variance of one trial
// that is to be expected after the first known scores of a stream: E[p(1-p)]
// under the Beta distribution that the scores of all problems suggest.
func deviations(problems []Streams, stream, known int) []float64 {
	seen := make([]summary, len(problems))
	for i, p := range problems {
		seen[i] = summarise(p[stream][:min(known, len(p[stream]))])
	}
	alpha, beta := difficulty(seen)
	out := make([]float64, len(problems))
	for i, s := range seen {
		right := float64(s.n) * s.mean
		a, b := alpha+right, beta+float64(s.n)-right
		out[i] = math.Sqrt(a * b / ((a + b) * (a + b + 1)))
	}
	return out
}

// difficulty fits a Beta distribution to the chances of success behind some
// means, by moments: the strength α+β is the variance within over that between.
func difficulty(seen []summary) (alpha, beta float64) {
	n, mean, within, inverse := 0.0, 0.0, 0.0, 0.0
	for _, s := range seen {
		if s.n > 1 {
			n, mean, within, inverse = n+1, mean+s.mean, within+s.variance, inverse+1/float64(s.n)
		}
	}
	if n < 2 {
		return 0.5, 0.5 // Jeffreys
	}
	mean, within, inverse = mean/n, within/n, inverse/n
	between := 0.0
	for _, s := range seen {
		if s.n > 1 {
			between += (s.mean - mean) * (s.mean - mean)
		}
	}
	between = between/(n-1) - within*inverse
	strength := 100.0
	if between > 0 {
		strength = min(strength, max(0.1, within/between))
	}
	mean = (n*mean + 0.5) / (n + 1)
	return strength * mean, strength * (1 - mean)
}
