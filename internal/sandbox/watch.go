package sandbox

import (
	"bytes"
	"io"
	"sync"
	"syscall"
)

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
	end            func() // ends the program; may be called more than once
	limit          int64
	mu             sync.Mutex
	reason         killReason
	stdout, stderr []byte
}

// kill ends the program; the first reason counts.
func (w *watch) kill(why killReason) {
	w.mu.Lock()
	if w.reason == notKilled {
		w.reason = why
	}
	w.mu.Unlock()
	w.end()
}

func (w *watch) killed() killReason {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reason
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

// An ending is what is known of a program's end.
type ending struct {
	exitCode int // -1 if a signal ended it
	signal   syscall.Signal
	over     bool // its memory passed the limit, as whoever watches it saw
	late     bool // so did its processor time
	exact    bool // over is what the kernel said, and no figure is needed beside it
	reason   killReason
}

// classify names the end of a program, and completes its result.
func classify(r *Result, e ending, l Limits) {
	r.ExitCode = e.exitCode
	if e.signal != 0 {
		r.Signal, r.ExitCode = signalName(e.signal), -1
	}
	switch {
	case e.over:
		r.Status = MemoryLimit
		r.PeakMemory = max(r.PeakMemory, l.Memory)
	case e.reason == killedByOutput, e.signal == syscall.SIGXFSZ:
		r.Status = OutputLimit
	case e.late, e.reason == killedByWall, e.signal == syscall.SIGXCPU && r.CPU >= l.CPU*3/4, r.CPU > l.CPU,
		// The kernel counts ticks towards the limit, and reports finer: the two differ.
		e.signal == syscall.SIGKILL && r.CPU >= l.CPU*3/4:
		r.Status = TimeLimit
	case e.signal == 0 && e.exitCode == 0:
		r.Status = OK
	case e.signal == syscall.SIGSYS:
		r.Status, r.Message = Denied, "a system call of another architecture"
	case outOfMemory(r.Stderr), !e.exact && r.PeakMemory > l.Memory*9/10:
		r.Status = MemoryLimit
	default:
		r.Status = RuntimeError
	}
}

// outOfMemory says whether the last words of a runtime are that memory was
// refused to it.
func outOfMemory(stderr []byte) bool {
	tail := bytes.TrimSpace(stderr[max(0, len(stderr)-2000):])
	last := tail[bytes.LastIndexByte(tail, '\n')+1:]
	if bytes.HasPrefix(last, []byte("MemoryError")) {
		return true
	}
	for _, words := range []string{
		"Cannot allocate memory", "java.lang.OutOfMemoryError", "JavaScript heap out of memory", "Fatal process OOM", "std::bad_alloc",
		"runtime: out of memory", "memory allocation of ",
	} {
		if bytes.Contains(tail, []byte(words)) {
			return true
		}
	}
	return false
}

var signalNames = map[syscall.Signal]string{
	syscall.SIGKILL: "SIGKILL", syscall.SIGSEGV: "SIGSEGV", syscall.SIGABRT: "SIGABRT", syscall.SIGTERM: "SIGTERM", syscall.SIGINT: "SIGINT",
	syscall.SIGXCPU: "SIGXCPU", syscall.SIGXFSZ: "SIGXFSZ", syscall.SIGBUS: "SIGBUS", syscall.SIGFPE: "SIGFPE", syscall.SIGILL: "SIGILL",
	syscall.SIGPIPE: "SIGPIPE", syscall.SIGSYS: "SIGSYS", syscall.SIGALRM: "SIGALRM", syscall.SIGHUP: "SIGHUP", syscall.SIGQUIT: "SIGQUIT",
	syscall.SIGTRAP: "SIGTRAP", syscall.SIGUSR1: "SIGUSR1", syscall.SIGUSR2: "SIGUSR2", syscall.SIGVTALRM: "SIGVTALRM", syscall.SIGPROF: "SIGPROF",
}

func signalName(s syscall.Signal) string {
	if name := signalNames[s]; name != "" {
		return name
	}
	return s.String()
}
