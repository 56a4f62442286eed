// Package runners holds who answers: model servers reached over HTTP, programs of
// the user's, and replay files. It must not know benchmarks or verdicts.
package runners

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// Options are what all runners share.
type Options struct {
	// Concurrency is how many requests may be in flight at once; connections are
	// kept for so many. 0 means 32.
	Concurrency int
	// FirstByte bounds the wait for the first byte of a response, Stall the wait
	// for each further one. 0 means 20 and 3 minutes: thoughts are long.
	FirstByte, Stall time.Duration
	// NoStream asks for responses in one piece.
	NoStream bool
	// Template is the chat template of `completions`: the name of one that is built
	// in, a Go text/template, or a file that holds one.
	Template string
	// Observe is told status and headers of every answer, and may be called by many
	// at once; nil means nobody.
	Observe func(status int, h http.Header)
	// Env looks up environment variables; nil means the process's.
	Env func(string) string
	// Warn is told what the user should know; nil drops it.
	Warn func(string)

	// silence bounds the wait for a line of a program, which gives answers in one
	// piece: Stall, but FirstByte if nobody set that.
	silence time.Duration
}

func (o Options) filled() Options {
	if o.Concurrency <= 0 {
		o.Concurrency = 32
	}
	if o.FirstByte == 0 {
		o.FirstByte = 20 * time.Minute
	}
	o.silence = o.Stall
	if o.Stall == 0 {
		o.Stall, o.silence = 3*time.Minute, o.FirstByte
	}
	if o.Env == nil {
		o.Env = os.Getenv
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	return o
}

// A Kind is a service that runners can reach.
type Kind struct {
	Kind      string // the word before the colon of a model spec
	BaseURL   string // default address; empty if there is none
	KeyVar    string // environment variable of the key; KEYVAR_FILE may name a file instead
	KeyNeeded bool
	Reasoning string // where the thought arrives
	Tokens    string // where the count of the thought's tokens arrives
	Prefill   bool   // whether an answer's beginning can be given
	Note      string
	// Local says that the model is a path, not a name at an address.
	Local bool

	open func(opening) (eval.Runner, error)
}

const usageTokens = "usage.completion_tokens_details.reasoning_tokens"

// table lists every kind of service. One that speaks the OpenAI protocol needs a
// line here and nothing else.
var table = []Kind{
	{Kind: "openai", BaseURL: "https://api.openai.com/v1", KeyVar: "OPENAI_API_KEY", KeyNeeded: true, Reasoning: "hidden", Tokens: usageTokens, Note: "or any compatible service: openai:MODEL@BASE_URL", open: chatAt},
	{Kind: "openai-responses", BaseURL: "https://api.openai.com/v1", KeyVar: "OPENAI_API_KEY", KeyNeeded: true, Reasoning: "summaries of reasoning items", Tokens: "usage.output_tokens_details.reasoning_tokens", Note: "OpenAI's Responses API", open: responsesAt},
	{Kind: "anthropic", BaseURL: "https://api.anthropic.com/v1", KeyVar: "ANTHROPIC_API_KEY", KeyNeeded: true, Reasoning: "thinking blocks", Tokens: "usage.output_tokens_details.thinking_tokens", Prefill: true, Note: "needs --max-tokens; a prefill only up to 4.5 and without thinking", open: anthropicAt},
	{Kind: "gemini", BaseURL: "https://generativelanguage.googleapis.com/v1beta", KeyVar: "GEMINI_API_KEY", KeyNeeded: true, Reasoning: "parts with thought: true", Tokens: "usageMetadata.thoughtsTokenCount", open: geminiAt},
	{Kind: "deepseek", BaseURL: "https://api.deepseek.com/v1", KeyVar: "DEEPSEEK_API_KEY", KeyNeeded: true, Reasoning: "reasoning_content", Tokens: usageTokens, open: chatAt},
	{Kind: "openrouter", BaseURL: "https://openrouter.ai/api/v1", KeyVar: "OPENROUTER_API_KEY", KeyNeeded: true, Reasoning: "reasoning", Tokens: usageTokens, open: chatAt},
	{Kind: "vllm", BaseURL: "http://localhost:8000/v1", KeyVar: "VLLM_API_KEY", Reasoning: "reasoning_content, reasoning, or tags", Prefill: true, Note: "start it with --reasoning-parser, or leave the tags to evalr", open: chatAt},
	{Kind: "sglang", BaseURL: "http://localhost:30000/v1", KeyVar: "SGLANG_API_KEY", Reasoning: "reasoning_content, or tags", Prefill: true, open: chatAt},
	{Kind: "llamacpp", BaseURL: "http://localhost:8080/v1", KeyVar: "LLAMA_API_KEY", Reasoning: "reasoning_content, or tags", Prefill: true, Note: "llama-server", open: llamacppAt},
	{Kind: "ollama", BaseURL: "http://localhost:11434", Reasoning: "thinking, or tags", Note: "Ollama's own protocol; its Chat Completions where the address ends in /v1", open: ollamaAt},
	{Kind: "lmstudio", BaseURL: "http://localhost:1234/v1", Reasoning: "reasoning, or tags", open: chatAt},
	{Kind: "completions", KeyVar: "COMPLETIONS_API_KEY", Reasoning: "tags", Prefill: true, Note: "text completions with a chat template: completions:MODEL@BASE_URL", open: completionsAt},
	{Kind: "command", Reasoning: "reasoning, or tags", Tokens: "usage.reasoning", Prefill: true, Local: true, Note: "a program of yours: command:PATH, or command:'PATH ARGUMENTS'", open: commandAt},
}

// replayKind is the kind of recorded answers, which is no service.
const replayKind = "replay"

// Table lists every kind of model spec, in the order in which people look for
// them.
func Table() []Kind {
	return append(table[:len(table):len(table)], Kind{Kind: replayKind, Local: true, Note: "recorded answers: replay:FILE, as JSON lines, also .gz and .zst"})
}

// A Target is a model spec, taken apart: what is asked, and where.
type Target struct {
	Spec  string
	Kind  Kind
	Model string
	Base  string // address; empty for kinds that have none
}

// Parse takes a model spec apart: KIND:MODEL[@BASE_URL]; the URL begins at the
// last @ that has a scheme behind it. Errors say what to give instead.
func Parse(spec string) (Target, error) {
	name, model, ok := strings.Cut(spec, ":")
	if !ok {
		return Target{}, fmt.Errorf("model %q: want KIND:MODEL, for example vllm:%s", spec, spec)
	}
	kind, err := kindOf(name, spec)
	if err != nil {
		return Target{}, err
	}
	t := Target{Spec: spec, Kind: kind, Model: model, Base: strings.TrimRight(kind.BaseURL, "/")}
	if kind.Local {
		if model == "" {
			return t, fmt.Errorf("model %q: the path is missing: want %s:PATH", spec, name)
		}
		return t, nil
	}
	at := addresses.FindAllStringIndex(model, -1)
	if at != nil {
		last := at[len(at)-1][0]
		t.Model, t.Base = model[:last], strings.TrimRight(model[last+1:], "/")
	}
	if t.Model == "" {
		return t, fmt.Errorf("model %q: the model's name is missing: want %s:MODEL", name+":", name)
	}
	if t.Base == "" {
		return t, fmt.Errorf("model %q: the address is missing: want %s:MODEL@BASE_URL", spec, name)
	}
	if err := checkBase(t.Base); err != nil {
		t.Spec = name + ":" + t.Model // what is wrong with an address may be a secret in it
		remedy := ""
		if kind.KeyVar != "" {
			remedy = ": the key is given by " + kind.KeyVar
		}
		return t, fmt.Errorf("model %s: %w%s", t.Spec, err, remedy)
	}
	return t, nil
}

// addresses finds where an address begins in a spec.
var addresses = regexp.MustCompile(`@[A-Za-z][A-Za-z0-9+.-]*://`)

// checkBase says what keeps an address from being one, without showing it.
func checkBase(base string) error {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Host == "":
		return errors.New("what stands behind @ is no address: want http://HOST:PORT/v1")
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("the address begins with %s://: want http:// or https://", u.Scheme)
	case u.User != nil:
		return errors.New("the address holds a user name")
	case u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(base, "?#"):
		return errors.New("the address holds a ? or #, and would be recorded with what stands behind it")
	}
	return nil
}

// Recorded says that nobody is asked: the answers are in a file, or there is no
// target.
func (t Target) Recorded() bool { return t.Kind.open == nil }

// Sign gives what puts the key into the headers of a request that is no question.
func (t Target) Sign(env func(string) string) func(http.Header) {
	return func(h http.Header) {
		if key, err := wire.ReadKey(t.Kind.KeyVar, env); err == nil {
			wire.Bearer(h, key)
		}
	}
}

// Own says that the model is asked at its kind's own address, and not at another
// that was given.
func (t Target) Own() bool { return t.Base == strings.TrimRight(t.Kind.BaseURL, "/") }

// Service names what answers, so that models of one service can share its limits.
func (t Target) Service() string {
	if t.Base == "" {
		return t.Kind.Kind + ":" + t.Model
	}
	return t.Base + " " + t.Kind.KeyVar
}

// Open opens the runners of a target: one, but a replay file may hold several
// models. They ask once: whoever wants more decorates them.
func (t Target) Open(o Options) ([]eval.Runner, error) {
	o = o.filled()
	if o.Template != "" && t.Kind.Kind != "completions" {
		return nil, fmt.Errorf("model %q: a chat template is for completions: leave it out, or ask completions:MODEL@BASE_URL", t.Spec)
	}
	if t.Kind.open == nil {
		return openReplay(t.Model)
	}
	key, err := wire.ReadKey(t.Kind.KeyVar, o.Env)
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", t.Spec, err)
	}
	if key.Empty() && t.Kind.KeyNeeded {
		return nil, fmt.Errorf("model %q: no key: set %s, or %s_FILE to a file that holds it", t.Spec, t.Kind.KeyVar, t.Kind.KeyVar)
	}
	if base := key.Scrub(t.Base); base != t.Base {
		return nil, fmt.Errorf("model %s:%s: the address holds the key: it would be recorded with it; give the address without", t.Kind.Kind, t.Model)
	}
	r, err := t.Kind.open(opening{t, key, o, keyVars()})
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", t.Spec, err)
	}
	return []eval.Runner{r}, nil
}

// Open opens the runners of a model spec.
func Open(spec string, o Options) ([]eval.Runner, error) {
	t, err := Parse(spec)
	if err != nil {
		return nil, err
	}
	return t.Open(o)
}

// An opening is what a provider is made of.
type opening struct {
	Target
	key     wire.Secret
	Options Options
	// keyVars are the environment variables that hold keys of any kind.
	keyVars []string
}

func keyVars() []string {
	var out []string
	for _, k := range Table() {
		if k.KeyVar != "" {
			out = append(out, k.KeyVar, k.KeyVar+"_FILE")
		}
	}
	return out
}

// client makes the client of a provider; sign puts the key into the headers, nil
// as a bearer token.
func (o opening) client(sign func(http.Header, wire.Secret)) *wire.Client {
	return wire.New(wire.Options{
		Base: o.Base, Key: o.key, Sign: sign, KeyVar: o.Kind.KeyVar, Model: o.Model,
		Idle: o.Options.Concurrency, FirstByte: o.Options.FirstByte, Stall: o.Options.Stall, Observe: o.Options.Observe,
	})
}

func chatAt(o opening) (eval.Runner, error) { return newChat(o), nil }

func kindOf(name, spec string) (Kind, error) {
	var names []string
	for _, k := range Table() {
		if k.Kind == name {
			return k, nil
		}
		names = append(names, k.Kind)
	}
	if near := eval.Nearest(name, names); len(near) > 0 {
		return Kind{}, fmt.Errorf("model %q: unknown kind %q: did you mean %s?", spec, name, strings.Join(near, " or "))
	}
	return Kind{}, fmt.Errorf("model %q: unknown kind %q: the kinds are %s", spec, name, strings.Join(names, ", "))
}
