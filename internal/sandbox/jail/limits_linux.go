package jail

import (
	"encoding/binary"
	"time"

	"golang.org/x/sys/unix"
)

// A resourceLimit is a line of limitsOf.
type resourceLimit struct {
	resource int
	limit    unix.Rlimit
}

// bytes is a struct rlimit64.
func (l resourceLimit) bytes() []byte {
	return binary.NativeEndian.AppendUint64(binary.NativeEndian.AppendUint64(nil, l.limit.Cur), l.limit.Max)
}

// limitsOf lists the resource limits of a job. But for the stack soft is hard, so
// that none can be raised.
func limitsOf(c Config, j Job) []resourceLimit {
	same := func(n uint64) unix.Rlimit { return unix.Rlimit{Cur: n, Max: n} }
	processes := uint64(j.Processes)
	if !c.Root {
		processes++ // the supervisor is the same user
	}
	seconds := uint64((j.CPU + time.Second - 1) / time.Second)
	files := uint64(256)
	if !j.Watched { // what lies in pipes and sockets is counted by nobody
		files = 128
	}
	stack := uint64(max(j.Memory, 8<<20))
	out := []resourceLimit{
		{unix.RLIMIT_NPROC, same(processes)},
		{unix.RLIMIT_FSIZE, same(uint64(j.FileSize))},
		{unix.RLIMIT_NOFILE, same(files)},
		{unix.RLIMIT_CORE, same(1)}, // no core, and none for a handler either, which 0 would let have one
		{unix.RLIMIT_MEMLOCK, same(64 << 10)},
		{unix.RLIMIT_MSGQUEUE, same(0)},
		// The soft limit's SIGXCPU tells a time limit from any other end; what
		// ignores it has a second until the hard limit's SIGKILL.
		{unix.RLIMIT_CPU, unix.Rlimit{Cur: seconds, Max: seconds + 1}},
		// The stack may grow to what memory allows: deep recursion is legitimate.
		{unix.RLIMIT_STACK, unix.Rlimit{Cur: min(stack, 64<<20), Max: stack}},
	}
	if j.Address > 0 {
		out = append(out, resourceLimit{unix.RLIMIT_AS, same(uint64(j.Address))})
	}
	for i := range out { // a harness of lower limits cannot raise them
		var present unix.Rlimit
		if unix.Getrlimit(out[i].resource, &present) == nil {
			l := &out[i].limit
			l.Max = min(l.Max, present.Max)
			l.Cur = min(l.Cur, l.Max)
		}
	}
	return out
}
