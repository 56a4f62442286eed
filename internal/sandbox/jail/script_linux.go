package jail

import (
	"encoding/binary"
	"fmt"
	"os"
	"path"
	"slices"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A slot names the result of an earlier call as an argument.
type slot uint8

// A writer writes a script down, one call after the other.
type writer struct {
	script
	calls  *[]call
	step   uint8
	spoken *[]spoken // where calls are also written down for another interpreter of scripts
}

// spoken is a call as it is told to a process that plays scripts itself.
type spoken struct {
	Nr   int   `json:"n"`
	Args []any `json:"a"` // a number, {"b": bytes in base64}, {"s": slot}
	Slot int   `json:"s,omitempty"`
	Step int   `json:"t"`
}

// at names the step that the calls to come belong to.
func (w *writer) at(step string) {
	i := slices.Index(w.steps, step)
	if i < 0 {
		i = len(w.steps)
		w.steps = append(w.steps, step)
	}
	w.step = uint8(i)
}

// do adds a call. An argument is an int, a uintptr, a string or bytes, of
// which the address is passed, or a slot.
func (w *writer) do(nr uintptr, args ...any) {
	c := call{nr: nr, step: w.step}
	if w.spoken != nil {
		*w.spoken = append(*w.spoken, say(c, args))
	}
	for i, a := range args {
		switch a := a.(type) {
		case int:
			c.args[i] = uintptr(a)
		case uintptr:
			c.args[i] = a
		case slot:
			c.refs[i] = uint8(a)
		case string:
			text := append([]byte(a), 0)
			c.args[i] = w.address(unsafe.Pointer(&text[0]))
		case []byte:
			if len(a) > 0 {
				c.args[i] = w.address(unsafe.Pointer(&a[0]))
			}
		}
	}
	*w.calls = append(*w.calls, c)
}

func say(c call, args []any) spoken {
	said := spoken{Nr: int(c.nr), Step: int(c.step), Args: []any{}}
	for _, a := range args {
		switch a := a.(type) {
		case string:
			said.Args = append(said.Args, map[string][]byte{"b": append([]byte(a), 0)})
		case []byte:
			said.Args = append(said.Args, map[string][]byte{"b": a})
		case slot:
			said.Args = append(said.Args, map[string]int{"s": int(a)})
		case uintptr:
			said.Args = append(said.Args, int(a))
		default:
			said.Args = append(said.Args, a)
		}
	}
	return said
}

// keepsIn puts the result of the last call into a slot.
func (w *writer) keepsIn(n slot) {
	(*w.calls)[len(*w.calls)-1].slot = uint8(n)
	if w.spoken != nil {
		(*w.spoken)[len(*w.spoken)-1].Slot = int(n)
	}
}

// address keeps what a pointer points to until the script has run.
func (w *writer) address(p unsafe.Pointer) uintptr {
	w.keep = append(w.keep, p)
	return uintptr(p)
}

func (w *writer) mount(source, target, kind string, flags uintptr, options string) {
	w.do(unix.SYS_MOUNT, source, target, kind, flags, options)
}

// put writes a whole file; it uses slot 1.
func (w *writer) put(name, text string) {
	w.do(unix.SYS_OPENAT, unix.AT_FDCWD, name, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	w.keepsIn(1)
	w.do(unix.SYS_WRITE, slot(1), []byte(text), len(text))
	w.do(unix.SYS_CLOSE, slot(1))
}

// Descriptors that come with a job, in this order; then the channel.
const (
	jobBlob = iota
	jobStdin
	jobStdout
	jobStderr
	jobReport
	jobStop
	jobFds
)

// scriptOf writes what is done for a job. files are the contents of its files,
// fds the descriptors that came with it.
func scriptOf(c Config, j Job, files [][]byte, fds []int) *script {
	w := &writer{script: script{report: fds[jobReport], stop: fds[jobStop], steps: []string{"start the supervisor"}}}
	w.clone = unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWIPC
	if j.Fresh {
		w.clone |= unix.CLONE_NEWNET | unix.CLONE_NEWUTS
	}
	if !c.Root { // so that its processes are counted apart
		w.clone |= unix.CLONE_NEWUSER
	}
	w.calls = &w.supervisor
	w.furnish(c, j, files)
	w.calls = &w.program
	w.confine(c, j, fds)
	w.at("start " + j.Argv[0])
	w.do(unix.SYS_EXECVE, j.Argv[0], w.address(w.strings(j.Argv)), w.address(w.strings(j.Env)))
	return &w.script
}

// Options of the file systems of a job.
const (
	tmpOptions = "size=256m,nr_inodes=16k,mode=1777"
	shmOptions = "size=64m,nr_inodes=1k,mode=1777"
	private    = unix.MS_NOSUID | unix.MS_NODEV
)

// furnish is what the supervisor does: the file systems of the job.
func (w *writer) furnish(c Config, j Job, files [][]byte) {
	w.at("tie the supervisor to its worker")
	w.do(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, int(unix.SIGKILL))
	if !c.Root {
		w.at("map the user")
		w.put("/proc/self/setgroups", "deny")
		w.put("/proc/self/uid_map", "0 0 1\n")
		w.put("/proc/self/gid_map", "0 0 1\n")
		w.at("bound the rights") // a new user namespace begins with all
		for c := range lastCapability() + 1 {
			w.do(unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, c, 0, 0, 0)
		}
		w.do(unix.SYS_PRCTL, unix.PR_SET_SECUREBITS, noRoot|noRootLocked, 0, 0, 0)
		w.at("forbid further user namespaces")
		for _, l := range namespaceLimits {
			if _, err := os.Stat(l.file); err == nil || !l.may {
				w.put(l.file, l.most)
			}
		}
	}
	w.do(unix.SYS_PRCTL, unix.PR_SET_DUMPABLE, 0)
	w.mounts()
	made := map[string]bool{".": true}
	for i, f := range j.Files {
		w.folders(path.Dir(f.Name), made)
		mode := 0o444
		if f.Exec {
			mode = 0o555
		}
		w.do(unix.SYS_OPENAT, unix.AT_FDCWD, ProgramDir+"/"+f.Name, unix.O_WRONLY|unix.O_CREAT|unix.O_TRUNC|unix.O_NOFOLLOW|unix.O_CLOEXEC, mode)
		w.keepsIn(1)
		if len(files[i]) > 0 {
			w.do(unix.SYS_WRITE, slot(1), files[i], len(files[i]))
		}
		w.do(unix.SYS_CLOSE, slot(1))
	}
	w.sealProgram()
}

// mounts gives the job its file systems.
func (w *writer) mounts() {
	w.at("mount /tmp and /dev/shm")
	w.mount("tmpfs", "/tmp", "tmpfs", private, tmpOptions)
	w.mount("tmpfs", "/dev/shm", "tmpfs", private, shmOptions)
	w.at("write the program")
	w.mount("tmpfs", ProgramDir, "tmpfs", private, "size=256m,nr_inodes=8k,mode=755")
}

// sealProgram makes the program's folder readable only.
func (w *writer) sealProgram() {
	w.mount("", ProgramDir, "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|private, "")
}

func (w *writer) folders(dir string, made map[string]bool) {
	if made[dir] {
		return
	}
	w.folders(path.Dir(dir), made)
	made[dir] = true
	w.do(unix.SYS_MKDIRAT, unix.AT_FDCWD, ProgramDir+"/"+dir, 0o755)
}

// confine is what the program's process does before it is the program.
func (w *writer) confine(c Config, j Job, fds []int) {
	w.settle()
	for _, l := range limitsOf(c, j) {
		w.do(unix.SYS_PRLIMIT64, 0, l.resource, l.bytes(), 0)
	}
	w.dropRights(c)
	w.landlock()
	w.at("hand over the descriptors")
	standard := []int{fds[jobStdin], fds[jobStdout], fds[jobStderr]}
	if j.Channel {
		standard = append(standard, fds[jobFds])
	}
	for to, fd := range standard {
		w.do(unix.SYS_DUP3, fd, to, 0)
	}
	if closesRanges() { // before Linux 5.11 it rests on each descriptor being opened so
		w.do(unix.SYS_CLOSE_RANGE, len(standard), int(^uint32(0)), unix.CLOSE_RANGE_CLOEXEC)
	}
	w.at("install the seccomp filter")
	filter := Filter(j.Watched)
	program := &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	w.keep = append(w.keep, filter)
	w.do(unix.SYS_SECCOMP, 1, 0, w.address(unsafe.Pointer(program))) // SECCOMP_SET_MODE_FILTER
}

// settle puts the process where a program starts.
func (w *writer) settle() {
	w.at("set the limits")
	w.do(unix.SYS_SETSID)
	w.do(unix.SYS_UMASK, 0o022)
	w.do(unix.SYS_CHDIR, WorkDir)
	w.put("/proc/self/oom_score_adj", "1000") // the program is ended before its worker
	// The job's own processes alone, and read-only: an ordinary user's program owns
	// the settings of its namespaces.
	w.at("mount /proc")
	w.mount("proc", "/proc", "proc", private|unix.MS_NOEXEC|unix.MS_RDONLY, "")
	w.at("set the limits")
}

// dropRights makes the process an ordinary one that cannot become another.
func (w *writer) dropRights(c Config) {
	w.at("drop the rights")
	if c.Root {
		w.do(unix.SYS_SETGROUPS, 0, 0)
		w.do(unix.SYS_SETRESGID, c.User, c.User, c.User)
		w.do(unix.SYS_SETRESUID, c.User, c.User, c.User)
	}
	head := binary.NativeEndian.AppendUint32(nil, unix.LINUX_CAPABILITY_VERSION_3) // and pid 0
	w.do(unix.SYS_CAPSET, append(head, 0, 0, 0, 0), make([]byte, 24))
	w.do(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	w.do(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, int(unix.SIGKILL)) // a change of user clears it
}

// closesRanges says whether the kernel marks descriptors by ranges.
var closesRanges = sync.OnceValue(func() bool { return unix.CloseRange(1<<20, 1<<20, unix.CLOSE_RANGE_CLOEXEC) == nil })

// strings lays out argv or an environment.
func (w *writer) strings(texts []string) unsafe.Pointer {
	list := make([]*byte, len(texts)+1)
	for i, t := range texts {
		text := append([]byte(t), 0)
		list[i] = &text[0]
	}
	w.keep = append(w.keep, list)
	return unsafe.Pointer(&list[0])
}

// failed words a report of a step that failed.
func (s *script) failed(step int) string {
	if step < 0 || step >= len(s.steps) {
		return fmt.Sprintf("step %d", step)
	}
	return s.steps[step]
}
