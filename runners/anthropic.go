package runners

import (
	"context"
	"net/http"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// anthropic asks the Messages API (https://platform.claude.com/docs/en/api/messages).
// Events are those of /docs/en/build-with-claude/streaming, fields those of the
// types in github.com/anthropics/anthropic-sdk-python, src/anthropic/types.
type anthropic struct {
	opening
	client *wire.Client
	claude claude
}

func anthropicAt(o opening) (eval.Runner, error) {
	return &anthropic{o, o.client(anthropicSign), claudeOf(o.Model)}, nil
}

// anthropicSign puts the key and the version of the API into the headers
// (/docs/en/api/versioning).
func anthropicSign(h http.Header, key wire.Secret) {
	h.Set("X-Api-Key", key.Value())
	h.Set("Anthropic-Version", "2023-06-01")
}

// Name is the model as the service knows it.
func (r *anthropic) Name() string { return r.Model }

// Vet says what the API, or the model by its name, cannot do.
func (r *anthropic) Vet(q eval.Request) error { return r.claude.vet(q) }

// Generate asks once.
func (r *anthropic) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if err := r.Vet(q); err != nil {
		return eval.Response{}, unsent(err)
	}
	body, err := r.body(q)
	if err != nil {
		return eval.Response{}, err
	}
	return ask(ctx, r.client, wire.Call{Path: "/messages", Body: body, Stream: !r.Options.NoStream}, &anthropicAnswer{})
}

func (r *anthropic) body(q eval.Request) ([]byte, error) {
	system, rest := withoutSystem(q.Messages)
	messages := make([]map[string]string, 0, len(rest)+1)
	for _, m := range rest {
		messages = append(messages, map[string]string{"role": string(m.Role), "content": m.Content})
	}
	if q.Prefill != "" {
		messages = append(messages, map[string]string{"role": string(eval.Assistant), "content": q.Prefill})
	}
	body := map[string]any{"model": r.Model, "messages": messages}
	if !r.Options.NoStream {
		body["stream"] = true
	}
	if system != "" {
		body["system"] = system
	}
	set(body, "max_tokens", q.Sampling.MaxTokens)
	set(body, "temperature", q.Sampling.Temperature)
	set(body, "top_p", q.Sampling.TopP)
	if len(q.Sampling.Stop) > 0 {
		body["stop_sequences"] = q.Sampling.Stop
	}
	if thinking := r.claude.thinking(q); thinking != nil && q.Extra["thinking"] == nil {
		body["thinking"] = thinking
	}
	if q.Effort != "" {
		body["output_config"] = map[string]any{"effort": q.Effort}
	}
	return encode(body, q.Extra)
}
