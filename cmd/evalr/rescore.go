package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/scoring/cot"
)

type rescoreOptions struct {
	streams
	tier   string
	judges int
	json   bool
}

func newRescore(s streams) *cobra.Command {
	o := rescoreOptions{streams: s}
	c := &cobra.Command{
		Use:   "rescore RUN",
		Short: "Judge the recorded answers of a run again, without asking any model",
		Long: `Judge the recorded answers of a run again: after a judge was mended, or when
answers could not be judged. No model is asked. The new verdicts go into the
run's rescores folder and win over the old ones; the journal is not touched.`,
		Example: examples("evalr rescore runs/20261124-101500-qwen3-gsm8k", "judge the whole run again and say what changed"),
		Args:    exactly(1, "the run folder"),
		RunE:    func(c *cobra.Command, args []string) error { return runRescore(c.Context(), o, args[0]) },
	}
	c.Flags().StringVar(&o.tier, "tier", "", "isolation of code answers: "+tierNames+" (default: as the run's)")
	c.Flags().IntVar(&o.judges, "judges", 0, "attempts judged at once (default: the number of CPUs)")
	c.Flags().BoolVar(&o.json, "json", false, "print the leaderboard as JSON")
	return c
}

func runRescore(ctx context.Context, o rescoreOptions, dir string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	run, err := store.Open(dir)
	if err != nil {
		return usage(fmt.Errorf("rescore: %w", err), "`evalr list runs` names the runs")
	}
	h := &house{}
	defer func() { h.close() }()
	plan, tasks, err := o.tasks(ctx, run, h)
	if err != nil {
		return err
	}
	box := h.sandbox
	out, err := run.Rescore(versionString(), box.isolation())
	if err != nil {
		return usage(fmt.Errorf("rescore %s: %w", dir, err), "")
	}
	r := rejudging{tasks: tasks, out: out, changes: map[string]int{}}
	err = r.judge(ctx, run, plan)
	if err = errors.Join(err, out.Close()); err != nil {
		return infrastructure(fmt.Errorf("rescore %s: %w", dir, err), "")
	}
	if ctx.Err() != nil {
		return &exitError{code: exitInterrupted, err: errors.New("interrupted; the verdicts made so far count"), hint: "run the same command again"}
	}
	sum, changes := 0, r.changes
	for _, n := range changes {
		sum += n
	}
	fmt.Fprintf(o.err, "%d answers judged again, %d verdicts changed\n", r.judged, sum)
	for _, change := range slices.Sorted(maps.Keys(changes)) {
		fmt.Fprintf(o.err, "  %s: %d\n", change, changes[change])
	}
	board, err := boardOf([]string{dir}, leaderboard.Options{Measures: true})
	if err != nil {
		return err
	}
	if err := writeDerived(dir, board); err != nil {
		fmt.Fprintf(o.err, "warning: %v\n", err)
	}
	write := leaderboard.Text
	if o.json {
		write = leaderboard.JSON
	}
	if err := write(o.out, board, leaderboard.Layout{}); err != nil || r.kept == 0 {
		return err
	}
	return infrastructure(fmt.Errorf("%d answers could not be judged again, because a judge failed, and keep their verdicts; the last: %w", r.kept, r.last), "mend the cause, and run the same command again")
}

// tasks gives, by benchmark and problem, how each answer of a run is judged. What is
// opened for that is in h.
func (o rescoreOptions) tasks(ctx context.Context, run *store.Run, h *house) (*engine.Plan, map[[2]string]engine.Task, error) {
	m := run.Manifest()
	var spec Spec
	if err := json.Unmarshal(m.Spec, &spec); err != nil {
		h.sandbox = &lazySandbox{}
		return nil, nil, usage(fmt.Errorf("read the run's spec: %w", err), "")
	}
	spec.Out = m.Dir
	box := &lazySandbox{tier: cmp.Or(o.tier, spec.Tier)}
	h.sandbox = box
	note := func(format string, args ...any) { fmt.Fprintf(o.err, format+"\n", args...) }
	if err := h.summonJudges(ctx, spec, note); err != nil {
		return nil, nil, err
	}
	chosen, err := selectBenchmarks(spec, box, h.judge)
	if err != nil {
		return nil, nil, err
	}
	problems, err := run.Problems()
	if err != nil {
		return nil, nil, usage(fmt.Errorf("read the run's problems: %w", err), "")
	}
	tasks, programs := map[[2]string]engine.Task{}, false
	for _, b := range chosen {
		suite := &engine.Suite{Benchmark: b, Problems: problems[b.Name]}
		for i := range suite.Problems {
			tasks[[2]string{b.Name, suite.Problems[i].ID}] = engine.Task{Suite: suite, Problem: &suite.Problems[i]}
			programs = programs || suite.Problems[i].Tests != nil
		}
	}
	if programs {
		if err := box.open(); err != nil {
			return nil, nil, sandboxError(err)
		}
		if box.Tier() == "none" {
			fmt.Fprintln(o.err, unprotected("code answers run"))
		}
	}
	return &engine.Plan{Split: cot.Split, Measure: cot.Measure, Judges: o.judges}, tasks, nil
}

// summonJudges opens the judges of a run that is judged again, starts their engines,
// and puts around them what stands around those of a run.
func (h *house) summonJudges(ctx context.Context, spec Spec, note func(string, ...any)) error {
	if err := h.openJudges(spec, note); err != nil || len(h.judges) == 0 {
		return err
	}
	spec.Spending = Spending{Prices: spec.Prices} // the limits were those of the run
	h.spec = spec
	if err := h.startable(); err != nil {
		return err
	}
	if err := h.startEngines(ctx, note); err != nil {
		return err
	}
	k, err := h.outfit(ctx, note)
	if err != nil {
		return err
	}
	h.endings = append(h.endings, func() { _ = k.close(ctx, note) })
	return nil
}

// A rejudging gives the answers of a run new verdicts.
type rejudging struct {
	tasks   map[[2]string]engine.Task
	out     *store.Rescore
	changes map[string]int // verdicts that are others now
	judged  int
	kept    int   // verdicts that stay because a judge failed
	last    error // why
}

// judge judges every recorded answer.
func (r *rejudging) judge(ctx context.Context, run *store.Run, plan *engine.Plan) (err error) {
	recorded := func(yield func(engine.Task, eval.Attempt) bool) {
		for a, rerr := range run.Transcripts() {
			if rerr != nil {
				err = errors.Join(err, rerr)
				return
			}
			// A model that did not answer has nothing to judge.
			if a.Err != nil && (!unjudged(a) || !answered(a)) {
				continue
			}
			task, ok := r.tasks[[2]string{a.Key.Benchmark, a.Key.Problem}]
			if !ok {
				err = errors.Join(err, fmt.Errorf("%s: the problem is not in the run's problems", a.Key))
				return
			}
			if !yield(task, a) {
				return
			}
		}
	}
	for was, is := range engine.Rejudge(ctx, plan, recorded) {
		if was.Err == nil && judgeFailed(is) { // it says nothing of the answer
			r.kept, r.last = r.kept+1, is.Err
			continue
		}
		r.judged++
		if before, after := said(was), said(is); before != after {
			r.changes[before+" → "+after]++
		}
		if aerr := r.out.Append(is); aerr != nil {
			return errors.Join(err, aerr)
		}
	}
	return err
}

// judgeFailed says whether an answer has no verdict because a judge said nothing.
func judgeFailed(a eval.Attempt) bool {
	return a.Err != nil && slices.ContainsFunc(a.Verdict.Checks, func(c eval.Check) bool {
		return strings.HasPrefix(c.Name, eval.JudgeCheck) && strings.HasPrefix(c.Note, "failed: ")
	})
}

// said is the outcome of an attempt in a word.
func said(a eval.Attempt) string {
	if a.Err != nil {
		return "error"
	}
	return string(a.Verdict.Outcome)
}
