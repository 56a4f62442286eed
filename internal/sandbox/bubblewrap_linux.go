package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// bubblewrap runs each program in namespaces that bwrap makes. It is for
// machines that forbid namespaces to us but, by a profile of AppArmor or a
// set-uid bit, not to bwrap.
type bubblewrap struct {
	path    string
	self    string // this binary, the inner stage
	options bwrapOptions
}

// openBubblewrap finds by a canary whether bwrap isolates here, and which of its
// options it knows.
func openBubblewrap(ctx context.Context) (engine, error) {
	path, err := exec.LookPath("bwrap")
	if err != nil {
		return nil, &notIsolated{"find bwrap", err, "sudo apt-get install bubblewrap"}
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for _, o := range bwrapChoices {
		b := bubblewrap{path: path, self: self, options: o}
		if err = tryCanary(ctx, b); err == nil {
			return b, nil
		}
		if !strings.Contains(err.Error(), "nknown option") {
			break
		}
	}
	return nil, err
}

func (bubblewrap) tier() string { return "bubblewrap" }

func (bubblewrap) joins() bool { return true }

func (bubblewrap) close() error { return nil }

func (b bubblewrap) isolation() Isolation {
	i := Isolation{
		Tier: b.tier(),
		Guards: []string{
			"user, pid, mount, network, ipc and uts namespaces", "the system's folders, readable only", "no capabilities", "no new privileges", "seccomp", "rlimits",
		},
		Weaknesses: []string{"memory: rlimit (approximate)", "the number of files in /tmp is not bounded"},
	}
	if !b.options.size {
		i.Weaknesses = append(i.Weaknesses, "the size of /tmp is not bounded: bwrap is too old")
	}
	if os.Geteuid() != 0 {
		i.Weaknesses = append(i.Weaknesses, "programs have the uid of the process that attends to them")
	}
	return i
}

// run runs a task.
func (b bubblewrap) run(ctx context.Context, t task) (Result, error) {
	// bwrap dies with the thread that started it: that must outlast it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	w, err := wrapUp(b, t)
	if err != nil {
		return Result{}, fmt.Errorf("sandbox: %w", err)
	}
	defer w.close()
	if err := w.cmd.Start(); err != nil {
		return Result{}, &notIsolated{"start bwrap", err, bubblewrapRemedy(err)}
	}
	start := time.Now()
	w.closeInner()

	guard := &watch{end: w.end, limit: t.limits.Output}
	stop := context.AfterFunc(ctx, func() { guard.kill(killedByCaller) })
	defer stop()
	wall := time.AfterFunc(t.limits.Wall, func() { guard.kill(killedByWall) })
	defer wall.Stop()

	var pumps sync.WaitGroup
	var stands bool
	var rep innerReport
	var repErr error
	pumps.Go(func() { give(w.order, w.orderText) })
	pumps.Go(func() { give(w.stdin, t.stdin) })
	pumps.Go(func() { guard.read(w.stdout, &guard.stdout) })
	pumps.Go(func() { guard.read(w.stderr, &guard.stderr) })
	pumps.Go(func() { stands, repErr = readReports(w.report, &rep) })
	_ = w.cmd.Wait() // the report says more
	elapsed := time.Since(start)
	_, _, _ = w.lifeline.Close(), w.stdin.Close(), w.order.Close()
	pumps.Wait()
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	if rep.Error != "" {
		return Result{}, &notIsolated{rep.Step, errors.New(rep.Error), "is the program or interpreter readable by everyone?"}
	}
	if !stands && guard.killed() == notKilled {
		err := errors.New(strings.TrimSpace(string(guard.stderr)))
		return Result{}, &notIsolated{"set up the sandbox with bwrap", err, bubblewrapRemedy(err)}
	}
	if repErr != nil {
		rep.Signal = int(syscall.SIGKILL)
	}
	r := rep.result(guard, t.limits)
	if repErr != nil && guard.killed() == notKilled {
		r.Status, r.ExitCode, r.Message = InternalError, -1, "what attends to the program ended without a report: "+repErr.Error()
	}
	r.Wall, r.Isolation = elapsed, b.tier()
	return r, nil
}

// give writes a text into a pipe and closes it; a reader that is gone is no
// error.
func give(to *os.File, text []byte) {
	_, _ = to.Write(text)
	_ = to.Close()
}

// readReports reads that the sandbox stands and then how the program ended.
func readReports(from io.Reader, rep *innerReport) (stands bool, err error) {
	said := json.NewDecoder(io.LimitReader(from, 1<<20))
	if err := said.Decode(rep); err != nil {
		return false, err
	}
	return true, said.Decode(rep)
}

// wrapped is a bwrap that is about to start, with our ends of its pipes.
type wrapped struct {
	cmd              *exec.Cmd
	orderText        []byte
	order, stdin     *os.File
	stdout, stderr   *os.File
	report, lifeline *os.File
	inner, outer     []*os.File // to be closed
}

func wrapUp(b bubblewrap, t task) (w *wrapped, err error) {
	w = &wrapped{}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	o := orderOf(t)
	if os.Geteuid() == 0 {
		o.UID = nobody
	}
	if w.orderText, err = json.Marshal(o); err != nil {
		return w, err
	}
	var given [6]*os.File // what the inner stage gets as its first descriptors
	for i, ours := range []**os.File{&w.stdin, &w.stdout, &w.stderr, &w.order, &w.report, &w.lifeline} {
		read, write, err := os.Pipe()
		if err != nil {
			return w, err
		}
		if i == 1 || i == 2 || i == watchReport {
			given[i], *ours = write, read
		} else {
			given[i], *ours = read, write
		}
		w.inner, w.outer = append(w.inner, given[i]), append(w.outer, *ours)
	}
	extra := given[3:]
	if t.channel != nil {
		extra = append(extra, t.channel)
	}
	args, texts, err := b.arguments(t, 3+len(extra))
	w.inner = append(w.inner, texts...)
	if err != nil {
		return w, err
	}
	w.cmd = &exec.Cmd{
		Path: b.path, Args: append([]string{"bwrap"}, args...), Env: []string{}, Dir: "/",
		Stdin: given[0], Stdout: given[1], Stderr: given[2], ExtraFiles: append(extra[:len(extra):len(extra)], texts...),
		SysProcAttr: &syscall.SysProcAttr{},
	}
	if os.Geteuid() == 0 {
		mapRoot(w.cmd.SysProcAttr)
	}
	return w, nil
}

// mapRoot starts bwrap in a user namespace that has root and nobody. Root needs
// rights over its own files to show them, and the program needs a uid that is
// not root's on the host, because RLIMIT_NPROC does not bind root.
func mapRoot(a *syscall.SysProcAttr) {
	a.Cloneflags = syscall.CLONE_NEWUSER
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}, {ContainerID: nobody, HostID: nobody, Size: 1}}
	a.GidMappings = a.UidMappings
	a.GidMappingsEnableSetgroups = true
}

// end asks for the end of the program, so that there is a report, and takes it
// after a while.
func (w *wrapped) end() {
	_, _ = w.lifeline.Write([]byte("x"))
	time.AfterFunc(grace, func() { _ = w.cmd.Process.Kill() })
}

func (w *wrapped) closeInner() {
	for _, f := range w.inner {
		_ = f.Close()
	}
	w.inner = nil
}

func (w *wrapped) close() {
	w.closeInner()
	for _, f := range w.outer {
		_ = f.Close()
	}
}
