// Package evaltest is for tests: a fake model server, a scripted Runner,
// the contract suites that every Runner and Benchmark must pass, and made-up
// campaigns. Besides bigboard, which writes those as run folders, it is imported
// by _test.go files alone.
package evaltest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
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

// A Reply is what the fake model says.
type Reply struct {
	Text      string
	Reasoning string // delivered apart if the style says so, else put into <think> tags
	Stop      eval.Stop
	Usage     *eval.Usage
}

// A Body is a request as the server got it.
type Body struct {
	Raw      map[string]any
	Header   http.Header
	Messages []eval.Message
}

// A Server is a fake model server that speaks Chat Completions, streamed and
// whole.
type Server struct {
	*httptest.Server
	Style Style
	// Answer makes the reply to a request.
	Answer func(Body) Reply
	// Fault, if set, may answer instead, for tests of faults; true means that it did.
	Fault func(w http.ResponseWriter, r *http.Request, b Body) bool

	mu     sync.Mutex
	bodies []Body
}

// NewServer starts a fake server that ends with the test.
func NewServer(t testing.TB, answer func(Body) Reply) *Server {
	t.Helper()
	s := &Server{Answer: answer}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"data":[{"id":"fake"}]}`)
	})
	mux.HandleFunc("POST /v1/chat/completions", s.complete)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// API is the base address.
func (s *Server) API() string { return s.URL + "/v1" }

// Bodies lists the requests so far.
func (s *Server) Bodies() []Body {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Body(nil), s.bodies...)
}

func (s *Server) complete(w http.ResponseWriter, r *http.Request) {
	body := Body{Header: r.Header.Clone()}
	if err := json.NewDecoder(r.Body).Decode(&body.Raw); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	list, _ := body.Raw["messages"].([]any)
	for _, m := range list {
		fields, _ := m.(map[string]any)
		role, _ := fields["role"].(string)
		content, _ := fields["content"].(string)
		body.Messages = append(body.Messages, eval.Message{Role: eval.Role(role), Content: content})
	}
	s.mu.Lock()
	s.bodies = append(s.bodies, body)
	s.mu.Unlock()
	if s.Fault != nil && s.Fault(w, r, body) {
		return
	}
	reply := s.Answer(body)
	if s.Style == InText && reply.Reasoning != "" {
		reply.Text, reply.Reasoning = "<think>"+reply.Reasoning+"</think>"+reply.Text, ""
	}
	if reply.Stop == "" {
		reply.Stop = eval.StopEnd
	}
	if stream, _ := body.Raw["stream"].(bool); stream {
		s.stream(w, reply)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"model": "fake", "usage": usage(reply),
		"choices": []any{map[string]any{"index": 0, "finish_reason": reply.Stop, "message": s.message(reply.Text, reply.Reasoning)}},
	})
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
	if r.Usage.Prompt != nil {
		out["prompt_tokens"] = *r.Usage.Prompt
	}
	if r.Usage.Output != nil {
		out["completion_tokens"] = *r.Usage.Output
	}
	if r.Usage.Reasoning != nil {
		out["completion_tokens_details"] = map[string]any{"reasoning_tokens": *r.Usage.Reasoning}
	}
	return out
}

// stream sends a reply in pieces of a few characters, as servers do.
func (s *Server) stream(w http.ResponseWriter, r Reply) {
	w.Header().Set("Content-Type", "text/event-stream")
	send := func(v any) {
		text, _ := json.Marshal(v)
		_, _ = fmt.Fprintf(w, "data: %s\n\n", text)
	}
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
	send(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]any{}, "finish_reason": r.Stop}}})
	send(map[string]any{"choices": []any{}, "usage": usage(r)})
	_, _ = fmt.Fprint(w, "data: [DONE]\n\n")
}

// pieces cuts a text at runes, about 40 bytes each.
func pieces(s string) []string {
	var out []string
	start := 0
	for i := range s {
		if i-start >= 40 {
			out = append(out, s[start:i])
			start = i
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}
