package leaderboard

import (
	"fmt"
	"slices"
	"time"
)

// A Night is a run of a history, and what was said of it.
type Night struct {
	Source
	// Label names the night, as a rule its date.
	Label string
	// Gate is what was said of it at the time; nil if nothing was.
	Gate *Gate
	// Accepted says that a person takes its level for the new one: earlier nights
	// are no baseline of later ones.
	Accepted bool
}

// When is the day that the label names, else the start of the run.
func (n Night) When() time.Time {
	if day, err := time.Parse("2006-01-02", n.Label[:min(len(n.Label), 10)]); err == nil {
		return day
	}
	return n.Date
}

// sound says whether later nights may be compared with a night.
func (n Night) sound() bool {
	if n.Unfinished || n.Gate != nil && n.Gate.Decision == Infrastructure {
		return false
	}
	if n.Gate == nil || n.Accepted {
		return true
	}
	return n.Gate.Decision != Regression && !slices.ContainsFunc(n.Gate.Cells, func(c GateCell) bool {
		return c.Decision == Regression || c.doubtful(n.Gate.MaxDrop)
	})
}

// doubtAt is the p-value, of a cell by itself, up to which a night that fell too much is
// no baseline though it is no regression.
const doubtAt = 0.03

// doubtful says whether a cell is lower than it may be, and probably not by chance.
// Such nights are not compared with: from baselines that hold them a regression which
// one night seldom shows is gone before it is found.
func (c GateCell) doubtful(maxDrop float64) bool {
	return c.Unrecovered || c.fell(maxDrop) && c.Test.P <= doubtAt
}

// fell says whether a cell that is no regression is lower than it may be.
func (c GateCell) fell(maxDrop float64) bool {
	return c.Decision == Inconclusive && c.Test != nil && c.Test.Drop > maxDrop
}

// linger marks the cells that were a regression and have not recovered.
func (g *Gate) linger(earlier []Night) {
	for i := range g.Cells {
		if c := &g.Cells[i]; c.fell(g.MaxDrop) && wasWorse(*c, earlier) {
			c.Unrecovered = true
			c.Why += "; and it has not recovered from a regression"
		}
	}
}

// wasWorse says how the newest night that can tell found a cell.
func wasWorse(c GateCell, earlier []Night) bool {
	for _, n := range slices.Backward(earlier) {
		if n.Gate == nil || n.Gate.Decision == Infrastructure {
			continue
		}
		for _, then := range n.Gate.Cells {
			if then.name() == c.name() {
				return !n.Accepted && (then.Decision == Regression || then.Unrecovered)
			}
		}
	}
	return false
}

// First is what is said of a night that has nothing before it.
const First Decision = "first"

// baselineNights is how many earlier nights a night is compared with at most.
const baselineNights = 7

// heldNights is how many nights a history keeps in memory, as baselines of those
// that come; an older one is read again.
const heldNights = 2 * baselineNights

// Baselines gives the nights that the current run is to be compared with: the
// newest of which a cell was measured alike and that were no regression and not
// broken, at most seven. Where none was measured alike it is the newest sound one,
// so that the gate can say what differs.
func Baselines(current Source, earlier []Night) []Source {
	var alike, others []Source
	for _, n := range slices.Backward(earlier) {
		if n.Name == current.Name || !n.sound() {
			continue
		}
		if someAlike(current, n.Source) {
			alike = append(alike, n.Source)
		} else {
			others = append(others, n.Source)
		}
		if n.Accepted || len(alike) == baselineNights {
			break
		}
	}
	if len(alike) == 0 && len(others) > 0 {
		return others[:1]
	}
	return alike
}

// someAlike says whether anything that two runs have in common was measured alike:
// the gate leaves out the rest, cell by cell.
func someAlike(a, b Source) bool {
	for name, bench := range a.Benchmarks {
		then, ok := b.Benchmarks[name]
		if !ok {
			continue
		}
		for label, model := range a.Models {
			if was, ok := b.Models[label]; ok {
				if differ, _ := unlike(&sheet{bench: bench, info: model}, &sheet{bench: then, info: was}); len(differ) == 0 {
					return true
				}
			}
		}
	}
	return false
}

// Settle judges the nights of which nothing was said, each by those before it. The
// nights are in order.
func Settle(nights []Night, o GateOptions) error {
	for i := range nights {
		if err := settleNight(nights, i, o); err != nil {
			return err
		}
	}
	return nil
}

func settleNight(nights []Night, i int, o GateOptions) error {
	if old := i - heldNights; old >= 0 {
		nights[old].sheets = nil
	}
	if nights[i].Gate != nil {
		return nil
	}
	if err := nights[i].hold(); err != nil {
		nights[i].Gate = unreadable(nights[i].Source, err)
		return nil
	}
	g, err := JudgeNight(nights[i].Source, nights[:i], o)
	if err != nil {
		return err
	}
	nights[i].Gate = &g
	return nil
}

// unreadable is what is said of a run that cannot be read.
func unreadable(s Source, err error) *Gate {
	g := Gate{Run: s.Name, Cells: []GateCell{}}
	g.fault(Infrastructure, err.Error())
	return &g
}

// JudgeNight judges a run by the nights before it, of which those that cannot be
// read are left out, and so is what the run was not asked for any more. The error is one of options; a run that cannot be read is
// broken.
func JudgeNight(current Source, earlier []Night, o GateOptions) (Gate, error) {
	if err := current.hold(); err != nil {
		return *unreadable(current, err), nil
	}
	var damaged []string
	var baselines []Source
	for again := true; again; {
		again, baselines = false, Baselines(current, earlier)
		for b := range baselines {
			if err := baselines[b].hold(); err != nil {
				damaged = append(damaged, fmt.Sprintf("baseline %s is left out: %v", baselines[b].Name, err))
				earlier = slices.DeleteFunc(slices.Clone(earlier), func(n Night) bool { return n.Name == baselines[b].Name })
				again = true
				break
			}
		}
	}
	given := giveUp(current, baselines)
	g, err := judgeBy(current, baselines, o)
	g.linger(earlier)
	g.Warnings = append(append(g.Warnings, given...), damaged...)
	return g, err
}

// giveUp takes what a run was not asked for out of its baselines, the newest first,
// and says what of the newest it was. A gate cannot know that; who runs every night by
// one spec took it out of that.
func giveUp(current Source, baselines []Source) (said []string) {
	for i := range baselines {
		kept := []*sheet{}
		for _, sh := range baselines[i].sheets {
			if current.asked(sh) {
				kept = append(kept, sh)
			} else if i == 0 {
				said = append(said, cellName(sh)+" was not asked for in this run, and is not compared")
			}
		}
		baselines[i].sheets = kept
	}
	return said
}

// asked says whether a run was to measure what a sheet has; what is unknown of the
// run it was.
func (s Source) asked(sh *sheet) bool {
	_, model := s.Models[sh.model]
	_, bench := s.Benchmarks[sh.benchmark]
	return (model || len(s.Models) == 0) && (bench || len(s.Benchmarks) == 0)
}

// Confirm gives the gate of fresh trials, in which only those cells are regressions
// that were suspected before.
func (g Gate) Confirm(first Gate) Gate {
	suspected := names(first.cells(Regression))
	g.Decision, g.Reasons, g.Cells = "", nil, slices.Clone(g.Cells)
	for _, fault := range g.Faults {
		g.add(Infrastructure, fault)
	}
	for i := range g.Cells {
		c := &g.Cells[i]
		if c.Decision == Regression && !slices.Contains(suspected, c.name()) {
			c.Decision, c.Why = Inconclusive, c.Why+"; but only when it was asked again"
		}
		g.add(c.Decision, c.name()+": "+c.Why)
	}
	return g
}

// Suspects says whether a cell is a regression as far as it could be judged.
func (g Gate) Suspects() bool {
	return g.Decision != Infrastructure && len(g.cells(Regression)) > 0
}

func judgeBy(current Source, baselines []Source, o GateOptions) (Gate, error) {
	if len(baselines) == 0 {
		return firstNight(current, o)
	}
	return Judge(current, baselines, o)
}

// firstNight is the gate of a run that has nothing to be compared with: it can
// only be broken.
func firstNight(s Source, o GateOptions) (Gate, error) {
	o, err := o.usual()
	if err != nil {
		return Gate{}, err
	}
	g := Gate{Decision: First, Run: s.Name, MaxDrop: o.MaxDrop, Alpha: o.Alpha, MaxErrors: o.MaxErrors, Cells: []GateCell{}}
	sheets, err := s.read()
	if err != nil {
		return g, err
	}
	if s.Unfinished {
		g.fault(Infrastructure, "the run did not finish")
	}
	for _, sh := range sheets {
		if share := errorShare(sh.outcomes); share > o.MaxErrors {
			g.fault(Infrastructure, fmt.Sprintf("%s: %.1f%% of the attempts failed", cellName(sh), 100*share))
		}
	}
	return g, nil
}
