package main

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

// again asks every problem as often again, and judges the fresh trials alone. A
// regression that they do not show was chance. If asking fails the night is broken:
// the same command asks what is left.
func (o nightlyOptions) again(ctx context.Context, spec Spec, v verdictOfNight, earlier []leaderboard.Night) (leaderboard.Gate, error) {
	first := v.Gate
	fmt.Fprintf(o.err, "a regression is suspected: asking again, with fresh trials\n%s\n", first.Paragraph())
	current, err := sourceOf(spec.Out)
	if err != nil {
		return first, err
	}
	from := v.Asked.Trials
	more := spec
	more.Until, more.KMax, more.Baseline, more.Margin = "", 0, "", ""
	more.K = from + usualTrials(current, from)
	err = o.run(ctx, more, unattended{from: from})
	if resumable(err) {
		return first, err
	}
	if err != nil {
		broken := first
		broken.Decision = leaderboard.Infrastructure
		broken.Reasons = []string{"a regression is suspected, and asking again failed: " + err.Error()}
		broken.Faults = append(broken.Faults, broken.Reasons...)
		return broken, nil
	}
	if current, err = sourceOf(spec.Out); err != nil {
		return first, err
	}
	fresh, n := trials(current, from, more.K)
	if n == 0 {
		first.Warnings = append(first.Warnings, "the regression could not be asked again: the model holds no further trials (a replay file?)")
		return first, nil
	}
	gate, err := leaderboard.JudgeNight(fresh, earlier, v.Asked.Limits)
	if err != nil {
		return first, usage(fmt.Errorf("nightly: %w", err), "")
	}
	gate = gate.Confirm(first)
	verdict := "the fresh trials show it too"
	if !gate.Suspects() {
		verdict = "the fresh trials do not show it"
	}
	gate.Warnings = append(gate.Warnings, fmt.Sprintf("a regression was suspected, and every problem asked again: %s. First: %s", verdict, strings.Join(first.Reasons, "; ")))
	return gate, nil
}

// trials is a source with the trials from a number up to another; n counts the
// attempts that are left.
func trials(s leaderboard.Source, from, to int) (part leaderboard.Source, n int) {
	all := s.Attempts
	within := func(a eval.Attempt) bool { return from <= a.Key.Trial && a.Key.Trial < to }
	for a, err := range all {
		if err == nil && within(a) {
			n++
		}
	}
	s.Attempts = iter.Seq2[eval.Attempt, error](func(yield func(eval.Attempt, error) bool) {
		for a, err := range all {
			if (err != nil || within(a)) && !yield(a, err) {
				return
			}
		}
	})
	s.Trials = min(s.Trials, to-from)
	return s, n
}

// usualTrials is how many trials before a number a problem has on the average, at
// least one: adaptive sampling seldom makes all.
func usualTrials(s leaderboard.Source, before int) int {
	type place struct{ model, benchmark, problem string }
	seen, n := map[place]bool{}, 0
	for a, err := range s.Attempts {
		if err == nil && a.Key.Trial < before {
			seen[place{a.Key.Model, a.Key.Benchmark, a.Key.Problem}] = true
			n++
		}
	}
	if n == 0 {
		return 1
	}
	return (n + len(seen) - 1) / len(seen)
}
