package evaltest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/evalr/evalr/eval"
)

// Responses is a fake of OpenAI's Responses API, streamed and whole.
type Responses struct {
	Service
	// Hidden leaves the summary of the thought out.
	Hidden bool
}

// NewResponses starts a fake server that ends with the test.
func NewResponses(t testing.TB, answer func(Body) Reply) *Responses {
	t.Helper()
	s := &Responses{Service: Service{Answer: answer}}
	s.tongue = s
	s.start(t, "POST /v1/responses", nil)
	return s
}

// API is the base address.
func (s *Responses) API() string { return s.URL + "/v1" }

func (s *Responses) read(b *Body) { b.Messages = chatMessages(b.Raw["input"]) }

// check refuses what the service refuses: a missing key, an unknown parameter, a
// level or a role that does not exist.
func (s *Responses) check(b Body) (int, string) {
	if !strings.HasPrefix(b.Header.Get("Authorization"), "Bearer ") {
		return http.StatusUnauthorized, "Missing bearer authentication in header"
	}
	if name := unknown(b.Raw, "model", "input", "stream", "store", "instructions", "temperature", "top_p", "max_output_tokens", "reasoning", "text", "truncation", "metadata", "include", "service_tier"); name != "" {
		return http.StatusBadRequest, "Unknown parameter: '" + name + "'."
	}
	if b.Raw["model"] == nil || len(b.Messages) == 0 {
		return http.StatusBadRequest, "Missing required parameter"
	}
	for _, m := range b.Messages {
		if !slices.Contains([]eval.Role{"user", "assistant", "system", "developer"}, m.Role) {
			return http.StatusBadRequest, "Invalid value: '" + string(m.Role) + "'"
		}
	}
	reasoning, _ := b.Raw["reasoning"].(map[string]any)
	if effort, given := reasoning["effort"]; given && !slices.Contains([]any{"none", "minimal", "low", "medium", "high", "xhigh", "max"}, effort) {
		return http.StatusBadRequest, "Invalid value for reasoning.effort"
	}
	return 0, ""
}

// unknown is the first parameter that is not among the known ones.
func unknown(raw map[string]any, known ...string) string {
	var others []string
	for name := range raw {
		if !slices.Contains(known, name) {
			others = append(others, name)
		}
	}
	if len(others) == 0 {
		return ""
	}
	return slices.Min(others)
}

func (s *Responses) streams(b Body) bool {
	stream, _ := b.Raw["stream"].(bool)
	return stream
}

func (s *Responses) refusal(status int, message string) any {
	kind := "invalid_request_error"
	if status >= 500 {
		kind = "server_error"
	}
	return map[string]any{"error": map[string]any{"message": message, "type": kind, "param": nil, "code": nil}}
}

func (s *Responses) broken(message string) said {
	return said{"error", map[string]any{"type": "error", "code": "server_error", "message": message, "param": nil, "sequence_number": 9}, false}
}

// items are the output of an answer.
func (s *Responses) items(r Reply) []any {
	var out []any
	if r.Reasoning != "" || s.Hidden {
		summary := []any{}
		if !s.Hidden {
			summary = append(summary, map[string]any{"type": "summary_text", "text": r.Reasoning})
		}
		out = append(out, map[string]any{"id": "rs_1", "type": "reasoning", "summary": summary})
	}
	part := map[string]any{"type": "output_text", "text": r.Text, "annotations": []any{}}
	if r.Stop == eval.StopRefusal {
		part = map[string]any{"type": "refusal", "refusal": r.Text}
	}
	return append(out, map[string]any{"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": []any{part}})
}

func (s *Responses) whole(b Body, r Reply) any {
	out := map[string]any{"id": "resp_1", "object": "response", "model": b.Raw["model"], "status": "completed", "error": nil, "incomplete_details": nil, "output": s.items(r)}
	if r.Stop == eval.StopLength {
		out["status"], out["incomplete_details"] = "incomplete", map[string]any{"reason": "max_output_tokens"}
	}
	if u := r.Usage; u != nil {
		counts, in, of := map[string]any{}, map[string]any{}, map[string]any{}
		put(counts, "input_tokens", u.Prompt)
		put(counts, "output_tokens", u.Output)
		put(in, "cached_tokens", u.Cached)
		put(of, "reasoning_tokens", u.Reasoning)
		counts["input_tokens_details"], counts["output_tokens_details"] = in, of
		out["usage"] = counts
	}
	return out
}

func (s *Responses) said(b Body, r Reply) []said {
	var out []said
	event := func(kind string, fields map[string]any) {
		fields["type"], fields["sequence_number"] = kind, len(out)
		out = append(out, said{kind, fields, false})
	}
	begun := map[string]any{"id": "resp_1", "object": "response", "model": b.Raw["model"], "status": "in_progress", "output": []any{}, "usage": nil, "error": nil}
	event("response.created", map[string]any{"response": begun})
	event("response.in_progress", map[string]any{"response": begun})
	if r.Reasoning != "" && !s.Hidden {
		event("response.output_item.added", map[string]any{"output_index": 0, "item": map[string]any{"id": "rs_1", "type": "reasoning", "summary": []any{}}})
		event("response.reasoning_summary_part.added", map[string]any{"item_id": "rs_1", "output_index": 0, "summary_index": 0, "part": map[string]any{"type": "summary_text", "text": ""}})
		for _, piece := range pieces(r.Reasoning) {
			event("response.reasoning_summary_text.delta", map[string]any{"item_id": "rs_1", "output_index": 0, "summary_index": 0, "delta": piece})
		}
		event("response.reasoning_summary_text.done", map[string]any{"item_id": "rs_1", "output_index": 0, "summary_index": 0, "text": r.Reasoning})
	}
	event("response.output_item.added", map[string]any{"output_index": 1, "item": map[string]any{"id": "msg_1", "type": "message", "role": "assistant", "content": []any{}}})
	kind := "output_text"
	if r.Stop == eval.StopRefusal {
		kind = "refusal"
	}
	for _, piece := range pieces(r.Text) {
		event("response."+kind+".delta", map[string]any{"item_id": "msg_1", "output_index": 1, "content_index": 0, "delta": piece, "logprobs": []any{}})
	}
	event("response."+kind+".done", map[string]any{"item_id": "msg_1", "output_index": 1, "content_index": 0})
	last := "response.completed"
	if r.Stop == eval.StopLength {
		last = "response.incomplete"
	}
	event(last, map[string]any{"response": s.whole(b, r)})
	return out
}
