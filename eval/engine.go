package eval

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// EngineFacts is what is known of the server that answers a model's requests. It
// is recorded with the run. A zero field, or nil, is unknown: nothing is guessed.
type EngineFacts struct {
	// Engine is the program that serves: "llamacpp", "vllm", …
	Engine  string `json:"engine,omitempty"`
	Version string `json:"version,omitempty"`
	// Model is the name that was asked for; Models are the first of the names that
	// are served, and Served says whether Model is one of all of them.
	Model  string   `json:"model,omitempty"`
	Models []string `json:"models,omitempty"`
	Served *bool    `json:"served,omitempty"`
	// Near are served names that are like Model; only where it is not served.
	Near []string `json:"near,omitempty"`
	// Context is how many tokens a request and its answer may have together, as it
	// is served; TrainedContext is what the model was made for.
	Context        int `json:"context_tokens,omitempty"`
	TrainedContext int `json:"trained_context_tokens,omitempty"`
	// Slots is how many requests are worked on at once.
	Slots int `json:"slots,omitempty"`
	// TemplateSHA256 is the hash of the chat template's source, in hex.
	TemplateSHA256 string `json:"template_sha256,omitempty"`
	// Prefills says whether the template begins the thought, so that an answer has
	// the end of a thought without its beginning.
	Prefills *bool `json:"prefills_thought,omitempty"`
	// ReasoningParser is what takes the thought out of the answer on the server;
	// "none" means that nothing does.
	ReasoningParser string `json:"reasoning_parser,omitempty"`
	Quantization    string `json:"quantization,omitempty"`
	// Weights is a digest of the weights as the server gives it.
	Weights string `json:"weights,omitempty"`
	// Parameters counts all weights. Active counts those that one token uses: all
	// but the experts that it is not sent to; set only where that follows exactly.
	Parameters int64 `json:"parameters,omitempty"`
	Active     int64 `json:"active_parameters,omitempty"`
	// Experts is how many experts a layer has, ExpertsUsed how many of them a token
	// is sent to; 0 where there are none.
	Experts     int `json:"experts,omitempty"`
	ExpertsUsed int `json:"experts_used,omitempty"`
}

// identity lists what makes two servers answer differently, with the words for it.
func (f EngineFacts) identity() [][2]string {
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return [][2]string{
		{"engine", f.Engine}, {"version", f.Version}, {"model", f.Model}, {"context", number(int64(f.Context))},
		{"chat template", f.TemplateSHA256}, {"quantization", f.Quantization}, {"weights", f.Weights},
		{"parameters", number(f.Parameters)},
	}
}

// Fingerprint is a short hash over engine, version, model, context, chat template
// and weights: 16 hex digits. It is empty where no more than engine and model are
// known, for then it would say nothing.
func (f EngineFacts) Fingerprint() string {
	sum := sha256.New()
	known := 0
	for _, id := range f.identity() {
		if id[1] != "" && id[0] != "engine" && id[0] != "model" {
			known++
		}
		_, _ = fmt.Fprintf(sum, "%s=%q\n", id[0], id[1])
	}
	if known == 0 {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// Differences says, one line each, in what another server differs. What either
// does not tell is no difference.
func (f EngineFacts) Differences(other EngineFacts) []string {
	var out []string
	theirs := other.identity()
	for i, id := range f.identity() {
		if a, b := id[1], theirs[i][1]; a != "" && b != "" && a != b {
			out = append(out, fmt.Sprintf("%s was %s and is %s", id[0], brief(a), brief(b)))
		}
	}
	return out
}

// brief cuts long digests.
func brief(s string) string {
	s = strings.TrimPrefix(s, "sha256:")
	if len(s) == 2*sha256.Size {
		return s[:12] + "…"
	}
	return s
}
