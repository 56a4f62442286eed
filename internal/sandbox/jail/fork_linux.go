package jail

import (
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What the runtime does around a fork of its own (syscall.forkExec).
//
//go:linkname beforeFork syscall.runtime_BeforeFork
func beforeFork()

//go:linkname afterFork syscall.runtime_AfterFork
func afterFork()

//go:linkname afterForkInChild syscall.runtime_AfterForkInChild
func afterForkInChild()

// A call is one system call of a script. An argument is a number, or what an
// earlier call returned.
type call struct {
	nr   uintptr
	args [6]uintptr
	refs [6]uint8 // 0: args as it stands; n: the result in slot n
	slot uint8    // where the result goes; 0: nowhere
	step uint8    // index of the step's name, for reports
}

// A script is what a supervisor and its program do before the program starts:
// system calls alone, because a process that was forked from one with many
// threads may do nothing else. The memory that calls point to is kept by keep.
type script struct {
	clone      uintptr // flags of the supervisor's clone
	supervisor []call
	program    []call // ends with execve
	report     int    // descriptor for reports
	stop       int    // when its other end is closed, the program is ended
	keep       []any
	steps      []string
}

// slots is how many results a script can keep.
const slots = 16

// A message is a report as it is sent: nine numbers.
type message [9]int64

// Kinds of messages, in message[0].
const (
	saidFailed = 1 // [1] step, [2] errno
	saidEnded  = 2 // [1] wait status, [2] user ns, [3] system ns, [4] largest process in KiB, [5] stopped, [6] memory over, [7] late
)

// run forks the supervisor. It returns the supervisor's pid at once.
//
// The function may do nothing between beforeFork and its end but raw system
// calls: no allocation, no call that could grow the stack. It is the same that
// the syscall package does in forkAndExecInChild, with a supervisor between.
//
//go:norace
//go:nocheckptr
//nolint:errcheck,unconvert // what fails here can be told to no one; types differ between architectures
func (s *script) run() (pid int, err error) {
	var (
		results  [slots + 1]uintptr
		said     message
		ws       int32
		usage    syscall.Rusage
		polled   [2]unix.PollFd
		mask     uint64 = 1 << (uint(syscall.SIGCHLD) - 1)
		none     uint64
		info     [128]byte
		calls    []call
		r, child uintptr
		e        syscall.Errno
		program  = s.program
		report   = uintptr(s.report)
		stopped  int64
	)
	saidPtr, wsPtr, usagePtr := unsafe.Pointer(&said), unsafe.Pointer(&ws), unsafe.Pointer(&usage)
	polledPtr, maskPtr, nonePtr, infoPtr := unsafe.Pointer(&polled), unsafe.Pointer(&mask), unsafe.Pointer(&none), unsafe.Pointer(&info)
	calls = s.supervisor

	syscall.ForkLock.Lock()
	beforeFork()
	r, _, e = syscall.RawSyscall6(syscall.SYS_CLONE, s.clone|uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
	if r != 0 || e != 0 {
		afterFork()
		syscall.ForkLock.Unlock()
		runtime.KeepAlive(s)
		if e != 0 {
			return 0, e
		}
		return int(r), nil
	}
	afterForkInChild()

play:
	for i := range calls {
		c := &calls[i]
		a := c.args
		for k := range a {
			if c.refs[k] != 0 {
				a[k] = results[c.refs[k]]
			}
		}
		r, _, e = syscall.RawSyscall6(c.nr, a[0], a[1], a[2], a[3], a[4], a[5])
		if e != 0 {
			said[0], said[1], said[2] = saidFailed, int64(c.step), int64(e)
			syscall.RawSyscall6(syscall.SYS_WRITE, report, uintptr(saidPtr), unsafe.Sizeof(said), 0, 0, 0)
			syscall.RawSyscall6(syscall.SYS_EXIT_GROUP, 127, 0, 0, 0, 0, 0)
		}
		results[c.slot] = r
	}

	// The supervisor has made everything ready: it blocks SIGCHLD, to be told of
	// it by a descriptor, and forks the program.
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, unix.SIG_BLOCK, uintptr(maskPtr), 0, 8, 0, 0)
	child, _, e = syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
	if child == 0 && e == 0 {
		syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, uintptr(nonePtr), 0, 8, 0, 0)
		calls = program
		goto play // it ends with execve, or with a report
	}
	if e == 0 {
		r, _, e = syscall.RawSyscall6(unix.SYS_SIGNALFD4, ^uintptr(0), uintptr(maskPtr), 8, unix.SFD_CLOEXEC|unix.SFD_NONBLOCK, 0, 0)
	}
	if e != 0 {
		said[0], said[1], said[2] = saidFailed, 0, int64(e)
		syscall.RawSyscall6(syscall.SYS_WRITE, report, uintptr(saidPtr), unsafe.Sizeof(said), 0, 0, 0)
		syscall.RawSyscall6(syscall.SYS_EXIT_GROUP, 127, 0, 0, 0, 0, 0)
	}
	polled[0].Fd, polled[0].Events = int32(r), unix.POLLIN
	polled[1].Fd = int32(s.stop) // its end alone is of interest
	for {
		syscall.RawSyscall6(unix.SYS_PPOLL, uintptr(polledPtr), 2, 0, 0, 0, 0)
		if polled[1].Revents != 0 && stopped == 0 {
			stopped = 1
			polled[1].Fd = -1
			syscall.RawSyscall6(syscall.SYS_KILL, ^uintptr(0), uintptr(syscall.SIGKILL), 0, 0, 0, 0)
		}
		syscall.RawSyscall6(syscall.SYS_READ, uintptr(polled[0].Fd), uintptr(infoPtr), 128, 0, 0, 0)
		for {
			r, _, e = syscall.RawSyscall6(syscall.SYS_WAIT4, ^uintptr(0), uintptr(wsPtr), syscall.WNOHANG, 0, 0, 0)
			if e != 0 || r == 0 || r == child {
				break
			}
		}
		if r == child && e == 0 || e == syscall.ECHILD {
			break
		}
	}
	said[1] = int64(ws)
	// What the program left behind ends with it, and counts as its own.
	syscall.RawSyscall6(syscall.SYS_KILL, ^uintptr(0), uintptr(syscall.SIGKILL), 0, 0, 0, 0)
	for {
		_, _, e = syscall.RawSyscall6(syscall.SYS_WAIT4, ^uintptr(0), uintptr(wsPtr), 0, 0, 0, 0)
		if e != 0 && e != syscall.EINTR {
			break
		}
	}
	syscall.RawSyscall6(syscall.SYS_GETRUSAGE, ^uintptr(0), uintptr(usagePtr), 0, 0, 0, 0)
	said[0], said[4], said[5] = saidEnded, int64(usage.Maxrss), stopped
	said[2] = int64(usage.Utime.Sec)*1e9 + int64(usage.Utime.Usec)*1e3
	said[3] = int64(usage.Stime.Sec)*1e9 + int64(usage.Stime.Usec)*1e3
	syscall.RawSyscall6(syscall.SYS_WRITE, report, uintptr(saidPtr), unsafe.Sizeof(said), 0, 0, 0)
	syscall.RawSyscall6(syscall.SYS_EXIT_GROUP, 0, 0, 0, 0, 0, 0)
	return 0, nil
}
