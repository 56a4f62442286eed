package math

import (
	"context"
	_ "embed" // our own problems
	"sync"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

//go:embed data/evalr-math.jsonl
var ownFile []byte

// ownSet decodes the embedded problems once.
var ownSet = sync.OnceValues(func() ([]eval.Problem, error) {
	rows, err := dataset.Decode("evalr-math.jsonl", ownFile)
	if err != nil {
		return nil, err
	}
	var out []eval.Problem
	for _, row := range rows {
		p, err := plain(row, "question", "answer")
		if err != nil {
			return nil, err
		}
		p.Difficulty = row.Text("difficulty")
		p.Meta = map[string]string{"solution": row.Text("solution"), "check": row.Text("check")}
		out = append(out, p)
	}
	return out, nil
})

// Own is evalr's own problems of mathematics, embedded in the binary: original,
// graded 1 to 5, each with a worked solution in Meta["solution"].
func Own(t scoring.Tools) eval.Benchmark {
	return eval.Benchmark{
		Name: "evalr-math", Domain: "math",
		About: eval.About{Summary: "evalr's own problems, from arithmetic to number theory", License: "Apache-2.0", Embedded: true},
		Load: func(context.Context, eval.Data) (eval.Set, error) {
			problems, err := ownSet()
			return eval.Set{Problems: problems}, err
		},
		Prompt: prompt, Scorer: scoring.Math(t),
	}
}
