package leaderboard

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/evalr/evalr/internal/stats"
)

// By says what the groups of a board are of.
type By string

// What a board can be grouped by. Benchmarks have rows of their own always.
const (
	ByBenchmark  By = ""
	ByDomain     By = "domain"
	ByDifficulty By = "difficulty"
	BySubject    By = "subject"
)

func (by By) check() error {
	if slices.Contains([]By{ByBenchmark, "benchmark", ByDomain, ByDifficulty, BySubject}, by) {
		return nil
	}
	return fmt.Errorf("a board can be by benchmark, domain, difficulty or subject, not by %q", by)
}

// group adds the rows of parts or of domains.
func (b *Board) group(sheets []*sheet) {
	switch b.By {
	case ByDomain:
		b.domains()
		return
	case ByDifficulty, BySubject:
	default:
		return
	}
	for _, sh := range sheets {
		parts := map[string]bool{}
		for _, l := range sh.lines {
			parts[l.part(b.By)] = true
		}
		if len(parts) == 1 && parts[""] {
			b.Warnings = append(b.Warnings, fmt.Sprintf("%s: its problems have no %s", sh.benchmark, b.By))
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(parts)) {
			part := sh.part(func(l *line) bool { return l.part(b.By) == name })
			row := newRow(part)
			row.Part = cmp.Or(name, without(b.By))
			b.Groups = append(b.Groups, row)
		}
	}
	slices.Sort(b.Warnings)
	b.Warnings = slices.Compact(b.Warnings)
	b.rank(b.Groups)
}

// without names the part of the problems of which it is not known.
func without(by By) string { return "without " + string(by) }

func (l *line) part(by By) string {
	if by == BySubject {
		return l.problem.Subject
	}
	return l.problem.Difficulty
}

// byPart sorts numbers by size, and names after them by their letters. No two
// parts are equal, not even "1" and "1.0": rows of a part must lie together.
func byPart(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX == nil && errY == nil:
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	case errX == nil:
		return -1
	case errY == nil:
		return 1
	}
	return cmp.Compare(a, b)
}

// domains adds a row for each model and domain: the mean of the scores of its
// benchmarks, each of which counts the same. The interval comes from the
// benchmarks' standard errors. A model that lacks a benchmark which another has
// is incomplete and has no rank.
func (b *Board) domains() {
	benchmarks := map[string][]string{}
	rows := map[[2]string][]*Row{} // by domain and model
	for i := range b.Rows {
		r := &b.Rows[i]
		if r.Score == nil {
			continue
		}
		domain := cmp.Or(r.Domain, "custom")
		if !slices.Contains(benchmarks[domain], r.Benchmark) {
			benchmarks[domain] = append(benchmarks[domain], r.Benchmark)
		}
		key := [2]string{domain, r.Model}
		rows[key] = append(rows[key], r)
	}
	for _, key := range slices.SortedFunc(maps.Keys(rows), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	}) {
		b.Groups = append(b.Groups, together(key[0], rows[key], benchmarks[key[0]]))
	}
	slices.SortStableFunc(b.Groups, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Benchmark, b.Benchmark), byScore(a.Score, b.Score), cmp.Compare(a.Model, b.Model))
	})
	b.rankDomains()
}

// together is one model at all of its benchmarks of a domain.
func together(domain string, rows []*Row, benchmarks []string) Row {
	out := Row{Model: rows[0].Model, Benchmark: domain, Domain: domain, Part: strings.Join(benchmarks, ", "), Method: "mean of benchmarks"}
	n := float64(len(rows))
	var wrong, right float64
	var scores []float64
	var own, rerun []stats.Interval
	for _, r := range rows {
		scores, own = append(scores, *r.Score), append(own, stats.Interval{Low: *r.CILow, High: *r.CIHigh})
		wrong, right = wrong+*r.BoundLow/n, right+*r.BoundHigh/n
		out.Problems += r.Problems
		out.Trials = max(out.Trials, r.Trials)
		out.Outcomes = out.Outcomes.plus(r.Outcomes)
		out.Incomplete = out.Incomplete || r.Incomplete
		out.Warned += r.Warned
		if r.RerunLow != nil {
			rerun = append(rerun, stats.Interval{Low: *r.RerunLow, High: *r.RerunHigh})
		}
	}
	ci := stats.Together(scores, own, confidence)
	out.Score, out.CILow, out.CIHigh = known(stats.Mean(scores)), &ci.Low, &ci.High
	out.BoundLow, out.BoundHigh = known(wrong), known(right)
	out.SE = known((ci.High - ci.Low) / 2 / stats.NormalQuantile((1+confidence)/2))
	if len(rerun) == len(rows) {
		again := stats.Together(scores, rerun, confidence)
		out.RerunLow, out.RerunHigh = &again.Low, &again.High
		out.RerunSE = known((again.High - again.Low) / 2 / stats.NormalQuantile((1+confidence)/2))
	}
	out.spendTogether(rows)
	if len(rows) < len(benchmarks) {
		out.Incomplete = true
		out.Warnings = append(out.Warnings, fmt.Sprintf("%d of the %d benchmarks: no rank", len(rows), len(benchmarks)))
	}
	out.parts, out.whole = rows, len(rows) == len(benchmarks)
	return out
}

// spendTogether sets what all benchmarks cost, as far as it is known of each.
func (r *Row) spendTogether(rows []*Row) {
	all := &sheet{}
	for _, one := range rows {
		all.lines = append(all.lines, one.sheet.lines...)
		all.lost.add(one.sheet.lost.value())
		all.lost.n += one.sheet.lost.n - 1
		all.estimated = all.estimated || one.sheet.estimated
	}
	r.spend(all)
	for _, one := range rows {
		if one.Tokens == nil {
			r.Tokens, r.MeanOutputTokens = nil, nil
		}
		if one.Cost == nil {
			r.Cost = nil
		}
		if one.Speed == nil {
			r.Speed = nil
		}
	}
}

// rankDomains ranks the models that have all benchmarks of a domain, by the
// difference of their scores within the error of that difference.
func (b *Board) rankDomains() {
	for from := 0; from < len(b.Groups); {
		to := from
		var whole []*Row
		for ; to < len(b.Groups) && b.Groups[to].Benchmark == b.Groups[from].Benchmark; to++ {
			if b.Groups[to].whole {
				whole = append(whole, &b.Groups[to])
			}
		}
		rankBy(whole, domainTests(whole))
		from = to
	}
}

// domainTests tests each pair by the sign flips of all its benchmarks' units,
// each weighed by its share in the mean.
func domainTests(rows []*Row) [][]float64 {
	p := make([][]float64, len(rows))
	for i := range p {
		p[i] = make([]float64, len(rows))
		for j := range i {
			var d []float64
			for k, r := range rows[i].parts {
				one := pair(r.sheet, rows[j].parts[k].sheet)
				for _, x := range one.d {
					d = append(d, x/float64(max(one.Problems, 1)))
				}
			}
			p[i][j] = stats.PairedPermutation(d, seedOf(rows[i].Benchmark))
			p[j][i] = p[i][j]
		}
	}
	return p
}
