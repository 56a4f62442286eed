// Package runners holds who answers: model servers reached over HTTP and replay
// files. It must not know benchmarks or verdicts.
package runners

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
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
	// Env looks up environment variables; nil means the process's.
	Env func(string) string
	// Warn is told what the user should know; nil drops it.
	Warn func(string)
}

func (o Options) filled() Options {
	if o.Concurrency <= 0 {
		o.Concurrency = 32
	}
	if o.FirstByte == 0 {
		o.FirstByte = 20 * time.Minute
	}
	if o.Stall == 0 {
		o.Stall = 3 * time.Minute
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
}

const usageTokens = "usage.completion_tokens_details.reasoning_tokens"

// table lists every kind. A service that speaks the OpenAI protocol needs a
// line here and nothing else.
var table = []Kind{
	{Kind: "openai", BaseURL: "https://api.openai.com/v1", KeyVar: "OPENAI_API_KEY", KeyNeeded: true, Reasoning: "hidden", Tokens: usageTokens, Note: "or any compatible service: openai:MODEL@BASE_URL"},
	{Kind: "deepseek", BaseURL: "https://api.deepseek.com/v1", KeyVar: "DEEPSEEK_API_KEY", KeyNeeded: true, Reasoning: "reasoning_content", Tokens: usageTokens},
	{Kind: "openrouter", BaseURL: "https://openrouter.ai/api/v1", KeyVar: "OPENROUTER_API_KEY", KeyNeeded: true, Reasoning: "reasoning", Tokens: usageTokens},
	{Kind: "vllm", BaseURL: "http://localhost:8000/v1", KeyVar: "VLLM_API_KEY", Reasoning: "reasoning_content, reasoning, or tags", Prefill: true, Note: "start it with --reasoning-parser, or leave the tags to evalr"},
	{Kind: "sglang", BaseURL: "http://localhost:30000/v1", KeyVar: "SGLANG_API_KEY", Reasoning: "reasoning_content, or tags", Prefill: true},
	{Kind: "llamacpp", BaseURL: "http://localhost:8080/v1", KeyVar: "LLAMA_API_KEY", Reasoning: "reasoning_content, or tags", Note: "llama-server"},
	{Kind: "ollama", BaseURL: "http://localhost:11434/v1", Reasoning: "reasoning, or tags"},
	{Kind: "lmstudio", BaseURL: "http://localhost:1234/v1", Reasoning: "reasoning, or tags"},
}

// replayKind is the kind of recorded answers, which is no service.
const replayKind = "replay"

// Table lists every kind of model spec, in the order in which people look for
// them.
func Table() []Kind {
	return append(table[:len(table):len(table)], Kind{Kind: replayKind, Note: "recorded answers: replay:FILE, as JSON lines, also .gz and .zst"})
}

// Open opens the runners of a model spec, KIND:MODEL[@BASE_URL]; the URL begins
// at the last "@http://" or "@https://". A replay file may hold several models.
// Runners come with retry. Errors say what to give instead.
func Open(spec string, o Options) ([]eval.Runner, error) {
	o = o.filled()
	name, model, ok := strings.Cut(spec, ":")
	if !ok {
		return nil, fmt.Errorf("model %q: want KIND:MODEL, for example vllm:%s", spec, spec)
	}
	if name == replayKind {
		return openReplay(model)
	}
	kind, err := kindOf(name, spec)
	if err != nil {
		return nil, err
	}
	base := kind.BaseURL
	if at := max(strings.LastIndex(model, "@http://"), strings.LastIndex(model, "@https://")); at >= 0 {
		model, base = model[:at], model[at+1:]
	}
	if model == "" {
		return nil, fmt.Errorf("model %q: the model's name is missing: want %s:MODEL", spec, name)
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("model %q: %q is no address", spec, base)
	}
	if u.User != nil {
		return nil, fmt.Errorf("model %s:%s: the address holds a user name: give the key by %s instead", name, model, kind.KeyVar)
	}
	key, err := readKey(kind, o.Env)
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", spec, err)
	}
	if key.empty() && kind.KeyNeeded {
		return nil, fmt.Errorf("model %q: no key: set %s, or %s_FILE to a file that holds it", spec, kind.KeyVar, kind.KeyVar)
	}
	return []eval.Runner{Retry(newOpenAI(kind, model, base, key, o), DefaultRetries)}, nil
}

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
