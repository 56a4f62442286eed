package runners

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
)

// A chunk is a piece of a streamed answer, or a whole one.
type chunk struct {
	Model       string    `json:"model"`
	Fingerprint string    `json:"system_fingerprint"`
	Choices     []choice  `json:"choices"`
	Usage       *usage    `json:"usage"`
	Error       *apiError `json:"error"`
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

// apiError is the error object of a service: an object, or just a text.
type apiError struct {
	Message string          `json:"message"`
	Code    json.RawMessage `json:"code"`
	raw     string
}

// UnmarshalJSON reads an object or a text.
func (e *apiError) UnmarshalJSON(b []byte) error {
	e.raw = string(b)
	if bytes.HasPrefix(b, []byte(`"`)) {
		return json.Unmarshal(b, &e.Message)
	}
	type plain apiError
	return json.Unmarshal(b, (*plain)(e))
}

func (e *apiError) text() string {
	text := e.Message
	if text == "" {
		text = e.raw
	}
	if code := strings.Trim(string(e.Code), `"`); code != "" && code != "null" {
		text += " (" + code + ")"
	}
	return short(text)
}

// An assembly puts an answer together from its pieces.
type assembly struct {
	out       eval.Response
	text      strings.Builder
	reasoning strings.Builder
	refusal   strings.Builder
	choices   bool
	finish    string
	first     time.Time // of the first token of thought or answer
}

// add takes a piece; the error is what the server reports in it.
func (a *assembly) add(c chunk, at time.Time) error {
	if c.Error != nil {
		return serverError(c.Error.text())
	}
	if c.Model != "" {
		a.out.Model = c.Model
	}
	if c.Fingerprint != "" {
		a.out.Fingerprint = c.Fingerprint
	}
	if u := c.Usage; u != nil {
		a.out.Usage = eval.Usage{Prompt: u.Prompt, Output: u.Completion, Reasoning: u.Details.Reasoning, Cached: u.PromptDetails.Cached}
		if a.out.Usage.Reasoning == nil {
			a.out.Usage.Reasoning = u.Reasoning
		}
	}
	for _, ch := range c.Choices {
		a.choices = true
		for _, m := range []message{ch.Delta, ch.Message} {
			a.text.WriteString(string(m.Content))
			a.reasoning.WriteString(m.thought())
			a.refusal.WriteString(m.Refusal)
			if a.first.IsZero() && (m.Content != "" || m.thought() != "") {
				a.first = at
			}
		}
		if ch.Finish != "" {
			a.finish = ch.Finish
		}
	}
	return nil
}

// response is the whole answer. An answer that nothing ended was cut off by the
// connection: done says that the stream said [DONE] or was in one piece.
func (a *assembly) response(done bool) (eval.Response, error) {
	switch {
	case !a.choices:
		return eval.Response{}, &eval.Failure{Kind: eval.FailProtocol, Message: "the server sent no choices", Temporary: true}
	case a.finish == "" && !done:
		return eval.Response{}, &eval.Failure{Kind: eval.FailProtocol, Message: "the stream ended in the middle of the answer", Temporary: true}
	case a.finish == "":
		return eval.Response{}, &eval.Failure{Kind: eval.FailProtocol, Message: "the answer has no finish_reason: it cannot be told whether it is whole", Temporary: true}
	}
	a.out.Raw, a.out.Reasoning = a.text.String(), a.reasoning.String()
	switch a.finish {
	case "stop", "eos", "stop_sequence", "end_turn":
		a.out.Stop = eval.StopEnd
	case "length", "max_tokens":
		a.out.Stop = eval.StopLength
	case "content_filter", "refusal":
		a.out.Stop = eval.StopRefusal
	case "error", "abort":
		return eval.Response{}, serverError("finish_reason " + a.finish)
	default:
		a.out.Stop = eval.Stop(a.finish)
	}
	if a.refusal.Len() > 0 {
		a.out.Stop = eval.StopRefusal
		if a.out.Raw == "" {
			a.out.Raw = a.refusal.String()
		}
	}
	return a.out, nil
}
