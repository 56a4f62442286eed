package sandbox

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Folders of a program, as it sees them itself.
const (
	programDir = "/program" // its source or its compiled form, readable only
	workDir    = "/tmp"     // where it starts; writable, its own
)

// A task is one process to be run, with everything that a tier must know of it.
type task struct {
	argv     []string // by absolute path, as seen from inside
	args     []string // those of argv that are the program's own
	env      []string
	files    []file // put into programDir
	binds    []bind // host folders outside the system's that the command needs, readable only
	stdin    []byte
	limits   Limits
	address  int64    // bytes of address space; 0 for runtimes that reserve more than they use
	overhead int64    // bytes that the runtime needs beside the program's memory
	channel  *os.File // becomes descriptor 3; nil for none
	python   bool     // argv is the Python interpreter with files[0], so a warm interpreter will do
}

// A file is put into a program's folder.
type file struct {
	name string // relative, clean
	data []byte
	exec bool
}

// check refuses names and arguments that cannot be, or that would hide the
// program itself, named source or main.
func (p Program) check(source string) error {
	for _, a := range p.Args {
		if strings.ContainsRune(a, 0) {
			return fmt.Errorf("the argument %q holds a NUL", a)
		}
	}
	for name := range p.Files {
		clean := filepath.Clean("/" + name)[1:]
		first, _, _ := strings.Cut(clean, "/")
		switch {
		case clean == "" || strings.ContainsRune(clean, 0) || slices.ContainsFunc(strings.Split(clean, "/"), func(part string) bool { return len(part) > 255 }):
			return fmt.Errorf("the file %q has no possible name", name)
		case first == source || first == "main":
			return fmt.Errorf("the file %q would hide the program, which is %s there", name, source)
		}
		for dir := filepath.Dir(clean); dir != "."; dir = filepath.Dir(dir) {
			if _, clash := p.Files[dir]; clash {
				return fmt.Errorf("the files %q and %q cannot both be", dir, name)
			}
		}
	}
	return nil
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
