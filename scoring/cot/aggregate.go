package cot

import (
	"errors"
	"slices"
)

// A Course is what the measures of efficiency need of one response.
type Course struct {
	Correct bool
	Tokens  float64 // of the thought; > 0
	// FirstCorrect is the tokens up to the end of the first correct answer; nil
	// where the thought holds none.
	FirstCorrect *float64
}

// errNothing says that a mean over nothing was asked for.
var errNothing = errors.New("there is nothing to average")

// MeanOutcomeEfficiency is ξ_O = (1/N) Σ σ_i T̂_i/T_i, in [0, 1] (Chen et al.,
// arXiv 2412.21187): the share of its tokens that a correct response needed to
// reach the answer, 0 for a wrong one. A correct response whose thought holds no
// correct answer needed all of its tokens. It fails on no courses.
func MeanOutcomeEfficiency(courses []Course) (float64, error) {
	sum := 0.0
	for _, c := range courses {
		if c.Correct {
			sum += c.known()
		}
	}
	return over(sum, len(courses))
}

// MeanUnderthinking is ξ_UT = (1/N) Σ (1 − T̂_i/T_i) over the N wrong responses, in
// [0, 1] (Wang et al., arXiv 2501.18585): the share of its tokens that a wrong
// response spent after a correct thought; 0 where it had none. It fails where
// no response is wrong.
func MeanUnderthinking(courses []Course) (float64, error) {
	sum, n := 0.0, 0
	for _, c := range courses {
		if !c.Correct {
			sum += 1 - c.known()
			n++
		}
	}
	return over(sum, n)
}

// known is T̂/T.
func (c Course) known() float64 {
	if c.FirstCorrect == nil || c.Tokens <= 0 {
		return 1
	}
	return *c.FirstCorrect / c.Tokens
}

// Solutions are the solutions that one response goes through, in order: their
// tokens, and the class of each, equal for those of one strategy. Someone must
// have told them apart; nothing here does.
type Solutions struct {
	Tokens []float64
	Class  []int
}

// MeanProcessEfficiency is ξ_P = (1/N) Σ D_i/T_i, in [0, 1], where D_i are the
// tokens of the solutions whose strategy is new (arXiv 2412.21187). It fails on
// no responses, or on one without tokens.
func MeanProcessEfficiency(responses []Solutions) (float64, error) {
	sum := 0.0
	for _, r := range responses {
		fresh, all := 0.0, 0.0
		for i, n := range r.Tokens {
			all += n
			if !slices.Contains(r.Class[:i], r.Class[i]) {
				fresh += n
			}
		}
		if all == 0 {
			return 0, errNothing
		}
		sum += fresh / all
	}
	return over(sum, len(responses))
}

// TokensPerCorrect is the tokens of all responses over the number of correct
// ones. It fails where none is correct.
func TokensPerCorrect(tokens []float64, correct []bool) (float64, error) {
	sum, n := 0.0, 0
	for i, t := range tokens {
		sum += t
		if correct[i] {
			n++
		}
	}
	return over(sum, n)
}

func over(sum float64, n int) (float64, error) {
	if n == 0 {
		return 0, errNothing
	}
	return sum / float64(n), nil
}
