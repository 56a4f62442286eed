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
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Init must be the first thing that main does: if this process was started as
// the init of a sandbox, it does that work and never returns. In any case no
// descriptor that was inherited from the caller is handed on to programs.
func Init() {
	closeOnExec()
	inner()
	if len(os.Args) == 0 || os.Args[0] != initArg || os.Getpid() != 1 {
		return
	}
	// Rights and limits are those of the thread that starts the program.
	runtime.LockOSThread()
	out := os.NewFile(fdReport, "report")
	go func() { // the parent is gone: so is the sandbox
		_, _ = io.Copy(io.Discard, os.NewFile(fdLifeline, "lifeline"))
		os.Exit(1)
	}()
	// Signals from inside the sandbox must not end its init. Handlers, unlike
	// ignored signals, are not handed on to the program.
	signal.Notify(make(chan os.Signal, 1))
	r := supervise()
	_ = json.NewEncoder(out).Encode(r)
	os.Exit(0)
}

// closeOnExec marks every descriptor past the standard three. Go marks its own,
// but what the caller's shell left open is inherited as it is.
func closeOnExec() {
	if unix.CloseRange(3, 1<<31-1, unix.CLOSE_RANGE_CLOEXEC) == nil {
		return
	}
	entries, _ := os.ReadDir("/proc/self/fd") // before Linux 5.11
	for _, e := range entries {
		if fd, err := strconv.Atoi(e.Name()); err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
}

// supervise sets up the sandbox, runs the program and reports its end.
func supervise() (r report) {
	var c config
	if err := json.NewDecoder(os.NewFile(fdConfig, "config")).Decode(&c); err != nil {
		return report{Step: "read the config", Error: err.Error()}
	}
	if step, err := furnish(c); err != nil {
		return report{Step: step, Error: err.Error()}
	}
	pid, step, err := start(c)
	if err != nil {
		return report{Step: step, Error: err.Error()}
	}
	return wait(pid, c)
}

// start starts the program, stopped at its first instruction, puts the limits on
// it and lets it go.
func start(c config) (pid int, step string, err error) {
	if err := dropRights(); err != nil {
		return 0, "drop rights", err
	}
	attr := &syscall.ProcAttr{
		Dir: "/tmp", Env: c.Env, Files: []uintptr{0, 1, 2},
		Sys: &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL, Setsid: true},
	}
	if c.Root {
		attr.Sys.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	if pid, err = syscall.ForkExec(c.Argv[0], c.Argv, attr); err != nil {
		return 0, "start " + c.Argv[0], err
	}
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(pid, &ws, 0, nil); err != nil || !ws.Stopped() {
		return 0, "stop the program at its start", fmt.Errorf("%w (%v)", errors.Join(err), ws)
	}
	if err := limit(pid, c); err != nil {
		return 0, "set the limits", err
	}
	if err := syscall.PtraceDetach(pid); err != nil {
		return 0, "let the program go", err
	}
	return pid, "", nil
}

// dropRights takes from this thread, and so from the program, every capability
// it could get back by exec, and the gain of rights by set-uid files. The
// thread's own capabilities stay: it has to switch ids.
func dropRights() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return err
	}
	for c := range uintptr(64) {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil {
			if errors.Is(err, unix.EINVAL) {
				break // past the last capability
			}
			return err
		}
	}
	// SECBIT_NOROOT and its lock: uid 0 in here is nobody special.
	const noRoot, noRootLocked = 1, 2
	return unix.Prctl(unix.PR_SET_SECUREBITS, noRoot|noRootLocked, 0, 0, 0)
}

const (
	threadSlack = 12 // threads of init that count for an ordinary user
)

// limit puts resource limits on the stopped program. But for time and stack,
// soft is hard, so that none can be raised.
func limit(pid int, c config) error {
	seconds := uint64((c.CPU + time.Second - 1) / time.Second)
	processes := uint64(c.Processes)
	if !c.Root {
		processes += threadSlack
	}
	for _, l := range []struct {
		resource int
		value    uint64
	}{
		{unix.RLIMIT_AS, uint64(c.Memory + addressSlack)},
		{unix.RLIMIT_NPROC, processes},
		{unix.RLIMIT_FSIZE, uint64(c.FileSize)},
		{unix.RLIMIT_NOFILE, 256},
		{unix.RLIMIT_CORE, 0},
		{unix.RLIMIT_MEMLOCK, 64 << 10},
		{unix.RLIMIT_MSGQUEUE, 0},
	} {
		if err := unix.Prlimit(pid, l.resource, &unix.Rlimit{Cur: l.value, Max: l.value}, nil); err != nil {
			return fmt.Errorf("limit %d: %w", l.resource, err)
		}
	}
	// The soft limit's SIGXCPU tells a time limit from any other end; a program
	// that ignores it has a second until the hard limit's SIGKILL.
	if err := unix.Prlimit(pid, unix.RLIMIT_CPU, &unix.Rlimit{Cur: seconds, Max: seconds + 1}, nil); err != nil {
		return fmt.Errorf("limit the processor time: %w", err)
	}
	// The stack may grow to what memory allows: deep recursion is legitimate.
	stack := uint64(c.Memory)
	if err := unix.Prlimit(pid, unix.RLIMIT_STACK, &unix.Rlimit{Cur: min(stack, 64<<20), Max: stack}, nil); err != nil {
		return fmt.Errorf("limit the stack: %w", err)
	}
	return nil
}

const memoryPoll = 20 * time.Millisecond

// wait reaps until the program has ended, and ends it when all processes of the
// sandbox together use more memory than allowed.
func wait(pid int, c config) report {
	var r report
	over := make(chan struct{})
	stop := make(chan struct{})
	go func() {
		tick := time.NewTicker(memoryPoll)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if resident() > c.Memory {
					close(over)
					_ = syscall.Kill(pid, syscall.SIGKILL)
					return
				}
			}
		}
	}()
	for {
		var ws syscall.WaitStatus
		var ru syscall.Rusage
		got, err := syscall.Wait4(-1, &ws, 0, &ru)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return report{Step: "wait for the program", Error: err.Error()}
		}
		if got == pid && (ws.Exited() || ws.Signaled()) {
			r.ExitCode = ws.ExitStatus()
			if ws.Signaled() {
				r.Signal, r.ExitCode = int(ws.Signal()), -1
			}
			break
		}
	}
	close(stop)
	var ru syscall.Rusage
	if syscall.Getrusage(unix.RUSAGE_CHILDREN, &ru) == nil {
		r.CPU = time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
		r.Peak = ru.Maxrss << 10
	}
	select {
	case <-over:
		r.OverLimit = true
		r.Peak = max(r.Peak, c.Memory)
	default:
	}
	return r
}

// resident sums the memory of all processes of the sandbox but init, in bytes;
// pages that are shared count once a process.
func resident() int64 {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	var sum int64
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err != nil || pid == 1 {
			continue
		}
		text, err := os.ReadFile(filepath.Join("/proc", e.Name(), "statm"))
		if err != nil {
			continue
		}
		fields := strings.Fields(string(text))
		if len(fields) < 3 {
			continue
		}
		pages, _ := strconv.ParseInt(fields[1], 10, 64)
		shared, _ := strconv.ParseInt(fields[2], 10, 64)
		sum += max(0, pages-shared) * int64(os.Getpagesize())
	}
	return sum
}

// furnish makes the new root: a read-only view of the system's programs, fresh
// temporary folders, the program, and nothing else of the host.
func furnish(c config) (step string, err error) {
	root := mountPoint()
	steps := []struct {
		name string
		do   func() error
	}{
		{"make mounts private", func() error { return unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") }},
		{"mount the root", func() error {
			return unix.Mount("tmpfs", root, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=256m,nr_inodes=64k,mode=755")
		}},
		{"show the system", func() error { return showSystem(root, c.Binds) }},
		{"make devices", func() error { return makeDevices(root) }},
		{"mount /proc", func() error {
			if err := os.Mkdir(root+"/proc", 0o555); err != nil {
				return err
			}
			return unix.Mount("proc", root+"/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "")
		}},
		{"make /tmp", func() error { return makeTemp(root) }},
		{"write the program", func() error { return writeFiles(root+programDir, c.Files) }},
		{"change the root", func() error { return pivot(root) }},
		{"make the root read-only", func() error {
			return unix.Mount("", "/", "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV, "")
		}},
		{"forbid further user namespaces", forbidNamespaces},
		{"name the host", func() error { return unix.Sethostname([]byte("sandbox")) }},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			return s.name, err
		}
	}
	return "", nil
}

// mountPoint is a folder that every system has; what lies in it is hidden from
// this mount namespace alone. The interpreter's folders are bound from elsewhere.
func mountPoint() string {
	for _, dir := range []string{"/mnt", "/media", "/tmp"} {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() {
			return dir
		}
	}
	return "/tmp"
}

// showSystem binds /usr and what belongs to it, read-only.
func showSystem(root string, binds []bind) error {
	for _, dir := range []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime"} {
		info, err := os.Lstat(dir)
		if err != nil {
			continue // this system has none
		}
		target := root + dir
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if info.Mode()&os.ModeSymlink != 0 {
			to, err := os.Readlink(dir)
			if err != nil {
				return err
			}
			if err := os.Symlink(to, target); err != nil {
				return err
			}
			continue
		}
		if err := bindMount(dir, target, info.IsDir(), true); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	if err := os.MkdirAll(root+"/etc", 0o755); err != nil {
		return err
	}
	users := "root:x:0:0:root:/:/bin/false\nnobody:x:65534:65534:nobody:/tmp:/bin/false\n"
	return os.WriteFile(root+"/etc/passwd", []byte(users), 0o444)
}

// bindMount shows a host path in the sandbox.
func bindMount(from, to string, dir, readOnly bool) error {
	if dir {
		if err := os.MkdirAll(to, 0o755); err != nil {
			return err
		}
	} else if err := os.WriteFile(to, nil, 0o444); err != nil {
		return err
	}
	if err := unix.Mount(from, to, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return err
	}
	if !readOnly {
		return nil
	}
	attr := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV}
	err := unix.MountSetattr(unix.AT_FDCWD, to, unix.AT_RECURSIVE, &attr)
	if !errors.Is(err, unix.ENOSYS) {
		return err
	}
	// Before Linux 5.12: the top mount alone, with the flags that may not be dropped.
	var st unix.Statfs_t
	if err := unix.Statfs(to, &st); err != nil {
		return err
	}
	keep := uintptr(st.Flags) & (unix.MS_NOEXEC | unix.MS_NOATIME | unix.MS_RELATIME | unix.MS_NODIRATIME)
	return unix.Mount("", to, "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV|keep, "")
}

func makeDevices(root string) error {
	if err := os.Mkdir(root+"/dev", 0o755); err != nil {
		return err
	}
	for _, name := range []string{"null", "zero", "full", "random", "urandom"} {
		if err := bindMount("/dev/"+name, root+"/dev/"+name, false, false); err != nil {
			return fmt.Errorf("/dev/%s: %w", name, err)
		}
	}
	for name, to := range map[string]string{"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"} {
		if err := os.Symlink(to, root+"/dev/"+name); err != nil {
			return err
		}
	}
	if err := os.Mkdir(root+"/dev/shm", 0o777); err != nil {
		return err
	}
	return tmpfs(root+"/dev/shm", "size=64m,nr_inodes=1k,mode=1777")
}

func makeTemp(root string) error {
	for _, dir := range []string{"/tmp", "/var"} {
		if err := os.Mkdir(root+dir, 0o755); err != nil {
			return err
		}
	}
	if err := os.Symlink("/tmp", root+"/var/tmp"); err != nil {
		return err
	}
	return tmpfs(root+"/tmp", "size=128m,nr_inodes=4k,mode=1777")
}

func tmpfs(at, options string) error {
	return unix.Mount("tmpfs", at, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options)
}

// writeFiles writes the program and its files, readable only.
func writeFiles(dir string, files map[string][]byte) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.Clean("/"+name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o444); err != nil {
			return err
		}
	}
	return nil
}

// pivot makes root the root and lets go of the old one.
func pivot(root string) error {
	if err := unix.Chdir(root); err != nil {
		return err
	}
	// The old root is stacked on the new one, and then taken away.
	if err := unix.PivotRoot(".", "."); err != nil {
		return err
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return err
	}
	return unix.Chdir("/")
}

// forbidNamespaces keeps the program from making user namespaces, in which it
// would hold rights again. The limit is this namespace's own.
func forbidNamespaces() error {
	return os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0o644)
}
