package runners

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// chat asks any service that speaks the Chat Completions protocol. go-openai
// builds the requests; answers are read by this package, because the library
// loses what an evaluation needs (docs/adr/0003).
type chat struct {
	opening
	client *wire.Client
}

func newChat(o opening) eval.Runner { return &chat{o.saidOnce(), o.client(nil)} }

// Name is the model as the service knows it.
func (r *chat) Name() string { return r.Model }

// Vet says what the service cannot do.
func (r *chat) Vet(q eval.Request) error {
	if q.Prefill != "" && !r.Kind.Prefill {
		return fmt.Errorf("%s cannot begin the model's answer: leave the prefill out, or use vllm, sglang or completions", r.Kind.Kind)
	}
	switch r.Kind.Kind {
	case "openai":
		if err := vetOpenAI(r.Model, q); err != nil {
			return err
		}
	case "deepseek":
		return r.vetDeepSeek(q)
	case "openrouter":
		return vetOpenRouter(q)
	}
	if q.ThinkingBudget != nil {
		return fmt.Errorf("%s has no thinking budget: give --effort, or pass on by --param what the server takes", r.Kind.Kind)
	}
	return nil
}

// Generate asks once.
func (r *chat) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if err := r.Vet(q); err != nil {
		return eval.Response{}, unsent(err)
	}
	body, err := r.body(q)
	if err != nil {
		return eval.Response{}, err
	}
	return ask(ctx, r.client, wire.Call{Path: "/chat/completions", Body: body, Stream: !r.Options.NoStream}, &chatAnswer{})
}

// Batches says where batches of requests are taken.
func (r *chat) Batches() (*wire.Client, string) { return r.client, "/v1/chat/completions" }

// BatchBody is the body of a request that stands in a batch: it is not streamed.
func (r *chat) BatchBody(q eval.Request) ([]byte, error) {
	if err := r.Vet(q); err != nil {
		return nil, &eval.Failure{Kind: eval.FailRequest, Message: err.Error()}
	}
	whole := *r
	whole.Options.NoStream = true
	return whole.body(q)
}

// BatchAnswer reads the body of an answer in a batch.
func (r *chat) BatchAnswer(body []byte) (eval.Response, error) {
	return read(r.client, &chatAnswer{}, body)
}

// body builds the request. What go-openai would drop (a zero, an empty message)
// or refuse (fields for names that begin with o1, o3, o4 or gpt-5) is put over its
// fields.
func (r *chat) body(q eval.Request) ([]byte, error) {
	s := q.Sampling
	base := openai.ChatCompletionRequest{Model: r.Model, Stream: !r.Options.NoStream, Stop: s.Stop, Seed: s.Seed, ReasoningEffort: q.Effort}
	if base.Stream {
		base.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	}
	over := map[string]any{}
	body := chatBody{
		Messages: make([]chatMessage, 0, len(q.Messages)+1), Temperature: s.Temperature, TopP: s.TopP,
		PresencePenalty: s.PresencePenalty, FrequencyPenalty: s.FrequencyPenalty, MaxTokens: s.MaxTokens,
	}
	for _, m := range q.Messages {
		role := m.Role
		if r.Kind.Kind == "openai" {
			role = eval.Role(openaiRole(r.Model, m.Role))
		}
		body.Messages = append(body.Messages, chatMessage{role, m.Content})
	}
	if q.Prefill != "" {
		body.Messages = append(body.Messages, chatMessage{eval.Assistant, q.Prefill})
		over["continue_final_message"], over["add_generation_prompt"] = true, false
	}
	if r.Kind.Kind == "openai" && reasoningName(r.Model) {
		body.MaxTokens, body.MaxCompletionTokens = nil, s.MaxTokens
	}
	r.thinking(q, &base, over)
	body.ChatCompletionRequest = base
	text, err := merge(body, over)
	if err != nil || len(q.Extra) == 0 {
		return text, err
	}
	return merge(json.RawMessage(text), q.Extra)
}

// A chatBody is go-openai's request with the fields over its own that the library
// would leave out where they are 0 or empty.
type chatBody struct {
	openai.ChatCompletionRequest
	Messages            []chatMessage `json:"messages"`
	Temperature         *float64      `json:"temperature,omitempty"`
	TopP                *float64      `json:"top_p,omitempty"`
	PresencePenalty     *float64      `json:"presence_penalty,omitempty"`
	FrequencyPenalty    *float64      `json:"frequency_penalty,omitempty"`
	MaxTokens           *int          `json:"max_tokens,omitempty"`
	MaxCompletionTokens *int          `json:"max_completion_tokens,omitempty"`
}

type chatMessage struct {
	Role    eval.Role `json:"role"`
	Content string    `json:"content"`
}

// merge gives base as JSON with fields put over its own: an object over an object
// field by field, all else as a whole.
func merge(base any, over map[string]any) ([]byte, error) {
	text, err := json.Marshal(base)
	if err != nil {
		return nil, fmt.Errorf("build the request: %w", err)
	}
	if len(over) == 0 {
		return text, nil
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, fmt.Errorf("build the request: %w", err)
	}
	for k, v := range over {
		var under map[string]any
		if m, ok := v.(map[string]any); ok && json.Unmarshal(fields[k], &under) == nil && under != nil {
			maps.Copy(under, m)
			v = under
		}
		if fields[k], err = json.Marshal(v); err != nil {
			return nil, fmt.Errorf("build the request: parameter %s: %w", k, err)
		}
	}
	return json.Marshal(fields)
}

func set[T any](over map[string]any, name string, v *T) {
	if v != nil {
		over[name] = *v
	}
}

// A chatAnswer puts an answer together from its pieces.
type chatAnswer struct {
	wire.Draft
	scan    scan
	choices bool
	finish  string
	done    bool   // the stream said [DONE], or the answer came in one piece
	over    bool   // nothing of the answer may come any more
	index   string // which of several answers this is, as the server says it
}

func (a *chatAnswer) spent() eval.Usage { return a.Out.Usage }

// Event takes a piece of a stream.
func (a *chatAnswer) Event(ev wire.Event, at time.Time) error {
	data := bytes.TrimSpace(ev.Data)
	switch {
	case string(data) == "[DONE]":
		a.done, a.over = true, true
		return nil
	case len(data) == 0:
		return nil
	}
	if ev.Name != "error" && a.usual(data, at) {
		return nil
	}
	var c chunk
	if err := json.Unmarshal(data, &c); err != nil {
		return err
	}
	if ev.Name == "error" && c.Error == nil {
		return wire.ServerError(string(data))
	}
	return a.add(c, at)
}

// Whole takes an answer in one piece.
func (a *chatAnswer) Whole(body []byte) error {
	a.done = true
	var c chunk
	if err := json.Unmarshal(body, &c); err != nil {
		return err
	}
	return a.add(c, time.Time{})
}

// add takes a piece; the error is what the server reports in it.
func (a *chatAnswer) add(c chunk, at time.Time) error {
	if c.Error != nil {
		return wire.ServerError(c.Error.Text())
	}
	if c.Model != "" {
		a.Out.Model = c.Model
	}
	if c.Fingerprint != "" {
		a.Out.Fingerprint = c.Fingerprint
	}
	if c.Usage != nil {
		a.Out.Usage = c.Usage.words()
	}
	for _, ch := range c.Choices {
		if err := a.choice(ch, at); err != nil {
			return err
		}
	}
	if len(c.Choices) > 1 {
		return errSeveral()
	}
	return nil
}

// choice takes a piece of the answer.
func (a *chatAnswer) choice(ch choice, at time.Time) error {
	a.choices = true
	if index := string(ch.Index); index != "" && index != "null" {
		if a.index != "" && a.index != index {
			return errSeveral()
		}
		a.index = index
	}
	said := 0
	for _, m := range []message{ch.Delta, ch.Message, {Content: ch.Text}} {
		thought := m.thought()
		said += len(thought) + len(m.Content)
		a.Thought(thought, at)
		a.Text(string(m.Content), at)
		a.Refusal(m.Refusal)
	}
	if said > 0 && a.over {
		return errWentOn()
	}
	if ch.Finish != "" {
		a.ends(ch.Finish, said == 0)
	}
	return nil
}

// ends notes why the answer ended. Some services give a reason in every piece: only
// a piece that says nothing else is the end for certain.
func (a *chatAnswer) ends(reason string, bare bool) { a.finish, a.over = reason, a.over || bare }

// end says how the answer ended. One that nothing ended was cut off by the
// connection.
func (a *chatAnswer) end() error {
	switch {
	case !a.choices:
		return wire.Protocol("the server sent no choices")
	case a.finish == "" && !a.done:
		return wire.Protocol("the stream ended in the middle of the answer")
	case a.finish == "":
		return wire.Protocol("the answer has no finish_reason: it cannot be told whether it is whole")
	}
	switch a.finish {
	case "stop", "eos", "stop_sequence", "end_turn":
		a.Out.Stop = eval.StopEnd
	case "length", "max_tokens":
		a.Out.Stop = eval.StopLength
	case "content_filter", "refusal":
		a.Out.Stop = eval.StopRefusal
	case "error", "abort":
		return wire.ServerError("finish_reason " + a.finish)
	default:
		a.Out.Stop = eval.Stop(a.finish)
	}
	return nil
}
