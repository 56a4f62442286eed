package runners

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
)

// openaiEfforts are the efforts of models of OpenAI, the longest name first; a
// model not named here may have any of allEfforts, and the service decides.
//
// Sources: the API reference of reasoning_effort ("gpt-5.1: none, low, medium,
// high … all models before gpt-5.1 do not support none … gpt-5-pro only supports
// high … xhigh for all models after gpt-5.1-codex-max"; o-series: low, medium,
// high; minimal came with gpt-5) and the guide of gpt-5.6 ("none, low, medium,
// high, xhigh, and max"): platform.openai.com/docs/api-reference/chat/create and
// developers.openai.com/api/docs/guides/latest-model.
var openaiEfforts = []struct {
	name string
	have []string
}{
	{"gpt-5.1-codex", allEfforts},
	{"gpt-5-codex", allEfforts},
	{"gpt-5-pro", []string{"high"}},
	{"gpt-5.6", []string{"none", "low", "medium", "high", "xhigh", "max"}},
	{"gpt-5.1", []string{"none", "low", "medium", "high"}},
	{"gpt-5", []string{"minimal", "low", "medium", "high"}},
	{"gpt-4", nil},
	{"gpt-3.5", nil},
	{"chatgpt", nil},
	{"o1", []string{"low", "medium", "high"}},
	{"o3", []string{"low", "medium", "high"}},
	{"o4", []string{"low", "medium", "high"}},
}

// allEfforts are the efforts that OpenAI's protocol has
// (github.com/openai/openai-python, types/shared_params/reasoning.py).
var allEfforts = []string{"none", "minimal", "low", "medium", "high", "xhigh", "max"}

// effortsOf lists the efforts that a model of OpenAI has.
func effortsOf(model string) []string {
	for _, m := range openaiEfforts {
		rest, ok := strings.CutPrefix(model, m.name)
		if ok && (rest == "" || rest[0] == '-' || m.have == nil) {
			return m.have
		}
	}
	return allEfforts
}

// reasoningName says whether a model of OpenAI wants max_completion_tokens.
func reasoningName(model string) bool {
	for _, p := range []string{"o1", "o3", "o4", "gpt-5"} {
		if strings.HasPrefix(model, p) {
			return true
		}
	}
	return false
}

// reasons says whether a model of OpenAI always thinks or can; those called chat
// do not.
func reasons(model string) bool { return reasoningName(model) && !strings.Contains(model, "-chat") }

// openaiRole names a role as a model of OpenAI knows it: "with o1 models and
// newer, developer messages replace the previous system messages" (API reference
// of Chat Completions).
func openaiRole(model string, role eval.Role) string {
	if role == eval.System && reasoningName(model) {
		return "developer"
	}
	return string(role)
}

// vetOpenAI says what a model of OpenAI cannot do by its name.
//
// "The following are currently unsupported with reasoning models: temperature,
// top_p, presence_penalty, frequency_penalty, …" (learn.microsoft.com, Azure OpenAI
// reasoning models). "temperature, top_p, logprobs are only supported when using
// GPT-5.2 with reasoning effort set to none. Requests to GPT-5.2 or GPT-5.1 with any
// other reasoning effort setting, or to older GPT-5 models that include these fields
// will raise an error" (developers.openai.com/api/docs/guides/latest-model). stop is
// "not supported with latest reasoning models o3 and o4-mini" (API reference).
func vetOpenAI(model string, q eval.Request) error {
	if q.Effort != "" && !slices.Contains(effortsOf(model), q.Effort) {
		return noEffort(model, q.Effort, effortsOf(model))
	}
	if !reasons(model) {
		return nil
	}
	s := q.Sampling
	newest := strings.HasPrefix(model, "o3") || strings.HasPrefix(model, "o4")
	if err := lacks(model, param{"presence_penalty", s.PresencePenalty != nil}, param{"frequency_penalty", s.FrequencyPenalty != nil},
		param{"stop strings", newest && len(s.Stop) > 0}); err != nil {
		return err
	}
	err := lacks(model, param{"temperature", s.Temperature != nil}, param{"top_p", s.TopP != nil})
	switch {
	case err == nil || q.Effort == "none":
		return nil
	case slices.Contains(effortsOf(model), "none"):
		return fmt.Errorf("%w, or give --effort none", err)
	}
	return err
}
