package code

import (
	"fmt"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

// HumanEval is OpenAI's 164 functions (Chen et al. 2021, arXiv 2107.03374), with
// its own assertions.
func HumanEval(t scoring.Tools) eval.Benchmark {
	return eval.Benchmark{
		Name: "humaneval", Domain: "code",
		About: eval.About{
			Summary: "Python functions to complete, with assertions", Source: "https://github.com/openai/human-eval",
			License: "MIT", Dataset: "openai/openai_humaneval", Files: []string{"HumanEval.jsonl.gz", "HumanEval.jsonl"},
		},
		Load: load(dataset.Source{Folders: []string{"humaneval"}, Files: []string{"HumanEval.jsonl.gz", "HumanEval.jsonl"}}, func(row dataset.Row) (eval.Problem, error) {
			f, err := fields(row, "prompt", "entry_point", "test", "canonical_solution")
			if err != nil {
				return eval.Problem{}, err
			}
			return eval.Problem{
				ID: row.ID(), Text: f["prompt"], Meta: map[string]string{"solution": f["prompt"] + f["canonical_solution"]},
				Tests: &eval.Tests{
					Language: "python", Entry: f["entry_point"], Prompt: f["prompt"],
					Reference: f["prompt"] + f["canonical_solution"],
					Script:    f["test"] + fmt.Sprintf("\n\ncheck(%s)\n", f["entry_point"]),
				},
			}, nil
		}),
		Prompt: completePrompt, Scorer: scoring.Program(t),
	}
}

// HumanEvalPlus is the same functions with EvalPlus's tests (Liu et al. 2023,
// arXiv 2305.01210): its base and further inputs, judged by what the reference
// solution returns.
func HumanEvalPlus(t scoring.Tools) eval.Benchmark {
	return eval.Benchmark{
		Name: "humaneval_plus", Domain: "code",
		About: eval.About{
			Summary: "the same functions, with EvalPlus's 80 times more tests", Source: "https://github.com/evalplus/evalplus",
			License: "Apache-2.0", Dataset: "evalplus/humanevalplus", Files: []string{"HumanEvalPlus.jsonl.gz", "HumanEvalPlus.jsonl"},
		},
		Load: load(dataset.Source{Folders: []string{"humaneval_plus"}, Files: []string{"HumanEvalPlus.jsonl.gz", "HumanEvalPlus.jsonl"}}, func(row dataset.Row) (eval.Problem, error) {
			p, err := evalPlus(row, "base_input", "plus_input")
			if err != nil {
				return p, err
			}
			p.Tests.Prompt = p.Text
			p.Tests.Calls.Reference = p.Text + p.Tests.Calls.Reference
			if p.Tests.Entry == "find_zero" {
				p.Tests.Calls.Oracle = scoring.OracleRoot
			}
			return p, nil
		}),
		Prompt: completePrompt, Scorer: scoring.Program(t),
	}
}
