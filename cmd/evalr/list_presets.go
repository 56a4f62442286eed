package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/evalr/evalr/runners/preset"
)

// listPresets prints what each preset sends, and beneath the table where each was
// read.
func listPresets(s streams) error {
	var rows [][]string
	for _, p := range preset.All() {
		rows = append(rows, []string{
			p.Name, known(p.Temperature), known(p.TopP), known(p.TopK), known(p.MinP), known(p.MaxTokens),
			trialsText(p.Trials), orDash(p.System), orDash(strings.TrimSpace(strings.ReplaceAll(strconv.Quote(p.Prefill), `""`, ""))),
			orDash(strings.Join(p.Efforts, " ")), orDash(p.Thought),
		})
	}
	header := []string{"preset", "temp.", "top_p", "top_k", "min_p", "max_tokens", "k by problems", "system", "prefill", "efforts", "thought"}
	if err := printTable(s, header, rows); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "\nA dash is what the source does not say: it is not sent. Where each was read, and the names from which it is guessed:")
	for _, p := range preset.All() {
		names := "never guessed"
		if len(p.Models) > 0 {
			names = strings.Join(p.Models, " ")
		}
		fmt.Fprintf(s.out, "  %-20s %s\n  %-20s %s\n  %-20s %s\n", p.Name, p.About, "", p.Source, "", names)
	}
	fmt.Fprintln(s.out, "\nA file of your own has the same keys: --preset mine.yaml. docs/presets.md describes them.")
	return nil
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
