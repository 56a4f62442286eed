package scoring

import (
	"context"
	"fmt"

	"github.com/evalr/evalr/eval"
)

// SecondOpinion asks judges about every answer that first judged to be correct or
// incorrect. The verdict stays that of first: what the judges say is recorded
// beside it, with a warning where they are of another mind, so that their agreement
// can be counted. A judge that fails is a warning too.
func SecondOpinion(first eval.Scorer, t Tools) (eval.Scorer, error) {
	if len(t.Judge.Runners) == 0 {
		return nil, errNoJudge
	}
	if err := t.Judge.distinct(); err != nil {
		return nil, err
	}
	return secondOpinion{first, t.Judge}, nil
}

type secondOpinion struct {
	first eval.Scorer
	judge Judge
}

// Unasked is the first scorer, whose the verdict is.
func (s secondOpinion) Unasked(p eval.Problem) eval.Scorer { return eval.Unasked(s.first, p) }

func (s secondOpinion) Score(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
	v, err := s.first.Score(ctx, p, r)
	if err != nil || v.Judging != nil || v.Outcome != eval.Correct && v.Outcome != eval.Incorrect {
		return v, err
	}
	if len(p.Answer) == 0 && p.Meta[RubricKey] == "" {
		return v, nil // a judge has nothing to go by
	}
	words, err := s.judge.ask(ctx, p, r.Text)
	if err != nil {
		return eval.Verdict{}, err
	}
	said, err := words.verdict()
	if broke := words.broke(); broke != nil { // the opinion is still wanted, and can be had later
		return eval.Verdict{Checks: said.Checks, Judging: said.Judging}, broke
	}
	v.Checks = append(v.Checks[:len(v.Checks):len(v.Checks)], said.Checks...)
	v.Judging = said.Judging
	v.Judging.Second = true
	v.Warnings = append(v.Warnings[:len(v.Warnings):len(v.Warnings)], said.Warnings...)
	switch {
	case err != nil:
		v.Warnings = append(v.Warnings, "judge_failed: "+err.Error())
	case said.Outcome != v.Outcome:
		v.Warnings = append(v.Warnings, fmt.Sprintf("judge_disagrees: it is %s; %s", said.Outcome, said.Why))
	}
	return v, nil
}
