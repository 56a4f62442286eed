package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

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

func runExplain(o explainOptions, gold, answer string) error {
	policy, err := parsePolicy(o.policy)
	if err != nil {
		return err
	}
	grader, err := scoring.NewGrader("math", policy, true)
	if err != nil {
		return err
	}
	x := grader.Explain([]string{gold}, answer)
	if o.json {
		e := json.NewEncoder(o.out)
		e.SetEscapeHTML(false)
		return e.Encode(x)
	}
	_, err = fmt.Fprint(o.out, printable(x.String()))
	return err
}
