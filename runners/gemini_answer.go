package runners

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// geminiChunk is a piece of a streamed answer, or a whole one.
type geminiChunk struct {
	Candidates []struct {
		Index   int `json:"index"`
		Content struct {
			Parts []struct {
				Text    string `json:"text"`
				Thought bool   `json:"thought"`
			} `json:"parts"`
		} `json:"content"`
		Finish string `json:"finishReason"`
	} `json:"candidates"`
	Feedback *struct {
		Block string `json:"blockReason"`
	} `json:"promptFeedback"`
	Usage *geminiUsage `json:"usageMetadata"`
	Model string       `json:"modelVersion"`
	Error *geminiError `json:"error"`
}

type geminiUsage struct {
	Prompt     *int `json:"promptTokenCount"`
	Candidates *int `json:"candidatesTokenCount"`
	Thoughts   *int `json:"thoughtsTokenCount"`
	Cached     *int `json:"cachedContentTokenCount"`
}

// geminiError has the word for its kind in status.
type geminiError struct {
	wire.ErrorObject
	Status string
}

// UnmarshalJSON reads the error of any service and the status.
func (e *geminiError) UnmarshalJSON(b []byte) error {
	var s struct {
		Status string `json:"status"`
	}
	_ = json.Unmarshal(b, &s) // an error of another shape has no status
	e.Status = s.Status
	return e.ErrorObject.UnmarshalJSON(b)
}

// A geminiAnswer puts an answer together from its pieces.
type geminiAnswer struct {
	wire.Draft
	begun   bool
	blocked bool
	finish  string
	over    bool // a piece said that this is the end, and nothing else
}

func (a *geminiAnswer) spent() eval.Usage { return a.Out.Usage }

// Event takes a piece of a stream.
func (a *geminiAnswer) Event(ev wire.Event, at time.Time) error {
	data := bytes.TrimSpace(ev.Data)
	if len(data) == 0 {
		return nil
	}
	return a.take(data, at)
}

// Whole takes an answer in one piece.
func (a *geminiAnswer) Whole(body []byte) error { return a.take(body, time.Time{}) }

func (a *geminiAnswer) take(data []byte, at time.Time) error {
	var c geminiChunk
	if err := json.Unmarshal(data, &c); err != nil {
		return err
	}
	if u := c.Usage; u != nil {
		// The thought is billed as output and counted apart from it.
		a.Out.Usage = eval.Usage{Prompt: u.Prompt, Output: sum(u.Candidates, u.Thoughts), Reasoning: u.Thoughts, Cached: u.Cached}
	}
	if c.Error != nil {
		return streamError(c.Error.Status, c.Error.Text())
	}
	if c.Model != "" {
		a.Out.Model = c.Model
	}
	if c.Feedback != nil && c.Feedback.Block != "" {
		a.blocked = true
	}
	for _, candidate := range c.Candidates {
		a.begun = true
		said := 0
		for _, p := range candidate.Content.Parts {
			said += len(p.Text)
			if p.Thought {
				a.Thought(p.Text, at)
			} else {
				a.Text(p.Text, at)
			}
		}
		switch {
		case candidate.Index != 0 || len(c.Candidates) > 1:
			return errSeveral()
		case said > 0 && a.over:
			return errWentOn()
		}
		if candidate.Finish != "" {
			a.finish, a.over = candidate.Finish, a.over || said == 0
		}
	}
	return nil
}

// end says how the answer ended: the reasons are those of FinishReason and
// BlockReason in ai.google.dev/api/generate-content.
func (a *geminiAnswer) end() error {
	switch {
	case a.blocked: // the prompt was refused, and there is no candidate
		a.Out.Stop = eval.StopRefusal
		return nil
	case !a.begun:
		return wire.Protocol("the server sent no candidates")
	case a.finish == "":
		return wire.Protocol("the stream ended in the middle of the answer")
	}
	switch a.finish {
	case "STOP":
		a.Out.Stop = eval.StopEnd
	case "MAX_TOKENS":
		a.Out.Stop = eval.StopLength
	case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII":
		a.Out.Stop = eval.StopRefusal
	case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE":
		return wire.ServerError("finishReason " + a.finish)
	default:
		a.Out.Stop = eval.Stop(a.finish)
	}
	return nil
}
