package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/strict"
)

// policyFlag adds the flag for how answers are judged.
func policyFlag(c *cobra.Command, to *[]string) {
	c.Flags().StringArrayVar(to, "policy", nil, "judge by `KEY[=VALUE]`: "+strings.Join(policyKeys(), ", ")+" (repeatable)")
	_ = c.RegisterFlagCompletionFunc("policy", cobra.FixedCompletions(policyKeys(), cobra.ShellCompDirectiveNoFileComp))
}

func policyKeys() []string {
	var keys []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[eval.Policy]()) {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		keys = append(keys, key)
	}
	return keys
}

// parsePolicy sets what KEY or KEY=VALUE pairs name; a key alone is true.
func parsePolicy(policy *eval.Policy, pairs []string) error {
	const example = "for example --policy rel_tolerance=0.001 or --policy strict_units"
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			value = "true"
		}
		if keys := policyKeys(); !slices.Contains(keys, key) {
			hint := "the keys are " + strings.Join(keys, ", ")
			if near := eval.Nearest(key, keys); len(near) > 0 {
				hint = fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
			}
			return usage(fmt.Errorf("--policy: unknown key %q", key), "%s", hint)
		}
		if !json.Valid([]byte(value)) || value == "null" {
			return usage(fmt.Errorf("--policy %s: %q is neither a number nor true or false", pair, value), example)
		}
		err := json.Unmarshal([]byte(`{"`+key+`":`+value+`}`), policy)
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return usage(fmt.Errorf("--policy %s: want %s, not a %s", key, strict.KindName(wrong.Type), wrong.Value), example)
		}
		if err != nil {
			return usage(fmt.Errorf("--policy %s: %w", pair, err), example)
		}
	}
	return checkPolicy(*policy)
}

// checkPolicy reports the first value out of its range.
func checkPolicy(p eval.Policy) error {
	if p.RelTolerance < 0 || p.RelTolerance > 1 {
		return usage(fmt.Errorf("rel_tolerance = %g is out of range: 0 to 1", p.RelTolerance), "0.001 is one part in a thousand")
	}
	if p.AbsTolerance < 0 {
		return usage(fmt.Errorf("abs_tolerance = %g is out of range: it is a distance, 0 or more", p.AbsTolerance), "")
	}
	return nil
}
