package jail

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// Filter gives the seccomp filter of programs. Everything is allowed but what
// reaches beyond a program's own processes and files: further namespaces,
// mounts, tracing, the kernel's own objects, sockets other than local ones. A
// forbidden call fails with EPERM, so that a library that only tries goes on; a
// call that is newer than this table fails with ENOSYS, as on an older kernel,
// so that what nobody has looked at is not let through and libc falls back.
// clone3 is ENOSYS because its flags lie in memory, where a filter cannot look.
// Calls of another architecture, and x32, end the program.
func Filter() []unix.SockFilter { return filterOf(runtime.GOARCH) }

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
)

const (
	retAllow = unix.SECCOMP_RET_ALLOW
	retKill  = unix.SECCOMP_RET_KILL_PROCESS
	retEPERM = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	retNosys = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	x32Bit   = 0x40000000
)

// namespaceFlags are the flags of clone that make namespaces.
const namespaceFlags = unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWCGROUP

func stmt(code uint16, k uint32) unix.SockFilter { return unix.SockFilter{Code: code, K: k} }

func jump(code uint16, k uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: code, Jt: yes, Jf: no, K: k}
}

const (
	load = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	jeq  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	jgt  = unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K
	jset = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	ret  = unix.BPF_RET | unix.BPF_K
)

func filterOf(arch string) []unix.SockFilter {
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
	// Numbers that are newer than the table.
	f = append(f, jump(jgt, a.newest, 0, 1), stmt(ret, retNosys))
	f = append(f, jump(jeq, a.nr["clone3"], 0, 1), stmt(ret, retNosys))
	for _, nr := range a.denied {
		f = append(f, jump(jeq, nr, 0, 1), stmt(ret, retEPERM))
	}
	// clone must make no namespaces.
	f = append(f,
		jump(jeq, a.nr["clone"], 0, 4), stmt(load, dataArg0), jump(jset, namespaceFlags, 0, 1), stmt(ret, retEPERM), stmt(ret, retAllow),
	)
	// Sockets are local ones alone: no network namespace covers AF_VSOCK, and warm
	// workers share one.
	for _, name := range []string{"socket", "socketpair"} {
		f = append(f, jump(jeq, a.nr[name], 0, 4), stmt(load, dataArg0), jump(jeq, unix.AF_UNIX, 1, 0), stmt(ret, retEPERM), stmt(ret, retAllow))
	}
	// No characters pushed into a terminal.
	f = append(f,
		jump(jeq, a.nr["ioctl"], 0, 5), stmt(load, dataArg1), jump(jeq, unix.TIOCSTI, 1, 0), jump(jeq, tiocLinux, 0, 1), stmt(ret, retEPERM), stmt(ret, retAllow),
		jump(jeq, a.nr["personality"], 0, 5), stmt(load, dataArg0), jump(jeq, 0, 2, 0), jump(jeq, 0xffffffff, 1, 0), stmt(ret, retEPERM), stmt(ret, retAllow),
	)
	return append(f, stmt(ret, retAllow))
}

// tiocLinux is TIOCLINUX of linux/tty.h.
const tiocLinux = 0x541C
