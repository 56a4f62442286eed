// Package science holds the benchmarks of science, most of them multiple
// choice: one file a benchmark. It must not know models or other domains.
package science

import (
	"context"
	"fmt"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
)

// letters label options in prompts.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// load is a Benchmark's Load: it turns each row of the source's file that is
// wanted into a problem.
func load(source dataset.Source, problem func(dataset.Row) (eval.Problem, bool, error)) func(context.Context, eval.Data) (eval.Set, error) {
	return func(_ context.Context, from eval.Data) (eval.Set, error) {
		problems, file, err := dataset.Map(source, from.Dirs, from.Home, problem)
		return eval.Set{Problems: problems, Files: []eval.File{{Path: file.Path, SHA256: file.SHA256, Rows: len(file.Rows)}}}, err
	}
}

// choicePrompt lists the options by letter and asks for one of them.
func choicePrompt(p eval.Problem) []eval.Message {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", p.Text)
	for i, c := range p.Choices {
		fmt.Fprintf(&b, "%c. %s\n", letters[i], c)
	}
	fmt.Fprintf(&b, "\nThink step by step, then end with a line \"Answer: X\", where X is the letter of one option.")
	return []eval.Message{{Role: eval.User, Content: b.String()}}
}

// labelled checks that a gold is the label of an option.
func labelled(gold string, options int) error {
	if options < 2 || options > len(letters) {
		return fmt.Errorf("%d options: from 2 to %d can be asked", options, len(letters))
	}
	if len(gold) != 1 || !strings.Contains(letters[:options], gold) {
		return fmt.Errorf("the answer %q is none of the letters %s", gold, letters[:options])
	}
	return nil
}
