package sandbox

import (
	"bytes"
	"io"
	"os"
	"sync"
	"syscall"
)

// feed writes a text into a pipe and closes it; a reader that is gone is no
// error.
func feed(to *os.File, text []byte) {
	_, _ = io.Copy(to, bytes.NewReader(text))
	_ = to.Close()
}

// Why the parent ended a program.
type killReason int

const (
	notKilled killReason = iota
	killedByWall
	killedByOutput
	killedByCaller
)

// A watch bounds what a program may say and how long it may run.
type watch struct {
	process        *os.Process
	limit          int64
	mu             sync.Mutex
	reason         killReason
	stdout, stderr []byte
}

func newWatch(p *os.Process, l Limits) *watch { return &watch{process: p, limit: l.Output} }

// kill ends the sandbox; the first reason counts.
func (w *watch) kill(why killReason) {
	w.mu.Lock()
	if w.reason == notKilled {
		w.reason = why
	}
	w.mu.Unlock()
	_ = w.process.Kill()
}

// read keeps at most limit bytes and ends a program that says more.
func (w *watch) read(from io.Reader, into *[]byte) {
	text, _ := io.ReadAll(io.LimitReader(from, w.limit+1))
	if int64(len(text)) > w.limit {
		text = text[:w.limit]
		w.kill(killedByOutput)
		_, _ = io.Copy(io.Discard, io.LimitReader(from, 64<<20))
	}
	*into = text
}

// why is the reason for which the program was ended, if it was.
func (w *watch) why() killReason {
	w.mu.Lock() // a timer may still be about to kill
	defer w.mu.Unlock()
	return w.reason
}

// result puts together what the parent saw.
func (w *watch) result(rep report, repErr error, l Limits) Result {
	r := Result{Stdout: w.stdout, Stderr: w.stderr, ExitCode: rep.ExitCode, CPU: rep.CPU, PeakMemory: rep.Peak}
	if rep.Signal != 0 {
		r.Signal, r.ExitCode = signalName(syscall.Signal(rep.Signal)), -1
	}
	reason := w.why()
	switch {
	case reason == killedByOutput:
		r.Status, r.ExitCode, r.Signal = OutputLimit, -1, "SIGKILL"
	case reason == killedByWall:
		r.Status, r.ExitCode, r.Signal = TimeLimit, -1, "SIGKILL"
	case repErr != nil:
		r.Status, r.ExitCode = InternalError, -1
		r.Message = "the sandbox's init ended without a report: " + repErr.Error()
	default:
		r.Status = classify(r, rep, l)
	}
	return r
}

// classify names the end of a program that ended by itself or by a limit.
func classify(r Result, rep report, l Limits) Status {
	switch {
	case rep.OverLimit:
		return MemoryLimit
	case rep.Signal == int(syscall.SIGXCPU):
		return TimeLimit
	// The kernel counts ticks towards the limit, and reports finer: the two differ.
	case rep.Signal == int(syscall.SIGKILL) && rep.CPU >= l.CPU*3/4:
		return TimeLimit
	case rep.CPU > l.CPU:
		return TimeLimit
	case rep.Signal == int(syscall.SIGXFSZ):
		return OutputLimit
	case rep.Signal == 0 && rep.ExitCode == 0:
		return OK
	case outOfMemory(r.Stderr), rep.Signal != 0 && rep.Peak > l.Memory*9/10:
		return MemoryLimit
	}
	return RuntimeError
}

// outOfMemory says whether the last words of an interpreter are that memory was
// refused to it.
func outOfMemory(stderr []byte) bool {
	tail := bytes.TrimSpace(stderr[max(0, len(stderr)-400):])
	last := tail[bytes.LastIndexByte(tail, '\n')+1:]
	return bytes.HasPrefix(last, []byte("MemoryError")) || bytes.Contains(tail, []byte("Cannot allocate memory"))
}

var signalNames = map[syscall.Signal]string{
	syscall.SIGKILL: "SIGKILL", syscall.SIGSEGV: "SIGSEGV", syscall.SIGABRT: "SIGABRT", syscall.SIGTERM: "SIGTERM", syscall.SIGINT: "SIGINT",
	syscall.SIGXCPU: "SIGXCPU", syscall.SIGXFSZ: "SIGXFSZ", syscall.SIGBUS: "SIGBUS", syscall.SIGFPE: "SIGFPE", syscall.SIGILL: "SIGILL",
	syscall.SIGPIPE: "SIGPIPE", syscall.SIGSYS: "SIGSYS", syscall.SIGALRM: "SIGALRM", syscall.SIGHUP: "SIGHUP", syscall.SIGQUIT: "SIGQUIT",
}

func signalName(s syscall.Signal) string {
	if name := signalNames[s]; name != "" {
		return name
	}
	return s.String()
}
