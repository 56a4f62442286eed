package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
)

// A JudgeSpec says which models judge answers, and by what.
type JudgeSpec struct {
	Models []ModelSpec `json:"models,omitempty" jsonschema:"description=models that judge answers where a file says scorer: judge"`
	Rubric string      `json:"rubric,omitempty" jsonschema:"description=what makes an answer right; a file's own rubric goes before it"`
	Second bool        `json:"second_opinion,omitempty" jsonschema:"description=ask the judges about mechanically judged answers too; verdicts stay"`
}

// judgeFlags adds the flags of judging by models.
func judgeFlags(c *cobra.Command, o *runOptions) {
	f := c.Flags()
	f.StringArrayVar(&o.judges, "judge", nil, "`KIND:MODEL` that judges answers where a file says \"scorer\": \"judge\" (repeatable: more than half decide)")
	f.StringVar(&o.rubric, "judge-rubric", "", "`FILE` that says what makes an answer right; a file's own rubric goes before it")
	f.IntVar(&o.judgeTokens, "judge-max-tokens", 0, "`TOKENS` that a judge may generate for a verdict, its thought included; a --budget needs it")
	f.BoolVar(&o.flags.Judge.Second, "second-opinion", false, "ask the judges about mechanically judged answers too; verdicts stay")
}

// judgesByFlags puts the flags over what the file says of judges.
func (o runOptions) judgesByFlags(j *JudgeSpec) error {
	if len(o.judges) > 0 {
		j.Models = nil
		for _, m := range o.judges {
			j.Models = append(j.Models, ModelSpec{Model: m})
		}
	}
	if o.judgeTokens < 0 {
		return usage(fmt.Errorf("judge-max-tokens = %d: a number above 0 is needed", o.judgeTokens), "")
	}
	if o.judgeTokens > 0 {
		j.Models = slices.Clone(j.Models)
		for i := range j.Models {
			j.Models[i].MaxTokens = &o.judgeTokens
		}
	}
	if o.rubric != "" {
		text, err := os.ReadFile(o.rubric)
		if err != nil {
			return usage(fmt.Errorf("read the rubric: %w", err), "")
		}
		if len(bytes.TrimSpace(text)) == 0 || !utf8.Valid(text) {
			return usage(fmt.Errorf("read the rubric: %s holds no text", o.rubric), "without --judge-rubric the rubric of the file, else the default, holds (docs/llm-judge.md)")
		}
		j.Rubric = string(text)
	}
	j.Second = j.Second || o.flags.Judge.Second
	if j.Second && len(j.Models) == 0 {
		return usage(errors.New("a second opinion is wanted, and there is no judge"), "--judge KIND:MODEL names one")
	}
	return nil
}

// A front is a runner that can be given what stands behind it later: benchmarks
// know their judges before the run has a purse.
type front struct {
	eval.Runner
}

// Under is the runner behind.
func (f *front) Under() eval.Runner { return f.Runner }

// openJudges opens the judges of a spec.
func (h *house) openJudges(spec Spec, note func(string, ...any)) error {
	for _, m := range spec.Judge.Models {
		conduct := overlay(spec.Conduct, m.Conduct)
		conduct.Batch, conduct.Launch, conduct.GPUHour = m.Batch, m.Launch, m.GPUHour
		opened, target, err := h.openModel(m.Model, m.Asking, conduct, note)
		if err != nil {
			return err
		}
		if len(opened) != 1 {
			return usage(fmt.Errorf("judge %s: one model is needed", m.Model), "")
		}
		asking := spec.Judge.Models[0].Asking // all judges are asked alike
		if err := eval.Vet(opened[0], asking.request()); err != nil {
			return usage(fmt.Errorf("judge %s: %w", m.Model, err), "")
		}
		f := &front{opened[0]}
		d := &desk{label: cmp.Or(m.Label, opened[0].Name()), bare: opened[0], target: target, asking: asking, conduct: conduct}
		d.settle = func(r eval.Runner) { f.Runner = r }
		h.judges = append(h.judges, d)
		h.judge.Runners = append(h.judge.Runners, relabel(f, d.label))
	}
	h.judge.Rubric = spec.Judge.Rubric
	if len(spec.Judge.Models) > 0 {
		h.judge.Sampling, h.judge.Effort = spec.Judge.Models[0].sampling(), spec.Judge.Models[0].Effort.one()
	}
	return nil
}

// secondOpinions lets the judges look at the answers of mechanical scorers too.
func secondOpinions(chosen []eval.Benchmark, tools scoring.Tools) error {
	for i := range chosen {
		s, err := scoring.SecondOpinion(chosen[i].Scorer, tools)
		if err != nil {
			return usage(err, "")
		}
		chosen[i].Scorer = s
	}
	return nil
}

// nobody stands for judges where none is to be asked.
var nobody = scoring.Judge{Runners: []eval.Runner{absent{}}}

type absent struct{}

// Name says that nobody is there.
func (absent) Name() string { return "nobody" }

// Generate is never called where nobody is asked.
func (absent) Generate(context.Context, eval.Request) (eval.Response, error) {
	return eval.Response{}, errors.New("no judge is asked here")
}
