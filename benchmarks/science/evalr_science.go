package science

import (
	"context"
	_ "embed" // our own problems
	"sync"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

//go:embed data/evalr-science.jsonl
var ownFile []byte

// ownTolerance is the relative error that numbers may have: they are asked to
// three significant figures.
const ownTolerance = 0.005

// ownSet decodes the embedded problems once.
var ownSet = sync.OnceValues(func() ([]eval.Problem, error) {
	rows, err := dataset.Decode("evalr-science.jsonl", ownFile)
	if err != nil {
		return nil, err
	}
	var out []eval.Problem
	for _, row := range rows {
		text, err := row.String("question")
		if err != nil {
			return nil, err
		}
		gold, err := row.String("answer")
		if err != nil {
			return nil, err
		}
		p := eval.Problem{
			ID: row.ID(), Text: text, Answer: []string{gold}, Subject: row.Text("subject"), Difficulty: row.Text("difficulty"),
			Meta: map[string]string{"solution": row.Text("solution"), "check": row.Text("check")},
		}
		if row.Has("choices") {
			if p.Choices, err = row.Strings("choices"); err != nil {
				return nil, err
			}
			if err := labelled(gold, len(p.Choices)); err != nil {
				return nil, row.Errorf("%w", err)
			}
		}
		out = append(out, p)
	}
	return out, nil
})

// Own is evalr's own problems of physics, chemistry and biology, embedded in the
// binary: multiple choice, and numbers with units.
func Own(t scoring.Tools) eval.Benchmark {
	t.Policy = t.Policy.Or(eval.Policy{RelTolerance: ownTolerance})
	return eval.Benchmark{
		Name: "evalr-science", Domain: "science",
		About: eval.About{Summary: "evalr's own problems of physics, chemistry and biology", License: "Apache-2.0", Embedded: true},
		Load: func(context.Context, eval.Data) (eval.Set, error) {
			problems, err := ownSet()
			return eval.Set{Problems: problems}, err
		},
		Prompt: func(p eval.Problem) []eval.Message {
			if len(p.Choices) > 0 {
				return choicePrompt(p)
			}
			return []eval.Message{{Role: eval.User, Content: p.Text + "\n\nPlease reason step by step, and put your final answer within \\boxed{}."}}
		},
		Scorer: scoring.ByForm(t), Policy: t.Policy,
	}
}
