package evaltest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/evalr/evalr/eval"
)

// Gemini is a fake of the Gemini API, streamed and whole.
type Gemini struct {
	Service
	// Blocked refuses every prompt with this reason; empty refuses none.
	Blocked string
}

// NewGemini starts a fake server that ends with the test.
func NewGemini(t testing.TB, answer func(Body) Reply) *Gemini {
	t.Helper()
	s := &Gemini{Service: Service{Answer: answer}}
	s.tongue = s
	s.start(t, "POST /v1beta/models/{call}", nil)
	return s
}

// API is the base address.
func (s *Gemini) API() string { return s.URL + "/v1beta" }

func (s *Gemini) read(b *Body) {
	list, _ := b.Raw["contents"].([]any)
	for _, item := range list {
		fields, _ := item.(map[string]any)
		role, _ := fields["role"].(string)
		parts, _ := fields["parts"].([]any)
		var text strings.Builder
		for _, p := range parts {
			part, _ := p.(map[string]any)
			t, _ := part["text"].(string)
			text.WriteString(t)
		}
		b.Messages = append(b.Messages, eval.Message{Role: eval.Role(role), Content: text.String()})
	}
}

// check refuses what the service refuses: a missing key, unknown fields, roles and
// levels, and a level beside a budget.
func (s *Gemini) check(b Body) (int, string) {
	if b.Header.Get("X-Goog-Api-Key") == "" {
		return http.StatusForbidden, "Method doesn't allow unregistered callers"
	}
	config, _ := b.Raw["generationConfig"].(map[string]any)
	thinking, _ := config["thinkingConfig"].(map[string]any)
	for _, name := range []string{
		unknown(b.Raw, "contents", "systemInstruction", "generationConfig", "safetySettings", "tools"),
		unknown(config, "temperature", "topP", "topK", "maxOutputTokens", "presencePenalty", "frequencyPenalty", "seed", "stopSequences", "candidateCount", "thinkingConfig"),
		unknown(thinking, "includeThoughts", "thinkingBudget", "thinkingLevel"),
	} {
		if name != "" {
			return http.StatusBadRequest, `Invalid JSON payload received. Unknown name "` + name + `": Cannot find field.`
		}
	}
	if len(b.Messages) == 0 {
		return http.StatusBadRequest, "contents is not specified"
	}
	for _, m := range b.Messages {
		if m.Role != "user" && m.Role != "model" {
			return http.StatusBadRequest, "Please use a valid role: user, model."
		}
	}
	level, leveled := thinking["thinkingLevel"]
	_, budgeted := thinking["thinkingBudget"]
	switch {
	case leveled && budgeted:
		return http.StatusBadRequest, "You can only set only one of thinking budget and thinking level."
	case leveled && !slices.Contains([]any{"minimal", "low", "medium", "high"}, level):
		return http.StatusBadRequest, "Invalid value at 'generation_config.thinking_config.thinking_level'"
	}
	return 0, ""
}

func (s *Gemini) streams(b Body) bool {
	return strings.Contains(b.Path, ":streamGenerateContent?alt=sse")
}

func (s *Gemini) refusal(status int, message string) any {
	word := map[int]string{400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 429: "RESOURCE_EXHAUSTED", 503: "UNAVAILABLE"}[status]
	return map[string]any{"error": map[string]any{"code": status, "message": message, "status": word}}
}

func (s *Gemini) broken(message string) said { return said{data: s.refusal(503, message)} }

func (s *Gemini) finish(stop eval.Stop) string {
	switch stop {
	case eval.StopEnd:
		return "STOP"
	case eval.StopLength:
		return "MAX_TOKENS"
	case eval.StopRefusal:
		return "SAFETY"
	}
	return string(stop)
}

// piece is a part of an answer; the last one has a finish.
func (s *Gemini) piece(r Reply, finish eval.Stop, parts ...any) map[string]any {
	counts := map[string]any{"promptTokenCount": 7, "candidatesTokenCount": 9}
	if u := r.Usage; u != nil {
		counts = map[string]any{}
		put(counts, "promptTokenCount", u.Prompt)
		put(counts, "cachedContentTokenCount", u.Cached)
		put(counts, "thoughtsTokenCount", u.Reasoning)
		if u.Output != nil {
			said := *u.Output
			if u.Reasoning != nil {
				said -= *u.Reasoning
			}
			counts["candidatesTokenCount"] = said
		}
	}
	candidate := map[string]any{"content": map[string]any{"role": "model", "parts": parts}, "index": 0}
	if finish != "" {
		candidate["finishReason"] = s.finish(finish)
	}
	return map[string]any{"candidates": []any{candidate}, "usageMetadata": counts, "modelVersion": "fake-001", "responseId": "r1"}
}

func (s *Gemini) blocked() map[string]any {
	return map[string]any{"promptFeedback": map[string]any{"blockReason": s.Blocked}, "usageMetadata": map[string]any{"promptTokenCount": 7}, "modelVersion": "fake-001"}
}

func (s *Gemini) whole(_ Body, r Reply) any {
	if s.Blocked != "" {
		return s.blocked()
	}
	var parts []any
	if r.Reasoning != "" {
		parts = append(parts, map[string]any{"text": r.Reasoning, "thought": true})
	}
	return s.piece(r, r.Stop, append(parts, map[string]any{"text": r.Text})...)
}

func (s *Gemini) said(_ Body, r Reply) []said {
	if s.Blocked != "" {
		return []said{{data: s.blocked()}}
	}
	var out []said
	for _, p := range pieces(r.Reasoning) {
		out = append(out, said{data: s.piece(r, "", map[string]any{"text": p, "thought": true})})
	}
	for _, p := range pieces(r.Text) {
		out = append(out, said{data: s.piece(r, "", map[string]any{"text": p})})
	}
	return append(out, said{data: s.piece(r, r.Stop, map[string]any{"text": "", "thoughtSignature": "c2lnbmVk"})})
}
