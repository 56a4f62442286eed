package runners

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// gemini asks the Gemini API (https://ai.google.dev/api/generate-content and
// https://ai.google.dev/gemini-api/docs/thinking).
type gemini struct {
	opening
	client *wire.Client
	names  geminiModel
}

func geminiAt(o opening) (eval.Runner, error) {
	return &gemini{o, o.client(geminiSign), geminiOf(o.Model)}, nil
}

// geminiSign puts the key into a header; in the address it would stand in every
// log between here and there.
func geminiSign(h http.Header, key wire.Secret) { h.Set("X-Goog-Api-Key", key.Value()) }

// Name is the model as the service knows it.
func (r *gemini) Name() string { return r.Model }

// Vet says what the API, or the model by its name, cannot do.
func (r *gemini) Vet(q eval.Request) error { return r.names.vet(q) }

// Generate asks once.
func (r *gemini) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if err := r.Vet(q); err != nil {
		return eval.Response{}, unsent(err)
	}
	body, err := r.body(q)
	if err != nil {
		return eval.Response{}, err
	}
	out, err := ask(ctx, r.client, wire.Call{Path: r.path(), Body: body, Stream: !r.Options.NoStream}, &geminiAnswer{})
	// The service refuses a wrong key with 400 (gemini-api/docs/troubleshooting).
	var f *eval.Failure
	if errors.As(err, &f) && f.Status == http.StatusBadRequest && strings.Contains(f.Message, "API key not valid") {
		f.Kind, f.Hint = eval.FailAuth, "is "+r.Kind.KeyVar+" right?"
	}
	return out, err
}

func (r *gemini) path() string {
	name := r.Model
	if !strings.Contains(name, "/") { // tunedModels/… names its collection itself
		name = "models/" + name
	}
	words := strings.Split(name, "/")
	for i := range words {
		words[i] = url.PathEscape(words[i])
	}
	if r.Options.NoStream {
		return "/" + strings.Join(words, "/") + ":generateContent"
	}
	return "/" + strings.Join(words, "/") + ":streamGenerateContent?alt=sse"
}

func (r *gemini) body(q eval.Request) ([]byte, error) {
	said := func(text string) []any { return []any{map[string]any{"text": text}} }
	system, rest := withoutSystem(q.Messages)
	contents := make([]any, 0, len(rest))
	for _, m := range rest {
		role := "user"
		if m.Role == eval.Assistant {
			role = "model"
		}
		contents = append(contents, map[string]any{"role": role, "parts": said(m.Content)})
	}
	body := map[string]any{"contents": contents}
	if system != "" {
		body["systemInstruction"] = map[string]any{"parts": said(system)}
	}
	config, s := map[string]any{}, q.Sampling
	set(config, "temperature", s.Temperature)
	set(config, "topP", s.TopP)
	set(config, "maxOutputTokens", s.MaxTokens)
	set(config, "presencePenalty", s.PresencePenalty)
	set(config, "frequencyPenalty", s.FrequencyPenalty)
	set(config, "seed", s.Seed)
	if len(s.Stop) > 0 {
		config["stopSequences"] = s.Stop
	}
	if thinking := r.names.thinking(q); len(thinking) > 0 {
		config["thinkingConfig"] = thinking
	}
	if len(config) > 0 {
		body["generationConfig"] = config
	}
	return encode(body, q.Extra)
}
