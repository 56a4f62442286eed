package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/internal/sandbox"
)

type execOptions struct {
	streams
	lang           string
	cpu            time.Duration
	memory, output string
	processes      int
	tier           string
	warm, cold     bool
	tests          string
	tolerance      float64
	failFast       bool
	batch          string
	jobs           int

	limits sandbox.Limits // read from the above
}

func newExec(s streams) *cobra.Command {
	o := execOptions{streams: s}
	c := &cobra.Command{
		Use:     "exec [--lang LANGUAGE] PROGRAM < INPUT",
		Short:   "Run untrusted programs in the sandbox",
		Long:    execLong,
		Example: execExamples,
		Args:    cobra.MaximumNArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return runExec(c.Context(), c, o, args) },
	}
	f := c.Flags()
	f.StringVar(&o.lang, "lang", "", "`LANGUAGE` of the program: "+strings.Join(languageNames(), ", ")+" (default: by the file name's ending)")
	f.DurationVar(&o.cpu, "time", sandbox.Limits{}.Filled().CPU, "processor time; the wall clock allows three times as much and 2 s")
	f.StringVar(&o.memory, "memory", "512MiB", "memory")
	f.StringVar(&o.output, "output-limit", "1MiB", "bytes of standard output, and of standard error")
	f.IntVar(&o.processes, "processes", sandbox.Limits{}.Filled().Processes, "processes and threads at once")
	f.StringVar(&o.tier, "tier", "auto", "isolation: "+tierNames)
	f.BoolVar(&o.warm, "warm", false, "keep a worker warm for the next program (the default of --tests and --batch)")
	f.BoolVar(&o.cold, "cold", false, "make everything anew for each program; verdicts are the same")
	f.StringVar(&o.tests, "tests", "", "run the program once for each line of the JSONL `FILE`")
	f.Float64Var(&o.tolerance, "tolerance", 0, "with --tests: numbers may differ by so much, relative or absolute (1e-6)")
	f.BoolVar(&o.failFast, "fail-fast", false, "with --tests: stop after the first test that is not passed")
	f.StringVar(&o.batch, "batch", "", "run the programs of the JSONL `FILE`, else of standard input")
	f.Lookup("batch").NoOptDefVal = "-"
	f.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "with --tests and --batch: programs at once")
	c.MarkFlagsMutuallyExclusive("warm", "cold")
	c.MarkFlagsMutuallyExclusive("tests", "batch")
	_ = c.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(languageNames(), cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("tier", cobra.FixedCompletions(strings.Fields("auto native bubblewrap docker podman none"), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func runExec(ctx context.Context, c *cobra.Command, o execOptions, args []string) error {
	if err := o.check(c); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	run := o.one
	switch {
	case o.batch != "":
		run = o.many
	case len(args) == 0:
		return usage(errors.New("exec: the program is missing"), "usage: evalr exec PROGRAM < INPUT, or evalr exec --batch < JOBS")
	case o.tests != "":
		run = o.tested
	}
	if err := run(ctx, strings.Join(args, "")); err != nil {
		if ctx.Err() != nil {
			return &exitError{code: exitInterrupted, err: errors.New("exec: interrupted")}
		}
		return err
	}
	return nil
}

// check reads the limits and reports what is out of range.
func (o *execOptions) check(c *cobra.Command) (err error) {
	o.limits = sandbox.Limits{CPU: o.cpu, Processes: o.processes}
	if o.limits.Memory, err = parseSize(o.memory); err != nil {
		return usage(fmt.Errorf("exec: --memory: %w", err), "")
	}
	if o.limits.Output, err = parseSize(o.output); err != nil {
		return usage(fmt.Errorf("exec: --output-limit: %w", err), "")
	}
	switch set := c.Flags().Changed; {
	case o.cpu <= 0:
		return usage(fmt.Errorf("exec: --time %s: some time is needed", o.cpu), "for example --time 2s")
	case o.processes < 1:
		return usage(fmt.Errorf("exec: --processes %d: at least 1 is needed", o.processes), "")
	case o.jobs < 1:
		return usage(fmt.Errorf("exec: --jobs %d: at least 1 is needed", o.jobs), "")
	case !(o.tolerance >= 0 && o.tolerance < 1):
		return usage(fmt.Errorf("exec: --tolerance %g is out of range: 0 to 1", o.tolerance), "for example --tolerance 1e-6")
	case o.tests == "" && (set("tolerance") || set("fail-fast")):
		return usage(errors.New("exec: --tolerance and --fail-fast go with --tests"), "")
	case o.tests == "" && o.batch == "" && set("jobs"):
		return usage(errors.New("exec: --jobs goes with --tests or --batch"), "")
	}
	return nil
}

// open opens the sandbox for so many programs at once.
func (o *execOptions) open(slots int) (*sandbox.Box, error) {
	box, err := sandbox.Open(boxOptions(sandbox.Options{Tier: o.tier, Cold: o.cold, Slots: slots, Note: func(what string) { fmt.Fprintln(o.err, what) }}))
	if err != nil {
		return nil, sandboxError(err)
	}
	if box.Tier() == "none" {
		fmt.Fprintln(o.err, unprotected("programs run"))
	}
	return box, nil
}

// program reads the program.
func (o *execOptions) program(path string) (sandbox.Program, error) {
	lang, err := languageOf(o.lang, path)
	if err != nil {
		return sandbox.Program{}, err
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return sandbox.Program{}, usage(fmt.Errorf("exec: read the program: %w", err), "")
	}
	return sandbox.Program{Language: lang, Source: string(source)}, nil
}

// one runs a program with standard input.
func (o *execOptions) one(ctx context.Context, path string) error {
	p, err := o.program(path)
	if err != nil {
		return err
	}
	if p.Stdin, err = io.ReadAll(o.in); err != nil {
		return usage(fmt.Errorf("exec: read standard input: %w", err), "")
	}
	o.cold = !o.warm // a warm interpreter that serves one program costs more than it saves
	box, err := o.open(1)
	if err != nil {
		return err
	}
	defer box.Close() //nolint:errcheck // nothing is lost with it
	r, err := box.Run(ctx, p, o.limits)
	if err != nil {
		return sandboxError(fmt.Errorf("exec: %w", err))
	}
	out := newLines(o.out)
	return errors.Join(out.write(shown(r)), out.flush())
}
