package runners

import (
	"bytes"
	"encoding/json"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// A chunk is a piece of a streamed answer, or a whole one.
type chunk struct {
	Model       string            `json:"model"`
	Fingerprint string            `json:"system_fingerprint"`
	Choices     []choice          `json:"choices"`
	Usage       *usage            `json:"usage"`
	Error       *wire.ErrorObject `json:"error"`
}

type choice struct {
	Delta   message `json:"delta"`
	Message message `json:"message"`
	Finish  string  `json:"finish_reason"`
}

// A message holds the thought under whichever name the service gives it.
type message struct {
	Content          content `json:"content"`
	ReasoningContent content `json:"reasoning_content"`
	Reasoning        content `json:"reasoning"`
	Refusal          string  `json:"refusal"`
}

func (m message) thought() string {
	if m.ReasoningContent != "" {
		return string(m.ReasoningContent)
	}
	return string(m.Reasoning)
}

// content is text, null, or a list of parts with text.
type content string

// UnmarshalJSON reads any of the three forms.
func (c *content) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("[")) {
		var parts []struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal(b, &parts); err != nil {
			return err
		}
		for _, p := range parts {
			*c += content(p.Text)
		}
		return nil
	}
	if bytes.HasPrefix(b, []byte("{")) { // {"content": …}: not text
		return nil
	}
	return json.Unmarshal(b, (*string)(c))
}

type usage struct {
	Prompt     *int `json:"prompt_tokens"`
	Completion *int `json:"completion_tokens"`
	Details    struct {
		Reasoning *int `json:"reasoning_tokens"`
	} `json:"completion_tokens_details"`
	Reasoning     *int `json:"reasoning_tokens"` // SGLang
	PromptDetails struct {
		Cached *int `json:"cached_tokens"`
	} `json:"prompt_tokens_details"`
}

// words gives the counts in the words of evalr.
func (u *usage) words() eval.Usage {
	out := eval.Usage{Prompt: u.Prompt, Output: u.Completion, Reasoning: u.Details.Reasoning, Cached: u.PromptDetails.Cached}
	if out.Reasoning == nil {
		out.Reasoning = u.Reasoning
	}
	return out
}
