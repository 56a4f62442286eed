// Package evaltest is for tests: fake model services, a scripted Runner, the
// contract suites that every Runner, provider and Benchmark must pass, and made-up
// campaigns. Besides bigboard, which writes those as run folders, it is imported
// by _test.go files alone.
package evaltest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/evalr/evalr/eval"
)

// A Style is where a fake server puts the thought.
type Style int

// The styles.
const (
	InText           Style = iota // all in the content, tags and all
	ReasoningContent              // in reasoning_content
	Reasoning                     // in reasoning
)

// A Server is a fake model server that speaks Chat Completions, streamed and
// whole.
type Server struct {
	Service
	Style Style
}

// NewServer starts a fake server that ends with the test.
func NewServer(t testing.TB, answer func(Body) Reply) *Server {
	t.Helper()
	s := &Server{Service: Service{Answer: answer}}
	s.tongue = s
	s.start(t, "POST /v1/chat/completions", func(mux *http.ServeMux) {
		mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(w, `{"data":[{"id":"fake"}]}`)
		})
	})
	return s
}

// API is the base address.
func (s *Server) API() string { return s.URL + "/v1" }

func (s *Server) read(b *Body) { b.Messages = chatMessages(b.Raw["messages"]) }

// chatMessages reads messages with a role and a text.
func chatMessages(list any) []eval.Message {
	var out []eval.Message
	items, _ := list.([]any)
	for _, m := range items {
		fields, _ := m.(map[string]any)
		role, _ := fields["role"].(string)
		content, _ := fields["content"].(string)
		out = append(out, eval.Message{Role: eval.Role(role), Content: content})
	}
	return out
}

func (s *Server) check(Body) (int, string) { return 0, "" }

func (s *Server) streams(b Body) bool {
	stream, _ := b.Raw["stream"].(bool)
	return stream
}

func (s *Server) refusal(status int, message string) any {
	return map[string]any{"error": map[string]any{"message": message, "type": http.StatusText(status), "code": nil}}
}

func (s *Server) broken(message string) said { return said{data: s.refusal(503, message)} }

// styled puts the thought into the text if the style says so.
func (s *Server) styled(r Reply) Reply {
	if s.Style == InText && r.Reasoning != "" {
		r.Text, r.Reasoning = "<think>"+r.Reasoning+"</think>"+r.Text, ""
	}
	return r
}

// finish names the reason for which an answer ended.
func (s *Server) finish(stop eval.Stop) string {
	if stop == eval.StopRefusal {
		return "content_filter"
	}
	return string(stop)
}

func (s *Server) whole(_ Body, r Reply) any {
	r = s.styled(r)
	return map[string]any{
		"model": "fake", "usage": usage(r),
		"choices": []any{map[string]any{"index": 0, "finish_reason": s.finish(r.Stop), "message": s.message(r.Text, r.Reasoning)}},
	}
}

func (s *Server) message(text, reasoning string) map[string]any {
	m := map[string]any{"role": "assistant", "content": text}
	switch {
	case reasoning == "":
	case s.Style == Reasoning:
		m["reasoning"] = reasoning
	default:
		m["reasoning_content"] = reasoning
	}
	return m
}

func usage(r Reply) map[string]any {
	if r.Usage == nil {
		return map[string]any{"prompt_tokens": 7, "completion_tokens": len(strings.Fields(r.Text + " " + r.Reasoning))}
	}
	out := map[string]any{}
	put(out, "prompt_tokens", r.Usage.Prompt)
	put(out, "completion_tokens", r.Usage.Output)
	if r.Usage.Reasoning != nil {
		out["completion_tokens_details"] = map[string]any{"reasoning_tokens": *r.Usage.Reasoning}
	}
	if r.Usage.Cached != nil {
		out["prompt_tokens_details"] = map[string]any{"cached_tokens": *r.Usage.Cached}
	}
	return out
}

// put sets a count if it is known.
func put(out map[string]any, name string, n *int) {
	if n != nil {
		out[name] = *n
	}
}

// said gives a reply in pieces of a few characters, as servers do.
func (s *Server) said(_ Body, r Reply) []said {
	r = s.styled(r)
	var out []said
	send := func(v any) { out = append(out, said{data: v}) }
	delta := func(text, reasoning string) {
		m := s.message(text, reasoning)
		if reasoning != "" {
			m["content"] = nil
		}
		send(map[string]any{"model": "fake", "choices": []any{map[string]any{"index": 0, "delta": m, "finish_reason": nil}}})
	}
	for _, piece := range pieces(r.Reasoning) {
		delta("", piece)
	}
	for _, piece := range pieces(r.Text) {
		delta(piece, "")
	}
	send(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{}, "finish_reason": s.finish(r.Stop)}}})
	send(map[string]any{"choices": []any{}, "usage": usage(r)})
	send("[DONE]")
	return out
}
