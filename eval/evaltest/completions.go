package evaltest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// A Completions is a fake server that goes on with a text, streamed and whole. Like
// llama.cpp's it also renders messages (POST /apply-template).
type Completions struct {
	Server
	// Opened is put behind a rendered template, as by templates that open a thought.
	Opened string
}

// NewCompletions starts a fake server that ends with the test.
func NewCompletions(t testing.TB, answer func(Body) Reply) *Completions {
	t.Helper()
	s := &Completions{Server: Server{Service: Service{Answer: answer}}}
	s.tongue = s
	s.start(t, "POST /v1/completions", func(mux *http.ServeMux) {
		mux.HandleFunc("POST /apply-template", s.apply)
	})
	return s
}

// apply renders messages, each as its role in brackets and its text.
func (s *Completions) apply(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Messages []map[string]string `json:"messages"`
		Kwargs   map[string]any      `json:"chat_template_kwargs"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || len(in.Messages) == 0 {
		s.refuse(w, http.StatusBadRequest, "'messages' is required")
		return
	}
	var prompt strings.Builder
	if in.Kwargs != nil {
		text, _ := json.Marshal(in.Kwargs)
		prompt.Write(text)
	}
	for _, m := range in.Messages {
		prompt.WriteString("[" + m["role"] + "]" + m["content"])
	}
	prompt.WriteString("[assistant]" + s.Opened)
	_ = json.NewEncoder(w).Encode(map[string]any{"prompt": prompt.String()})
}

// Prompt is the text that a request wants to be gone on from.
func Prompt(b Body) string {
	text, _ := b.Raw["prompt"].(string)
	return text
}

func (s *Completions) read(*Body) {}

func (s *Completions) check(b Body) (int, string) {
	switch {
	case Prompt(b) == "":
		return http.StatusBadRequest, "prompt: a text is wanted"
	case b.Raw["messages"] != nil:
		return http.StatusBadRequest, "messages: extra fields are not permitted"
	}
	return 0, ""
}

// text is what the model writes behind the prompt: it opens a thought only if the
// prompt does not, and is cut after 16 words where no limit is named.
func (s *Completions) text(b Body, r *Reply) string {
	text := r.Text
	if r.Reasoning != "" {
		text = r.Reasoning + "</think>" + text
		if !strings.HasSuffix(strings.TrimSpace(Prompt(b)), "<think>") {
			text = "<think>" + text
		}
	}
	if words := strings.Fields(text); b.Raw["max_tokens"] == nil && len(words) > 16 {
		text, r.Stop = strings.Join(words[:16], " "), "length"
	}
	return text
}

func (s *Completions) whole(b Body, r Reply) any {
	text := s.text(b, &r)
	return map[string]any{
		"model": "fake", "object": "text_completion", "usage": usage(r),
		"choices": []any{map[string]any{"index": 0, "text": text, "finish_reason": s.finish(r.Stop)}},
	}
}

func (s *Completions) said(b Body, r Reply) []said {
	var out []said
	piece := func(text string, finish any) {
		choice := map[string]any{"index": 0, "text": text, "finish_reason": finish}
		out = append(out, said{data: map[string]any{"model": "fake", "choices": []any{choice}}})
	}
	for _, p := range pieces(s.text(b, &r)) {
		piece(p, nil)
	}
	piece("", s.finish(r.Stop))
	out = append(out, said{data: map[string]any{"model": "fake", "choices": []any{}, "usage": usage(r)}}, said{data: "[DONE]"})
	return out
}
