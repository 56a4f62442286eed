package eval

import "context"

// A Benchmark is plain values and functions: how its problems are read, asked
// and judged.
type Benchmark struct {
	Name   string
	Domain string // math, code, science or custom
	About  About
	// Load reads the problems. Errors name file, line and remedy.
	Load func(ctx context.Context, from Data) (Set, error)
	// Prompt gives the messages that ask a Problem.
	Prompt func(Problem) []Message
	Scorer Scorer
	Policy Policy
}

// About says where a benchmark comes from. Facts that were not read from a
// source are empty.
type About struct {
	Summary string // one line
	Source  string // paper or repository
	License string
	Dataset string // hub id
	// Files are the published files that Load looks for, in order.
	Files []string
	// Unverified says that the loader was never run on the published file.
	Unverified bool
	// Embedded says that the problems are part of the binary.
	Embedded bool
}

// Policy holds the options of judging that a benchmark sets; the zero value is
// the default policy.
type Policy struct {
	// RelTolerance accepts numeric answers within this relative error of the
	// gold; 0 means exact.
	RelTolerance float64 `json:"rel_tolerance,omitempty"`
	// AbsTolerance accepts numeric answers within this distance of the gold.
	AbsTolerance float64 `json:"abs_tolerance,omitempty"`
}

// Data says where published files are looked for.
type Data struct {
	// Dirs are searched in order; each is a benchmark's folder or the parent of
	// such folders.
	Dirs []string
	// Home is evalr's own cache folder, searched last.
	Home string
}

// A Set is the problems of a benchmark as they were read.
type Set struct {
	Problems []Problem
	// Files are the files they were read from.
	Files []File
	// Warnings are doubts about the data (skipped rows, odd labels).
	Warnings []string
}

// A File is one file of a dataset.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Rows   int    `json:"rows"`
}
