package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// Ids in the sandbox. Root must not be the program's uid on the host, because
// RLIMIT_NPROC does not bind root.
const (
	nobody  = 65534
	initArg = "evalr-sandbox-init"
)

// The descriptors that init is born with, beside the standard three.
const (
	fdConfig   = 3 // a config as JSON, then EOF
	fdReport   = 4 // init's report as JSON
	fdLifeline = 5 // EOF when the parent is gone
)

// native runs programs in fresh user, pid, mount, network, ipc and uts
// namespaces. A copy of this binary is pid 1 in there: it sets up the mounts,
// starts the program with limits and without rights, and reports how it ended.
// When it dies, the kernel kills everything in the sandbox.
type native struct{}

func (native) tier() string { return "native" }

func (native) joins() bool { return false }

func (native) close() error { return nil }

func (native) isolation() Isolation { return Isolation{Tier: "native"} }

// config is what init is told.
type config struct {
	Argv      []string
	Env       []string
	Files     map[string][]byte // by name, in the program's folder
	Binds     []bind            // host folders besides /usr that the interpreter needs
	CPU       time.Duration
	Memory    int64
	FileSize  int64
	Processes int
	Root      bool // the parent is root: drop to nobody
}

// report is what init says of the program.
type report struct {
	Error     string // setting up failed; nothing was run
	Step      string // where it failed
	ExitCode  int
	Signal    int
	CPU       time.Duration
	Peak      int64 // bytes
	OverLimit bool  // init ended it for its memory
}

// run runs a task.
func (n native) run(ctx context.Context, t task) (Result, error) {
	c := config{
		Argv: t.argv, Env: t.env, Files: map[string][]byte{}, Binds: t.binds,
		CPU: t.limits.CPU, Memory: t.limits.Memory, FileSize: t.limits.FileSize, Processes: t.limits.Processes, Root: os.Geteuid() == 0,
	}
	for _, f := range t.files {
		c.Files[f.name] = f.data
	}
	return n.launch(ctx, c, t.stdin, t.limits)
}

// launch starts init and watches it.
func (n native) launch(ctx context.Context, c config, stdin []byte, l Limits) (Result, error) {
	run, err := newLaunch(c)
	if err != nil {
		return Result{}, err
	}
	defer run.close()
	if err := run.cmd.Start(); err != nil {
		return Result{}, &notIsolated{"start in new namespaces", err, namespaceRemedy(err)}
	}
	start := time.Now()
	run.closeChildEnds()

	w := newWatch(run.cmd.Process, l)
	stop := context.AfterFunc(ctx, func() { w.kill(killedByCaller) })
	defer stop()
	wall := time.AfterFunc(l.Wall, func() { w.kill(killedByWall) })
	defer wall.Stop()

	var pumps sync.WaitGroup
	var rep report
	var repErr error
	pumps.Go(func() { feed(run.config, run.configText) })
	pumps.Go(func() { feed(run.stdin, stdin) })
	pumps.Go(func() { w.read(run.stdout, &w.stdout) })
	pumps.Go(func() { w.read(run.stderr, &w.stderr) })
	pumps.Go(func() { repErr = json.NewDecoder(io.LimitReader(run.report, 1<<20)).Decode(&rep) })
	_ = run.cmd.Wait() // the report says more
	elapsed := time.Since(start)
	run.closeStdin()
	pumps.Wait()
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	if rep.Error != "" {
		return Result{}, &notIsolated{rep.Step, errors.New(rep.Error), setupRemedy(rep.Step)}
	}
	r := w.result(rep, repErr, l)
	r.Wall, r.Isolation = elapsed, n.tier()
	return r, nil
}

// A launched init with the parent's ends of its pipes.
type launched struct {
	cmd                   *exec.Cmd
	configText            []byte
	config, stdin         *os.File
	stdout, stderr        *os.File
	report, lifeline      *os.File
	childEnds, parentEnds []*os.File
}

func newLaunch(c config) (r *launched, err error) {
	r = &launched{}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	if r.configText, err = json.Marshal(c); err != nil {
		return r, err
	}
	// Go opens pipes close-on-exec: only what ExtraFiles names reaches init.
	toChild := func(parent **os.File) (child *os.File) { return r.pipe(parent, true, &err) }
	fromChild := func(parent **os.File) (child *os.File) { return r.pipe(parent, false, &err) }
	r.cmd = &exec.Cmd{
		Path: "/proc/self/exe", Args: []string{initArg}, Env: []string{}, Dir: "/",
		Stdin: toChild(&r.stdin), Stdout: fromChild(&r.stdout), Stderr: fromChild(&r.stderr),
		ExtraFiles:  []*os.File{toChild(&r.config), fromChild(&r.report), toChild(&r.lifeline)},
		SysProcAttr: attributes(c.Root),
	}
	return r, err
}

func (r *launched) pipe(parent **os.File, toChild bool, err *error) *os.File {
	if *err != nil {
		return nil
	}
	read, write, perr := os.Pipe()
	if perr != nil {
		*err = fmt.Errorf("sandbox: %w", perr)
		return nil
	}
	child := write
	*parent = read
	if toChild {
		child, *parent = read, write
	}
	r.childEnds, r.parentEnds = append(r.childEnds, child), append(r.parentEnds, *parent)
	return child
}

func (r *launched) closeChildEnds() {
	for _, f := range r.childEnds {
		_ = f.Close()
	}
	r.childEnds = nil
}

func (r *launched) closeStdin() { _ = r.stdin.Close() }

func (r *launched) close() {
	r.closeChildEnds()
	for _, f := range r.parentEnds {
		_ = f.Close()
	}
}

// attributes asks for the namespaces and maps the ids. Root keeps itself for
// setting up and maps nobody for the program; anyone else maps itself alone.
func attributes(root bool) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS,
		Setsid:     true,
	}
	if root {
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}, {ContainerID: nobody, HostID: nobody, Size: 1}}
		a.GidMappings = a.UidMappings
		a.GidMappingsEnableSetgroups = true
		return a
	}
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	return a
}
