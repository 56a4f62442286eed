package code

import (
	"fmt"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

// CRUXEvalO asks what a function returns (Gu et al. 2024, arXiv 2401.03065): 800
// functions.
func CRUXEvalO(t scoring.Tools) eval.Benchmark {
	return crux("cruxeval-o", "what a Python function returns", scoring.PythonValue(t),
		"Here is a Python function and an input. What does the function return? Think it through, then end with the value, as a Python literal, between [ANSWER] and [/ANSWER].\n\n```python\n%s\n```\n\nassert f(%s) == ??",
		func(f map[string]string) []any { return []any{f["code"], f["input"]} })
}

// CRUXEvalI asks for an input for which a function returns a given value.
func CRUXEvalI(t scoring.Tools) eval.Benchmark {
	return crux("cruxeval-i", "an input for which a Python function returns a value", scoring.PythonInput(t),
		"Here is a Python function and a value. Give an input for which the function returns that value; there may be several, one is enough. Think it through, then end with the call, like f(1, 'a'), between [ANSWER] and [/ANSWER].\n\n```python\n%s\n```\n\nassert f(??) == %s",
		func(f map[string]string) []any { return []any{f["code"], f["output"]} })
}

func crux(name, summary string, scorer eval.Scorer, ask string, shown func(map[string]string) []any) eval.Benchmark {
	files := []string{"cruxeval.jsonl", "test.jsonl"}
	return eval.Benchmark{
		Name: name, Domain: "code",
		About: eval.About{
			Summary: summary, Source: "https://github.com/facebookresearch/cruxeval",
			License: "MIT", Dataset: "cruxeval-org/cruxeval", Files: files,
		},
		Load: load(dataset.Source{Folders: []string{"cruxeval"}, Files: files}, func(row dataset.Row) (eval.Problem, error) {
			f, err := fields(row, "code", "input", "output")
			if err != nil {
				return eval.Problem{}, err
			}
			return eval.Problem{
				ID: row.ID(), Text: fmt.Sprintf(ask, shown(f)...), Answer: []string{f["output"]},
				Tests: &eval.Tests{Language: "python", Entry: "f", Calls: &eval.Calls{Reference: f["code"], Args: "[(" + f["input"] + ",)]"}},
			}, nil
		}),
		Prompt: func(p eval.Problem) []eval.Message {
			return []eval.Message{{Role: eval.User, Content: p.Text}}
		},
		Scorer: scorer,
	}
}
