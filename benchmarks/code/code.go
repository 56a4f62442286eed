// Package code holds the benchmarks of programming: one file a benchmark, each
// telling how a row becomes a Problem with tests. It must not know models or
// other domains.
package code

import (
	"context"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
)

// load is a Benchmark's Load: it reads the source's file and turns each row into
// a problem.
func load(source dataset.Source, problem func(dataset.Row) (eval.Problem, error)) func(context.Context, eval.Data) (eval.Set, error) {
	return func(_ context.Context, from eval.Data) (eval.Set, error) {
		problems, file, err := dataset.Map(source, from.Dirs, from.Home, func(row dataset.Row) (eval.Problem, bool, error) {
			p, err := problem(row)
			return p, true, err
		})
		return eval.Set{Problems: problems, Files: []eval.File{{Path: file.Path, SHA256: file.SHA256, Rows: len(file.Rows)}}}, err
	}
}

// completePrompt asks to complete a function of which the head is given.
func completePrompt(p eval.Problem) []eval.Message {
	return []eval.Message{{Role: eval.User, Content: "Complete this Python function. Give the whole function, with the imports it needs, in one ```python block.\n\n```python\n" + p.Text + "```"}}
}

// writePrompt asks to write a function that is described.
func writePrompt(p eval.Problem) []eval.Message {
	return []eval.Message{{Role: eval.User, Content: p.Text + "\n\nWrite it in Python. Give the whole program in one ```python block."}}
}

// fields reads several texts of a row.
func fields(row dataset.Row, names ...string) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range names {
		text, err := row.String(name)
		if err != nil {
			return nil, err
		}
		out[name] = text
	}
	return out, nil
}
