package runners

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// responses asks OpenAI's Responses API, or a service that speaks it
// (https://platform.openai.com/docs/api-reference/responses/create). Fields and
// events are those of the types in github.com/openai/openai-python,
// src/openai/types/responses, which OpenAI makes from its API description.
type responses struct {
	opening
	client *wire.Client
}

func responsesAt(o opening) (eval.Runner, error) { return &responses{o, o.client(nil)}, nil }

// Name is the model as the service knows it.
func (r *responses) Name() string { return r.Model }

// Vet says what the API, or the model by its name, cannot do.
func (r *responses) Vet(q eval.Request) error {
	s := q.Sampling
	if err := lacks("the Responses API", param{"a prefill", q.Prefill != ""}, param{"a thinking budget (give --effort)", q.ThinkingBudget != nil},
		param{"a seed", s.Seed != nil}, param{"stop strings", len(s.Stop) > 0},
		param{"presence_penalty", s.PresencePenalty != nil}, param{"frequency_penalty", s.FrequencyPenalty != nil}); err != nil {
		return err
	}
	return vetOpenAI(r.Model, q)
}

// Generate asks once.
func (r *responses) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if err := r.Vet(q); err != nil {
		return eval.Response{}, unsent(err)
	}
	body, err := r.body(q)
	if err != nil {
		return eval.Response{}, err
	}
	out, err := ask(ctx, r.client, wire.Call{Path: "/responses", Body: body, Stream: !r.Options.NoStream}, &responsesAnswer{})
	var f *eval.Failure
	if errors.As(err, &f) && f.Status == http.StatusBadRequest && strings.Contains(f.Message, "reasoning summaries") {
		// "Your organization must be verified to generate reasoning summaries."
		f.Hint = `verify the organization, or do without: --param 'reasoning={"summary":null}'`
	}
	return out, err
}

// body builds the request. Nothing is kept at the service (store), and the thought
// is asked for as a summary, which is all that is shown of it.
func (r *responses) body(q eval.Request) ([]byte, error) {
	input := make([]map[string]string, 0, len(q.Messages))
	for _, m := range q.Messages {
		input = append(input, map[string]string{"role": openaiRole(r.Model, m.Role), "content": m.Content})
	}
	body := map[string]any{"model": r.Model, "input": input, "store": false}
	if !r.Options.NoStream {
		body["stream"] = true
	}
	set(body, "temperature", q.Sampling.Temperature)
	set(body, "top_p", q.Sampling.TopP)
	set(body, "max_output_tokens", q.Sampling.MaxTokens)
	reasoning := map[string]any{}
	if q.Effort != "" {
		reasoning["effort"] = q.Effort
	}
	if reasons(r.Model) {
		reasoning["summary"] = "auto"
	}
	if len(reasoning) > 0 {
		body["reasoning"] = reasoning
	}
	return encode(body, q.Extra)
}
