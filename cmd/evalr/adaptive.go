package main

import (
	"fmt"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/store"
)

// arms are the models at their benchmarks, by the names of both.
type arms struct {
	all    []*arm
	byName map[[2]string]*arm
}

// rounds says how the rounds go, unless the person wants quiet.
func (o runOptions) rounds(note func(string, ...any)) func(string, ...any) {
	if o.quiet {
		return func(string, ...any) {}
	}
	return note
}

// runAdaptive samples by rounds until every arm has what its rule wants. What
// a round asks for follows from the scores of the rounds before it alone: a run
// that was killed walks through the rounds that it has, asks for nothing that is
// recorded, and goes on where it was. What could not be asked in one round is
// asked again in the next.
func (h *house) runAdaptive(journal *store.Journal, carry carrier, note func(string, ...any)) (stopped bool, err error) {
	all, err := h.openArms()
	if err != nil {
		return false, err
	}
	for _, a := range all.all {
		if a.apart > 0 {
			note("  %s · %s: %d problems are not in the baseline: they are tried %d times and not compared", a.benchmark, line(a.model, 40), a.apart, h.spec.K)
		}
	}
	for round := 1; ; round++ {
		plan, err := engine.ExpandTrials(h.models, h.suites, all.wanted(h.spec.K), h.done(journal))
		if err != nil {
			return false, usage(err, "")
		}
		if err := h.equip(plan, journal); err != nil {
			return false, err
		}
		if len(plan.Tasks) > 0 {
			note("round %d: %d attempts to make%s", round, len(plan.Tasks), recorded(plan.Recorded))
			if stopped, err = carry(plan, all.put); err != nil || stopped {
				return stopped, err
			}
		}
		more := all.look(note)
		if err := journal.SetManifest(func(m *store.Manifest) { m.Adaptive = all.report(h.spec, round) }); err != nil {
			return false, infrastructure(fmt.Errorf("write the manifest: %w", err), "")
		}
		if !more {
			h.noteLeft(plan, note)
			return false, nil
		}
	}
}

// openArms makes the arms and gives them what the run has recorded so far.
func (h *house) openArms() (*arms, error) {
	all := &arms{byName: map[[2]string]*arm{}}
	var base *baseline
	if h.spec.Baseline != "" {
		var err error
		if base, err = openBaseline(h.spec.Baseline, h.spec.Out); err != nil {
			return nil, err
		}
	}
	for _, m := range h.models {
		for _, s := range h.suites {
			a, err := h.openArm(m, s, base)
			if err != nil {
				return nil, err
			}
			all.all = append(all.all, a)
			all.byName[[2]string{a.model, a.benchmark}] = a
		}
	}
	run, err := store.Open(h.spec.Out)
	if err != nil {
		return nil, usage(fmt.Errorf("open the run folder: %w", err), "")
	}
	for a, err := range run.Attempts() {
		if err != nil {
			return nil, usage(fmt.Errorf("read what is recorded: %w", err), "")
		}
		all.put(a)
	}
	return all, nil
}

func (h *house) openArm(m *engine.Model, s *engine.Suite, base *baseline) (*arm, error) {
	if base == nil {
		return h.newArm(m, s, nil)
	}
	scores, err := base.scores(h, m.Runner.Name(), s)
	if err != nil {
		return nil, err
	}
	return h.newArm(m, s, scores)
}

// warnOfSameness says where further trials may tell nothing new.
func (h *house) warnOfSameness(note func(string, ...any)) {
	for _, m := range h.models {
		if t := m.Sampling.Temperature; t != nil && *t == 0 {
			note("warning: %s is asked at temperature 0: its trials may all be alike, and the rerun interval too narrow", m.Runner.Name())
		}
	}
}

func (s *arms) wanted(k int) engine.Trials {
	return func(key eval.Key) []int { return s.byName[[2]string{key.Model, key.Benchmark}].wanted(key.Problem, k) }
}

// put notes a judged attempt; one that failed has no score.
func (s *arms) put(a eval.Attempt) {
	if arm := s.byName[[2]string{a.Key.Model, a.Key.Benchmark}]; arm != nil && a.Err == nil {
		arm.put(a.Key.Problem, a.Key.Trial, a.Verdict.Score)
	}
}

// look lets each arm that goes on judge its round; false says that none goes on.
func (s *arms) look(note func(string, ...any)) (more bool) {
	for _, a := range s.all {
		if a.reason != "" {
			continue
		}
		a.look()
		more = more || a.reason == ""
		note("  %s · %s: %s%s", a.benchmark, line(a.model, 40), a.standing, map[bool]string{false: ": " + reasons[a.reason]}[a.reason == ""])
	}
	return more
}

// reasons are why sampling ended, in words.
var reasons = map[string]string{
	"":           "goes on",
	"reached":    "reached",
	"lower":      "lower than the baseline",
	"higher":     "higher than the baseline",
	"equivalent": "within the margin of the baseline",
	"hopeless":   "given up: the noise of the baseline and all trials would leave it undecided",
	"k_max":      "not reached: all problems have k_max trials",
	"replay":     "not reached: the replay holds no more",
}

func (s *arms) report(spec Spec, rounds int) *store.Adaptive {
	out := &store.Adaptive{KMax: spec.KMax, Until: spec.Until, Baseline: spec.Baseline, Rounds: rounds}
	for _, a := range s.all {
		r := a.reached()
		out.Reached = append(out.Reached, r)
		out.Spent += r.Trials
		out.Uniform += r.Uniform
		out.Full += r.Full
	}
	return out
}

// samplings are what a board says of adaptive sampling, by model and benchmark.
func samplings(a *store.Adaptive) map[[2]string]leaderboard.Sampling {
	if a == nil {
		return nil
	}
	out := map[[2]string]leaderboard.Sampling{}
	for _, r := range a.Reached {
		said := reasons[r.Reason]
		if r.Difference != nil {
			said += ", " + differenceText(*r.Difference)
		}
		out[[2]string{r.Model, r.Benchmark}] = leaderboard.Sampling{Until: a.Until, Trials: r.Trials, Uniform: r.Uniform, Full: r.Full, Outcome: said}
	}
	return out
}
