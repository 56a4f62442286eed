package jail

import (
	_ "embed" // the warm interpreter's program
	"encoding/binary"
	"encoding/json"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

//go:embed zygote.py
var zygote string

// zygoteConfig is what a warm interpreter is told at its start: the parts of a
// script that are the same for all jobs.
type zygoteConfig struct {
	Mounts  []spoken `json:"mounts"`  // before the program's files
	Seal    []spoken `json:"seal"`    // after them
	Settle  []spoken `json:"settle"`  // before its limits
	Rights  []spoken `json:"rights"`  // after them
	Seccomp int      `json:"seccomp"` // the number of the system call
	Filter  []byte   `json:"filter"`
	Prlimit int      `json:"prlimit"`
	Close   int      `json:"close_range"`
	Steps   []string `json:"steps"`
}

// zygoteScript writes the config of a warm interpreter.
func zygoteScript(c Config) zygoteConfig {
	w := &writer{script: script{steps: []string{"start the program"}}}
	var calls []call
	w.calls = &calls
	z := zygoteConfig{
		Seccomp: unix.SYS_SECCOMP, Prlimit: unix.SYS_PRLIMIT64, Close: unix.SYS_CLOSE_RANGE,
	}
	w.spoken = &z.Mounts
	w.mounts()
	w.spoken = &z.Seal
	w.sealProgram()
	w.spoken = &z.Settle
	w.settle()
	w.spoken = &z.Rights
	w.dropRights(c)
	w.landlock()
	w.at("show the program its own /proc")
	w.do(unix.SYS_PRCTL, unix.PR_SET_DUMPABLE, 1)
	z.Steps = w.steps
	for _, f := range Filter(c.Watched) {
		z.Filter = binary.NativeEndian.AppendUint16(z.Filter, f.Code)
		z.Filter = append(z.Filter, f.Jt, f.Jf)
		z.Filter = binary.NativeEndian.AppendUint32(z.Filter, f.K)
	}
	return z
}

// zygoteJob is what a warm interpreter is told of one program. What only the
// program may know is not in it, for the interpreter's memory is what the next
// program gets a copy of: that stands in the blob, behind the files.
type zygoteJob struct {
	Files    []File   `json:"files"`
	Limits   [][2]any `json:"limits"` // resource, struct rlimit64
	Channel  bool     `json:"channel"`
	Seekable bool     `json:"seekable"`
	Memory   int64    `json:"memory"`  // to watch; 0 for not at all
	Ticks    int64    `json:"ticks"`   // of processor time, to watch
	Size     int64    `json:"size"`    // of the files
	Private  int      `json:"private"` // bytes of the zygotePrivate; 0 if there is nothing to say
}

// zygotePrivate is read by the program's process alone.
type zygotePrivate struct {
	Args []string `json:"args"`
	Env  []string `json:"env"` // null: the worker's
}

// zygoteJobOf gives the two parts of what a warm interpreter is told.
func zygoteJobOf(c Config, j Job) (zygoteJob, []byte, error) {
	p := zygotePrivate{Args: j.Argv[len(c.Python)-1:]}
	if !slices.Equal(j.Env, c.Env) {
		p.Env = j.Env
	}
	var private []byte
	var err error
	if len(p.Args) > 1 || p.Env != nil {
		private, err = json.Marshal(p)
	}
	z := zygoteJob{Files: j.Files, Channel: j.Channel, Seekable: j.Seekable, Size: j.Size, Private: len(private)}
	if !j.Watched {
		z.Memory, z.Ticks = j.Memory, int64(j.CPU/tick)
	}
	for _, l := range limitsOf(c, j) {
		if l.resource == unix.RLIMIT_NPROC && !c.Root {
			l.limit.Cur, l.limit.Max = l.limit.Cur+1, l.limit.Max+1 // beside the sleeper, the interpreter itself
		}
		z.Limits = append(z.Limits, [2]any{l.resource, l.bytes()})
	}
	return z, private, err
}

// becomePython makes this process the warm interpreter. It keeps its rights
// inside: it makes namespaces for each program.
func becomePython(c Config, control int) *Failure {
	stack := unix.Rlimit{Cur: 64 << 20, Max: unix.RLIM_INFINITY}
	_ = unix.Setrlimit(unix.RLIMIT_STACK, &stack) // the layout of memory is made for it
	// Standard streams that are pipes, as programs have them.
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		return failure("start the warm interpreter", err)
	}
	for to, from := range []int{pipe[0], pipe[1], pipe[1]} {
		if err := unix.Dup3(from, to, 0); err != nil {
			return failure("start the warm interpreter", err)
		}
	}
	if _, err := unix.FcntlInt(uintptr(control), unix.F_SETFD, 0); err != nil {
		return failure("start the warm interpreter", err)
	}
	config, err := json.Marshal(zygoteScript(c))
	if err == nil {
		err = handOver(config)
	}
	if err != nil {
		return failure("start the warm interpreter", err)
	}
	err = syscall.Exec(c.Python[0], c.Python, c.Env)
	return failure("start the warm interpreter", err)
}

// fdZygote is where the warm interpreter finds its config.
const fdZygote = 4

// handOver puts a text where the warm interpreter reads it.
func handOver(text []byte) error {
	fd, err := unix.MemfdCreate("config", 0)
	if err != nil {
		return err
	}
	if _, err := unix.Pwrite(fd, text, 0); err != nil {
		return err
	}
	if fd == fdZygote {
		return nil
	}
	return unix.Dup3(fd, fdZygote, 0)
}
