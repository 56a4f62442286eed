package evaltest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/evalr/evalr/eval"
)

// An Ollama is a fake of Ollama's own protocol, streamed and whole.
type Ollama struct{ Service }

// NewOllama starts a fake server that ends with the test.
func NewOllama(t testing.TB, answer func(Body) Reply) *Ollama {
	t.Helper()
	s := &Ollama{Service{Answer: answer}}
	s.tongue = s
	s.start(t, "POST /api/chat", nil)
	return s
}

func (s *Ollama) read(b *Body) { b.Messages = chatMessages(b.Raw["messages"]) }

func (s *Ollama) check(b Body) (int, string) {
	options, _ := b.Raw["options"].(map[string]any)
	limit, limited := options["num_ctx"].(float64)
	size := 0
	for _, m := range b.Messages {
		size += len(strings.Fields(m.Content))
	}
	switch model, _ := b.Raw["model"].(string); {
	case model != "fake":
		return http.StatusNotFound, "model '" + model + "' not found"
	case len(b.Messages) == 0:
		return http.StatusBadRequest, "messages is required"
	case limited && size >= int(limit) && b.Raw["shift"] == false:
		return http.StatusBadRequest, "the prompt is longer than the context length currently available to the model"
	}
	return 0, ""
}

func (s *Ollama) streams(b Body) bool { return b.Raw["stream"] != false }

func (s *Ollama) refusal(_ int, message string) any { return map[string]any{"error": message} }

func (s *Ollama) broken(message string) said {
	return said{data: s.refusal(0, message), line: true}
}

// piece is an answer, or a part of one.
func (s *Ollama) piece(text, thinking string) map[string]any {
	m := map[string]any{"role": "assistant", "content": text}
	if thinking != "" {
		m["thinking"] = thinking
	}
	return map[string]any{"model": "fake", "created_at": "2026-01-02T03:04:05Z", "message": m, "done": false}
}

// ended adds how an answer ended.
func (s *Ollama) ended(piece map[string]any, r Reply) map[string]any {
	piece["done"], piece["done_reason"] = true, string(r.Stop)
	piece["total_duration"], piece["load_duration"] = 4883583458, 1334875
	u := r.Usage
	if u == nil {
		n := len(strings.Fields(r.Text + " " + r.Reasoning))
		u = &eval.Usage{Output: &n}
	}
	put(piece, "prompt_eval_count", u.Prompt)
	put(piece, "eval_count", u.Output)
	return piece
}

func (s *Ollama) whole(_ Body, r Reply) any { return s.ended(s.piece(r.Text, r.Reasoning), r) }

func (s *Ollama) said(_ Body, r Reply) []said {
	var out []said
	for _, p := range pieces(r.Reasoning) {
		out = append(out, said{data: s.piece("", p), line: true})
	}
	for _, p := range pieces(r.Text) {
		out = append(out, said{data: s.piece(p, ""), line: true})
	}
	return append(out, said{data: s.ended(s.piece("", ""), r), line: true})
}
