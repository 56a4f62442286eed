package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The tiers that others isolate for us (bubblewrap, containers) know neither
// limits of one process nor how a program ended. So a copy of this binary is
// pid 1 in there. It has three stages: watch attends to one program in
// bubblewrap, serve to one after the other in a container; become is what turns
// itself into the program.
const (
	stageWatch  = "watch"
	stageBecome = "become"
)

// init does the work of an inner stage and does not return, if this process was
// started as one. Like the one of package jail it comes before what a program of
// many packages initialises: two stages start for each program.
func init() {
	if len(os.Args) != 2 || filepath.Base(os.Args[0]) != innerArg {
		return
	}
	switch os.Args[1] {
	case stageWatch:
		watchInside()
	case stageServe:
		os.Exit(serveInside(os.Stdin, os.Stdout))
	case stageBecome:
		become()
	}
	os.Exit(2)
}

// The descriptors of watch, beside the standard three.
const (
	watchOrder    = 3 // an order as JSON, then EOF
	watchReport   = 4 // an empty report at the start, the program's at its end
	watchLifeline = 5 // a byte ends the program; EOF when the harness is gone
	watchChannel  = 6 // the program's channel, if it has one
)

// watchInside attends to one program. When it ends, the kernel ends all that is
// left of the sandbox.
func watchInside() {
	runtime.LockOSThread()
	guardInside()
	var program atomic.Int64
	go obey(os.NewFile(watchLifeline, "lifeline"), &program)
	out := json.NewEncoder(os.NewFile(watchReport, "report"))
	_ = out.Encode(innerReport{}) // the sandbox stands
	var o order
	if err := json.NewDecoder(os.NewFile(watchOrder, "order")).Decode(&o); err != nil {
		_ = out.Encode(innerReport{Step: "read the order", Error: err.Error()})
		os.Exit(1)
	}
	files := []uintptr{0, 1, 2}
	if o.Channel {
		files = append(files, watchChannel)
	}
	b, err := bear(o, files)
	if err != nil {
		_ = out.Encode(innerReport{Step: "start " + o.Argv[0], Error: err.Error()})
		os.Exit(1)
	}
	program.Store(int64(b.pid))
	_ = out.Encode(b.outlast(o.Memory))
	os.Exit(0)
}

// obey ends the program when told to, and everything when the harness is gone.
func obey(lifeline io.Reader, program *atomic.Int64) {
	for word := make([]byte, 1); ; {
		if n, err := lifeline.Read(word); n == 0 || err != nil || program.Load() == 0 {
			os.Exit(1)
		}
		_ = syscall.Kill(int(program.Load()), syscall.SIGKILL)
	}
}

// An innerReport is what the stage that attends to a program says of it. The
// first one is empty: the sandbox stands.
type innerReport struct {
	Step, Error string // nothing was run: what failed, and why
	ExitCode    int    // -1 if a signal ended it
	Signal      int
	CPU         time.Duration // of the program and all that it started
	Peak        int64         // bytes: the largest of its processes
	Over        bool          // its memory passed the limit
}

// result is the end of a program in the words of a tier.
func (rep innerReport) result(w *watch, l Limits) Result {
	r := Result{Stdout: w.stdout, Stderr: w.stderr, CPU: rep.CPU, PeakMemory: rep.Peak}
	classify(&r, ending{exitCode: rep.ExitCode, signal: syscall.Signal(rep.Signal), over: rep.Over, reason: w.killed()}, l)
	return r
}

// guardInside keeps the program off this process, even where both have the same
// user: no signal from inside ends pid 1, and none may look into its memory or
// its descriptors.
func guardInside() {
	if os.Getpid() != 1 {
		fmt.Fprintln(os.Stderr, "the inner stages of the sandbox run as pid 1 of a sandbox alone")
		os.Exit(2)
	}
	// Handlers, unlike ignored signals, are not handed on to the program.
	signal.Notify(make(chan os.Signal, 1))
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

// A born program, as the stage that attends to it holds it.
type born struct {
	pid   int
	spent time.Duration // processor time of become, which is not the program's
}

// The descriptors of become, beside the standard three.
const (
	becomeOrder   = 3
	becomeSpent   = 4 // what was spent, then EOF; or why the program did not start
	becomeChannel = 5
)

// A birth is what become says at its end.
type birth struct {
	Spent time.Duration
	Error string
}

// bear starts a program with files as its standard three and its channel.
func bear(o order, files []uintptr) (born, error) {
	orderRead, orderWrite, err := os.Pipe()
	if err != nil {
		return born{}, err
	}
	defer orderWrite.Close() //nolint:errcheck // a pipe
	spentRead, spentWrite, err := os.Pipe()
	if err != nil {
		_ = orderRead.Close()
		return born{}, err
	}
	defer spentRead.Close() //nolint:errcheck // a pipe
	given := append(append([]uintptr{}, files[:3]...), orderRead.Fd(), spentWrite.Fd())
	given = append(given, files[3:]...)
	pid, err := syscall.ForkExec(innerPath, []string{innerArg, stageBecome}, &syscall.ProcAttr{
		Dir: "/", Files: given, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	_, _ = orderRead.Close(), spentWrite.Close()
	if err != nil {
		return born{}, err
	}
	err = json.NewEncoder(orderWrite).Encode(o)
	_ = orderWrite.Close()
	b := born{pid: pid}
	said := json.NewDecoder(spentRead)
	for err == nil { // EOF: become is the program now
		var m birth
		if err = said.Decode(&m); err == nil {
			if m.Error != "" {
				err = errors.New(m.Error)
			}
			b.spent = m.Spent
		}
	}
	if !errors.Is(err, io.EOF) || b.spent == 0 {
		_ = syscall.Kill(pid, syscall.SIGKILL)
		sweep(&innerReport{})
		return born{}, fmt.Errorf("it was not started: %w", err)
	}
	return b, nil
}

const innerPoll = 20 * time.Millisecond

// outlast waits until the program has ended, ends it when all processes of the
// sandbox together use more memory than allowed, and then ends the others.
func (b born) outlast(memory int64) innerReport {
	var r innerReport
	over, stop := make(chan struct{}), make(chan struct{})
	go func() {
		tick := time.NewTicker(innerPoll)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if memoryInside() > memory {
					close(over)
					_ = syscall.Kill(b.pid, syscall.SIGKILL)
					return
				}
			}
		}
	}()
	for {
		ws, pid, err := reap(&r)
		if err != nil {
			r.Step, r.Error = "wait for the program", err.Error()
			break
		}
		if pid == b.pid {
			r.ExitCode = ws.ExitStatus()
			if ws.Signaled() {
				r.Signal, r.ExitCode = int(ws.Signal()), -1
			}
			break
		}
	}
	close(stop)
	sweep(&r)
	r.CPU = max(0, r.CPU-b.spent)
	select {
	case <-over:
		r.Over, r.Peak = true, max(r.Peak, memory)
	default:
	}
	return r
}

// reap waits for any process that ends and adds what it used.
func reap(r *innerReport) (syscall.WaitStatus, int, error) {
	var ws syscall.WaitStatus
	var ru syscall.Rusage
	for {
		pid, err := syscall.Wait4(-1, &ws, 0, &ru)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err == nil {
			r.CPU += time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
			r.Peak = max(r.Peak, ru.Maxrss<<10)
		}
		return ws, pid, err
	}
}

// sweep ends every process of the sandbox but this one and adds what they used.
func sweep(r *innerReport) {
	if os.Getpid() != 1 {
		return // everything else would be everything of the machine
	}
	_ = syscall.Kill(-1, syscall.SIGKILL)
	for {
		if _, _, err := reap(r); err != nil {
			return
		}
	}
}

// memoryInside sums the memory of all processes of the sandbox but this one, in
// bytes; pages that are shared do not count.
func memoryInside() int64 {
	files, _ := filepath.Glob("/proc/[0-9]*/statm")
	var pages int64
	for _, f := range files {
		text, err := os.ReadFile(f)
		fields := strings.Fields(string(text))
		if err != nil || len(fields) < 3 || f == "/proc/1/statm" {
			continue
		}
		resident, _ := strconv.ParseInt(fields[1], 10, 64)
		shared, _ := strconv.ParseInt(fields[2], 10, 64)
		pages += max(0, resident-shared)
	}
	return pages * int64(os.Getpagesize())
}
