package runners

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// llamacpp asks llama.cpp's server: by Chat Completions, but an answer that is
// begun for the model goes another way. The server renders the model's own
// template (POST /apply-template) and goes on from that text and the prefill (POST
// /v1/completions): https://github.com/ggml-org/llama.cpp, tools/server/README.md.
// Its chat endpoint continues an assistant's message as well, but many versions
// refuse to where thinking is on ("Assistant response prefill is incompatible with
// enable_thinking"), which is what a prefill is for here, and others repeat the
// prefill in the answer.
type llamacpp struct {
	*chat
	text *completions
	root *wire.Client // the server without /v1
}

func llamacppAt(o opening) (eval.Runner, error) {
	root := o
	root.Base = strings.TrimSuffix(o.Base, "/v1")
	return &llamacpp{newChat(o).(*chat), &completions{opening: o, client: o.client(nil)}, root.client(nil)}, nil
}

// Vet says what the server cannot do.
func (r *llamacpp) Vet(q eval.Request) error {
	if q.Prefill != "" && q.Effort != "" {
		return errors.New("llamacpp cannot be given an effort beside a prefill: leave one out, or pass the effort on by --param chat_template_kwargs=…")
	}
	return r.chat.Vet(q)
}

// Generate asks once; with a prefill the template is rendered first, which costs
// the server no generation.
func (r *llamacpp) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if err := r.Vet(q); err != nil {
		return eval.Response{}, &eval.Failure{Kind: eval.FailRequest, Message: err.Error()}
	}
	if q.Prefill == "" {
		return r.chat.Generate(ctx, q)
	}
	prompt, err := r.prompt(ctx, q)
	if err != nil {
		return eval.Response{}, err
	}
	q.Extra = without(q.Extra, "chat_template_kwargs")
	return r.text.complete(ctx, q, prompt, q.Sampling.Stop)
}

// prompt has the server render the messages, and begins the answer.
func (r *llamacpp) prompt(ctx context.Context, q eval.Request) (string, error) {
	fields := map[string]any{"messages": q.Messages}
	if kwargs, ok := q.Extra["chat_template_kwargs"]; ok {
		fields["chat_template_kwargs"] = kwargs
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return "", fmt.Errorf("build the request: %w", err)
	}
	text, err := r.root.Fetch(ctx, wire.Call{Path: "/apply-template", Body: body})
	var f *eval.Failure
	if errors.As(err, &f) {
		f.Begun = false // nothing is generated yet
		f.Message = "render the chat template: " + f.Message
		return "", f
	} else if err != nil {
		return "", err
	}
	var said struct {
		Prompt *string           `json:"prompt"`
		Error  *wire.ErrorObject `json:"error"`
	}
	switch err := json.Unmarshal(text, &said); {
	case err == nil && said.Error != nil:
		return "", &eval.Failure{Kind: eval.FailServer, Message: "render the chat template: " + said.Error.Text(), Temporary: true}
	case err != nil || said.Prompt == nil:
		return "", &eval.Failure{
			Kind: eval.FailProtocol, Message: "the server rendered no chat template: /apply-template gave no prompt",
			Hint: "is it llama-server, and of 2025 or later?",
		}
	}
	return begin(*said.Prompt, q.Prefill)
}

// begin puts the prefill behind a rendered prompt. A template may itself have put
// the tag that opens the thought there.
func begin(prompt, prefill string) (string, error) {
	const tag = "<think>"
	bare := strings.TrimRight(prompt, " \n")
	switch {
	case !strings.HasSuffix(bare, tag):
		return prompt + prefill, nil
	case strings.HasPrefix(prefill, tag):
		return strings.TrimSuffix(bare, tag) + prefill, nil
	}
	return "", &eval.Failure{Kind: eval.FailRequest, Message: fmt.Sprintf(
		"the model's template opens a thought, and the prefill %q does not: begin it with %q, and close it if no thought is wanted", prefill, tag+"\n")}
}

func without(fields map[string]any, name string) map[string]any {
	out := map[string]any{}
	for k, v := range fields {
		if k != name {
			out[k] = v
		}
	}
	return out
}
