// Package math holds the benchmarks of mathematics: one file a benchmark, each
// telling how a row becomes a Problem, how it is asked and how it is judged.
// It must not know models or other domains.
package math

import (
	"context"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
)

// instruction is what mathematical problems are asked with.
const instruction = "Please reason step by step, and put your final answer within \\boxed{}."

func prompt(p eval.Problem) []eval.Message {
	return []eval.Message{{Role: eval.User, Content: p.Text + "\n\n" + instruction}}
}

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

// plain reads the usual row: a question and a gold under one of several names.
func plain(row dataset.Row, question, answer string) (eval.Problem, error) {
	text, err := row.String(question)
	if err != nil {
		return eval.Problem{}, err
	}
	gold, err := row.String(answer)
	if err != nil {
		return eval.Problem{}, err
	}
	return eval.Problem{
		ID: row.ID(), Text: text, Answer: []string{gold},
		Subject: first(row.Text("subject"), row.Text("type"), row.Text("subfield")), Difficulty: row.Text("level"),
	}, nil
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
