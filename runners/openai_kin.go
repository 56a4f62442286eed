package runners

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	openai "github.com/sashabaranov/go-openai"

	"github.com/evalr/evalr/eval"
)

// Services that speak Chat Completions and control the thought in a way of their
// own.

// deepseekEfforts are the efforts of DeepSeek; it also takes others and makes them
// one of these without saying so. none turns the thought off, by the parameter
// thinking (https://api-docs.deepseek.com/guides/thinking_mode).
var deepseekEfforts = []string{"none", "low", "high", "max"}

// openrouterEfforts are the efforts of OpenRouter
// (https://openrouter.ai/docs/guides/best-practices/reasoning-tokens).
var openrouterEfforts = []string{"none", "minimal", "low", "medium", "high", "xhigh"}

// vetDeepSeek says what DeepSeek cannot do, and warns once of what it would
// silently ignore: "thinking mode does not support the temperature,
// presence_penalty, or frequency_penalty parameters … setting these parameters will
// not trigger an error but will also have no effect". Thinking is on unless it is
// turned off; deepseek-chat is the old name of the model without it.
func (r *chat) vetDeepSeek(q eval.Request) error {
	if q.Effort != "" && !slices.Contains(deepseekEfforts, q.Effort) {
		return noEffort("deepseek", q.Effort, deepseekEfforts)
	}
	if q.ThinkingBudget != nil && *q.ThinkingBudget != 0 {
		return fmt.Errorf("deepseek has no thinking budget but 0, which turns the thought off: give --effort, which is one of %s", strings.Join(deepseekEfforts, ", "))
	}
	if q.ThinkingBudget != nil && q.Effort != "" && q.Effort != "none" {
		return fmt.Errorf("a thinking budget of 0 turns the thought off, and an effort of %s asks for one: give one of them", q.Effort)
	}
	if deepseekSilent(q) || r.Model == "deepseek-chat" {
		return nil
	}
	s := q.Sampling
	if err := lacks("deepseek", param{"temperature", s.Temperature != nil}, param{"presence_penalty", s.PresencePenalty != nil}, param{"frequency_penalty", s.FrequencyPenalty != nil}); err != nil {
		r.Options.Warn(err.Error() + ": while it thinks it ignores this without an error")
	}
	return nil
}

// saidOnce is o with a Warn that says nothing twice: requests are vetted one by one.
func (o opening) saidOnce() opening {
	var said sync.Map
	warn := o.Options.Warn
	o.Options.Warn = func(text string) {
		if _, before := said.LoadOrStore(text, true); !before {
			warn(text)
		}
	}
	return o
}

// deepseekSilent says whether the thought is to be turned off.
func deepseekSilent(q eval.Request) bool {
	return q.Effort == "none" || q.ThinkingBudget != nil && *q.ThinkingBudget == 0
}

// vetOpenRouter says what OpenRouter cannot do.
func vetOpenRouter(q eval.Request) error {
	switch {
	case q.Effort != "" && !slices.Contains(openrouterEfforts, q.Effort):
		return noEffort("openrouter", q.Effort, openrouterEfforts)
	case q.Effort != "" && q.ThinkingBudget != nil:
		return fmt.Errorf("openrouter takes an effort or a thinking budget, not both")
	case q.ThinkingBudget != nil && *q.ThinkingBudget <= 0:
		return fmt.Errorf("the thinking budget of openrouter is at least 1 token: give --effort none to turn the thought off")
	}
	return nil
}

// thinking puts effort and thinking budget where the service wants them.
func (r *chat) thinking(q eval.Request, base *openai.ChatCompletionRequest, over map[string]any) {
	switch {
	case r.Kind.Kind == "deepseek" && deepseekSilent(q):
		base.ReasoningEffort = ""
		over["thinking"] = map[string]any{"type": "disabled"}
	case r.Kind.Kind == "openrouter" && q.Effort != "":
		base.ReasoningEffort = ""
		over["reasoning"] = map[string]any{"effort": q.Effort}
	case r.Kind.Kind == "openrouter" && q.ThinkingBudget != nil:
		over["reasoning"] = map[string]any{"max_tokens": *q.ThinkingBudget}
	}
}
