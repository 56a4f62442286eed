package leaderboard

import (
	"fmt"
	"slices"
)

// mixture says where runs of a benchmark are not of the same thing: problems of
// one number that ask something else, which are not compared, or another way of
// judging, which makes any difference doubtful. Each run is held against the
// first.
func mixture(sheets []*sheet) []string {
	first := map[string]*sheet{}
	var out []string
	for _, sh := range sheets {
		one := first[sh.benchmark]
		if one == nil {
			first[sh.benchmark] = sh
			continue
		}
		if one.run == sh.run {
			continue
		}
		others := 0
		for _, l := range sh.lines {
			if m := one.byID[l.problem.ID]; m != nil && m.differs(l) {
				others++
			}
		}
		if others > 0 {
			out = append(out, fmt.Sprintf("%s: %d problems of %s and of %s have the same name and another text; they are not compared", sh.benchmark, others, one.run, sh.run))
		}
		if one.bench.Policy != sh.bench.Policy && one.bench.Policy != "" && sh.bench.Policy != "" {
			out = append(out, fmt.Sprintf("%s: %s and %s judge answers in different ways (policy)", sh.benchmark, one.run, sh.run))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// twin is the judged line of the same problem, nil if there is none. Problems of
// one number that ask different things are not the same.
func (sh *sheet) twin(l *line) *line {
	m := sh.byID[l.problem.ID]
	if m == nil || len(m.trials) == 0 || m.differs(l) {
		return nil
	}
	return m
}

// differs says whether two lines are known to ask different things.
func (l *line) differs(m *line) bool { return l.asked != 0 && m.asked != 0 && l.asked != m.asked }
