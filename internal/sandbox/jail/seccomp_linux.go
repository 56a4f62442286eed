package jail

import (
	"cmp"
	"runtime"
	"slices"

	"golang.org/x/sys/unix"
)

// Filter gives the seccomp filter of programs. Everything is allowed but what
// reaches beyond a program's own processes and files: further namespaces,
// mounts, tracing, the kernel's own objects, sockets other than local ones. A
// forbidden call fails with EPERM, so that a library that only tries goes on; a
// call that is newer than this table fails with ENOSYS, as on an older kernel,
// so that what nobody has looked at is not let through and libc falls back.
// clone3 is ENOSYS because its flags lie in memory, where a filter cannot look.
// Calls of another architecture, and x32, end the program. watched says that a
// cgroup bounds memory; without one there is no memory that has no mapping.
func Filter(watched bool) []unix.SockFilter { return filterOf(runtime.GOARCH, watched) }

// An abi is what a filter must know of an architecture.
type abi struct {
	audit  uint32
	newest uint32 // the last system call that was looked at
	denied []uint32
	nr     map[string]uint32 // of the calls of which arguments decide
}

// Offsets in struct seccomp_data (linux/seccomp.h), little-endian.
const (
	dataNr   = 0
	dataArch = 4
	dataArg0 = 16
	dataArg1 = 24
	dataArg2 = 32
)

const (
	retAllow = unix.SECCOMP_RET_ALLOW
	retKill  = unix.SECCOMP_RET_KILL_PROCESS
	retEPERM = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	retNosys = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	x32Bit   = 0x40000000
)

// cloneFlags are the flags of clone that are forbidden: those that make namespaces,
// and the one that makes a sibling, which would be a child of the warm interpreter.
const cloneFlags = unix.CLONE_PARENT | unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWCGROUP

func stmt(code uint16, k uint32) unix.SockFilter { return unix.SockFilter{Code: code, K: k} }

func jump(code uint16, k uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: code, Jt: yes, Jf: no, K: k}
}

const (
	load = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	jeq  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	jgt  = unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K
	jge  = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
	jset = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	ret  = unix.BPF_RET | unix.BPF_K
)

func filterOf(arch string, watched bool) []unix.SockFilter {
	a, ok := abis[arch]
	if !ok {
		return nil
	}
	f := []unix.SockFilter{
		stmt(load, dataArch), jump(jeq, a.audit, 1, 0), stmt(ret, retKill),
		stmt(load, dataNr),
	}
	if arch == "amd64" {
		f = append(f, jump(jset, x32Bit, 0, 1), stmt(ret, retKill))
	}
	return append(f, search(a.rules(watched))...)
}

// A rule says what is done about the system calls from first to last; code
// starts with the number loaded, and ends in a verdict.
type rule struct {
	first, last uint32
	code        []unix.SockFilter
}

// rules lists what is not simply allowed, in order.
func (a abi) rules(watched bool) []rule {
	deny := []unix.SockFilter{stmt(ret, retEPERM)}
	nosys := []unix.SockFilter{stmt(ret, retNosys)}
	local := []unix.SockFilter{stmt(load, dataArg0), jump(jeq, unix.AF_UNIX, 1, 0), stmt(ret, retEPERM), stmt(ret, retAllow)}
	at := func(name string, code ...unix.SockFilter) rule { return rule{a.nr[name], a.nr[name], code} }
	rules := []rule{
		at("clone3", nosys...),
		// clone must make no namespaces, and no siblings.
		at("clone", stmt(load, dataArg0), jump(jset, cloneFlags, 0, 1), stmt(ret, retEPERM), stmt(ret, retAllow)),
		// Sockets are local ones alone: no network namespace covers AF_VSOCK, and warm
		// workers share one.
		at("socket", local...), at("socketpair", local...),
		// No characters pushed into a terminal.
		at("ioctl", stmt(load, dataArg1), jump(jeq, unix.TIOCSTI, 1, 0), jump(jeq, tiocLinux, 0, 1), stmt(ret, retEPERM), stmt(ret, retAllow)),
		// Pipes stay as small as they are: a user has room for few large ones.
		at("fcntl", stmt(load, dataArg1), jump(jeq, unix.F_SETPIPE_SZ, 0, 1), stmt(ret, retEPERM), stmt(ret, retAllow)),
		// The personality may be asked for.
		at("personality", stmt(load, dataArg0), jump(jeq, 0, 2, 0), jump(jeq, 0xffffffff, 1, 0), stmt(ret, retEPERM), stmt(ret, retAllow)),
		// Limits are set for oneself alone; those of others may be asked for.
		at("prlimit64",
			stmt(load, dataArg0), jump(jeq, 0, 0, 1), stmt(ret, retAllow),
			stmt(load, dataArg2), jump(jeq, 0, 0, 3), stmt(load, dataArg2+4), jump(jeq, 0, 0, 1), stmt(ret, retAllow), stmt(ret, retEPERM)),
		{a.newest + 1, x32Bit - 1, nosys},
	}
	if !watched {
		for _, name := range []string{"memfd_create", "shmget", "msgget"} {
			rules = append(rules, at(name, nosys...))
		}
	}
	for _, nr := range a.denied {
		rules = append(rules, rule{nr, nr, deny})
	}
	slices.SortFunc(rules, func(x, y rule) int { return cmp.Compare(x.first, y.first) })
	joined := rules[:1]
	for _, r := range rules[1:] {
		if last := &joined[len(joined)-1]; r.first == last.last+1 && len(r.code) == 1 && slices.Equal(r.code, last.code) {
			last.last = r.last
		} else {
			joined = append(joined, r)
		}
	}
	return joined
}

// search finds the rule of a number by halving: the kernel tries every number
// when a filter is installed, so that a chain of comparisons would cost more than
// all calls of a short program.
func search(rules []rule) []unix.SockFilter {
	if len(rules) == 1 {
		r := rules[0]
		f := []unix.SockFilter{jump(jge, r.first, 1, 0), stmt(ret, retAllow), jump(jgt, r.last, 0, 1), stmt(ret, retAllow)}
		return append(f, r.code...)
	}
	half := len(rules) / 2
	low, high := search(rules[:half]), search(rules[half:])
	// A conditional jump reaches 255 instructions; the other one reaches all.
	f := []unix.SockFilter{jump(jge, rules[half].first, 0, 1), stmt(unix.BPF_JMP|unix.BPF_JA, uint32(len(low)))}
	return append(append(f, low...), high...)
}

// tiocLinux is TIOCLINUX of linux/tty.h.
const tiocLinux = 0x541C
