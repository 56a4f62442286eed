package runners

import (
	"bytes"
	"encoding/json"
	"time"

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
	Index   json.RawMessage `json:"index"`
	Delta   message         `json:"delta"`
	Message message         `json:"message"`
	Text    content         `json:"text"` // of plain completions
	Finish  string          `json:"finish_reason"`
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

// usual takes a piece of text or thought in the envelope that services put around
// it, or the last one, which counts the tokens; false means that it is something
// else.
func (a *chatAnswer) usual(data []byte, at time.Time) bool {
	s := &a.scan
	s.start(data)
	var model, fingerprint []byte
	var p pieceOf
	var counts *usage
	chosen := false
	var seen int
	s.object(func(name []byte) {
		switch string(name) {
		case "model":
			s.once(&seen, 1)
			model = s.text()
		case "system_fingerprint":
			s.once(&seen, 2)
			fingerprint = s.text()
		case "choices":
			s.once(&seen, 4)
			s.need('[')
			if chosen = s.peek() != ']'; chosen {
				p.choice(s)
			}
			s.need(']')
		case "usage": // null in all pieces but the last
			s.once(&seen, 8)
			if s.peek() == 'n' {
				s.word("null")
				return
			}
			counts = &usage{}
			counts.read(s)
		case "id", "object", "created", "service_tier", "obfuscation", "provider", "prompt_token_ids":
			s.skip()
		default:
			s.fail()
		}
	})
	// What goes on behind the end, or belongs to a second answer, is not usual.
	if !s.done() || seen&4 == 0 || chosen && (a.over || a.index != "" && a.index != "0") {
		return false
	}
	if len(model) > 0 && string(model) != a.Out.Model {
		a.Out.Model = string(model)
	}
	if len(fingerprint) > 0 && string(fingerprint) != a.Out.Fingerprint {
		a.Out.Fingerprint = string(fingerprint)
	}
	if counts != nil {
		a.Out.Usage = counts.words()
	}
	if chosen {
		a.piece(p, at)
	}
	return true
}

// piece takes what a piece says.
func (a *chatAnswer) piece(p pieceOf, at time.Time) {
	a.choices = true
	if len(p.thought) == 0 {
		p.thought = p.reasoning
	}
	a.Thought(string(p.thought), at)
	a.Text(string(p.content), at)
	if len(p.refusal) > 0 {
		a.Refusal(string(p.refusal))
	}
	if len(p.finish) > 0 {
		a.ends(string(p.finish), len(p.thought)+len(p.content) == 0)
	}
	if p.seen&64 != 0 {
		a.index = "0"
	}
}

// pieceOf is what a piece of a stream says; seen has a bit for each field.
type pieceOf struct {
	content, thought, reasoning, refusal, finish []byte
	seen                                         int
}

func (p *pieceOf) choice(s *scan) {
	s.object(func(name []byte) {
		switch string(name) {
		case "delta":
			s.once(&p.seen, 1)
			p.delta(s)
		case "finish_reason":
			s.once(&p.seen, 2)
			p.finish = s.text()
		case "index": // another one is that of a second answer
			s.once(&p.seen, 64)
			s.word("0")
		case "logprobs", "stop_reason", "token_ids", "matched_stop", "native_finish_reason":
			s.skip()
		default:
			s.fail()
		}
	})
}

func (p *pieceOf) delta(s *scan) {
	s.object(func(name []byte) {
		switch string(name) {
		case "content":
			s.once(&p.seen, 4)
			p.content = s.text()
		case "reasoning_content":
			s.once(&p.seen, 8)
			p.thought = s.text()
		case "reasoning":
			s.once(&p.seen, 16)
			p.reasoning = s.text()
		case "refusal":
			s.once(&p.seen, 32)
			p.refusal = s.text()
		case "role", "tool_calls", "function_call", "reasoning_details":
			s.skip()
		default:
			s.fail()
		}
	})
}
