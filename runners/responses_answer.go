package runners

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// responsesEvent is an event of a stream; each type has some of the fields.
type responsesEvent struct {
	Type     string            `json:"type"`
	Delta    content           `json:"delta"`
	Response *responsesBody    `json:"response"`
	Error    *wire.ErrorObject `json:"error"`
	Code     content           `json:"code"` // of a bare error event, as is the message
	Message  content           `json:"message"`
}

// responsesBody is an answer in one piece, and what the first and the last event
// of a stream carry.
type responsesBody struct {
	Model      string            `json:"model"`
	Status     string            `json:"status"`
	Output     []responsesItem   `json:"output"`
	Usage      *responsesUsage   `json:"usage"`
	Error      *wire.ErrorObject `json:"error"`
	Incomplete *struct {
		Reason string `json:"reason"`
	} `json:"incomplete_details"`
}

// responsesItem is a message, or a reasoning item with a summary.
type responsesItem struct {
	Type    string          `json:"type"`
	Summary []responsesPart `json:"summary"`
	Content []responsesPart `json:"content"`
}

type responsesPart struct {
	Type    string `json:"type"`
	Text    string `json:"text"`
	Refusal string `json:"refusal"`
}

type responsesUsage struct {
	Input        *int `json:"input_tokens"`
	Output       *int `json:"output_tokens"`
	InputDetails struct {
		Cached *int `json:"cached_tokens"`
	} `json:"input_tokens_details"`
	OutputDetails struct {
		Reasoning *int `json:"reasoning_tokens"`
	} `json:"output_tokens_details"`
}

// A responsesAnswer puts an answer together from its events.
type responsesAnswer struct {
	wire.Draft
	scan    scan
	pieces  bool   // some text or thought came as a piece
	thought string // the type of the events that bring the thought
	last    *responsesBody
}

func (a *responsesAnswer) spent() eval.Usage { return a.Out.Usage }

// Event takes a piece of a stream.
func (a *responsesAnswer) Event(ev wire.Event, at time.Time) error {
	data := bytes.TrimSpace(ev.Data)
	if len(data) == 0 || string(data) == "[DONE]" {
		return nil
	}
	if ev.Name != "error" && !a.over() && a.usual(data, at) {
		return nil
	}
	return a.rare(ev.Name, data, at)
}

// over says that the last event of an answer has come.
func (a *responsesAnswer) over() bool {
	return a.last != nil && a.last.Status != "in_progress" && a.last.Status != "queued"
}

// usual takes a piece of text or thought; false means that it is something else.
func (a *responsesAnswer) usual(data []byte, at time.Time) bool {
	s := &a.scan
	s.start(data)
	var kind, delta []byte
	var seen int
	s.object(func(name []byte) {
		switch string(name) {
		case "type":
			s.once(&seen, 1)
			kind = s.text()
		case "delta":
			s.once(&seen, 2)
			delta = s.text()
		case "item_id", "output_index", "content_index", "summary_index", "sequence_number", "logprobs", "obfuscation":
			s.skip()
		default:
			s.fail()
		}
	})
	return s.done() && seen == 3 && a.piece(string(kind), delta, at)
}

// piece adds the delta of an event; false means that the type has none.
func (a *responsesAnswer) piece(kind string, delta []byte, at time.Time) bool {
	switch kind {
	case "response.output_text.delta":
		a.Text(string(delta), at)
	case "response.refusal.delta":
		a.Refusal(string(delta))
	case "response.reasoning_text.delta", "response.reasoning_summary_text.delta":
		// A server that sends the thought and its summary too would be heard twice.
		if a.thought == "" {
			a.thought = kind
		}
		if a.thought == kind {
			a.Thought(string(delta), at)
		}
	default:
		return false
	}
	a.pieces = a.pieces || len(delta) > 0
	return true
}

// rare takes any event.
func (a *responsesAnswer) rare(name string, data []byte, at time.Time) error {
	var ev responsesEvent
	if err := json.Unmarshal(data, &ev); err != nil {
		return err
	}
	if a.over() && ev.Delta != "" {
		return errWentOn()
	}
	if a.piece(ev.Type, []byte(ev.Delta), at) {
		return nil
	}
	switch {
	case ev.Error != nil:
		return responsesError(ev.Error)
	case ev.Type == "error" || name == "error":
		return streamError(string(ev.Code), firstOf(string(ev.Message), string(data)))
	case ev.Response == nil:
		if ev.Type == "response.reasoning_summary_part.added" && a.thought == "response.reasoning_summary_text.delta" {
			a.Thought("\n\n", time.Time{})
		}
		return nil
	}
	return a.take(ev.Response)
}

// Whole takes an answer in one piece.
func (a *responsesAnswer) Whole(body []byte) error {
	var b responsesBody
	if err := json.Unmarshal(body, &b); err != nil {
		return err
	}
	return a.take(&b)
}

// take takes the state of the answer; the last one counts.
func (a *responsesAnswer) take(b *responsesBody) error {
	if b.Usage != nil {
		a.Out.Usage = eval.Usage{Prompt: b.Usage.Input, Output: b.Usage.Output, Reasoning: b.Usage.OutputDetails.Reasoning, Cached: b.Usage.InputDetails.Cached}
	}
	if b.Error != nil {
		return responsesError(b.Error)
	}
	if a.over() && (b.Status == "in_progress" || b.Status == "queued") {
		return errWentOn()
	}
	if b.Model != "" {
		a.Out.Model = b.Model
	}
	a.last = b
	return nil
}

func responsesError(e *wire.ErrorObject) error {
	kind := e.Type
	if len(e.Code) > 2 && e.Code[0] == '"' {
		kind = string(e.Code[1 : len(e.Code)-1])
	}
	return streamError(kind, e.Text())
}

// end says how the answer ended.
func (a *responsesAnswer) end() error {
	b := a.last
	switch {
	case b == nil && !a.pieces:
		return wire.Protocol("the server sent no response")
	case b == nil || b.Status == "in_progress" || b.Status == "queued":
		return wire.Protocol("the stream ended in the middle of the answer")
	case b.Status == "failed" || b.Status == "cancelled":
		return wire.ServerError("status " + b.Status)
	case b.Status == "completed":
		a.Out.Stop = eval.StopEnd
	case b.Status == "incomplete" && b.Incomplete != nil:
		switch b.Incomplete.Reason {
		case "max_output_tokens":
			a.Out.Stop = eval.StopLength
		case "content_filter":
			a.Out.Stop = eval.StopRefusal
		default:
			a.Out.Stop = eval.Stop(b.Incomplete.Reason)
		}
	default:
		return wire.Protocol("the answer has no status: it cannot be told whether it is whole")
	}
	if !a.pieces {
		a.output(b.Output)
	}
	return nil
}

// output reads the items of an answer that came in one piece. Of a thought the
// text counts where it is given, else the summary.
func (a *responsesAnswer) output(items []responsesItem) {
	thoughts := 0
	for _, item := range items {
		parts := item.Content
		if item.Type == "reasoning" && len(parts) == 0 {
			parts = item.Summary
		}
		for _, p := range parts {
			switch {
			case item.Type != "reasoning":
				a.Text(p.Text, time.Time{})
				a.Refusal(p.Refusal)
			case thoughts > 0:
				a.Thought("\n\n"+p.Text, time.Time{})
			default:
				a.Thought(p.Text, time.Time{})
				thoughts++
			}
		}
	}
}

// firstOf is the first text that is not empty.
func firstOf(texts ...string) string {
	if i := slices.IndexFunc(texts, func(s string) bool { return s != "" }); i >= 0 {
		return texts[i]
	}
	return ""
}
