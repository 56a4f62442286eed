//go:build linux

package sandbox_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A host is what sandboxes may leave behind on a machine.
type host struct {
	processes   []string // descendants of this one
	mounts      []string
	cgroups     []string
	descriptors []string // of this process
}

// adoptOrphans makes this process the parent of every process that a sandbox
// leaves without one, so that they can be told from those of other harnesses.
func adoptOrphans(t *testing.T) {
	t.Helper()
	require.NoError(t, unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
	t.Cleanup(func() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) })
}

func lookAtHost(t *testing.T) host {
	t.Helper()
	runtime.GC() // closes files that nobody holds
	return host{descendants(), mounts(), cgroups(), descriptors()}
}

// check fails the test for what is there now and was not before. What is about
// to end has a second.
func (before host) check(t *testing.T) {
	t.Helper()
	left := func(now func() []string, before []string) func() bool {
		return func() bool { runtime.GC(); return len(beyond(now(), before)) == 0 }
	}
	for _, kind := range []struct {
		name   string
		now    func() []string
		before []string
	}{
		{"processes", descendants, before.processes},
		{"mounts", mounts, before.mounts},
		{"cgroups", cgroups, before.cgroups},
		{"descriptors", descriptors, before.descriptors},
	} {
		assert.Eventually(t, left(kind.now, kind.before), time.Second, 20*time.Millisecond, "%s left behind", kind.name)
		assert.Empty(t, beyond(kind.now(), kind.before), kind.name)
	}
}

// beyond lists what is in now more often than in before.
func beyond(now, before []string) []string {
	before = slices.Clone(before)
	var more []string
	for _, s := range now {
		if i := slices.Index(before, s); i >= 0 {
			before = slices.Delete(before, i, i+1)
			continue
		}
		more = append(more, s)
	}
	return more
}

// descendants lists the processes below this one, each by number, state, name,
// and whether it lives in another root or pid namespace.
func descendants() []string {
	parents, lines := map[int]int{}, map[int]string{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	ownRoot, _ := os.Stat("/")
	ownSpace, _ := os.Readlink("/proc/self/ns/pid")
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		end := strings.LastIndexByte(string(text), ')')
		fields := strings.Fields(string(text[end+1:]))
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(f)))
		parents[pid], _ = strconv.Atoi(fields[1])
		where := ""
		if root, err := os.Stat(filepath.Join("/proc", strconv.Itoa(pid), "root")); err == nil && !os.SameFile(root, ownRoot) {
			where += " in another root"
		}
		if space, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid", pid)); err == nil && space != ownSpace {
			where += " in another pid namespace"
		}
		lines[pid] = fmt.Sprintf("%s %s%s", text[:end+1], fields[0], where)
	}
	var below []string
	for pid := range parents {
		for p := parents[pid]; p != 0; p = parents[p] {
			if p == os.Getpid() {
				below = append(below, lines[pid])
				break
			}
		}
	}
	return below
}

// mounts lists the mounts whose line names evalr.
func mounts() []string {
	text, _ := os.ReadFile("/proc/self/mountinfo")
	var ours []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "evalr") {
			ours = append(ours, line)
		}
	}
	return ours
}

var numbers = regexp.MustCompile(`\d+`)

// cgroups lists the groups that are named evalr, but those that are numbered after
// another process: they belong to another harness.
func cgroups() []string {
	var ours []string
	_ = filepath.WalkDir("/sys/fs/cgroup", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || !strings.HasPrefix(d.Name(), "evalr") {
			return nil
		}
		if n := numbers.FindAllString(d.Name(), -1); len(n) == 0 || slices.Contains(n, strconv.Itoa(os.Getpid())) {
			ours = append(ours, path)
		}
		return nil
	})
	return ours
}

// descriptors lists what this process has open, but what the runtime opens for
// itself and keeps.
func descriptors() []string {
	entries, _ := os.ReadDir("/proc/self/fd")
	var open []string
	for _, e := range entries {
		to, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err != nil || strings.HasPrefix(to, "anon_inode:[event") {
			continue // also the descriptor that listed them
		}
		open = append(open, numbers.ReplaceAllString(to, "n"))
	}
	return open
}
