package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/eval"
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

// parsePolicy reads KEY or KEY=VALUE pairs; a key alone is true.
func parsePolicy(pairs []string) (eval.Policy, error) {
	var policy eval.Policy
	fields := map[string]json.RawMessage{}
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			value = "true"
		}
		if !json.Valid([]byte(value)) {
			return policy, usage(fmt.Errorf("--policy %s: %q is neither a number nor true or false", pair, value), "for example --policy rel_tolerance=0.001 or --policy strict_units")
		}
		fields[key] = json.RawMessage(value)
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return policy, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&policy)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		return policy, usage(fmt.Errorf("--policy %s: want %s, not a %s", wrong.Field, kindName(wrong.Type), wrong.Value), "for example --policy rel_tolerance=0.001 or --policy strict_units")
	case err != nil:
		_, name, _ := strings.Cut(err.Error(), `"`)
		name = strings.TrimSuffix(name, `"`)
		hint := "the keys are " + strings.Join(policyKeys(), ", ")
		if near := eval.Nearest(name, policyKeys()); len(near) > 0 {
			hint = fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
		}
		return policy, usage(fmt.Errorf("--policy: unknown key %q", name), "%s", hint)
	}
	return policy, checkPolicy(policy)
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
