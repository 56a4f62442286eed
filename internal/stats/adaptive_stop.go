package stats

import "math"

// adaptiveConf is the confidence of both rules of stopping.
const adaptiveConf = 0.95

// A Width is the rule to go on until the rerun interval at 95% is Half to either
// side.
type Width struct{ Half float64 }

// Next gives the average trials a problem that an allocation is to be raised to;
// false says that the width is reached, or that no problem may have more. A
// round at most doubles the trials, so that the next one knows better where
// they belong, and adds a tenth at least, because every round waits for its
// slowest answer.
func (w Width) Next(a *Allocation, f CrossFit) (level float64, more bool) {
	half := f.HalfWidth(adaptiveConf)
	if half <= w.Half || a.Full() {
		return a.Level(), false
	}
	need := half / w.Half
	return a.Level() * min(2, max(1.1, need*need)), true
}

// A Decision is what a Contest came to.
type Decision string

// The decisions. Undecided is none yet.
const (
	Undecided  Decision = ""
	Lower      Decision = "lower"
	Higher     Decision = "higher"
	Equivalent Decision = "equivalent"
)

// A Contest is the rule to go on until a score is known to be lower or higher
// than a baseline's on the same problems, or to differ by less than Margin. It
// looks a few times, at levels that are fixed beforehand, and spends its 5% of
// error in proportion to the trials (Lan and DeMets 1983, Biometrika 70:659,
// with α·t); because the parts are simply added (Bonferroni), the intervals of
// all looks together hold the true difference in 95% of runs, whatever the
// looks have to do with one another, and each decision is read off them
// (repeated intervals: Jennison and Turnbull 1989, JRSS B 51:305).
type Contest struct {
	Base   CrossFit
	Margin float64 // in (0, 1)
	looks  []float64
}

// mostLooks bounds the looks of a Contest.
const mostLooks = 6

// NewContest sets the looks between pilot and most trials a problem, each at
// half as many trials again or more.
func NewContest(base CrossFit, margin float64, pilot, most int) *Contest {
	c := &Contest{Base: base, Margin: margin, looks: []float64{float64(pilot)}}
	span := float64(most) / float64(pilot)
	steps := min(mostLooks-1, int(math.Log(span)/math.Log(1.5)+1e-9))
	if steps == 0 && most > pilot {
		steps = 1
	}
	for i := 1; i <= steps; i++ {
		c.looks = append(c.looks, float64(pilot)*math.Pow(span, float64(i)/float64(steps)))
	}
	return c
}

// Looks gives the average trials a problem at each look.
func (c *Contest) Looks() []float64 { return c.looks }

// Judge gives the decision at a look, counted from 0, and the interval of the
// difference that it rests on. Where it is both significant and within the
// margin it is called significant.
func (c *Contest) Judge(look int, f CrossFit) (Decision, Interval) {
	half := c.half(look, f)
	d := f.Mean - c.Base.Mean
	in := Interval{d - half, d + half}
	switch {
	case in.High < 0:
		return Lower, in
	case in.Low > 0:
		return Higher, in
	case in.Low > -c.Margin && in.High < c.Margin:
		return Equivalent, in
	}
	return Undecided, in
}

// Hopeless says whether going on would be a waste: after all looks the interval
// would still be too wide for equivalence, because the baseline has a noise of
// its own, and the difference would have to grow by more than three standard
// errors of what is still to come to be significant. Giving up makes no error
// more likely.
func (c *Contest) Hopeless(look int, f CrossFit) bool {
	last := len(c.looks) - 1
	end := f
	end.Variance *= c.looks[look] / c.looks[last]
	half := c.half(last, end)
	grown := math.Abs(f.Mean-c.Base.Mean) + 3*math.Sqrt(f.Variance-end.Variance)
	return half >= c.Margin && grown < half
}

// half gives half the width of the interval of the difference at a look.
func (c *Contest) half(look int, f CrossFit) float64 {
	spent := c.looks[look]
	if look > 0 {
		spent -= c.looks[look-1]
	}
	alpha := (1 - adaptiveConf) * spent / c.looks[len(c.looks)-1]
	variance := f.Variance + c.Base.Variance
	freedom := variance * variance / (f.Variance*f.Variance/f.Freedom + c.Base.Variance*c.Base.Variance/c.Base.Freedom)
	return student(math.Sqrt2*math.Erfinv(1-alpha), freedom) * math.Sqrt(variance)
}
