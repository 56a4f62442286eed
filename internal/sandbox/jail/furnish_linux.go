package jail

import (
	"errors"
	"fmt"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// furnish makes a worker's root: a read-only view of the system's programs,
// places for what each job brings, and nothing else of the host.
func furnish(c Config) *Failure {
	root := mountPoint()
	steps := []struct {
		name string
		do   func() error
	}{
		{"make mounts private", func() error { return unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") }},
		{"mount the root", func() error {
			return unix.Mount("tmpfs", root, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=256m,nr_inodes=64k,mode=755")
		}},
		{"show the system", func() error { return showSystem(root, c) }},
		{"make devices", func() error { return makeDevices(root) }},
		{"mount /proc", func() error {
			if err := os.Mkdir(root+"/proc", 0o555); err != nil {
				return err
			}
			return unix.Mount("proc", root+"/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "")
		}},
		{"make places for programs", func() error { return makePlaces(root, c) }},
		{"change the root", func() error { return pivot(root) }},
		{"make the root read-only", func() error {
			return unix.Mount("", "/", "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV, "")
		}},
		{"forbid further user namespaces", func() error { return forbidNamespaces(c) }},
		{"name the host", func() error { return unix.Sethostname([]byte("sandbox")) }},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			return failure(s.name, err)
		}
	}
	return nil
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

// system is what every program sees of the host, readable only.
func system() []string {
	dirs := []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime"}
	entries, _ := os.ReadDir("/etc")
	for _, e := range entries {
		if name := e.Name(); strings.HasPrefix(name, "java-") && strings.HasSuffix(name, "-openjdk") {
			dirs = append(dirs, "/etc/"+name) // where Debian's virtual machines have their settings
		}
	}
	return dirs
}

// showSystem binds what belongs to the system, and what the config names.
func showSystem(root string, c Config) error {
	for _, b := range c.Binds {
		if err := bindMount(b.From, root+b.To, true, true); err != nil {
			return fmt.Errorf("%s: %w", b.From, err)
		}
	}
	for _, dir := range system() {
		info, err := os.Lstat(dir)
		if err != nil {
			continue // this system has none
		}
		target := root + dir
		if err := os.MkdirAll(path.Dir(target), 0o755); err != nil {
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
	groups := "root:x:0:\nnogroup:x:65534:\n"
	if c.Root {
		users += fmt.Sprintf("program:x:%d:%d:program:/tmp:/bin/false\n", c.User, c.User)
		groups += fmt.Sprintf("program:x:%d:\n", c.User)
	}
	return errors.Join(os.WriteFile(root+"/etc/passwd", []byte(users), 0o444), os.WriteFile(root+"/etc/group", []byte(groups), 0o444))
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
	return os.Mkdir(root+"/dev/shm", 0o755)
}

// makePlaces makes the folders over which a job mounts its own.
func makePlaces(root string, c Config) error {
	for _, dir := range []string{"/tmp", "/var", ProgramDir} {
		if err := os.MkdirAll(root+dir, 0o755); err != nil {
			return err
		}
	}
	if len(c.Python) > 0 {
		if err := os.WriteFile(root+ProgramDir+"/main.py", []byte(zygote), 0o444); err != nil {
			return err
		}
	}
	return os.Symlink("/tmp", root+"/var/tmp")
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

// forbidNamespaces keeps programs from making user namespaces, in which they
// would hold rights again, and from using up what its user may have of inotify.
// The limits are this namespace's own; where each job gets a user namespace, the
// job's supervisor does it instead.
func forbidNamespaces(c Config) error {
	if !c.Root && len(c.Python) == 0 {
		return nil
	}
	for _, l := range namespaceLimits {
		if err := os.WriteFile(l.file, []byte(l.most), 0o644); err != nil && !l.may {
			return err
		}
	}
	return nil
}

// namespaceLimits are limits of a user namespace.
var namespaceLimits = []struct {
	file, most string
	may        bool // be absent
}{
	{"/proc/sys/user/max_user_namespaces", "0", false},
	{"/proc/sys/user/max_inotify_instances", "16", true},
}
