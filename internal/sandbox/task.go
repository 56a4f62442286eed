package sandbox

import (
	"context"
	"os"
)

// Folders of a program, as it sees them itself.
const (
	programDir = "/program" // its source or its compiled form, readable only
	workDir    = "/tmp"     // where it starts; writable, its own
)

// A task is one process to be run, with everything that a tier must know of it.
type task struct {
	argv    []string // by absolute path, as seen from inside
	args    []string // those of argv that are the program's own
	env     []string
	files   []file // put into programDir
	binds   []bind // host folders outside the system's that the command needs, readable only
	stdin   []byte
	limits  Limits
	address int64    // bytes of address space; 0 for runtimes that reserve more than they use
	channel *os.File // becomes descriptor 3; nil for none
	python  bool     // argv is the Python interpreter with files[0], so a warm interpreter will do
}

// A file is put into a program's folder.
type file struct {
	name string // relative, clean
	data []byte
	exec bool
}

// A bind is a folder of the host that is shown inside, readable only.
type bind struct {
	from string
	to   string // empty: the same path
}

func (b bind) inside() string {
	if b.to == "" {
		return b.from
	}
	return b.to
}

// An engine runs tasks in one tier. It is safe for concurrent use.
type engine interface {
	tier() string
	// run returns an error only when the task could not be run at all.
	run(ctx context.Context, t task) (Result, error)
	// joins says whether tasks may have a channel.
	joins() bool
	close() error
	isolation() Isolation
}
