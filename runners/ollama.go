package runners

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// ollama asks Ollama by its own protocol (POST /api/chat): docs/api.md,
// docs/capabilities/thinking.mdx, docs/api/errors.mdx and api/types.go of
// https://github.com/ollama/ollama. Unlike its Chat Completions it takes the size
// of the context, top_k and min_p, and says how it thinks.
type ollama struct {
	opening
	client *wire.Client
	// context is the greatest num_ctx so far. Another one makes Ollama load the
	// model anew, so that it only grows, and in large steps.
	context                     atomic.Int64
	warnedContext, warnedEffort sync.Once
}

func ollamaAt(o opening) (eval.Runner, error) {
	if strings.HasSuffix(o.Base, "/v1") {
		return newChat(o), nil
	}
	return &ollama{opening: o, client: o.client(nil)}, nil
}

// Name is the model as Ollama knows it.
func (r *ollama) Name() string { return r.Model }

// ollamaOptions are the model parameters that Ollama takes in `options`,
// ollamaFields what stands beside them.
var (
	ollamaOptions = []string{
		"num_keep", "seed", "num_predict", "top_k", "top_p", "min_p", "typical_p", "repeat_last_n", "temperature", "repeat_penalty",
		"presence_penalty", "frequency_penalty", "mirostat", "mirostat_tau", "mirostat_eta", "penalize_newline", "stop", "numa", "num_ctx",
		"num_batch", "num_gpu", "main_gpu", "low_vram", "vocab_only", "use_mmap", "use_mlock", "num_thread",
	}
	ollamaFields = []string{"format", "keep_alive", "think", "truncate", "shift"}
)

// Vet says what Ollama cannot do.
func (r *ollama) Vet(q eval.Request) error {
	_, think := q.Extra["think"]
	budget := q.ThinkingBudget
	switch {
	case q.Prefill != "":
		return errors.New("ollama cannot begin the model's answer: leave the prefill out, or use vllm, sglang, llamacpp or completions")
	case budget != nil && *budget != 0:
		return errors.New("ollama has no thinking budget but 0, for no thought: give --effort, or limit the whole answer by --max-tokens")
	case budget != nil && q.Effort != "" && q.Effort != "none":
		return fmt.Errorf("a thinking budget of 0 and the effort %q contradict each other: leave one out", q.Effort)
	case think && (budget != nil || q.Effort != ""):
		return errors.New("the parameter think and an effort or thinking budget say the same: leave one out")
	}
	for _, name := range slices.Sorted(maps.Keys(q.Extra)) {
		known := slices.Concat(ollamaOptions, ollamaFields)
		if slices.Contains(known, name) {
			continue
		}
		says := "its parameters are " + strings.Join(known, ", ")
		if near := eval.Nearest(name, known); len(near) > 0 {
			says = "did you mean " + strings.Join(near, " or ") + "?"
		}
		return fmt.Errorf("ollama passes over the parameter %q without a word: %s", name, says)
	}
	return nil
}

// Generate asks once.
func (r *ollama) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if err := r.Vet(q); err != nil {
		return eval.Response{}, &eval.Failure{Kind: eval.FailRequest, Message: err.Error()}
	}
	body, err := r.body(q)
	if err != nil {
		return eval.Response{}, err
	}
	a := &ollamaAnswer{}
	call := wire.Call{Path: "/api/chat", Body: body, Stream: !r.Options.NoStream}
	if call.Stream {
		call.Header = http.Header{"Accept": {"application/x-ndjson"}}
	}
	x, err := r.client.Ask(ctx, call, a)
	if err == nil {
		err = a.end()
	}
	if err != nil {
		return eval.Response{Usage: wire.Counted(a.spent())}, x.Fail(hinted(err))
	}
	return a.Response(x), nil
}

// hinted adds what helps against a prompt that Ollama did not find room for.
func hinted(err error) error {
	var f *eval.Failure
	if errors.As(err, &f) && strings.Contains(f.Message, "context length") {
		f.Hint = "a larger context: --param num_ctx=N, if the model and the memory allow it"
	}
	return err
}

func (r *ollama) body(q eval.Request) ([]byte, error) {
	messages := make([]map[string]string, len(q.Messages))
	for i, m := range q.Messages {
		messages[i] = map[string]string{"role": string(m.Role), "content": m.Content}
	}
	// Without truncate and shift Ollama drops the beginning of a prompt that is too
	// long and says nothing of it.
	fields := map[string]any{
		"model": r.Model, "messages": messages, "stream": !r.Options.NoStream, "truncate": false, "shift": false, "options": r.options(q),
	}
	if think := r.think(q); think != nil {
		fields["think"] = think
	}
	for name, v := range q.Extra {
		if slices.Contains(ollamaFields, name) {
			fields[name] = v
		}
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("build the request: %w", err)
	}
	return body, nil
}

func (r *ollama) options(q eval.Request) map[string]any {
	s := q.Sampling
	out := map[string]any{}
	set(out, "temperature", s.Temperature)
	set(out, "top_p", s.TopP)
	set(out, "presence_penalty", s.PresencePenalty)
	set(out, "frequency_penalty", s.FrequencyPenalty)
	set(out, "seed", s.Seed)
	set(out, "num_predict", s.MaxTokens)
	if len(s.Stop) > 0 {
		out["stop"] = s.Stop
	}
	for name, v := range q.Extra {
		if slices.Contains(ollamaOptions, name) {
			out[name] = v
		}
	}
	if _, given := out["num_ctx"]; !given {
		if n := r.room(q); n > 0 {
			out["num_ctx"] = n
		}
	}
	return out
}

// contextStep is the step in which the context grows.
const contextStep = 8192

// room is the context that prompt and answer need; 0 leaves it to the server, whose
// default is 4096 tokens on most machines (docs/context-length.mdx). A token is
// taken for two bytes, which is more than any usual text needs.
func (r *ollama) room(q eval.Request) int64 {
	if q.Sampling.MaxTokens == nil {
		r.warnedContext.Do(func() {
			r.Options.Warn(r.Model + ": without --max-tokens the context is what Ollama takes by default, 4096 tokens on most machines: longer thoughts are cut")
		})
		return 0
	}
	const template = 256 // what the chat template adds
	need := int64(*q.Sampling.MaxTokens) + template
	for _, m := range q.Messages {
		need += int64(len(m.Content)/2) + 16
	}
	need = (need + contextStep - 1) / contextStep * contextStep
	for {
		old := r.context.Load()
		if need <= old {
			return old
		}
		if r.context.CompareAndSwap(old, need) {
			return need
		}
	}
}

// think is how the model is to think; nil leaves it to the model.
func (r *ollama) think(q eval.Request) any {
	switch {
	case q.ThinkingBudget != nil || q.Effort == "none":
		return false
	case q.Effort == "":
		return nil
	case !slices.Contains([]string{"low", "medium", "high"}, q.Effort):
		r.warnedEffort.Do(func() {
			r.Options.Warn(fmt.Sprintf("%s: Ollama takes an effort that the model does not know for its default and says nothing of it: is %q right?", r.Model, q.Effort))
		})
	}
	return q.Effort
}

// An ollamaAnswer puts an answer together from its pieces.
type ollamaAnswer struct {
	wire.Draft
	begun, done bool
	reason      string
}

func (a *ollamaAnswer) spent() eval.Usage { return a.Out.Usage }

// ollamaPiece is a line of a streamed answer, or a whole one.
type ollamaPiece struct {
	Model   string `json:"model"`
	Message struct {
		Content  string `json:"content"`
		Thinking string `json:"thinking"`
	} `json:"message"`
	Done   bool              `json:"done"`
	Reason string            `json:"done_reason"`
	Prompt *int              `json:"prompt_eval_count"`
	Output *int              `json:"eval_count"`
	Error  *wire.ErrorObject `json:"error"`
}

// Event takes a line of a stream.
func (a *ollamaAnswer) Event(ev wire.Event, at time.Time) error { return a.add(ev.Data, at) }

// Whole takes an answer in one piece.
func (a *ollamaAnswer) Whole(body []byte) error { return a.add(body, time.Time{}) }

func (a *ollamaAnswer) add(text []byte, at time.Time) error {
	var p ollamaPiece
	if err := json.Unmarshal(bytes.TrimSpace(text), &p); err != nil {
		return err
	}
	if p.Error != nil {
		return wire.ServerError(p.Error.Text())
	}
	if a.done {
		return errWentOn()
	}
	a.begun = true
	if p.Model != "" {
		a.Out.Model = p.Model
	}
	a.Thought(p.Message.Thinking, at)
	a.Text(p.Message.Content, at)
	if p.Done {
		a.done, a.reason = true, p.Reason
		a.Out.Usage = eval.Usage{Prompt: p.Prompt, Output: p.Output}
	}
	return nil
}

// end says how the answer ended.
func (a *ollamaAnswer) end() error {
	switch {
	case !a.begun:
		return wire.Protocol("the server sent no answer")
	case !a.done:
		return wire.Protocol("the stream ended in the middle of the answer")
	}
	switch a.reason {
	case "stop":
		a.Out.Stop = eval.StopEnd
	case "length":
		a.Out.Stop = eval.StopLength
	case "load", "unload":
		return wire.ServerError("it only did this to the model: " + a.reason)
	case "": // Ollama's word for a connection that broke behind it
		f := wire.Protocol("the answer has no done_reason: it cannot be told whether it is whole")
		f.Hint = "did the model's process end? old versions of Ollama give no reason at all"
		return f
	default:
		a.Out.Stop = eval.Stop(a.reason)
	}
	return nil
}
