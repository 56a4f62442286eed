// Package sandbox runs an untrusted program within limits, in isolation, and
// reports what its parent saw. It knows nothing of benchmarks or verdicts.
package sandbox

import (
	"context"
	"errors"
	"time"
)

// A Program is what is to be run.
type Program struct {
	// Language names an entry of the language table ("python").
	Language string
	// Source is the program text.
	Source string
	// Files are further files by name, put beside the program, readable only.
	Files map[string][]byte
	// Args follow the program on its command line.
	Args []string
	// Stdin is the whole standard input.
	Stdin []byte
}

// Limits bound a program; a zero field means the default.
type Limits struct {
	CPU       time.Duration // processor time; default 10 s
	Wall      time.Duration // wall clock; default 3 × CPU + 2 s
	Memory    int64         // bytes; default 512 MiB
	Output    int64         // bytes of stdout and of stderr, each; default 1 MiB
	Processes int           // processes and threads at once; default 64
	FileSize  int64         // bytes of one written file; default 64 MiB
}

// Status says how a program ended.
type Status string

// The ways in which a program ends.
const (
	OK            Status = "ok"
	RuntimeError  Status = "runtime_error" // exit code other than 0, or a signal
	TimeLimit     Status = "time_limit"
	MemoryLimit   Status = "memory_limit"
	OutputLimit   Status = "output_limit"
	CompileError  Status = "compile_error"  // Stderr has the compiler's words
	Denied        Status = "denied"         // a forbidden operation ended it
	InternalError Status = "internal_error" // the sandbox failed, not the program
)

// A Result is what the parent saw of a program.
type Result struct {
	Status     Status
	ExitCode   int    // -1 if a signal ended it
	Signal     string // "SIGKILL"; empty if none
	Stdout     []byte // at most Limits.Output
	Stderr     []byte
	Wall, CPU  time.Duration
	PeakMemory int64  // bytes; 0 if unknown
	Isolation  string // the tier that held it: "native", "none"
	Message    string // why, for InternalError and Denied
	// Again tells of a program that was out of time beside others and was run
	// once more alone: how much processor time it then took, in parts of the
	// first time. 0 if it was run once.
	Again float64

	late bool // a compiler was too slow, which is no property of the program
}

// Isolation describes a tier on this machine; it is recorded with a run.
type Isolation struct {
	Tier       string   `json:"tier"`
	Guards     []string `json:"guards,omitempty"`     // what is in force: "seccomp", "landlock 7", "memory: cgroup v1"
	Weaknesses []string `json:"weaknesses,omitempty"` // what is not, as a reader of the report should know
}

// A Sandbox runs programs. It is safe for concurrent use.
type Sandbox interface {
	// Run returns an error only when the program could not be run at all
	// (*NotIsolated, an unknown language, a missing interpreter, ctx ended).
	Run(ctx context.Context, p Program, l Limits) (Result, error)
	// Talk runs two programs at once, each in isolation of its own, joined by a
	// stream socket that is descriptor 3 of both. When a ends, b is ended. The
	// error wraps ErrNoChannel where the tier cannot join programs.
	Talk(ctx context.Context, a, b Program, l Limits) (Result, Result, error)
	// Tier names the isolation: "native", "bubblewrap", "docker", "none".
	Tier() string
}

// ErrNotIsolated is wrapped by the error of Open when the machine cannot
// isolate a program; the message names the failed probe and the remedy.
var ErrNotIsolated = errors.New("no isolation to be had")

// ErrNoChannel is wrapped by the error of Talk in a tier that cannot join two
// programs.
var ErrNoChannel = errors.New("this tier cannot join two programs")
