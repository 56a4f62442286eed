package leaderboard

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A match is a cell of the run and the same of each night that has it.
type match struct {
	name   string
	now    *sheet // nil if the run lacks it
	nights []*sheet
}

// match finds the cells. What the newest night has the run must have; what only
// older ones have was perhaps given up, and what no night has is new.
func (g *Gate) match(now []*sheet, nights []night) []match {
	cells := map[[2]string]*match{}
	for _, sh := range now {
		cells[[2]string{sh.benchmark, sh.model}] = &match{now: sh}
	}
	newest := nights[len(nights)-1]
	for _, n := range nights {
		for key, sh := range n.sheets {
			if cells[key] == nil {
				if newest.sheets[key] == nil {
					g.warn("%s is in older baselines alone, and not compared", cellName(sh))
					continue
				}
				cells[key] = &match{}
			}
			cells[key].nights = append(cells[key].nights, sh)
		}
	}
	var out []match
	for _, key := range slices.SortedFunc(maps.Keys(cells), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	}) {
		m := *cells[key]
		if len(m.nights) == 0 {
			g.warn("%s is in no baseline, and not compared", cellName(m.now))
			continue
		}
		m.name = cellName(m.nights[0])
		out = append(out, m)
	}
	return out
}

func cellName(sh *sheet) string { return sh.model + " at " + sh.benchmark }

// open makes the cell of a match: broken, refused or ready to be decided.
func (m match) open(g *Gate, o GateOptions) GateCell {
	c := GateCell{Model: m.nights[0].model, Benchmark: m.nights[0].benchmark}
	if m.now == nil {
		c.Decision, c.Why = Infrastructure, "it is missing in the run"
		return c
	}
	if errorShare(m.now.outcomes) > o.MaxErrors {
		c.Decision = Infrastructure
		c.Why = fmt.Sprintf("%d of %d attempts failed, more than %s", m.now.outcomes.Error, m.now.outcomes.All(), percent(o.MaxErrors))
		return c
	}
	nights := m.sound(g, m.alike(g, o), o)
	if len(nights) == 0 {
		differ, _ := unlike(m.now, m.nights[len(m.nights)-1])
		c.Decision, c.Why = Refused, "not measured as the baseline was: "+strings.Join(differ, "; ")
		return c
	}
	m.served(g, nights[len(nights)-1])
	if m.now.info.Adaptive || slices.ContainsFunc(nights, func(sh *sheet) bool { return sh.info.Adaptive }) {
		g.warnOf(m.name, "how often a problem was tried depended on the outcomes, which the test does not allow for")
	}
	c.compare(m.now, nights)
	return c
}

// served notes where the server calls itself otherwise than in the newest night:
// a thing to know, but what a nightly run is there to watch.
func (m match) served(g *Gate, then *sheet) {
	a, b := slices.Sorted(slices.Values(m.now.info.Served)), slices.Sorted(slices.Values(then.info.Served))
	if len(a) > 0 && len(b) > 0 && !slices.Equal(a, b) {
		g.warnOf(m.name, "the server says it is %s; in %s it was %s", strings.Join(a, ", "), then.run, strings.Join(b, ", "))
	}
}

// alike gives the nights that were measured as the run was; by force all.
func (m match) alike(g *Gate, o GateOptions) []*sheet {
	var out []*sheet
	unknown := map[string]bool{}
	for _, sh := range m.nights {
		differ, dark := unlike(m.now, sh)
		for _, what := range dark {
			unknown[what] = true
		}
		switch {
		case len(differ) == 0:
			out = append(out, sh)
		case o.Force:
			g.Forced = true
			g.warnOf(m.name, "compared with %s by force, in spite of %s", sh.run, strings.Join(differ, "; "))
			out = append(out, sh)
		}
	}
	left := map[string][]string{} // the runs, by why
	for _, sh := range m.nights {
		if len(out) > 0 && !slices.Contains(out, sh) {
			differ, _ := unlike(m.now, sh)
			why := strings.Join(differ, "; ")
			left[why] = append(left[why], sh.run)
		}
	}
	for _, why := range slices.Sorted(maps.Keys(left)) {
		g.warnOf(m.name, "baseline %s is left out: %s", list(left[why]), why)
	}
	if len(out) > 0 && len(unknown) > 0 {
		g.warnOf(m.name, "not known of both sides, and so not compared: %s", strings.Join(slices.Sorted(maps.Keys(unknown)), ", "))
	}
	return out
}

// sound leaves out nights in which too many attempts failed, where others are
// left.
func (m match) sound(g *Gate, nights []*sheet, o GateOptions) []*sheet {
	out := slices.DeleteFunc(slices.Clone(nights), func(sh *sheet) bool { return errorShare(sh.outcomes) > o.MaxErrors })
	left := "left out"
	if len(out) == 0 {
		out, left = nights, "used for want of a better"
	}
	for _, sh := range nights {
		if errorShare(sh.outcomes) > o.MaxErrors {
			g.warnOf(m.name, "baseline %s is %s: %d of its %d attempts failed", sh.run, left, sh.outcomes.Error, sh.outcomes.All())
		}
	}
	return out
}

// unlike says what differs in how two sheets were made, and what cannot be told.
func unlike(now, then *sheet) (differ, unknown []string) {
	for _, f := range []struct{ name, now, then string }{
		{"the problems (dataset digest)", now.bench.Digest, then.bench.Digest},
		{"how answers are judged (policy)", now.bench.Policy, then.bench.Policy},
		{"how the model is asked and judged (preset hash)", now.info.PresetHash, then.info.PresetHash},
		{"the kind of runner", now.info.Kind, then.info.Kind},
		{engineName, now.info.Engine, then.info.Engine},
	} {
		switch {
		case f.name == engineName && now.info.Kind == "replay" && then.info.Kind == "replay": // a file has none
		case f.now == "" || f.then == "":
			unknown = append(unknown, f.name)
		case f.now != f.then:
			differ = append(differ, fmt.Sprintf("%s: %s now, %s then", f.name, brief(f.now), brief(f.then)))
		}
	}
	return differ, unknown
}

const engineName = "the engine"

// brief shortens a digest or a policy to what tells two apart in a message.
func brief(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:20]) + "…"
	}
	return s
}

func errorShare(o Outcomes) float64 {
	if o.All() == 0 {
		return 0
	}
	return float64(o.Error) / float64(o.All())
}
