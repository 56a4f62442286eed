package evaltest

import (
	"net/http"
	"slices"
	"testing"

	"github.com/evalr/evalr/eval"
)

// Anthropic is a fake of the Messages API, streamed and whole.
type Anthropic struct{ Service }

// NewAnthropic starts a fake server that ends with the test.
func NewAnthropic(t testing.TB, answer func(Body) Reply) *Anthropic {
	t.Helper()
	s := &Anthropic{Service{Answer: answer}}
	s.tongue = s
	s.start(t, "POST /v1/messages", nil)
	return s
}

// API is the base address.
func (s *Anthropic) API() string { return s.URL + "/v1" }

func (s *Anthropic) read(b *Body) { b.Messages = chatMessages(b.Raw["messages"]) }

// check refuses what the service refuses: missing headers and fields, unknown
// ones, a thinking budget out of bounds, and what does not go with a thought.
func (s *Anthropic) check(b Body) (int, string) {
	switch {
	case b.Header.Get("X-Api-Key") == "":
		return http.StatusUnauthorized, "x-api-key header is required"
	case b.Header.Get("Anthropic-Version") == "":
		return http.StatusBadRequest, "anthropic-version: header is required"
	}
	if name := unknown(b.Raw, "model", "messages", "system", "max_tokens", "stream", "temperature", "top_p", "top_k", "stop_sequences", "thinking", "output_config", "metadata", "service_tier"); name != "" {
		return http.StatusBadRequest, name + ": Extra inputs are not permitted"
	}
	most, ok := b.Raw["max_tokens"].(float64)
	if !ok {
		return http.StatusBadRequest, "max_tokens: Field required"
	}
	if b.Raw["model"] == nil || len(b.Messages) == 0 {
		return http.StatusBadRequest, "messages: at least one message is required"
	}
	for _, m := range b.Messages {
		if m.Role != eval.User && m.Role != eval.Assistant {
			return http.StatusBadRequest, "messages: unexpected role " + string(m.Role)
		}
	}
	return s.checkThinking(b, most)
}

func (s *Anthropic) checkThinking(b Body, most float64) (int, string) {
	config, _ := b.Raw["output_config"].(map[string]any)
	if effort, given := config["effort"]; given && !slices.Contains([]any{"low", "medium", "high", "xhigh", "max"}, effort) {
		return http.StatusBadRequest, "output_config.effort: unexpected value"
	}
	thinking, given := b.Raw["thinking"].(map[string]any)
	if !given || thinking["type"] == "disabled" {
		return 0, ""
	}
	budget, _ := thinking["budget_tokens"].(float64)
	temperature, warm := b.Raw["temperature"].(float64)
	mass, cut := b.Raw["top_p"].(float64)
	switch {
	case thinking["type"] != "enabled" && thinking["type"] != "adaptive":
		return http.StatusBadRequest, "thinking.type: unexpected value"
	case thinking["type"] == "enabled" && (budget < 1024 || budget >= most):
		return http.StatusBadRequest, "thinking.budget_tokens: must be at least 1024 and less than max_tokens"
	case warm && temperature != 1:
		return http.StatusBadRequest, "temperature may only be set to 1 when thinking is enabled"
	case cut && mass < 0.95:
		return http.StatusBadRequest, "top_p must be at least 0.95 when thinking is enabled"
	case b.Messages[len(b.Messages)-1].Role == eval.Assistant:
		return http.StatusBadRequest, "responses cannot be prefilled when thinking is enabled"
	}
	return 0, ""
}

func (s *Anthropic) streams(b Body) bool {
	stream, _ := b.Raw["stream"].(bool)
	return stream
}

func (s *Anthropic) refusal(status int, message string) any {
	kind := map[int]string{400: "invalid_request_error", 401: "authentication_error", 429: "rate_limit_error", 503: "overloaded_error"}[status]
	return map[string]any{"type": "error", "error": map[string]any{"type": kind, "message": message}, "request_id": "req_1"}
}

func (s *Anthropic) broken(message string) said {
	return said{"error", map[string]any{"type": "error", "error": map[string]any{"type": "overloaded_error", "message": message}}, false}
}

func (s *Anthropic) stop(stop eval.Stop) string {
	switch stop {
	case eval.StopEnd:
		return "end_turn"
	case eval.StopLength:
		return "max_tokens"
	case eval.StopRefusal:
		return "refusal"
	}
	return string(stop)
}

// usage counts the prompt in three parts, as the service does.
func (s *Anthropic) usage(r Reply) map[string]any {
	out := map[string]any{"input_tokens": 7, "output_tokens": 9}
	if u := r.Usage; u != nil && u.Prompt != nil && u.Output != nil {
		cached := 0
		if u.Cached != nil {
			cached = *u.Cached
			out["cache_read_input_tokens"] = cached
		}
		written := min(3, *u.Prompt-cached)
		out["input_tokens"], out["cache_creation_input_tokens"], out["output_tokens"] = *u.Prompt-cached-written, written, *u.Output
		if u.Reasoning != nil {
			out["output_tokens_details"] = map[string]any{"thinking_tokens": *u.Reasoning}
		}
	}
	return out
}

func (s *Anthropic) whole(b Body, r Reply) any {
	var content []any
	if r.Reasoning != "" {
		content = append(content, map[string]any{"type": "thinking", "thinking": r.Reasoning, "signature": "c2lnbmVk"},
			map[string]any{"type": "redacted_thinking", "data": "c2VjcmV0"})
	}
	content = append(content, map[string]any{"type": "text", "text": r.Text})
	return map[string]any{"id": "msg_1", "type": "message", "role": "assistant", "model": b.Raw["model"], "content": content,
		"stop_reason": s.stop(r.Stop), "stop_sequence": nil, "usage": s.usage(r)}
}

func (s *Anthropic) said(b Body, r Reply) []said {
	var out []said
	event := func(kind string, fields map[string]any) {
		fields["type"] = kind
		out = append(out, said{kind, fields, false})
	}
	counts, first := s.usage(r), map[string]any{"output_tokens": 1}
	for name, n := range counts {
		if name != "output_tokens" && name != "output_tokens_details" {
			first[name] = n
		}
	}
	event("message_start", map[string]any{"message": map[string]any{"id": "msg_1", "type": "message", "role": "assistant", "model": b.Raw["model"], "content": []any{}, "stop_reason": nil, "stop_sequence": nil, "usage": first}})
	index := 0
	block := func(start map[string]any, deltas ...map[string]any) {
		event("content_block_start", map[string]any{"index": index, "content_block": start})
		event("ping", map[string]any{})
		for _, d := range deltas {
			event("content_block_delta", map[string]any{"index": index, "delta": d})
		}
		event("content_block_stop", map[string]any{"index": index})
		index++
	}
	if r.Reasoning != "" {
		var deltas []map[string]any
		for _, piece := range pieces(r.Reasoning) {
			deltas = append(deltas, map[string]any{"type": "thinking_delta", "thinking": piece})
		}
		block(map[string]any{"type": "thinking", "thinking": "", "signature": ""}, append(deltas, map[string]any{"type": "signature_delta", "signature": "c2lnbmVk"})...)
		block(map[string]any{"type": "redacted_thinking", "data": "c2VjcmV0"})
	}
	var deltas []map[string]any
	for _, piece := range pieces(r.Text) {
		deltas = append(deltas, map[string]any{"type": "text_delta", "text": piece})
	}
	block(map[string]any{"type": "text", "text": ""}, deltas...)
	last := map[string]any{"output_tokens": counts["output_tokens"]}
	if details := counts["output_tokens_details"]; details != nil {
		last["output_tokens_details"] = details
	}
	event("message_delta", map[string]any{"delta": map[string]any{"stop_reason": s.stop(r.Stop), "stop_sequence": nil}, "usage": last})
	event("message_stop", map[string]any{})
	return out
}
