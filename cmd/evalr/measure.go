package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/store"
)

// A measurement is a spec that is being carried out into its run folder.
type measurement struct {
	by runOptions
	*house
	*kit
	journal  *store.Journal
	budget   *engine.ErrorBudget
	reported seen
	halted   []string // models of which so much failed that they are not asked further
	note     func(string, ...any)
}

// measure carries a spec out, or goes on with it, and prints the board.
func (o runOptions) measure(ctx context.Context, spec Spec) error {
	note := func(format string, args ...any) { fmt.Fprintf(o.err, format+"\n", args...) }
	house, err := furnish(ctx, &spec, note)
	if err != nil {
		return err
	}
	defer house.close()
	house.unattended = o.unattended
	if err := house.affordable(); err != nil {
		return err
	}
	journal, fresh, err := openRun(house, note)
	if err != nil {
		return err
	}
	spec = house.spec   // with the run folder
	if journal == nil { // finished before
		return o.print(spec.Out)
	}
	defer journal.Close() //nolint:errcheck // closed with its error below; this is for early returns

	kit, err := house.ready(ctx, journal, note)
	if err != nil {
		return house.giveUp(journal, err)
	}
	m := &measurement{
		by: o, house: house, kit: kit, journal: journal, budget: &engine.ErrorBudget{Share: 0.1, After: 20}, reported: seen{}, note: note,
	}
	if spec.MaxErrors != nil {
		m.budget.Share = *spec.MaxErrors
	}
	if !fresh {
		stopped, err := m.judgeAgain(ctx)
		if err != nil {
			return errors.Join(err, kit.close(ctx, note))
		}
		if stopped || m.reason() != nil {
			return m.conclude(ctx, true)
		}
	}
	carry := func(plan *engine.Plan, record func(eval.Attempt)) (stopped bool, err error) {
		return m.carry(ctx, plan, record)
	}
	begun := map[bool]string{true: "run", false: "resume"}[fresh] + " " + spec.Out
	var stopped bool
	if spec.Until == "" {
		stopped, err = house.runFixed(journal, begun, carry, note)
	} else {
		note("%s: adaptive sampling until %s, %d to %d trials of a problem", begun, spec.Until, spec.K, spec.KMax)
		house.warnOfSameness(note)
		stopped, err = house.runAdaptive(journal, carry, o.rounds(note))
	}
	if err != nil {
		return errors.Join(err, kit.close(ctx, note))
	}
	return m.conclude(ctx, stopped)
}

// ready starts what the run needs and looks at it. A signal ends it: engines may take
// half an hour to start.
func (h *house) ready(ctx context.Context, journal *store.Journal, note func(string, ...any)) (*kit, error) {
	begun, stop := interruptible(ctx)
	defer stop()
	err := h.start(begun, journal, note)
	var k *kit
	if err == nil {
		k, err = h.outfit(ctx, note)
	}
	if err == nil {
		h.check(begun, k, note)
	}
	if begun.Err() == nil {
		return k, err
	}
	if k != nil {
		_ = k.close(ctx, note) // nothing was asked but for the check
	}
	return nil, &exitError{code: exitInterrupted, err: errors.New("interrupted before the first question"), hint: "resume with: " + h.resume(h.spec.Out)}
}

// giveUp marks a run that could not begin as interrupted, and gives why.
func (h *house) giveUp(journal *store.Journal, why error) error {
	return errors.Join(why, h.closeRun(journal, "interrupted", nil))
}

// interruptible gives a context that a signal ends; a second one ends evalr at once.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // a lost terminal ends a run, unless nohup says otherwise
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(ctx, signals...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// carry drains a plan into the journal. stopped says that the user, the error
// budget or what may be spent ended it.
func (m *measurement) carry(ctx context.Context, plan *engine.Plan, record func(eval.Attempt)) (stopped bool, err error) {
	ctx, stop := interruptible(ctx)
	defer stop()

	for _, name := range m.halted {
		plan.Halt(name)
		stopped = true
	}
	m.project(plan)
	p := newProgress(m.by.err, plan, m.by.quiet)
	p.status = m.status
	p.begin()
	defer p.close()
	for attempt := range engine.Run(ctx, plan) {
		m.reported.add(attempt)
		record(attempt)
		if unjudged(attempt) && answered(attempt) {
			m.unjudged[attempt.Key] = true
		}
		if err := m.journal.Append(attempt); err != nil {
			return true, infrastructure(fmt.Errorf("record an attempt: %w", err),
				"nothing that was recorded is lost; once there is room, resume with: %s", m.resume(m.spec.Out))
		}
		p.step(attempt)
		if ctx.Err() == nil && m.fails(attempt) { // what a signal cut off is no failure
			plan.Halt(attempt.Key.Model)
			m.halted = once(m.halted, attempt.Key.Model)
			stopped = true
		}
	}
	return stopped || ctx.Err() != nil || m.reason() != nil, nil
}

// fails takes an attempt into account, and says whether too many of its model's
// failed. That the run had nothing left to judge an answer is no failure: it ends the
// run by itself.
func (m *measurement) fails(a eval.Attempt) (tooMany bool) {
	return (m.reason() == nil || !unjudged(a)) && m.budget.Count(a)
}

// conclude writes the derived files, prints the board and says how the run
// ended.
func (m *measurement) conclude(ctx context.Context, stopped bool) error {
	status := "finished"
	switch {
	case len(m.budget.Exceeded()) > 0:
		status = "failed"
	case stopped:
		status = "interrupted"
	}
	if err := errors.Join(m.kit.close(ctx, m.note), m.closeRun(m.journal, status, m.reported)); err != nil {
		return infrastructure(fmt.Errorf("close the run: %w", err), "resume with: %s", m.resume(m.spec.Out))
	}
	if err := m.by.print(m.spec.Out); err != nil {
		return err
	}
	m.account()
	switch status {
	case "failed":
		var parts []string
		for _, name := range m.budget.Exceeded() {
			attempts, failed := m.budget.Of(name)
			parts = append(parts, fmt.Sprintf("%s: %d of %d attempts failed, more than allowed; the last: %s", line(name, 60), failed, attempts, lastFailure(m.spec.Out, name)))
		}
		return infrastructure(errors.New(strings.Join(parts, "\n")), "mend the cause, then resume with: %s", m.resume(m.spec.Out))
	case "interrupted":
		if why := m.reason(); why != nil {
			return &exitError{code: exitInterrupted, err: fmt.Errorf("%w; what was finished is kept", why), hint: "with a higher limit, resume with: " + m.resume(m.spec.Out)}
		}
		return &exitError{code: exitInterrupted, err: errors.New("interrupted; what was finished is kept"), hint: "resume with: " + m.resume(m.spec.Out)}
	}
	return nil
}

// print prints the board of a run folder and renews the files derived from it.
func (o runOptions) print(dir string) error {
	board, err := boardOf([]string{dir}, leaderboard.Options{Measures: true})
	if err != nil {
		return err
	}
	if err := writeDerived(dir, board); err != nil {
		fmt.Fprintf(o.err, "warning: %v\n", err)
	}
	if o.json {
		return leaderboard.JSON(o.out, board, leaderboard.Layout{})
	}
	if err := leaderboard.Text(o.out, board, leaderboard.Layout{}); err != nil {
		return err
	}
	fmt.Fprintf(o.err, "run folder: %s\n", dir)
	return nil
}

func resumeCommand(dir string) string {
	return fmt.Sprintf("evalr run -f %s --out %s", shellQuote(filepath.Join(dir, "run.json")), shellQuote(dir))
}

func shellQuote(s string) string {
	if s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-", r)
	}) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// lastFailure finds the newest failure of a model, for the message that ends a run.
func lastFailure(dir, model string) string {
	run, err := store.Open(dir)
	if err != nil {
		return err.Error()
	}
	last := "unknown"
	for a, err := range run.Attempts() {
		if err == nil && a.Err != nil && a.Key.Model == model {
			last = printable(a.Err.Error())
			if a.Err.Hint != "" && !strings.Contains(last, a.Err.Hint) {
				last += " (" + printable(a.Err.Hint) + ")"
			}
		}
	}
	if len(last) > 300 {
		last = last[:300] + " …"
	}
	return last
}
