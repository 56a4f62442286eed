package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
)

type runOptions struct {
	streams
	file        string
	models      []string
	benchmarks  []string
	flags       Spec // what the flags say, put over the file
	maxErrors   float64
	extra       []string
	effort      string
	judges      []string
	rubric      string
	judgeTokens int
	thinking    string
	policy      []string
	json        bool
	quiet       bool
	unattended
}

func newRun(s streams) *cobra.Command {
	o := runOptions{streams: s}
	c := &cobra.Command{
		Use:   "run -m MODEL... -b BENCHMARK...",
		Short: "Ask models, judge their answers and print a leaderboard",
		Long: `Ask every model every problem k times, judge the answers and print a leaderboard.

MODEL is KIND:MODEL[@BASE_URL] (see ` + "`evalr list runners`" + `), a replay file, or
auto: a local server if one answers, else a stand-in that is no model.
BENCHMARK is a name or a glob of the catalogue (see ` + "`evalr list benchmarks`" + `)
or the path of a JSONL file of your own.

Everything goes into a run folder, at once. A run that was interrupted or killed
is resumed by the same command; a finished attempt is never paid for twice.

With --until trials go where outcomes vary: every problem is tried k times first,
then by rounds those that are neither always solved nor never, up to --k-max each,
until the score's rerun interval at 95% is so narrow (--until ±2pp, 2%, 0.02) or
the comparison with a baseline is decided (--until decided --baseline RUN: lower,
higher, or within --margin). The rerun interval is what another run on the same
problems would change; other problems would change more, and no number of trials
shrinks that. A score is then the mean of its even and its odd trials, each of
which the other stream alone called for: the plain mean would be biased.`,
		Example: examples(
			"evalr run -m auto -b 'evalr-*'", "the embedded sets, with whatever answers on this machine",
			"evalr run -m ollama:qwen3:8b -b evalr-math -k 4", "four trials each, with a model served by Ollama",
			"evalr run -m ollama:qwen3:8b -b evalr-math -k 4 --k-max 64 --until ±2pp", "as many trials as ±2 points of rerun noise take, where they tell most",
			"evalr run -m ollama:qwen3:8b -b evalr-math --until decided --baseline runs/last-week", "as many as it takes to say whether it is worse than last week's",
			"evalr run -m vllm:deepseek-ai/DeepSeek-R1-Distill-Qwen-7B@http://localhost:8000/v1 -b math500 -b aime24 --data DIR --temperature 0.6 --top-p 0.95 --max-tokens 32768", "the sampling that the model's makers advise",
			"DEEPSEEK_API_KEY=... evalr run -m deepseek:deepseek-reasoner -b gsm8k --data DIR --limit 50", "a remote service; the key never leaves the environment",
			"evalr run -m replay:outputs.jsonl.gz -b gsm8k --data DIR", "judge answers that were recorded elsewhere",
			"evalr run -m llamacpp:./model.gguf -b evalr-math", "start llama.cpp's server on a file, and stop it with the run",
			"OPENAI_API_KEY=... evalr run -m openai:gpt-5-mini --effort low,high -b math500 --data DIR --max-tokens 32768 --budget 5usd", "two efforts side by side, for five dollars at most",
			"evalr run -f evalr.yaml", "the same and more from a file",
		),
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runRun(c.Context(), c, o) },
	}
	f := c.Flags()
	section(c, "What is measured", func() {
		f.StringArrayVarP(&o.models, "model", "m", nil, "`KIND:MODEL[@BASE_URL]` to measure (repeatable)")
		f.StringArrayVarP(&o.benchmarks, "benchmark", "b", nil, "benchmark `NAME`, glob or JSONL path (repeatable)")
		f.IntVarP(&o.flags.K, "trials", "k", 1, "trials of each problem; with --until the first ones, an even number (then 4 by default)")
		f.IntVar(&o.flags.Limit, "limit", 0, "only the first `N` problems of each benchmark")
		f.StringVar((*string)(&o.flags.Shots), "shots", "", "worked examples before each question: a number `N`, or protocol: as many as the benchmark's has (gsm8k 8, mmlu_pro 5, mbpp_google 3)")
		f.StringArrayVar(&o.flags.Data, "data", nil, "folder `DIR` with published benchmark files (repeatable; also EVALR_DATA)")
		f.StringVarP(&o.file, "file", "f", "", "read the run from a YAML `FILE`, or from the run.json of an earlier run")
		f.StringVar(&o.flags.Out, "out", "", "run folder `DIR` (default: a new one under runs/, or the unfinished one of the same run)")
		f.BoolVar(&o.json, "json", false, "print the leaderboard as JSON")
		f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress")
	})
	section(c, "How models are asked", func() { askingFlags(c, &o) })
	section(c, "How fast, and by what", func() { conductFlags(c, &o) })
	section(c, "What may be spent", func() {
		spendingFlags(c, &o)
		f.StringVar(&o.flags.Cache, "cache", "", "`DIR` of answers to identical requests of earlier runs: taken from there, and added to it")
	})
	section(c, "How answers are judged", func() {
		judgeFlags(c, &o)
		policyFlag(c, &o.policy)
		f.StringVar(&o.flags.Tier, "tier", "", "isolation of code answers: "+tierNames+" (default auto)")
		f.IntVar(&o.flags.Judges, "judges", 0, "attempts judged at once (default: the number of CPUs; 32 where models judge)")
	})
	section(c, "How many trials", func() { adaptiveFlags(c, &o) })
	section(c, "When something is wrong", func() {
		f.Float64Var(&o.maxErrors, "max-errors", 0.1, "leave a model when more than this `SHARE` of its attempts fail (not before 20), and end with exit code 3")
		f.StringVar(&o.flags.trial, "check", "", "three tiny requests that check extraction before the run: auto (of servers on this machine), always or never (also "+checkVar+")")
		f.BoolVar(&o.flags.force, "force", false, "go on with a run although another server answers than when it began")
	})
	return c
}

// spec puts the flags over the file.
func (o runOptions) spec(c *cobra.Command) (Spec, error) {
	var spec Spec
	if o.file != "" {
		var err error
		if spec, err = readSpec(o.file); err != nil {
			return spec, err
		}
	}
	flags := o.flags
	for name, unset := range map[string]func(){
		"temperature": func() { flags.Temperature = nil }, "top-p": func() { flags.TopP = nil },
		"max-tokens": func() { flags.MaxTokens = nil }, "seed": func() { flags.Seed = nil },
	} {
		if !c.Flags().Changed(name) {
			unset()
		}
	}
	extra, err := parseParams(o.extra)
	if err != nil {
		return spec, err
	}
	flags.Extra, flags.Effort, flags.ThinkingBudget = extra, levels(o.effort), levels(o.thinking)
	if err := spec.byFlags(flags, o.models); err != nil {
		return spec, err
	}
	if len(o.benchmarks) > 0 {
		spec.Benchmarks = o.benchmarks
	}
	for name, set := range map[string]func(){
		"trials": func() { spec.K, spec.KBy = flags.K, nil }, "out": func() { spec.Out = flags.Out },
		"limit": func() { spec.Limit = flags.Limit }, "data": func() { spec.Data = flags.Data },
		"judges": func() { spec.Judges = flags.Judges }, "tier": func() { spec.Tier = flags.Tier },
		"shots": func() { spec.Shots = flags.Shots }, "cache": func() { spec.Cache = flags.Cache },
		"max-errors": func() { spec.MaxErrors = &o.maxErrors },
		"k-max":      func() { spec.KMax = flags.KMax }, "until": func() { spec.Until = flags.Until },
		"baseline": func() { spec.Baseline = flags.Baseline }, "margin": func() { spec.Margin = flags.Margin },
	} {
		if c.Flags().Changed(name) {
			set()
		}
	}
	if err := o.judgesByFlags(&spec.Judge); err != nil {
		return spec, err
	}
	if len(o.policy) > 0 {
		if err = parsePolicy(&spec.Judging, o.policy); err != nil {
			return spec, err
		}
	}
	spec.force, spec.trial = flags.force, flags.trial
	spec.fillTrials(c.Flags().Changed("trials"))
	spec.fillData()
	return spec, spec.check()
}

// byFlags puts what the flags say of the models and their asking over the file, and
// over what the file says of single models.
func (s *Spec) byFlags(flags Spec, models []string) error {
	s.Asking, s.Conduct, s.Spending = s.over(flags.Asking), overlay(s.Conduct, flags.Conduct), overlay(s.Spending, flags.Spending)
	if len(models) > 0 {
		s.Models, s.KBy, s.resolved = nil, nil, false
		for _, m := range models {
			s.Models = append(s.Models, ModelSpec{Model: m})
		}
		return nil
	}
	if a := flags.Asking; s.resolved && (a.Preset != "" || len(a.Effort) > 0 || len(a.ThinkingBudget) > 0) {
		return usage(errors.New("the run says of each model by which preset, effort and thinking budget it is asked"),
			"give the models by -m, for another run")
	}
	for i := range s.Models {
		m := &s.Models[i]
		m.Asking, m.Conduct = m.over(flags.Asking), overlay(m.Conduct, flags.Conduct)
	}
	return nil
}

// fillData takes the folders of published files from the environment where the
// spec names none.
func (s *Spec) fillData() {
	if dirs := os.Getenv("EVALR_DATA"); s.Data == nil && dirs != "" {
		s.Data = filepath.SplitList(dirs)
	}
}

// check reports what is missing or out of range.
func (s Spec) check() error {
	switch {
	case len(s.Models) == 0:
		return usage(errors.New("no model is given"), "-m KIND:MODEL names one (`evalr list runners`); -m auto takes what answers on this machine")
	case len(s.Benchmarks) == 0:
		return usage(errors.New("no benchmark is given"), "-b NAME names one (`evalr list benchmarks`); 'evalr-*' are embedded and need no download")
	case s.K < 1:
		return usage(fmt.Errorf("k = %d: at least one trial is needed", s.K), "")
	case s.Limit < 0:
		return usage(fmt.Errorf("limit = %d: a number of problems is needed", s.Limit), "")
	case s.MaxErrors != nil && !(*s.MaxErrors >= 0 && *s.MaxErrors <= 1):
		return usage(fmt.Errorf("max_errors = %g: a share from 0 to 1 is needed", *s.MaxErrors), "")
	}
	if when := s.whenChecked(); !slices.Contains([]string{"auto", "always", "never"}, when) {
		return usage(fmt.Errorf("check = %q: auto, always or never is needed", when), "--check and %s set it", checkVar)
	}
	if err := s.checkAdaptive(); err != nil {
		return err
	}
	if err := checkPolicy(s.Judging); err != nil {
		return err
	}
	for _, err := range []error{s.Asking.check(), s.Conduct.check(), s.Spending.check()} {
		if err != nil {
			return usage(err, "")
		}
	}
	for _, m := range s.Models {
		if err := cmp.Or(m.Asking.check(), m.Conduct.check()); err != nil {
			return usage(fmt.Errorf("model %s: %w", m.Model, err), "")
		}
	}
	return nil
}

func runRun(ctx context.Context, c *cobra.Command, o runOptions) error {
	spec, err := o.spec(c)
	if err != nil {
		return err
	}
	return o.measure(ctx, spec)
}
