package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
)

type explainOptions struct {
	streams
	policy []string
	json   bool
}

func newExplain(s streams) *cobra.Command {
	o := explainOptions{streams: s}
	c := &cobra.Command{
		Use:   "explain-answer GOLD ANSWER",
		Short: "Say how a mathematical answer is compared with a gold",
		Long: `Compare a bare answer with a gold as ` + "`evalr grade --as math --answer-only`" + ` does,
and say how both were read, what kinds they are, their normal forms, and the
rule that decided. docs/judging-mathematics.md has the kinds and the policies.`,
		Example: examples(
			`evalr explain-answer '\frac{1}{2}' '0.50'`, "two spellings of one number",
			`evalr explain-answer '(-\infty,2)' 'x < 2'`, "an interval and an inequality",
			`evalr explain-answer '3.98' '3.976' --policy rounding`, "with another policy than the default",
		),
		Args: exactly(2, "a gold or an answer"),
		RunE: func(_ *cobra.Command, args []string) error { return runExplain(o, args[0], args[1]) },
	}
	policyFlag(c, &o.policy)
	c.Flags().BoolVar(&o.json, "json", false, "print JSON")
	return c
}

// signedAnswers writes the minus of an answer that a flag parser would take for
// flags, as in `explain-answer -3 -6/2`, with the sign of Unicode.
func signedAnswers(args []string) []string {
	if len(args) == 0 || args[0] != "explain-answer" {
		return args
	}
	out := slices.Clone(args)
	for i, a := range out {
		if len(a) > 1 && a[0] == '-' && a[1] != '-' && a != "-h" {
			out[i] = minus + a[1:]
		}
	}
	return out
}

const minus = "−"

func runExplain(o explainOptions, gold, answer string) error {
	var policy eval.Policy
	if err := parsePolicy(&policy, o.policy); err != nil {
		return err
	}
	grader, err := scoring.NewGrader("math", policy, true)
	if err != nil {
		return err
	}
	plain := func(s string) string { return strings.Replace(s, minus, "-", 1) }
	x := grader.Explain([]string{plain(gold)}, plain(answer))
	if o.json {
		e := json.NewEncoder(o.out)
		e.SetEscapeHTML(false)
		return e.Encode(x)
	}
	_, err = fmt.Fprint(o.out, printable(x.String()))
	return err
}
