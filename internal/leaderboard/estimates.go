package leaderboard

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/stats"
)

// overLines is the mean over the judged problems of an estimate of each. It is
// unknown if it is unknown of one of them, as with more trials than were made.
func (sh *sheet) overLines(of func(*line) (float64, error)) (float64, error) {
	judged := sh.judged()
	if len(judged) == 0 {
		return 0, fmt.Errorf("no problem has a verdict")
	}
	total := 0.0
	for _, l := range judged {
		x, err := of(l)
		if err != nil {
			return 0, fmt.Errorf("problem %s: %w", l.problem.ID, err)
		}
		total += x
	}
	return total / float64(len(judged)), nil
}

// streams are the scores of each judged problem's even and odd trials.
func (sh *sheet) streams() []stats.Streams {
	var out []stats.Streams
	for _, l := range sh.judged() {
		var s stats.Streams
		for _, t := range l.trials {
			s[t.number&1] = append(s[t.number&1], t.score)
		}
		out = append(out, s)
	}
	return out
}

// binary counts the trials of a line and the correct ones; graded scores have no
// such count.
func (sh *sheet) binary(l *line) (n, correct int, err error) {
	if sh.graded {
		return 0, 0, fmt.Errorf("scores between 0 and 1 are neither correct nor wrong")
	}
	for _, t := range l.trials {
		if t.score == 1 {
			correct++
		}
	}
	return len(l.trials), correct, nil
}

// passAt is the chance that one of k trials is correct, passHat that all are, and
// gPass that a share tau is.
func (sh *sheet) passAt(k int) (float64, error) {
	return sh.overLines(func(l *line) (float64, error) {
		n, c, err := sh.binary(l)
		if err != nil {
			return 0, err
		}
		return stats.PassAtK(n, c, k)
	})
}

func (sh *sheet) passHat(k int) (float64, error) {
	return sh.overLines(func(l *line) (float64, error) {
		n, c, err := sh.binary(l)
		if err != nil {
			return 0, err
		}
		return stats.PassHatK(n, c, k)
	})
}

func (sh *sheet) gPass(k int, tau float64) (float64, error) {
	return sh.overLines(func(l *line) (float64, error) {
		n, c, err := sh.binary(l)
		if err != nil {
			return 0, err
		}
		return stats.GPassAtK(n, c, k, tau)
	})
}

// usualKs are the k of which pass@k is worked out unasked.
var usualKs = [...]int{1, 2, 4, 5, 8, 10, 16, 25, 32, 50, 64, 100, 128, 256}

func (sh *sheet) passAtMany() map[int]float64 {
	fewest := 0
	for i, l := range sh.judged() {
		if i == 0 || len(l.trials) < fewest {
			fewest = len(l.trials)
		}
	}
	out := map[int]float64{}
	for _, k := range usualKs {
		if k > fewest || fewest < 2 {
			break
		}
		if p, err := sh.passAt(k); err == nil {
			out[k] = p
		}
	}
	return out
}

// consAt is the chance that the commonest answer of k trials is correct, a tie
// being shared. Answers that could not be extracted do not vote; where none of
// the k votes, the vote is wrong.
func (sh *sheet) consAt(k int) (float64, error) {
	return sh.overLines(func(l *line) (float64, error) { return l.consAt(k) })
}

func (l *line) consAt(k int) (float64, error) {
	if k > len(l.trials) || k < 1 {
		return 0, fmt.Errorf("cons@%d needs %d trials: there are %d", k, k, len(l.trials))
	}
	const right = 1 // no class has it that was hashed with its last bit set, or it is the same
	votes := map[uint64]int{}
	silent := 0
	for _, t := range l.trials {
		switch {
		case eval.Outcomes[t.outcome] == eval.Correct && t.class == 0:
			return 0, fmt.Errorf("answers of this kind cannot be voted on")
		case eval.Outcomes[t.outcome] == eval.Correct:
			votes[right]++
		case t.class == 0:
			silent++
		default:
			votes[t.class]++
		}
	}
	if votes[right] == 0 {
		return 0, nil
	}
	counts := []int{votes[right]}
	delete(votes, right)
	// Sorted, because sums of floats depend on the order, which a map's is not.
	counts = append(counts, slices.Sorted(maps.Values(votes))...)
	return voteAmong(counts, 0, silent, k)
}

// voteAmong averages over how many of the k trials are silent.
func voteAmong(counts []int, correct, silent, k int) (float64, error) {
	if silent == 0 {
		return stats.MajAtK(counts, correct, k)
	}
	voters := 0
	for _, c := range counts {
		voters += c
	}
	total := 0.0
	for s := max(0, k-voters); s <= min(silent, k-1); s++ {
		p, err := stats.MajAtK(counts, correct, k-s)
		if err != nil {
			return 0, err
		}
		total += p * stats.Hypergeometric(s, silent, voters+silent, k)
	}
	return total, nil
}

// leastRating is the least difficulty that is taken for a rating: the levels 1 to 5
// or 1 to 10 of many datasets are none.
const leastRating = 100

// ratingPrior is weak, and keeps a model that solved all or nothing finite.
var ratingPrior = stats.Prior{Mean: 1500, SD: 1000}

// rating estimates a rating from problems whose difficulties are ratings on the
// scale of 400 points for odds of ten to one, by the most probable value (as in
// LiveCodeBench Pro, arXiv:2506.11928).
func (sh *sheet) rating() (rating, se float64, err error) {
	var difficulties, solved []float64
	for _, l := range sh.judged() {
		d, err := strconv.ParseFloat(l.problem.Difficulty, 64)
		if err != nil || !(d >= leastRating && d <= 10_000) {
			return 0, 0, fmt.Errorf("problem %s has no rating", l.problem.ID)
		}
		difficulties, solved = append(difficulties, d), append(solved, sh.unit(l).Mean)
	}
	if len(solved) == 0 {
		return 0, 0, fmt.Errorf("no problem has a verdict")
	}
	rating, se = stats.Rating(difficulties, solved, ratingPrior)
	return rating, se, nil
}
