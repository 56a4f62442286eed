package sandbox

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// serveInside runs jobs, one after the other, in a container that is made for
// it. It is pid 1 there, has the rights to switch the user, to end the user's
// processes and to remove its files, and hands none of them on.
func serveInside(in io.Reader, out io.Writer) int {
	runtime.LockOSThread()
	guardInside()
	if os.Geteuid() != 0 {
		_ = writeFrame(out, answer{Error: "the server must be root of its container: programs are other users"})
		return 2
	}
	for _, dir := range writable {
		// What a job leaves is removed: so this must be nobody else's folder.
		var st unix.Statfs_t
		if err := unix.Statfs(dir, &st); err != nil || st.Type != unix.TMPFS_MAGIC {
			_ = writeFrame(out, answer{Error: dir + " must be a tmpfs of the container"})
			return 2
		}
	}
	if err := writeFrame(out, answer{Ready: true}); err != nil {
		return 1
	}
	jobs := bufio.NewReader(in)
	for {
		var j job
		if err := readFrame(jobs, &j); err != nil {
			if errors.Is(err, io.EOF) {
				return 0 // the harness is gone
			}
			_ = writeFrame(out, answer{Error: "read a job: " + err.Error(), Spoilt: true})
			return 1
		}
		a := serve(j)
		if err := tidy(); err != nil {
			a.Spoilt = true
		}
		if err := writeFrame(out, a); err != nil || a.Spoilt {
			return 1
		}
	}
}

// writable are the folders in which a job can leave something.
var writable = []string{workDir, "/dev/shm", programDir}

// serve runs a job.
func serve(j job) answer {
	if len(j.Order.Argv) == 0 {
		return answer{Error: "a job without a command"}
	}
	if !strings.HasPrefix(j.Order.Argv[0], programDir+"/") {
		j.Needs = append(j.Needs, j.Order.Argv[0])
	}
	for _, path := range j.Needs {
		if _, err := os.Stat(path); err != nil {
			return answer{Missing: path}
		}
	}
	for _, f := range j.Files {
		if err := putFile(f); err != nil {
			return answer{Error: "write the program: " + err.Error()}
		}
	}
	r, err := attend(j)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Result: r}
}

// putFile writes a file of the program, readable only.
func putFile(f jobFile) error {
	path := filepath.Join(programDir, filepath.Clean("/"+f.Name))
	mode := os.FileMode(0o444)
	if f.Exec {
		mode = 0o555
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, f.Data, mode)
}

// attend runs the program of a job and says how it ended.
func attend(j job) (Result, error) {
	var inner, outer [3]*os.File
	for i := range inner {
		r, w, err := os.Pipe()
		if err != nil {
			return Result{}, err
		}
		inner[i], outer[i] = w, r
		if i == 0 {
			inner[i], outer[i] = r, w
		}
		defer outer[i].Close() //nolint:errcheck // a pipe
	}
	ooms := outOfMemoryKills()
	start := time.Now()
	b, err := bear(j.Order, []uintptr{inner[0].Fd(), inner[1].Fd(), inner[2].Fd()})
	for _, f := range inner {
		_ = f.Close()
	}
	if err != nil {
		return Result{}, err
	}
	process, err := os.FindProcess(b.pid)
	if err != nil {
		return Result{}, err
	}
	w := &watch{end: func() { _ = process.Kill() }, limit: j.Limits.Output}
	wall := time.AfterFunc(j.Limits.Wall, func() { w.kill(killedByWall) })
	var pumps sync.WaitGroup
	pumps.Go(func() { give(outer[0], j.Stdin) })
	pumps.Go(func() { w.read(outer[1], &w.stdout) })
	pumps.Go(func() { w.read(outer[2], &w.stderr) })
	rep := b.outlast(j.Order.Memory)
	elapsed := time.Since(start)
	wall.Stop()
	pumps.Wait() // all who held the pipes are gone
	_ = process.Release()
	if rep.Error != "" {
		return Result{}, fmt.Errorf("%s: %s", rep.Step, rep.Error)
	}
	rep.Over = rep.Over || outOfMemoryKills() > ooms
	r := rep.result(w, j.Limits)
	r.Wall = elapsed
	return r, nil
}

// outOfMemoryKills is how many processes the container's memory limit has ended.
func outOfMemoryKills() int {
	text, _ := os.ReadFile("/sys/fs/cgroup/memory.events")
	var n int
	for line := range strings.Lines(string(text)) {
		if _, err := fmt.Sscanf(line, "oom_kill %d", &n); err == nil {
			return n
		}
	}
	return 0
}

// tidy removes what a job has left; the processes are gone already. What cannot
// be removed is an error: then no other job may come.
func tidy() error {
	for _, dir := range writable {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := removeAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{"shm", "sem", "msg"} {
		text, err := os.ReadFile("/proc/sysvipc/" + name)
		if err == nil && strings.Count(string(text), "\n") > 1 {
			return errors.New("memory is left that outlives processes")
		}
	}
	return nil
}

// removeAll removes a tree in which folders may be closed to their owner.
func removeAll(path string) error {
	err := os.RemoveAll(path)
	if err == nil || !errors.Is(err, syscall.EACCES) {
		return err
	}
	_ = filepath.WalkDir(path, func(p string, e os.DirEntry, _ error) error {
		if e != nil && e.IsDir() {
			_ = os.Chmod(p, 0o700) // before it is read
		}
		return nil
	})
	return os.RemoveAll(path)
}
