package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// bwrapOptions are options that old versions of bwrap lack.
type bwrapOptions struct {
	size          bool // bounds a tmpfs
	disableUserns bool
}

// bwrapChoices are tried until one runs.
var bwrapChoices = []bwrapOptions{{true, true}, {true, false}, {}}

// mostFiles bounds a program's files: each is a descriptor until bwrap has
// copied it.
const mostFiles = 500

// nobody is who programs are.
const nobody = 65534

// passwd is all that programs learn of users.
const passwd = "root:x:0:0:root:/:/bin/false\nnobody:x:65534:65534:nobody:/tmp:/bin/false\n"

// arguments gives the command line of bwrap. Its descriptors from fd on are the
// files that are given with it.
func (b bubblewrap) arguments(t task, fd int) (args []string, texts []*os.File, err error) {
	add := func(a ...string) { args = append(args, a...) }
	add(b.namespaces()...)
	add("--die-with-parent", "--as-pid-1", "--new-session", "--clearenv", "--hostname", "sandbox")
	for _, dir := range systemDirs {
		if to, err := os.Readlink(dir); err == nil {
			add("--symlink", to, dir)
		} else {
			add("--ro-bind-try", dir, dir)
		}
	}
	add("--dir", "/etc", "--dir", "/var")
	for _, path := range systemFiles() {
		add("--ro-bind-try", path, path)
	}
	add("--proc", "/proc", "--dev", "/dev")
	add(b.tmpfs(workDir, tempSize)...)
	add(b.tmpfs("/dev/shm", sharedSize)...)
	add("--symlink", workDir, "/var/tmp", "--ro-bind", b.self, innerPath)
	for _, x := range t.binds {
		add(above(x.inside())...)
		add("--ro-bind", x.from, x.inside())
	}
	if len(t.files) > mostFiles {
		return nil, nil, fmt.Errorf("a program of %d files: bubblewrap takes %d", len(t.files), mostFiles)
	}
	put := func(perms, path string, data []byte) error {
		text, err := inMemory(data)
		if err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		add(above(path)...)
		add("--perms", perms, "--file", strconv.Itoa(fd+len(texts)), path)
		texts = append(texts, text)
		return nil
	}
	if err := put("0444", "/etc/passwd", []byte(passwd)); err != nil {
		return nil, texts, err
	}
	for _, f := range t.files {
		perms := "0444"
		if f.exec {
			perms = "0555"
		}
		if err := put(perms, programDir+"/"+f.name, f.data); err != nil {
			return nil, texts, err
		}
	}
	// Both are memory that nothing else would bound.
	add("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--", innerPath, stageWatch)
	return args, texts, nil
}

// systemFiles are the files of the system, outside its folders of programs, that
// those need; readable only.
func systemFiles() []string {
	java, _ := filepath.Glob("/etc/java-*-openjdk") // settings of Debian's virtual machines
	return append([]string{"/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime"}, java...)
}

// above makes the folders above a path, which bwrap would close to others than
// the one who starts it.
func above(path string) []string {
	var a []string
	for dir := filepath.Dir(path); dir != "/"; dir = filepath.Dir(dir) {
		a = append([]string{"--dir", dir}, a...)
	}
	return a
}

// namespaces says who the program is. An ordinary user is mapped to nobody by
// bwrap. Root is mapped before bwrap starts, and bwrap leaves the inner stage
// the rights to change into nobody.
func (b bubblewrap) namespaces() []string {
	if os.Geteuid() == 0 {
		return []string{
			"--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
			"--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_KILL",
		}
	}
	id := strconv.Itoa(nobody)
	a := []string{"--unshare-all", "--unshare-user", "--uid", id, "--gid", id, "--cap-drop", "ALL"}
	if b.options.disableUserns {
		a = append(a, "--disable-userns")
	}
	return a
}

func (b bubblewrap) tmpfs(path string, size int) []string {
	a := []string{"--perms", "1777"}
	if b.options.size {
		a = append(a, "--size", strconv.Itoa(size))
	}
	return append(a, "--tmpfs", path)
}

// inMemory gives a file that is nowhere but in memory, to be read from its start.
func inMemory(data []byte) (*os.File, error) {
	fd, err := unix.MemfdCreate("file", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "file")
	if _, err := f.Write(data); err != nil {
		return f, err
	}
	_, err = f.Seek(0, 0)
	return f, err
}

// bubblewrapRemedy is the one command that would let bwrap isolate.
func bubblewrapRemedy(err error) string {
	switch {
	case sysctlIs("kernel/apparmor_restrict_unprivileged_userns", "1"):
		return "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
	case sysctlIs("kernel/unprivileged_userns_clone", "0"):
		return "sudo sysctl -w kernel.unprivileged_userns_clone=1"
	case sysctlIs("user/max_user_namespaces", "0"):
		return "sudo sysctl -w user.max_user_namespaces=15000"
	case strings.Contains(err.Error(), "proc"):
		return "docker run --security-opt systempaths=unconfined --security-opt seccomp=unconfined … (evalr is in a container that hides parts of /proc)"
	}
	return "use --tier docker"
}
