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
	// Shots are the worked examples that may stand before a question; nil where
	// no protocol has any.
	Shots *Shots
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

// Policy holds the options of judging; the zero value is the default policy. The
// names are those of a spec's `judging`, of `--policy` and of the manifest.
type Policy struct {
	// RelTolerance accepts numeric answers within this relative error of the
	// gold; 0 means exact.
	RelTolerance float64 `json:"rel_tolerance,omitempty" jsonschema:"minimum=0,maximum=1,description=accept numbers within this relative error of the gold"`
	// AbsTolerance accepts numeric answers within this distance of the gold.
	AbsTolerance float64 `json:"abs_tolerance,omitempty" jsonschema:"minimum=0,description=accept numbers within this distance of the gold"`
	// Rounding accepts a decimal that the other side rounds to.
	Rounding bool `json:"rounding,omitempty" jsonschema:"description=accept a decimal that the other side rounds to"`
	// StrictPercent wants the percent sign on both sides or on neither.
	StrictPercent bool `json:"strict_percent,omitempty" jsonschema:"description=a percent sign may not be missing on one side"`
	// StrictUnits wants the unit on both sides or on neither.
	StrictUnits bool `json:"strict_units,omitempty" jsonschema:"description=a unit may not be missing on one side"`
	// Ordered gives lists without brackets an order.
	Ordered bool `json:"ordered,omitempty" jsonschema:"description=lists without brackets have an order"`
	// Synonyms takes yes for true and no for false.
	Synonyms bool `json:"synonyms,omitempty" jsonschema:"description=yes stands for true and no for false"`
	// BareNumerals lets 204 stand for 204_5 where the gold names the base.
	BareNumerals bool `json:"bare_numerals,omitempty" jsonschema:"description=a numeral without its base stands for the gold's with it"`
	// StrictExtraction takes explicit answers alone: boxes, tags, labels; not the
	// last mathematics or the last number of a response.
	StrictExtraction bool `json:"strict_extraction,omitempty" jsonschema:"description=take explicit answers alone: boxes tags and labels"`
}

// Or gives p, what was asked for, with what q, a benchmark's own protocol, adds:
// its tolerances where p sets none, and every switch that either turns on.
func (p Policy) Or(q Policy) Policy {
	if p.RelTolerance == 0 && p.AbsTolerance == 0 {
		p.RelTolerance, p.AbsTolerance = q.RelTolerance, q.AbsTolerance
	}
	p.Rounding = p.Rounding || q.Rounding
	p.StrictPercent = p.StrictPercent || q.StrictPercent
	p.StrictUnits = p.StrictUnits || q.StrictUnits
	p.Ordered = p.Ordered || q.Ordered
	p.Synonyms = p.Synonyms || q.Synonyms
	p.BareNumerals = p.BareNumerals || q.BareNumerals
	p.StrictExtraction = p.StrictExtraction || q.StrictExtraction
	return p
}

// Shots are the worked examples that a protocol puts before a question.
type Shots struct {
	// Protocol is how many a question has by the protocol that Source names.
	Protocol int
	Source   string
	// Files are the published files that Load looks for, in order; From says where
	// they are published.
	Files []string
	From  string
	// Unverified says that Load was never run on the published file.
	Unverified bool
	// Among says that the examples are problems of the benchmark itself, so that
	// each of them has one fewer.
	Among bool
	// Load reads the examples in the order in which they are used, as Benchmark's
	// Load reads the problems.
	Load func(ctx context.Context, from Data) ([]Example, []File, error)
	// Group names the group of a Problem: it is shown examples of its own group
	// alone. nil means that all are of one.
	Group func(Problem) string
}

// An Example is a problem with a worked answer, which ends in the form that the
// benchmark's Scorer reads.
type Example struct {
	Problem Problem
	Answer  string
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
