package runners

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
)

// A claude is what a model's name says of a Claude model: its family and its
// version, 407 for 4.7. A name that says nothing has version 0: then only what all
// models have in common is checked, and the service decides.
//
// Sources, all under https://platform.claude.com/docs/en/:
// build-with-claude/thinking-troubleshooting (which model has which kind of
// thinking), build-with-claude/extended-thinking (budgets and what goes with
// them), build-with-claude/effort (levels), about-claude/models/migration-guide
// (sampling parameters, prefill), models/overview.
type claude struct {
	model, family string
	version       int
}

// claudeOf reads claude-opus-4-7, claude-sonnet-4-5-20250929, claude-3-7-sonnet-….
func claudeOf(model string) claude {
	c := claude{model: model}
	var numbers []int
	for _, word := range strings.Split(model, "-") {
		n, err := strconv.Atoi(word)
		switch {
		case slices.Contains([]string{"opus", "sonnet", "haiku", "fable", "mythos"}, word):
			c.family = word
		case err == nil && n >= 0 && len(word) <= 2:
			numbers = append(numbers, n)
		}
	}
	if c.family != "" && len(numbers) > 0 {
		c.version = numbers[0] * 100
		if len(numbers) > 1 {
			c.version += numbers[1]
		}
	}
	return c
}

// Versions at which the models changed.
const (
	claudeFirst    = 307 // the first that thinks
	claudeEffort   = 405 // Opus 4.5 takes an effort
	claudeAdaptive = 406 // adaptive thinking; no prefill
	claudeNoBudget = 407 // no thinking budget, no sampling parameters
	claudeThinks   = 500 // thinks unless told not to, and shows nothing unless asked
	claudeAlways   = 505 // Opus cannot be told not to think
)

// efforts lists the levels that the model has.
func (c claude) efforts() []string {
	all := []string{"low", "medium", "high", "xhigh", "max"}
	switch {
	case c.version == 0 || c.version >= claudeNoBudget:
		return all
	case c.version >= claudeAdaptive:
		return []string{"low", "medium", "high", "max"}
	case c.version >= claudeEffort && c.family == "opus":
		return all[:3]
	}
	return nil
}

// can says whether the model thinks at all, for all that is known of it.
func (c claude) can() bool { return c.version == 0 || c.version >= claudeFirst }

// always says whether the model thinks whatever is asked.
func (c claude) always() bool {
	return c.family == "fable" || c.family == "mythos" || c.family == "opus" && c.version >= claudeAlways
}

// thinking is the parameter of that name; nil leaves it out. An effort is meant
// for the thought, and turns adaptive thinking on where the model has it. Models
// that think without being told are told to show it.
func (c claude) thinking(q eval.Request) map[string]any {
	switch {
	case !c.can():
		return nil
	case q.ThinkingBudget != nil && *q.ThinkingBudget == 0:
		return map[string]any{"type": "disabled"}
	case q.ThinkingBudget != nil:
		return map[string]any{"type": "enabled", "budget_tokens": *q.ThinkingBudget}
	case c.version >= claudeAdaptive && q.Effort != "", c.version >= claudeThinks && c.family != "haiku":
		return map[string]any{"type": "adaptive", "display": "summarized"}
	}
	return nil
}

// vet says what the model cannot do.
func (c claude) vet(q eval.Request) error {
	s := q.Sampling
	if err := lacks("the Messages API", param{"a seed", s.Seed != nil}, param{"presence_penalty", s.PresencePenalty != nil}, param{"frequency_penalty", s.FrequencyPenalty != nil}); err != nil {
		return err
	}
	if _, passed := q.Extra["max_tokens"]; s.MaxTokens == nil && !passed {
		return fmt.Errorf("the Messages API needs a bound on the tokens: give --max-tokens, the thought included")
	}
	if q.Effort != "" && !slices.Contains(c.efforts(), q.Effort) {
		return noEffort(c.model, q.Effort, c.efforts())
	}
	if err := c.vetBudget(q); err != nil {
		return err
	}
	return c.vetSampling(q)
}

// vetBudget checks a thinking budget: at least 1,024 tokens and less than
// max_tokens.
func (c claude) vetBudget(q eval.Request) error {
	if q.ThinkingBudget == nil {
		return nil
	}
	n := *q.ThinkingBudget
	switch {
	case n == 0 && c.always():
		return fmt.Errorf("%s always thinks: leave the thinking budget out, or give a low --effort", c.model)
	case n == 0:
		return nil
	case !c.can():
		return fmt.Errorf("%s does not think: leave the thinking budget out", c.model)
	case c.version >= claudeNoBudget:
		return fmt.Errorf("%s has no thinking budget: give --effort, which is one of %s", c.model, strings.Join(c.efforts(), ", "))
	case n < 1024:
		return fmt.Errorf("the thinking budget is %d tokens: it must be 0 or at least 1024", n)
	case q.Sampling.MaxTokens != nil && n >= *q.Sampling.MaxTokens:
		return fmt.Errorf("the thinking budget of %d tokens leaves nothing of the %d of --max-tokens: it must be less", n, *q.Sampling.MaxTokens)
	}
	return nil
}

// vetSampling checks what goes with a thought: a temperature other than 1 does
// not, nor does a top_p under 0.95, a top_k or a prefill.
func (c claude) vetSampling(q eval.Request) error {
	s := q.Sampling
	_, topK := q.Extra["top_k"]
	if c.version >= claudeNoBudget {
		if err := lacks(c.model, param{"temperature", s.Temperature != nil && *s.Temperature != 1}, param{"top_p", s.TopP != nil}, param{"top_k", topK}); err != nil {
			return err
		}
	}
	thinking := c.thinking(q)
	if over, ok := q.Extra["thinking"].(map[string]any); ok {
		thinking = over
	}
	thinks := thinking != nil && thinking["type"] != "disabled"
	switch {
	case q.Prefill != "" && c.version >= claudeAdaptive:
		return fmt.Errorf("%s cannot begin its answer: leave the prefill out", c.model)
	case q.Prefill != "" && thinks:
		return fmt.Errorf("%s cannot begin its answer while it thinks: leave the prefill or the thinking out", c.model)
	case s.Temperature != nil && *s.Temperature > 1:
		return fmt.Errorf("the temperature is %g: the Messages API takes 0 to 1", *s.Temperature)
	case thinks && s.Temperature != nil && *s.Temperature != 1:
		return fmt.Errorf("the temperature is %g: while %s thinks it must be unset, or 1", *s.Temperature, c.model)
	case thinks && topK:
		return fmt.Errorf("%s takes no top_k while it thinks: leave it unset", c.model)
	case thinks && s.TopP != nil && *s.TopP < 0.95:
		return fmt.Errorf("top_p is %g: while %s thinks it must be at least 0.95", *s.TopP, c.model)
	case s.Temperature != nil && s.TopP != nil && c.version >= claudeEffort && c.version < claudeNoBudget:
		return fmt.Errorf("%s takes temperature or top_p, not both", c.model)
	}
	return nil
}
