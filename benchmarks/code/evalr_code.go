package code

import (
	"context"
	_ "embed" // our own problems
	"sync"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

//go:embed data/evalr-code.jsonl
var ownFile []byte

// ownSet decodes the embedded problems once.
var ownSet = sync.OnceValues(func() ([]eval.Problem, error) {
	rows, err := dataset.Decode("evalr-code.jsonl", ownFile)
	if err != nil {
		return nil, err
	}
	var out []eval.Problem
	for _, row := range rows {
		p, err := ownProblem(row)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
})

func ownProblem(row dataset.Row) (eval.Problem, error) {
	f, err := fields(row, "question", "reference", "solution")
	if err != nil {
		return eval.Problem{}, err
	}
	p := eval.Problem{
		ID: row.ID(), Text: f["question"], Subject: row.Text("subject"), Difficulty: row.Text("difficulty"),
		Meta:  map[string]string{"solution": f["solution"], "reference": f["reference"]},
		Tests: &eval.Tests{Language: "python", Entry: row.Text("entry")},
	}
	if args := row.Text("args"); args != "" {
		p.Tests.Calls = &eval.Calls{Reference: f["reference"], Args: args}
		return p, nil
	}
	cases, err := row.Rows("tests")
	if err != nil {
		return p, err
	}
	for _, c := range cases {
		p.Tests.Cases = append(p.Tests.Cases, eval.Case{Input: c.Text("input"), Output: c.Text("output")})
	}
	return p, nil
}

// Own is evalr's own programming problems, embedded in the binary: functions
// judged by a reference solution's values, and programs that read and print.
func Own(t scoring.Tools) eval.Benchmark {
	return eval.Benchmark{
		Name: "evalr-code", Domain: "code",
		About: eval.About{Summary: "evalr's own Python problems: functions, and programs that read and print", License: "Apache-2.0", Embedded: true},
		Load: func(context.Context, eval.Data) (eval.Set, error) {
			problems, err := ownSet()
			return eval.Set{Problems: problems}, err
		},
		Prompt: writePrompt, Scorer: scoring.Program(t),
	}
}
