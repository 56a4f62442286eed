package runners

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

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
	system, rest := apart(q.Messages)
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

// geminiChunk is a piece of a streamed answer, or a whole one.
type geminiChunk struct {
	Candidates []struct {
		Content struct {
			Parts []struct {
				Text    string `json:"text"`
				Thought bool   `json:"thought"`
			} `json:"parts"`
		} `json:"content"`
		Finish string `json:"finishReason"`
	} `json:"candidates"`
	Feedback *struct {
		Block string `json:"blockReason"`
	} `json:"promptFeedback"`
	Usage *geminiUsage `json:"usageMetadata"`
	Model string       `json:"modelVersion"`
	Error *geminiError `json:"error"`
}

type geminiUsage struct {
	Prompt     *int `json:"promptTokenCount"`
	Candidates *int `json:"candidatesTokenCount"`
	Thoughts   *int `json:"thoughtsTokenCount"`
	Cached     *int `json:"cachedContentTokenCount"`
}

// geminiError has the word for its kind in status.
type geminiError struct {
	wire.ErrorObject
	Status string
}

// UnmarshalJSON reads the error of any service and the status.
func (e *geminiError) UnmarshalJSON(b []byte) error {
	var s struct {
		Status string `json:"status"`
	}
	_ = json.Unmarshal(b, &s) // an error of another shape has no status
	e.Status = s.Status
	return e.ErrorObject.UnmarshalJSON(b)
}

// A geminiAnswer puts an answer together from its pieces.
type geminiAnswer struct {
	wire.Draft
	begun   bool
	blocked bool
	finish  string
}

func (a *geminiAnswer) spent() eval.Usage { return a.Out.Usage }

// Event takes a piece of a stream.
func (a *geminiAnswer) Event(ev wire.Event, at time.Time) error {
	data := bytes.TrimSpace(ev.Data)
	if len(data) == 0 {
		return nil
	}
	return a.take(data, at)
}

// Whole takes an answer in one piece.
func (a *geminiAnswer) Whole(body []byte) error { return a.take(body, time.Time{}) }

func (a *geminiAnswer) take(data []byte, at time.Time) error {
	var c geminiChunk
	if err := json.Unmarshal(data, &c); err != nil {
		return err
	}
	if u := c.Usage; u != nil {
		// The thought is billed as output and counted apart from it.
		a.Out.Usage = eval.Usage{Prompt: u.Prompt, Output: sum(u.Candidates, u.Thoughts), Reasoning: u.Thoughts, Cached: u.Cached}
	}
	if c.Error != nil {
		return streamError(c.Error.Status, c.Error.Text())
	}
	if c.Model != "" {
		a.Out.Model = c.Model
	}
	if c.Feedback != nil && c.Feedback.Block != "" {
		a.blocked = true
	}
	for _, candidate := range c.Candidates {
		a.begun = true
		for _, p := range candidate.Content.Parts {
			if p.Thought {
				a.Thought(p.Text, at)
			} else {
				a.Text(p.Text, at)
			}
		}
		if candidate.Finish != "" {
			a.finish = candidate.Finish
		}
	}
	return nil
}

// end says how the answer ended: the reasons are those of FinishReason and
// BlockReason in ai.google.dev/api/generate-content.
func (a *geminiAnswer) end() error {
	switch {
	case a.blocked: // the prompt was refused, and there is no candidate
		a.Out.Stop = eval.StopRefusal
		return nil
	case !a.begun:
		return wire.Protocol("the server sent no candidates")
	case a.finish == "":
		return wire.Protocol("the stream ended in the middle of the answer")
	}
	switch a.finish {
	case "STOP":
		a.Out.Stop = eval.StopEnd
	case "MAX_TOKENS":
		a.Out.Stop = eval.StopLength
	case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII":
		a.Out.Stop = eval.StopRefusal
	case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE":
		return wire.ServerError("finishReason " + a.finish)
	default:
		a.Out.Stop = eval.Stop(a.finish)
	}
	return nil
}
