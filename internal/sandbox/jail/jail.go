// Package jail is the mechanism below the native tier of the sandbox: workers,
// each a process in namespaces of its own with a minimal read-only root, that
// run one program after the other, each in namespaces of its own again. It knows
// processes, limits and descriptors; languages, pools and verdicts are its
// caller's.
//
// Three processes stand between a program and the harness. The worker (pid 1 of
// its namespaces, a copy of this binary without the harness's memory, or a Python
// interpreter) takes jobs from a socket. For each job it forks a supervisor (pid
// 1 of the job's namespaces), which makes the job's file systems, forks the
// program and reports how it ended. When a supervisor dies the kernel kills all
// that its program started; when a worker dies, everything in it.
package jail

import "time"

// Argv0 is the name under which a worker is started.
const Argv0 = "evalr-sandbox-worker"

// Where a program finds itself.
const (
	ProgramDir = "/program" // its files, readable only
	WorkDir    = "/tmp"     // where it starts: writable, its own, empty
)

// A Bind is a folder of the host that is shown in a worker, readable only.
type Bind struct{ From, To string }

// Config is what a worker is told at its start.
type Config struct {
	Binds   []Bind
	Root    bool     // started by root: programs run as User, not as the one who started it
	User    int      // of programs, if Root
	Watched bool     // a cgroup bounds memory
	Python  []string // the command of a Python interpreter that shall serve as a warm one; empty for a plain worker
	Env     []string // of programs, and of the warm interpreter
}

// Job is what a worker is told of one program. Contents of files do not stand in
// it but in the blob beside it.
type Job struct {
	Argv      []string
	Env       []string
	Files     []File
	CPU       time.Duration
	Memory    int64 // bytes
	Address   int64 // bytes of address space; 0 for no limit
	FileSize  int64 // bytes
	Processes int
	Fresh     bool // network, host name and user namespaces of its own, too
	Channel   bool // a descriptor 3
	Seekable  bool // its standard input is no pipe
	Watched   bool // a cgroup bounds its memory and counts its processor time
	Size      int64
	Seq       int64 // counts the jobs of a worker
}

// A File is a part of the blob that becomes a file in ProgramDir.
type File struct {
	Name string
	Len  int
	Exec bool
}

// Report is what a supervisor said of its program. Err is set when nothing was
// run: the step that failed.
type Report struct {
	Step     string // where setting up failed; empty if the program ran
	Errno    int
	ExitCode int // -1 if a signal ended it
	Signal   int
	CPU      time.Duration // of the program and all that it started
	Peak     int64         // bytes: the largest of its processes
	Stopped  bool          // the supervisor was told to stop it
	Over     bool          // its memory passed the limit
	Late     bool          // its processes together passed the limit of processor time
}
