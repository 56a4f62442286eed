package reference

import (
	_ "embed" // published.yaml
	"fmt"
	"sync"
)

//go:embed published.yaml
var publishedYAML []byte

// A Score is what someone published of a model at a benchmark. published.yaml says what
// its words mean.
type Score struct {
	Model     string // as the source names it
	Benchmark string // as the catalogue names it
	Metric    string // pass@1, cons@64, rating or percentile
	// Value is a percentage in [0, 100], or a rating of Codeforces; as printed.
	Value  float64
	Window string // part of the benchmark; empty where the source does not say
	Effort string // empty where there is no choice, or the source does not say
	Tools  string // likewise
	// ReportedBy printed the number; it need not be the model's maker.
	ReportedBy string
	Source     string
	Note       string
}

// A table is what one source says, as published.yaml has it.
type table struct {
	Source     string `yaml:"source"`
	ReportedBy string `yaml:"reported_by"`
	Note       string `yaml:"note"` // of the scores without a note of their own
	Scores     []struct {
		Model     string   `yaml:"model"`
		Benchmark string   `yaml:"benchmark"`
		Metric    string   `yaml:"metric"`
		Value     *float64 `yaml:"value"`
		Window    string   `yaml:"window"`
		Effort    string   `yaml:"effort"`
		Tools     string   `yaml:"tools"`
		Note      string   `yaml:"note"`
	} `yaml:"scores"`
}

// Published is every score, in the order of the file. The error would be one of the
// embedded file, which the tests read. The caller owns the slice.
func Published() ([]Score, error) {
	scores, err := published()
	return append([]Score(nil), scores...), err
}

var published = sync.OnceValues(func() ([]Score, error) { return readPublished(publishedYAML) })

func readPublished(text []byte) ([]Score, error) {
	var tables []table
	if err := decode("published.yaml", text, &tables); err != nil {
		return nil, err
	}
	var scores []Score
	for _, t := range tables {
		for _, s := range t.Scores {
			if t.Source == "" || t.ReportedBy == "" || s.Model == "" || s.Benchmark == "" || s.Metric == "" || s.Value == nil {
				return nil, fmt.Errorf("read published.yaml: %s, %s at %s: source, reported_by, model, benchmark, metric and value are needed", t.Source, s.Model, s.Benchmark)
			}
			note := s.Note
			if note == "" {
				note = t.Note
			}
			scores = append(scores, Score{
				Model: s.Model, Benchmark: s.Benchmark, Metric: s.Metric, Value: *s.Value,
				Window: s.Window, Effort: s.Effort, Tools: s.Tools,
				ReportedBy: t.ReportedBy, Source: t.Source, Note: note,
			})
		}
	}
	return scores, nil
}
