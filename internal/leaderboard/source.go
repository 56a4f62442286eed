package leaderboard

import (
	"iter"
	"time"

	"github.com/evalr/evalr/eval"
)

// A Source is one run: its attempts and what is known of how they were made.
// What is empty is unknown.
type Source struct {
	Name     string // of the run, where several runs must be told apart
	Attempts iter.Seq2[eval.Attempt, error]
	// Measured are the same attempts with the measures of their thoughts, where
	// Attempts leaves them out; nil if it does not.
	Measured iter.Seq2[eval.Attempt, error]
	// Benchmarks and Models describe those of the run, by name and by label.
	Benchmarks map[string]BenchmarkInfo
	Models     map[string]ModelInfo
	// Sampling says, by model and benchmark, what adaptive sampling came to.
	Sampling map[[2]string]Sampling
	// Trials is how many trials of each problem were planned; 0 if it varies.
	Trials     int
	Date       time.Time
	Version    string          // of evalr, that made the run
	Isolation  *eval.Isolation // of code answers; nil if none ran
	Unfinished bool

	sheets []*sheet // once they are read; nil before
}

// A BenchmarkInfo is what a run knows of one of its benchmarks.
type BenchmarkInfo struct {
	Domain string // math, code, science or custom
	// Digest names the files that the problems were read from, and their order.
	Digest string
	// Policy names how answers were judged.
	Policy string
	// Problems are those of the run; their texts are not needed.
	Problems []eval.Problem
}

// A ModelInfo is what a run knows of one of its models.
type ModelInfo struct {
	Kind       string // of the runner
	Engine     string // and its version, as the server says
	Preset     string
	PresetHash string   // how the model was asked and judged
	Served     []string // names and fingerprints that the server reported
	// Adaptive says that the number of trials depended on their outcomes.
	Adaptive bool
	Facts    Facts
}

// A Sampling is what adaptive sampling of a model at a benchmark spent.
type Sampling struct {
	Until  string `json:"until"`
	Trials int    `json:"trials"`
	// Uniform is what as many trials of every problem would have taken for the
	// same rerun uncertainty, estimated; Full is the most there could be.
	Uniform int `json:"uniform"`
	Full    int `json:"full"`
	// Outcome says why it ended, in words.
	Outcome string `json:"outcome"`
}

// Facts of a model that are not measured. What is empty is unknown.
type Facts struct {
	TotalParams  *float64 `json:"total_params_b,omitempty"`  // 10⁹ parameters
	ActiveParams *float64 `json:"active_params_b,omitempty"` // 10⁹ parameters a token
	// ParamsServed says that the server told the parameters, and no publication.
	ParamsServed bool   `json:"params_as_served,omitempty"`
	OpenWeights  *bool  `json:"open_weights,omitempty"`
	Compute      string `json:"training_compute,omitempty"` // as published
	Released     string `json:"released,omitempty"`         // YYYY-MM-DD, or YYYY-MM
}
