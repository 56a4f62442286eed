package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/evalr/evalr/internal/sandbox/jail"
)

// become turns this process into the program, within its limits and without
// rights.
func become() {
	runtime.LockOSThread() // the filter is that of the thread that executes
	said := json.NewEncoder(os.NewFile(becomeSpent, "spent"))
	fail := func(step string, err error) {
		_ = said.Encode(birth{Error: fmt.Sprintf("%s: %v", step, err)})
		os.Exit(1)
	}
	var o order
	orders := os.NewFile(becomeOrder, "order")
	if err := json.NewDecoder(orders).Decode(&o); err != nil {
		fail("read the order", err)
	}
	_ = orders.Close() // the channel may take its place
	for _, s := range []struct {
		name string
		do   func() error
	}{
		{"enter " + workDir, func() error { return os.Chdir(workDir) }},
		{"become an ordinary user", func() error { return switchUser(o.UID) }},
		{"set the limits", func() error { return limitSelf(o) }},
		{"keep descriptors back", func() error { return keepBack(o.Channel) }},
		{"give up the gain of rights", func() error { return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }},
		{"filter system calls", func() error { return installSeccomp(jail.Filter(false)) }},
	} {
		if err := s.do(); err != nil {
			fail(s.name, err)
		}
	}
	_ = said.Encode(birth{Spent: max(1, ownTime())})
	fail("execute "+o.Argv[0], executeWithin(o))
}

// switchUser makes the process one of an ordinary user without groups. What
// rights it had are gone with the user.
func switchUser(uid int) error {
	if uid == 0 {
		return nil
	}
	if err := syscall.Setgroups(nil); err != nil {
		return err
	}
	if err := syscall.Setresgid(uid, uid, uid); err != nil {
		return err
	}
	return syscall.Setresuid(uid, uid, uid)
}

// limitSelf puts limits on this process, those that Go's runtime can live with.
// But for time and stack, soft is hard, so that none can be raised.
func limitSelf(o order) error {
	seconds := uint64((o.CPU + time.Second - 1) / time.Second)
	stack := uint64(o.Memory)
	for _, l := range []struct {
		resource   int
		soft, hard uint64
	}{
		{unix.RLIMIT_FSIZE, uint64(o.FileSize), uint64(o.FileSize)},
		{unix.RLIMIT_NOFILE, 256, 256},
		{unix.RLIMIT_CORE, 0, 0},
		{unix.RLIMIT_MEMLOCK, 64 << 10, 64 << 10},
		{unix.RLIMIT_MSGQUEUE, 0, 0},
		// The soft limit's SIGXCPU tells a time limit from any other end; a program
		// that ignores it has a second until the hard limit's SIGKILL.
		{unix.RLIMIT_CPU, seconds, seconds + 1},
		// The stack may grow to what memory allows: deep recursion is legitimate.
		{unix.RLIMIT_STACK, min(stack, 64<<20), stack},
	} {
		if err := lowerLimit(l.resource, l.soft, l.hard); err != nil {
			return err
		}
	}
	return nil
}

// lowerLimit sets a limit; where less than that is allowed already, that stays.
func lowerLimit(resource int, soft, hard uint64) error {
	var now syscall.Rlimit
	if err := syscall.Getrlimit(resource, &now); err != nil {
		return fmt.Errorf("read limit %d: %w", resource, err)
	}
	hard = min(hard, now.Max)
	// syscall's own function, for it knows of the limit that Go would put back.
	if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: min(soft, hard), Max: hard}); err != nil {
		return fmt.Errorf("limit %d: %w", resource, err)
	}
	return nil
}

// keepBack hands the standard descriptors on, and the channel as the next one.
func keepBack(channel bool) error {
	if err := unix.CloseRange(3, 1<<31-1, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		for fd := 3; fd < 256; fd++ { // before Linux 5.11; more there cannot be
			unix.CloseOnExec(fd)
		}
	}
	if !channel {
		return nil
	}
	return unix.Dup3(becomeChannel, 3, 0)
}

// installSeccomp puts the filter on this thread and what it executes.
func installSeccomp(filter []unix.SockFilter) error {
	if len(filter) == 0 {
		return errors.New("there is no filter for this architecture")
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return errno
	}
	return nil
}

// ownTime is the processor time that this process has taken.
func ownTime() time.Duration {
	var ru syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &ru) != nil {
		return 0
	}
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

// executeWithin executes the program after the limits on processes and address
// space, which Go's runtime might not survive: between them and the program
// nothing may be allocated. It returns if that is not to be.
func executeWithin(o order) error {
	path, err := unix.BytePtrFromString(o.Argv[0])
	if err != nil {
		return err
	}
	argv, err := syscall.SlicePtrFromStrings(o.Argv)
	if err != nil {
		return err
	}
	env, err := syscall.SlicePtrFromStrings(o.Env)
	if err != nil {
		return err
	}
	if err := unix.Access(o.Argv[0], unix.X_OK); err != nil {
		return err
	}
	failed, err := json.Marshal(birth{Error: "execute " + o.Argv[0] + ": the system refused it"})
	if err != nil {
		return err
	}
	last := []finalLimit{{unix.RLIMIT_NPROC, bounded(unix.RLIMIT_NPROC, processesOf(o))}}
	if o.Address > 0 {
		last = append(last, finalLimit{unix.RLIMIT_AS, bounded(unix.RLIMIT_AS, uint64(o.Address))})
	}
	debug.SetGCPercent(-1)
	for i := range last {
		_, _, errno := unix.RawSyscall6(unix.SYS_PRLIMIT64, 0, last[i].resource, uintptr(unsafe.Pointer(&last[i].limit)), 0, 0, 0)
		if errno != 0 {
			return errno
		}
	}
	_, _, _ = unix.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(&argv[0])), uintptr(unsafe.Pointer(&env[0])))
	_, _, _ = unix.RawSyscall(unix.SYS_WRITE, becomeSpent, uintptr(unsafe.Pointer(&failed[0])), uintptr(len(failed)))
	_, _, _ = unix.RawSyscall(unix.SYS_EXIT_GROUP, 1, 0, 0)
	return nil
}

type finalLimit struct {
	resource uintptr
	limit    unix.Rlimit
}

// bounded is a limit that is no higher than the one in force.
func bounded(resource int, value uint64) unix.Rlimit {
	var now unix.Rlimit
	if unix.Getrlimit(resource, &now) == nil {
		value = min(value, now.Max)
	}
	return unix.Rlimit{Cur: value, Max: value}
}

// processesOf is how many processes the user may have. Where the stage that
// attends to the program has the same user, its threads count too.
func processesOf(o order) uint64 {
	n := uint64(o.Processes)
	if o.UID == 0 {
		threads, _ := os.ReadDir("/proc/1/task")
		n += uint64(len(threads))
	}
	return n
}
