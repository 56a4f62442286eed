package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

const (
	untilDecided  = "decided"
	defaultKMax   = 64
	defaultPilot  = 4
	defaultMargin = "2pp"
)

func adaptiveFlags(c *cobra.Command, o *runOptions) {
	f := c.Flags()
	f.StringVar(&o.flags.Until, "until", "", "sample adaptively until the rerun interval is `±2pp` (2%, 0.02) wide to either side, or \"decided\"")
	f.IntVar(&o.flags.KMax, "k-max", 0, "with --until: trials of a problem at most, an even number (default 64)")
	f.StringVar(&o.flags.Baseline, "baseline", "", "with --until decided: `RUN` folder to compare with")
	f.StringVar(&o.flags.Margin, "margin", "", "with --until decided: difference that counts as none (default `2pp`)")
}

// fillTrials sets the numbers of trials that were not given.
func (s *Spec) fillTrials(given bool) {
	s.kGiven = given || s.K != 0
	if s.K == 0 && !given {
		s.K = 1
		if s.Until != "" {
			s.K = defaultPilot
		}
	}
	if s.Until == "" {
		return
	}
	if s.KMax == 0 {
		s.KMax = max(defaultKMax, s.K)
	}
	if s.Until == untilDecided && s.Margin == "" {
		s.Margin = defaultMargin
	}
}

// checkAdaptive reports what does not go together.
func (s Spec) checkAdaptive() error {
	decided := s.Until == untilDecided
	switch {
	case s.Until == "" && s.KMax != 0:
		return usage(errors.New("k_max is given without until"), "--until ±2pp says when to stop; -k N alone makes N trials of every problem")
	case !decided && s.Baseline != "":
		return usage(errors.New("a baseline is given, but until is not decided"), "--until decided --baseline RUN samples until the two can be told apart")
	case !decided && s.Margin != "":
		return usage(errors.New("a margin is given, but until is not decided"), "")
	case s.Until == "":
		return nil
	case decided && s.Baseline == "":
		return usage(errors.New("until decided: no baseline is given"), "--baseline RUN names the run folder to compare with; `evalr list runs` shows them")
	case s.K < 4 || s.K%2 != 0:
		return usage(fmt.Errorf("k = %d: adaptive sampling begins with an even number of trials, 4 or more", s.K),
			"even and odd trials are two streams, and each must show how it varies; leave out -k for 4")
	case s.KMax < s.K || s.KMax%2 != 0:
		return usage(fmt.Errorf("k_max = %d: an even number of trials is needed, not below k = %d", s.KMax, s.K), "")
	}
	for name, text := range map[string]string{"until": s.Until, "margin": s.Margin} {
		if text == "" || text == untilDecided {
			continue
		}
		if _, err := parsePoints(text); err != nil {
			return usage(fmt.Errorf("%s: %w", name, err), "for example ±2pp, 2%% or 0.02; --until decided compares with a baseline")
		}
	}
	return nil
}

// wantsNoMore says whether a run that was finished under another spec of the
// same hash need not go on for this one.
func (s Spec) wantsNoMore(was Spec) bool {
	return s.Until == "" ||
		s.Until == was.Until && s.Baseline == was.Baseline && s.Margin == was.Margin && s.KMax <= was.KMax
}

// parsePoints reads a half width as a share in (0, 0.5]: ±2pp, 2pp, 2% or 0.02.
func parsePoints(text string) (float64, error) {
	number := strings.TrimSpace(text)
	for _, sign := range []string{"±", "+-", "+/-"} {
		number = strings.TrimPrefix(number, sign)
	}
	scale := 1.0
	for _, unit := range []string{"pp", "%"} {
		if rest, ok := strings.CutSuffix(number, unit); ok {
			number, scale = rest, 100
			break
		}
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is no width", text)
	case scale == 1 && x >= 1:
		return 0, fmt.Errorf("%q has no unit: %gpp is meant?", text, x)
	case !(x > 0 && x/scale <= 0.5):
		return 0, fmt.Errorf("%q is out of range: more than 0 and at most 50pp", text)
	}
	return x / scale, nil
}
