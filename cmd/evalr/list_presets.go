package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/evalr/evalr/runners/preset"
)

// listPresets prints what each preset sends, and beneath the table where each was
// read.
func listPresets(s streams) error {
	var rows [][]string
	var about []more
	for _, p := range preset.All() {
		rows = append(rows, []string{
			p.Name, known(p.Temperature), known(p.TopP), known(p.TopK), known(p.MinP), known(p.MaxTokens), trialsText(p.Trials),
		})
		names := "never guessed"
		if len(p.Models) > 0 {
			names = "guessed from " + strings.Join(p.Models, " ")
		}
		about = append(about, more{p.Name, []string{p.About, furtherText(p), "source: " + p.Source, names}})
	}
	if err := printTable(s, []string{"preset", "temp.", "top_p", "top_k", "min_p", "max_tokens", "k by problems"}, rows); err != nil {
		return err
	}
	printMore(s, "A dash is what the source does not say: it is not sent. What else each says, and where it was read:", about)
	fmt.Fprintln(s.out, "\nA file of your own has the same keys: --preset mine.yaml. docs/presets.md describes them.")
	return nil
}

// furtherText is prefill "<think>\n" · system none · thought in tags.
func furtherText(p preset.Preset) string {
	var parts []string
	add := func(name, text string) {
		if text != "" {
			parts = append(parts, name+" "+text)
		}
	}
	if p.Prefill != "" {
		add("prefill", strconv.Quote(p.Prefill))
	}
	add("system message:", p.System)
	add("efforts", strings.Join(p.Efforts, ", "))
	add("thought in", p.Thought)
	if len(p.Extra) > 0 {
		text, _ := json.Marshal(p.Extra) // a test marshals each
		add("parameters", string(text))
	}
	return strings.Join(parts, " · ")
}

func known[T any](v *T) string {
	if v == nil {
		return "–"
	}
	return fmt.Sprint(*v)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// trialsText is 64 (≤ 40), 16 (≤ 250), 4.
func trialsText(list []preset.Trials) string {
	var parts []string
	for _, t := range list {
		if t.UpTo > 0 {
			parts = append(parts, fmt.Sprintf("%d (≤ %d)", t.K, t.UpTo))
		} else {
			parts = append(parts, fmt.Sprint(t.K))
		}
	}
	return orDash(strings.Join(parts, ", "))
}
