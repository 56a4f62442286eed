package leaderboard

import (
	"fmt"
	"slices"

	"github.com/evalr/evalr/internal/leaderboard/reference"
)

// A ThirdParty is who published a score, and what of it is known.
type ThirdParty struct {
	Source     string `json:"source"`
	ReportedBy string `json:"reported_by"`
	Metric     string `json:"metric"`
	Window     string `json:"window,omitempty"` // part of the benchmark
	Effort     string `json:"effort,omitempty"`
	Tools      string `json:"tools,omitempty"`
	Note       string `json:"note,omitempty"`
}

// publishedMetric is the one that a row's score is: the mean over problems of
// the mean over trials.
const publishedMetric = "pass@1"

// Publish adds what others have published of the benchmarks on the board. Such
// rows have a score alone: no interval, no rank, and a name that says whose they
// are, for how they were measured is not known. Publishers who disagree stand
// apart.
func (b *Board) Publish(scores []reference.Score) {
	measured := map[string]Row{}
	for _, r := range b.Rows {
		measured[r.Benchmark] = r
	}
	// Groups point into the rows, which are not to move.
	rows := slices.Clone(b.Rows)
	for _, s := range scores {
		of, ok := measured[s.Benchmark]
		if !ok || s.Metric != publishedMetric {
			continue
		}
		rows = append(rows, Row{
			Model: publishedName(s), Benchmark: s.Benchmark, Domain: of.Domain, Score: known(s.Value / 100),
			ThirdParty: &ThirdParty{
				Source: s.Source, ReportedBy: s.ReportedBy, Metric: s.Metric, Window: s.Window, Effort: s.Effort, Tools: s.Tools, Note: s.Note,
			},
		})
	}
	slices.SortStableFunc(rows, inOrder)
	b.Rows = rows
}

func publishedName(s reference.Score) string {
	by := s.ReportedBy
	for _, detail := range []string{s.Effort, s.Window} {
		if detail != "" {
			by += ", " + detail
		}
	}
	return fmt.Sprintf("%s (%s)", s.Model, by)
}
