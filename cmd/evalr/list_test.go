package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/runners/money"
	"github.com/evalr/evalr/runners/preset"
	"github.com/evalr/evalr/scoring"
)

// A terminal of usual width shows lists without breaking their lines, and nothing of
// them is left out for that.
func TestListsFitATerminal(t *testing.T) {
	whole := map[string][]string{}
	for _, k := range runners.Table() {
		whole["runners"] = append(whole["runners"], k.Kind+":", k.BaseURL, k.KeyVar, k.Reasoning, k.Note)
	}
	for _, p := range preset.All() {
		whole["presets"] = append(whole["presets"], p.Name, p.About, p.Source, strings.Join(p.Models, " "), p.Thought)
	}
	for _, p := range money.Shipped() {
		whole["prices"] = append(whole["prices"], p.Kind, p.Model, p.Source)
	}
	for _, b := range benchmarks.All(scoring.Tools{}) {
		whole["benchmarks"] = append(whole["benchmarks"], b.Name, b.About.License, strings.Join(b.About.Files, " or "))
	}
	for name, texts := range whole {
		var out bytes.Buffer
		require.NoError(t, lists[name](streams{out: &out}))
		for l := range strings.Lines(out.String()) {
			assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(l, "\n")), listWidth, l)
		}
		said := strings.Join(strings.Fields(out.String()), " ")
		for _, text := range texts {
			assert.Contains(t, said, text, name)
		}
	}
}
