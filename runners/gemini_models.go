package runners

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
)

// A geminiModel is what a model's name says of a Gemini model: its version, 205
// for 2.5, and its tier. A name that says nothing has version 0: then the service
// decides.
//
// Source: https://ai.google.dev/gemini-api/docs/thinking (levels and budgets by
// model), and docs.cloud.google.com/vertex-ai/generative-ai/docs/thinking for
// Gemini 3.8 Flash.
type geminiModel struct {
	model   string
	gemini  bool
	version int
	tier    string // pro, flash, flash-lite
}

// geminiOf reads gemini-2.5-flash-lite, gemini-3-pro-preview, ….
func geminiOf(model string) geminiModel {
	g := geminiModel{model: model}
	rest, ok := strings.CutPrefix(model[strings.LastIndex(model, "/")+1:], "gemini-")
	if !ok {
		return g
	}
	g.gemini = true
	number, tier, _ := strings.Cut(rest, "-")
	major, minor, _ := strings.Cut(number, ".")
	if n, err := strconv.Atoi(major); err == nil && n > 0 && n < 100 {
		g.version = n * 100
		if m, err := strconv.Atoi(minor); err == nil && m >= 0 && m < 100 {
			g.version += m
		}
	}
	for _, t := range []string{"flash-lite", "flash", "pro"} {
		if strings.HasPrefix(tier, t) {
			g.tier = t
			break
		}
	}
	return g
}

const (
	geminiThinks = 205 // 2.5 thinks, by a budget
	geminiLevels = 300 // 3 thinks by a level
)

// levels lists the thinking levels that the model has.
func (g geminiModel) levels() []string {
	all := []string{"minimal", "low", "medium", "high"}
	switch {
	case g.version == 0:
		return all
	case g.version < geminiLevels:
		return nil
	case g.version == 300 && g.tier == "pro":
		return []string{"low", "high"}
	case g.tier == "pro", g.version == 308 && g.tier == "flash":
		return all[1:]
	}
	return all
}

// budgets gives the least and the most tokens of a budget besides 0 and -1, and
// whether 0 turns the thought off.
func (g geminiModel) budgets() (least, most int, off bool) {
	switch g.tier {
	case "pro":
		return 128, 32768, false
	case "flash-lite":
		return 512, 24576, true
	}
	return 1, 24576, true
}

// thinking is the thinkingConfig. What is unset is left to the service; thoughts
// are asked for wherever the model has them.
func (g geminiModel) thinking(q eval.Request) map[string]any {
	out := map[string]any{}
	off := q.ThinkingBudget != nil && *q.ThinkingBudget == 0
	if g.gemini && (g.version == 0 || g.version >= geminiThinks) && !off || q.Effort != "" {
		out["includeThoughts"] = true
	}
	if q.Effort != "" {
		out["thinkingLevel"] = q.Effort
	}
	set(out, "thinkingBudget", q.ThinkingBudget)
	return out
}

// vet says what the model cannot do.
func (g geminiModel) vet(q eval.Request) error {
	if err := lacks("the Gemini API", param{"a prefill", q.Prefill != ""}); err != nil {
		return err
	}
	if v, ok := q.Extra["top_k"]; ok { // ai.google.dev/api/generate-content, GenerationConfig
		return fmt.Errorf("the Gemini API has no parameter top_k: give --param 'generationConfig={\"topK\":%v}'", v)
	}
	// "The set of character sequences (up to 5) that will stop output generation."
	if n := len(q.Sampling.Stop); n > 5 {
		return fmt.Errorf("there are %d stop strings: the Gemini API takes 5", n)
	}
	switch {
	case q.Effort != "" && q.ThinkingBudget != nil:
		return fmt.Errorf("the Gemini API takes an effort or a thinking budget, not both")
	case q.Effort != "" && g.version == geminiThinks:
		return fmt.Errorf("%s has no thinking levels: give a thinking budget instead of --effort", g.model)
	case q.Effort != "" && !slices.Contains(g.levels(), q.Effort):
		return noEffort(g.model, q.Effort, g.levels())
	case q.ThinkingBudget != nil:
		return g.vetBudget(*q.ThinkingBudget)
	}
	return nil
}

// vetBudget checks a thinking budget; -1 lets the model decide.
func (g geminiModel) vetBudget(n int) error {
	least, most, off := g.budgets()
	switch {
	case g.version == 0 || g.version >= geminiThinks && n == -1:
		return nil
	case g.version < geminiThinks:
		return fmt.Errorf("%s does not think: leave the thinking budget out", g.model)
	case g.version >= geminiLevels:
		return fmt.Errorf("%s thinks by levels: give --effort, which is one of %s, instead of a budget", g.model, strings.Join(g.levels(), ", "))
	case n == 0 && off:
		return nil
	case n == 0:
		return fmt.Errorf("%s cannot be kept from thinking: give a budget of %d to %d tokens", g.model, least, most)
	case n < least || n > most:
		return fmt.Errorf("the thinking budget is %d tokens: %s takes %d to %d", n, g.model, least, most)
	}
	return nil
}
