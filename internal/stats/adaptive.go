package stats

import "math"

// Streams holds the scores, in [0, 1], of one problem's trials in the order of
// their numbers: at 0 those of even number, at 1 those of odd. NaN stands for a
// trial that has no score.
//
// Sampling that looks at outcomes biases a plain mean: a problem that happens to
// be solved four times of four is not asked again and stays at 1.0, although it
// is solved nine times of ten. Here how often one stream is drawn depends on the
// outcomes of the other alone (see Allocation), so the mean of either stream is
// that of a number of trials that knows nothing of them, and unbiased.
type Streams [2][]float64

// A CrossFit is the score of a model on a set of problems, with its rerun
// uncertainty: what would change if the same problems were asked anew. More
// trials shrink that one; what other problems would give they do not.
type CrossFit struct {
	Mean     float64 // over problems of the mean of both streams' means, in [0, 1]
	Variance float64 // of Mean, under a rerun of the same problems
	Freedom  float64 // degrees of freedom of Variance, by Satterthwaite
	Noise    float64 // mean over problems of the variance of one trial
	Problems int     // that have a score
	Trials   int     // that have a score
}

// coin is the variance of a fair coin: the most that a score in [0, 1] can have.
const coin = 0.25

// Fit estimates the score from both streams of each problem: the mean over
// problems of ½(ȳ₀+ȳ₁), with variance Σ ¼(s²₀/n₀+s²₁/n₁)/N². Each term is
// unbiased, because no stream's length depends on its own scores. Of one problem
// more than there are, a fair coin, the variance is counted in: where all
// trials agreed it would else be zero, and the score certain.
//
// A problem without any score is left out; a stream without one is stood in for
// by the other. The variance of a problem with one score alone is taken to be
// Mean·(1-Mean), which it is at most on the average.
func Fit(problems []Streams) CrossFit {
	var f CrossFit
	var fits []problemFit
	for _, p := range problems {
		if fit, any := fitProblem(p); any {
			fits = append(fits, fit)
			f.Mean += fit.mean
			f.Trials += fit.trials
		}
	}
	f.Problems = len(fits)
	if f.Problems == 0 {
		return f
	}
	n := float64(f.Problems)
	f.Mean /= n
	sum, squares, reciprocal := 0.0, 0.0, 0.0
	for _, fit := range fits {
		if fit.trials == 1 {
			fit.noise = f.Mean * (1 - f.Mean)
			fit.parts[0] = fit.noise
		}
		f.Noise += fit.noise / n
		reciprocal += fit.reciprocal / n
		for _, part := range fit.parts {
			sum, squares = sum+part, squares+part*part
		}
	}
	f.Noise += coin / n
	spare := coin * reciprocal
	sum, squares = sum+spare, squares+spare*spare
	f.Variance = sum / (n * n)
	f.Freedom = 2 * sum * sum / squares
	return f
}

// A problemFit is one problem's part in a CrossFit.
type problemFit struct {
	trials     int
	mean       float64
	noise      float64    // variance of one trial
	parts      [2]float64 // what each stream adds to the variance of the mean
	reciprocal float64    // variance of the mean for a noise of 1
}

func fitProblem(p Streams) (f problemFit, any bool) {
	streams := [2]summary{summarise(p[0]), summarise(p[1])}
	weight := 0.5
	if streams[0].n == 0 || streams[1].n == 0 {
		weight = 1
	}
	varied := 0.0
	for _, s := range streams {
		f.trials += s.n
		if s.n > 1 {
			f.noise, varied = f.noise+s.variance, varied+1
		}
	}
	switch {
	case varied > 0:
		f.noise /= varied
	case f.trials == 2: // one in each stream: they have only each other to differ from
		d := streams[0].mean - streams[1].mean
		f.noise = d * d / 2
	}
	for i, s := range streams {
		if s.n == 0 {
			continue
		}
		f.mean += weight * s.mean
		variance := s.variance
		if s.n == 1 {
			variance = f.noise
		}
		f.parts[i] = weight * weight * variance / float64(s.n)
		f.reciprocal += weight * weight / float64(s.n)
	}
	return f, f.trials > 0
}

// HalfWidth gives half the width of the rerun interval at confidence conf in
// (0, 1), of Student's t with f.Freedom degrees of freedom. Of no scores it is 1.
func (f CrossFit) HalfWidth(conf float64) float64 {
	if f.Problems == 0 {
		return 1
	}
	return student(math.Sqrt2*math.Erfinv(conf), f.Freedom) * math.Sqrt(f.Variance)
}

// Interval gives the rerun interval at confidence conf in (0, 1), kept in [0, 1].
func (f CrossFit) Interval(conf float64) Interval {
	half := f.HalfWidth(conf)
	return Interval{max(0, f.Mean-half), min(1, f.Mean+half)}
}

// Uniform estimates how many trials of every problem alike would give the same
// rerun uncertainty: the k at which Noise/(N·k) is Variance, rounded up.
func (f CrossFit) Uniform() int {
	if f.Problems == 0 {
		return 0
	}
	return int(math.Ceil(f.Noise/(float64(f.Problems)*f.Variance) - 1e-9))
}

// A summary is the mean and variance of the scores that there are; the variance
// of fewer than two is 0.
type summary struct {
	n              int
	mean, variance float64
}

func summarise(scores []float64) summary {
	var s summary
	squares := 0.0
	for _, x := range scores {
		if math.IsNaN(x) {
			continue
		}
		s.n++
		d := x - s.mean
		s.mean += d / float64(s.n)
		squares += d * (x - s.mean)
	}
	if s.n > 1 {
		s.variance = squares / float64(s.n-1)
	}
	return s
}

// student gives the quantile of Student's t with df degrees of freedom from that
// of the normal distribution, z ≥ 0, by the expansion of Abramowitz and Stegun,
// 26.7.5: at most 1% short for z = 2 and df ≥ 3, and 3% for z = 3 and df ≥ 4.
func student(z, df float64) float64 {
	z3, z5, z7 := z*z*z, math.Pow(z, 5), math.Pow(z, 7)
	return z + (z3+z)/(4*df) + (5*z5+16*z3+3*z)/(96*df*df) + (3*z7+19*z5+17*z3-15*z)/(384*df*df*df)
}
