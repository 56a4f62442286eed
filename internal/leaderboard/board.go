// Package leaderboard turns attempts into rows with honest intervals, compares
// them, and writes them for terminals, pages, papers and programs.
//
// It must not know terminals or the files of a run.
package leaderboard

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// A Board is what is known of some models at some benchmarks.
type Board struct {
	Rows []Row `json:"rows"`
	// Groups are rows of parts (difficulties, subjects) or of benchmarks together
	// (domains), if Options asked for them.
	Groups []Row `json:"groups,omitempty"`
	By     By    `json:"by,omitempty"`
	// Baseline is the model from which the rows' Delta are counted.
	Baseline string `json:"baseline,omitempty"`
	// Isolation says what held the programs of code answers, once for runs alike.
	Isolation []Isolation `json:"isolation,omitempty"`
	// Versions of evalr that made the runs, each once.
	Versions []string `json:"evalr_versions,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// Options of a board; the zero value is the usual one.
type Options struct {
	By       By     // what Groups are of
	Baseline string // a model
	Measures bool   // of thoughts are wanted: Source.Measured is read
}

// Build reads the attempts of all sources. The same attempts give the same
// board. A model that stands in several sources with the same benchmark gets a
// row for each, named by its run. About fifty bytes an attempt are kept while
// the board lives.
func Build(sources []Source, o Options) (Board, error) {
	board := Board{Rows: []Row{}, By: o.By}
	if err := o.By.check(); err != nil {
		return board, err
	}
	if o.Measures {
		sources = withMeasures(sources)
	}
	sheets, err := gatherAll(sources)
	if err != nil {
		return board, err
	}
	board.Rows = make([]Row, len(sheets))
	atOnce(len(sheets), func(i int) {
		board.Rows[i] = newRow(sheets[i])
		if len(sources) > 1 {
			board.Rows[i].Run = sheets[i].run
		}
	})
	board.rank(board.Rows)
	if o.Baseline != "" {
		if err := board.subtract(o.Baseline); err != nil {
			return board, err
		}
	}
	board.Warnings = append(board.Warnings, mixture(sheets)...)
	board.group(sheets)
	for _, s := range sources {
		board.hold(s)
		if s.Version != "" && !slices.Contains(board.Versions, s.Version) {
			board.Versions = append(board.Versions, s.Version)
		}
		if s.Unfinished {
			board.Warnings = append(board.Warnings, s.Name+": the run is not finished; its scores are of what is there")
		}
	}
	return board, nil
}

// withMeasures gives sources of which the measures are read.
func withMeasures(sources []Source) []Source {
	out := slices.Clone(sources)
	for i := range out {
		if out[i].Measured != nil {
			out[i].Attempts = out[i].Measured
		}
	}
	return out
}

// gatherAll reads all sources; a model that stands in several with the same
// benchmark is named by its run as well.
func gatherAll(sources []Source) ([]*sheet, error) {
	var all []*sheet
	taken := map[[2]string]bool{}
	for _, s := range sources {
		sheets, err := gather(s)
		if err != nil {
			return nil, err
		}
		for _, sh := range sheets {
			key := [2]string{sh.model, sh.benchmark}
			if taken[key] {
				sh.model = fmt.Sprintf("%s (%s)", sh.model, s.Name)
			}
			taken[key] = true
		}
		all = append(all, sheets...)
	}
	return all, nil
}

// rank sorts rows by benchmark, part, score and name, and sets their ranks.
func (b *Board) rank(rows []Row) {
	slices.SortFunc(rows, inOrder)
	var parts [][]*Row
	for i := range rows {
		if i == 0 || rows[i].Benchmark != rows[i-1].Benchmark || rows[i].Part != rows[i-1].Part {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], &rows[i])
	}
	atOnce(len(parts), func(i int) { rank(parts[i]) })
}

// atOnce calls f with 0 to n-1 on all processors; what f does for one must not
// touch what it does for another.
func atOnce(n int, f func(i int)) {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error {
			f(i)
			return nil
		})
	}
	_ = g.Wait() // nothing fails
}

func inOrder(a, b Row) int {
	return cmp.Or(cmp.Compare(a.Benchmark, b.Benchmark), byPart(a.Part, b.Part), byScore(a.Score, b.Score), cmp.Compare(a.Model, b.Model))
}

// byScore sorts the higher score first, and no score last.
func byScore(a, b *float64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(ordinal(*b), ordinal(*a))
}

// ordinal is a score without the rounding of floats: 0.1+0.2+0.3 ties with
// 0.3+0.2+0.1.
func ordinal(score float64) float64 { return math.Round(score / negligible) }
