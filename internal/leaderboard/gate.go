package leaderboard

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// A Decision is what a gate says of a run.
type Decision string

// The decisions, from the best to what hides all others.
const (
	Pass           Decision = "pass"           // no drop beyond what is tolerated
	Inconclusive   Decision = "inconclusive"   // no regression found, nor ruled out
	Regression     Decision = "regression"     // lower, beyond chance and tolerance
	Infrastructure Decision = "infrastructure" // the run is broken or incomplete
	Refused        Decision = "refused"        // nothing to compare it with
)

var severity = []Decision{First, Pass, Inconclusive, Regression, Infrastructure, Refused}

// GateOptions say what a gate tolerates; zeros are the usual values.
type GateOptions struct {
	MaxDrop   float64 // a drop of the score up to which is no regression; 0.02
	Alpha     float64 // chance of a false alarm a night, all cells together; 0.01
	MaxErrors float64 // share of attempts of a cell that may fail; 0.1
	Force     bool    // compare also what was not measured alike
}

func (o GateOptions) usual() (GateOptions, error) {
	o.MaxDrop, o.Alpha, o.MaxErrors = cmp.Or(o.MaxDrop, 0.02), cmp.Or(o.Alpha, 0.01), cmp.Or(o.MaxErrors, 0.1)
	switch {
	case o.MaxDrop < 0 || o.MaxDrop >= 1:
		return o, fmt.Errorf("a drop of %g is no difference of scores: give one from 0 to 1", o.MaxDrop)
	case o.Alpha < 0 || o.Alpha >= 0.5:
		return o, fmt.Errorf("a level of %g is no chance of a false alarm: give one from 0 to 0.5", o.Alpha)
	case o.MaxErrors < 0 || o.MaxErrors > 1:
		return o, fmt.Errorf("%g is no share of errors: give one from 0 to 1", o.MaxErrors)
	}
	return o, nil
}

// A Gate says whether a run is worse than earlier runs of the same problems.
type Gate struct {
	Decision  Decision `json:"decision"`
	Run       string   `json:"run"`
	Baselines []string `json:"baselines"` // those that were used
	MaxDrop   float64  `json:"max_drop"`
	Alpha     float64  `json:"alpha"`
	MaxErrors float64  `json:"max_errors"`
	// Forced says that runs were compared that were not measured alike.
	Forced bool       `json:"forced,omitempty"`
	Cells  []GateCell `json:"cells"`
	// Reasons are those of the decision, Warnings what else must be known.
	Reasons  []string `json:"reasons,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	// Faults are those of the run as a whole.
	Faults []string `json:"faults,omitempty"`

	doubts []doubt
}

// A doubt is a warning about cells.
type doubt struct {
	text  string
	cells []string
}

// Judge compares a run with baselines, of which each is a night. Cells are of one
// model at one benchmark. The error is one of reading, or of options; a run that
// cannot be judged is a Gate that says so.
func Judge(current Source, baselines []Source, o GateOptions) (Gate, error) {
	o, err := o.usual()
	if err != nil {
		return Gate{}, err
	}
	g := Gate{Run: current.Name, MaxDrop: o.MaxDrop, Alpha: o.Alpha, MaxErrors: o.MaxErrors, Cells: []GateCell{}}
	nights, err := g.nights(current, baselines)
	if err != nil {
		return g, err
	}
	now, err := current.read()
	if err != nil {
		return g, err
	}
	if current.Unfinished {
		g.fault(Infrastructure, "the run did not finish")
	}
	for _, m := range g.match(now, nights) {
		g.Cells = append(g.Cells, m.open(&g, o))
	}
	settle(g.Cells, o)
	for _, c := range g.Cells {
		g.add(c.Decision, c.name()+": "+c.Why)
	}
	g.conclude()
	return g, nil
}

// A night is a baseline run.
type night struct {
	name   string
	sheets map[[2]string]*sheet // by benchmark and model
}

// nights reads the baselines from the oldest to the newest, less the run itself,
// repeated names and, where others are left, runs that did not finish.
func (g *Gate) nights(current Source, baselines []Source) ([]night, error) {
	var kept []Source
	for _, s := range baselines {
		switch {
		case s.Name == current.Name:
			g.warn("%s is the run itself, and no baseline of it", s.Name)
		case !slices.ContainsFunc(kept, func(k Source) bool { return k.Name == s.Name }):
			kept = append(kept, s)
		}
	}
	whole := slices.DeleteFunc(slices.Clone(kept), func(s Source) bool { return s.Unfinished })
	switch {
	case len(kept) == 0:
		return nil, errors.New("no baseline is given: at least one earlier run is needed")
	case len(whole) == 0:
		g.warn("no baseline run finished: what they hold is used")
		whole = kept
	}
	for _, s := range kept {
		if s.Unfinished && len(whole) < len(kept) {
			g.warn("baseline %s is left out: that run did not finish", s.Name)
		}
	}
	slices.SortStableFunc(whole, func(a, b Source) int { return a.Date.Compare(b.Date) })
	if newest := whole[len(whole)-1]; current.Version != "" && newest.Version != "" && newest.Version != current.Version {
		g.warn("evalr %s made this run, evalr %s %s: it may judge otherwise; `evalr rescore` judges a run anew", current.Version, newest.Version, newest.Name)
	}
	var out []night
	for _, s := range whole {
		sheets, err := s.read()
		if err != nil {
			return nil, err
		}
		n := night{s.Name, map[[2]string]*sheet{}}
		for _, sh := range sheets {
			n.sheets[[2]string{sh.benchmark, sh.model}] = sh
		}
		out = append(out, n)
	}
	return out, nil
}

// add notes a reason for a decision; the gravest decision is the gate's, and
// reasons are those of it alone.
func (g *Gate) add(d Decision, reason string) {
	was, is := slices.Index(severity, g.Decision), slices.Index(severity, d)
	if is > was {
		g.Decision, g.Reasons = d, nil
	}
	if is >= was {
		g.Reasons = append(g.Reasons, reason)
	}
}

// fault notes what is wrong with the run as a whole.
func (g *Gate) fault(d Decision, what string) {
	g.Faults = append(g.Faults, what)
	g.add(d, what)
}

func (g *Gate) warn(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(g.Warnings, text) {
		g.Warnings = append(g.Warnings, text)
	}
}

// warnOf is a warning about a cell. Cells of which the same is to be said share
// one.
func (g *Gate) warnOf(cell, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for i := range g.doubts {
		if d := &g.doubts[i]; d.text == text {
			d.cells = append(d.cells, cell)
			return
		}
	}
	g.doubts = append(g.doubts, doubt{text, []string{cell}})
}

// conclude says which nights were used, and that nothing was, where it is so: a run
// of other models or benchmarks is sound, and can be the next one's baseline.
func (g *Gate) conclude() {
	for _, d := range g.doubts {
		g.warn("%s: %s", list(d.cells), d.text)
	}
	for _, c := range g.Cells {
		for _, name := range c.nights {
			if !slices.Contains(g.Baselines, name) {
				g.Baselines = append(g.Baselines, name)
			}
		}
	}
	if len(g.Cells) == 0 {
		g.fault(Refused, "no model and benchmark of the run is in a baseline")
	}
}
