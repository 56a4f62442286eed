package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// askingFlags adds the flags for how models are asked. They are pointers in the
// spec, so that what is unset is not sent.
func askingFlags(c *cobra.Command, o *runOptions) {
	f, a := c.Flags(), &o.flags.Asking
	a.Temperature, a.TopP, a.MaxTokens, a.Seed = new(float64), new(float64), new(int), new(int)
	f.StringVar(&a.Preset, "preset", "", "how the model's makers say to ask it: a `NAME` (evalr list presets), a YAML file, or none (default: guessed from the model's name)")
	f.Float64Var(a.Temperature, "temperature", 0, "sampling temperature (unset: the preset's, else the server's default)")
	f.Float64Var(a.TopP, "top-p", 0, "nucleus sampling mass (unset: the preset's, else the server's default)")
	f.IntVar(a.MaxTokens, "max-tokens", 0, "tokens to generate at most, the thought included (unset: the preset's, else the server's default)")
	f.IntVar(a.Seed, "seed", 0, "base from which each attempt's own seed is drawn (unset: none is sent)")
	f.StringVar(&o.effort, "effort", "", "reasoning `LEVEL`: none, minimal, low, medium, high, xhigh, max; several (low,high) are measured side by side")
	f.StringVar(&o.thinking, "thinking-budget", "", "`TOKENS` of thought at most, 0 for none, -1 where the model may decide (gemini); several (1024,8192) are measured side by side")
	f.StringVar(&a.System, "system", "", "system message")
	f.StringVar(&a.Prefill, "prefill", "", "beginning of the answer that is put into the model's mouth")
	f.StringVar(&a.Template, "template", "", "chat template of completions: models: a `NAME` or the path of a file")
	f.StringArrayVar(&o.extra, "param", nil, "further parameter `KEY=JSON` passed through as it is: top_k=20 (repeatable)")
}

// summary lists on one line what a preset sets.
func (a Asking) summary() string {
	text, err := json.Marshal(a)
	if err != nil {
		return err.Error()
	}
	var fields map[string]any
	_ = json.Unmarshal(text, &fields)
	delete(fields, "preset")
	delete(fields, "template")
	if extra, ok := fields["extra"].(map[string]any); ok {
		delete(fields, "extra")
		maps.Copy(fields, extra)
	}
	var parts []string
	for name, v := range fields {
		value, _ := json.Marshal(v)
		if text, ok := v.(string); ok {
			value = strconv.AppendQuote(nil, text)
		}
		parts = append(parts, name+" "+string(value))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
