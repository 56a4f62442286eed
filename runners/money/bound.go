package money

import (
	"encoding/json"
	"fmt"

	"github.com/evalr/evalr/eval"
)

// A token of a byte-level BPE stands for at least one byte, so a text has at most
// as many tokens as bytes. What a chat template adds is not seen from here:
// these margins are for it, in tokens.
const (
	messageMargin = 16  // the marks around one message
	promptMargin  = 512 // a system prompt that the template or the service brings along
)

// Worst is the most that a request can use, in tokens.
type Worst struct {
	Prompt int64
	Output int64
	// Bounded is false where nothing limits the output.
	Bounded bool
}

// Tokens are prompt and output together.
func (w Worst) Tokens() int64 { return w.Prompt + w.Output }

// WorstOf gives the bounds of a request: the bytes of its texts and parameters,
// with margins for the chat template, and the limit that it sets on the output.
func WorstOf(q eval.Request) Worst {
	w := Worst{Prompt: promptMargin + int64(len(q.Prefill))}
	for _, m := range q.Messages {
		w.Prompt += int64(len(m.Role)+len(m.Content)) + messageMargin
	}
	if len(q.Extra) > 0 {
		// Tools and schemas become part of the prompt.
		if text, err := json.Marshal(q.Extra); err == nil {
			w.Prompt += int64(len(text))
		}
	}
	limit := int64(0)
	if q.Sampling.MaxTokens != nil {
		limit = int64(*q.Sampling.MaxTokens)
	}
	// Parameters that are passed through may say otherwise.
	for _, key := range []string{"max_tokens", "max_completion_tokens", "max_output_tokens", "num_predict"} {
		limit = max(limit, whole(q.Extra[key]))
	}
	limit = min(limit, 1<<40) // so that no product goes round
	for _, key := range []string{"n", "best_of"} {
		limit *= max(1, min(whole(q.Extra[key]), 1<<20))
	}
	w.Output, w.Bounded = limit, limit > 0
	return w
}

func whole(x any) int64 {
	switch n := x.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	case float64:
		return int64(min(max(n, 0), 1<<40))
	case json.Number:
		i, _ := n.Int64()
		return i
	}
	return 0
}

// errUnbounded says why a request without a limit cannot be sent under a cap.
func errUnbounded(model string) error {
	return fmt.Errorf("%s: without a limit on its output a request may cost anything, and so no cap could hold: give --max-tokens, or a preset that sets a token budget", model)
}

// errUnpriced says why a model without a price cannot be asked under a cap.
func errUnpriced(model string) error {
	return fmt.Errorf("%s: its price is unknown, and so --budget could not hold: add a row for it to a file and give that with --prices", model)
}
