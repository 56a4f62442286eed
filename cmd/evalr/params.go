package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// parseParams reads KEY=JSON pairs; a value that is no JSON is a string.
func parseParams(pairs []string) (map[string]any, error) {
	if len(pairs) == 0 {
		return nil, nil
	}
	out := map[string]any{}
	for _, pair := range pairs {
		key, text, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, usage(fmt.Errorf("--param %q has no KEY=VALUE", pair), "for example --param top_k=20")
		}
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") || strings.HasPrefix(text, `"`) {
				return nil, usage(fmt.Errorf("--param %s: %q is no JSON: %w", key, text, err), "")
			}
			value = text
		}
		out[key] = value
	}
	return out, nil
}

// printable strips what could take over a terminal: control characters other
// than tab and newline, and the marks that turn text around.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// line is printable text on one line, at most n runes long.
func line(s string, n int) string {
	runes := []rune(strings.Join(strings.Fields(printable(s)), " "))
	if len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return string(runes)
}
