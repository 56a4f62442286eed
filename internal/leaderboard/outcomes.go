package leaderboard

import "github.com/evalr/evalr/eval"

// Outcomes counts attempts.
type Outcomes struct {
	Correct   int `json:"correct"`
	Incorrect int `json:"incorrect"`
	NoAnswer  int `json:"no_answer"`
	Truncated int `json:"truncated"`
	Refused   int `json:"refused"`
	Error     int `json:"error"`
}

func (o *Outcomes) count(a eval.Attempt) {
	if a.Err != nil {
		o.Error++
		return
	}
	o.add(a.Verdict.Outcome)
}

func (o *Outcomes) add(outcome eval.Outcome) { *o.of(outcome)++ }

// drop takes back what add did.
func (o *Outcomes) drop(outcome eval.Outcome) { *o.of(outcome)-- }

// of is the count of an outcome; an unknown one is incorrect.
func (o *Outcomes) of(outcome eval.Outcome) *int {
	switch outcome {
	case eval.Correct:
		return &o.Correct
	case eval.NoAnswer:
		return &o.NoAnswer
	case eval.Truncated:
		return &o.Truncated
	case eval.Refused:
		return &o.Refused
	default:
		return &o.Incorrect
	}
}

// Judged is the number of attempts with a verdict.
func (o Outcomes) Judged() int {
	return o.Correct + o.Incorrect + o.NoAnswer + o.Truncated + o.Refused
}

// All is the number of attempts, errors included.
func (o Outcomes) All() int { return o.Judged() + o.Error }

func (o Outcomes) plus(p Outcomes) Outcomes {
	return Outcomes{
		Correct: o.Correct + p.Correct, Incorrect: o.Incorrect + p.Incorrect, NoAnswer: o.NoAnswer + p.NoAnswer,
		Truncated: o.Truncated + p.Truncated, Refused: o.Refused + p.Refused, Error: o.Error + p.Error,
	}
}
