package math

import (
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
)

// verlInstruction is what files in the layout of the verl trainer put behind
// each question; it is taken off again.
const verlInstruction = " Let's think step by step and output the final answer within \\boxed{}."

// verl reads a row in the layout of the verl trainer: the question is the first
// message of `prompt`, the gold is reward_model.ground_truth.
func verl(row dataset.Row) (eval.Problem, error) {
	messages, err := row.Rows("prompt")
	if err != nil {
		return eval.Problem{}, err
	}
	if len(messages) == 0 {
		return eval.Problem{}, row.Errorf("the prompt is empty")
	}
	text, err := messages[0].String("content")
	if err != nil {
		return eval.Problem{}, err
	}
	reward, err := row.Row("reward_model")
	if err != nil {
		return eval.Problem{}, err
	}
	gold, err := reward.String("ground_truth")
	if err != nil {
		return eval.Problem{}, err
	}
	id := row.ID()
	if extra, err := row.Row("extra_info"); err == nil {
		if index := extra.Text("index"); index != "" {
			if _, err := strconv.Atoi(index); err == nil {
				id = index
			}
		}
	}
	return eval.Problem{ID: id, Text: strings.TrimSuffix(text, verlInstruction), Answer: []string{gold}}, nil
}
