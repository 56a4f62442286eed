package runners

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// completions asks a service that goes on with a text: the legacy Completions
// protocol of OpenAI, as vLLM, SGLang and llama.cpp's server speak it. The chat is
// turned into a text here, so that an answer can be begun for the model.
type completions struct {
	opening
	client   *wire.Client
	template *template // nil if none was named
	warned   sync.Once
}

func completionsAt(o opening) (eval.Runner, error) {
	r := &completions{opening: o, client: o.client(nil)}
	if o.Options.Template == "" {
		return r, nil
	}
	t, err := openTemplate(o.Options.Template)
	r.template = t
	return r, err
}

// Name is the model as the service knows it.
func (r *completions) Name() string { return r.Model }

// Prefill is the beginning that the template wants of every answer; empty if it
// wants none.
func (r *completions) Prefill() string {
	if r.template == nil {
		return ""
	}
	return r.template.prefill
}

// Vet says what cannot be sent.
func (r *completions) Vet(q eval.Request) error {
	_, err := r.prompt(q)
	return err
}

// prompt gives the text that the model goes on from.
func (r *completions) prompt(q eval.Request) (string, error) {
	switch {
	case r.template == nil:
		return "", fmt.Errorf("the chat template of %s is unknown: name it by --template: %s", r.Model, templateChoices())
	case q.Effort != "":
		return "", fmt.Errorf("completions has no reasoning effort: leave it out, or let the template say it")
	case q.ThinkingBudget != nil:
		return "", fmt.Errorf("completions has no thinking budget: leave it out, or limit the whole answer by --max-tokens")
	case q.Sampling.MaxTokens == nil:
		// 16 is the default of OpenAI's protocol and of vLLM's CompletionRequest
		// (vllm/entrypoints/openai).
		return "", fmt.Errorf("completions gives 16 tokens where no limit is named: give --max-tokens")
	case r.template.prefill != "" && !strings.HasPrefix(q.Prefill, strings.TrimSpace(r.template.prefill)):
		return "", fmt.Errorf("the template %s wants answers that begin with %q: give that as the prefill", r.template.name, r.template.prefill)
	}
	return r.template.render(q.Messages, q.Prefill)
}

// Generate asks once.
func (r *completions) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	prompt, err := r.prompt(q)
	if err != nil {
		return eval.Response{}, &eval.Failure{Kind: eval.FailRequest, Message: err.Error()}
	}
	r.warn(q)
	stops := slices.Concat(q.Sampling.Stop, r.template.stops)
	return r.complete(ctx, q, prompt, stops)
}

// warn says once that a question holds what the model does not take for text. It is
// sent as it is all the same, as a chat endpoint would: anything else would change
// the question.
func (r *completions) warn(q eval.Request) {
	if mark, ok := r.template.mark(q.Messages); ok {
		r.warned.Do(func() {
			r.Options.Warn(fmt.Sprintf("%s: a prompt holds %q, which the model takes for a mark of its chat format and not for text; it is sent as it is", r.Model, mark))
		})
	}
}

// complete sends a text to go on from.
func (r *completions) complete(ctx context.Context, q eval.Request, prompt string, stops []string) (eval.Response, error) {
	body, err := r.body(q, prompt, stops)
	if err != nil {
		return eval.Response{}, err
	}
	return ask(ctx, r.client, wire.Call{Path: "/completions", Body: body, Stream: !r.Options.NoStream}, &chatAnswer{})
}

func (r *completions) body(q eval.Request, prompt string, stops []string) ([]byte, error) {
	s := q.Sampling
	fields := map[string]any{"model": r.Model, "prompt": prompt, "stream": !r.Options.NoStream}
	if !r.Options.NoStream {
		fields["stream_options"] = map[string]any{"include_usage": true}
	}
	if len(stops) > 0 {
		fields["stop"] = stops
	}
	set(fields, "temperature", s.Temperature)
	set(fields, "top_p", s.TopP)
	set(fields, "max_tokens", s.MaxTokens)
	set(fields, "presence_penalty", s.PresencePenalty)
	set(fields, "frequency_penalty", s.FrequencyPenalty)
	set(fields, "seed", s.Seed)
	return merge(fields, q.Extra)
}
