package jail

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// A Group bounds the memory and the processes of a worker, and so of one job
// after the other, by cgroups: version 1 where its hierarchies may be written,
// version 2 where a subtree is delegated. Entering a group takes milliseconds
// (the kernel waits for all processors), so a worker enters once.
type Group struct {
	version    int
	memory     string // folders
	pids       string
	oomAtStart int64
	atStart    int64 // bytes: what earlier jobs left in the page cache
}

// A Hierarchy is where groups can be made, as Hierarchies found it.
type Hierarchy struct {
	Version      int // 0: nowhere
	memory, pids string
	Why          string // why there is none
}

// groupPrefix begins the name of every group; the process id follows, so that
// what a killed harness left behind can be told from what is in use.
const groupPrefix = "evalr-"

// FindHierarchy looks where this process may make groups, by making one.
func FindHierarchy() Hierarchy {
	own, err := ownGroups()
	if err != nil {
		return Hierarchy{Why: err.Error()}
	}
	h := Hierarchy{Version: 1, memory: own["memory"], pids: own["pids"]}
	if h.memory == "" || h.pids == "" {
		h = Hierarchy{Version: 2, memory: own[""], pids: own[""]}
		if own[""] == "" {
			return Hierarchy{Why: "no cgroup hierarchy with the controllers memory and pids is mounted"}
		}
	}
	sweep(h)
	g, err := h.New()
	if err != nil {
		return Hierarchy{Why: err.Error()}
	}
	defer g.Close()
	if err := g.Set(64<<20, 16); err != nil {
		return Hierarchy{Why: err.Error()}
	}
	return h
}

// ownGroups gives, by controller, the folder of the group that this process is
// in; "" is version 2.
func ownGroups() (map[string]string, error) {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	at := map[string]string{}
	for line := range strings.Lines(string(mounts)) {
		fields := strings.Fields(line)
		dash := 0
		for dash < len(fields) && fields[dash] != "-" {
			dash++
		}
		if dash+3 >= len(fields) || len(fields) < 5 {
			continue
		}
		switch fields[dash+1] {
		case "cgroup":
			for _, option := range strings.Split(fields[dash+3], ",") {
				at[option] = fields[4]
			}
		case "cgroup2":
			at[""] = fields[4]
		}
	}
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	own := map[string]string{}
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		for _, name := range strings.Split(parts[1], ",") {
			dir := at[name]
			if dir == "" {
				continue
			}
			own[name] = path.Join(dir, parts[2])
			if _, err := os.Stat(own[name]); err != nil { // a namespace of its own: what is mounted is the group
				own[name] = dir
			}
		}
	}
	if v2 := own[""]; v2 != "" {
		controllers, _ := os.ReadFile(path.Join(v2, "cgroup.subtree_control"))
		have := strings.Fields(string(controllers))
		if !contains(have, "memory") || !contains(have, "pids") {
			// Delegated, but not yet handed on: only a group without processes may do so.
			_ = os.WriteFile(path.Join(v2, "cgroup.subtree_control"), []byte("+memory +pids"), 0o644)
			controllers, _ = os.ReadFile(path.Join(v2, "cgroup.subtree_control"))
			if have = strings.Fields(string(controllers)); !contains(have, "memory") || !contains(have, "pids") {
				delete(own, "")
			}
		}
	}
	return own, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

var groups atomic.Int64

// New makes a group.
func (h Hierarchy) New() (*Group, error) {
	name := fmt.Sprintf("%s%d-%d", groupPrefix, os.Getpid(), groups.Add(1))
	g := &Group{version: h.Version, memory: path.Join(h.memory, name), pids: path.Join(h.pids, name)}
	for _, dir := range g.dirs() {
		if err := os.Mkdir(dir, 0o755); err != nil {
			g.Close()
			return nil, fmt.Errorf("make a cgroup: %w", err)
		}
	}
	return g, nil
}

// enter puts a process into the group, with all that it starts from then on.
func (g *Group) enter(pid int) error {
	for _, dir := range g.dirs() {
		if err := write(path.Join(dir, "cgroup.procs"), strconv.Itoa(pid)); err != nil {
			return fmt.Errorf("enter a cgroup: %w", err)
		}
	}
	return nil
}

func (g *Group) dirs() []string {
	if g.version == 2 {
		return []string{g.memory}
	}
	return []string{g.memory, g.pids}
}

// groupSlack is memory that the worker itself may come to need for a job, in
// bytes.
const groupSlack = 4 << 20

// Set bounds the next job: memory in bytes, and processes, beside what the worker
// has by itself. What the last job used is forgotten.
func (g *Group) Set(memory int64, processes int) error {
	use, peak, limit := "memory.current", "", "memory.max"
	if g.version == 1 {
		use, peak, limit = "memory.usage_in_bytes", "memory.max_usage_in_bytes", "memory.limit_in_bytes"
	}
	g.atStart = number(path.Join(g.memory, use))
	memory += g.atStart + groupSlack
	processes += int(number(path.Join(g.pids, "pids.current"))) + 1 // the supervisor
	const swap = "memory.memsw.limit_in_bytes"
	type line struct{ name, text string }
	lines := []line{{swap, fmt.Sprint(int64(1) << 50)}, {limit, fmt.Sprint(memory)}, {swap, fmt.Sprint(memory)}, {"memory.swap.max", "0"}, {peak, "0"}}
	for _, l := range lines {
		if err := write(path.Join(g.memory, l.name), l.text); err != nil && l.name == limit {
			return fmt.Errorf("limit a cgroup: %w", err)
		}
	}
	if err := write(path.Join(g.pids, "pids.max"), strconv.Itoa(processes)); err != nil {
		return fmt.Errorf("limit a cgroup: %w", err)
	}
	g.oomAtStart = g.oom()
	return nil
}

func write(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// Used gives the highest use of memory since Set, in bytes, 0 if unknown, and
// whether the kernel ended a process for it.
func (g *Group) Used() (peak int64, killed bool) {
	if g.version == 1 { // version 2 forgets no peak before Linux 6.12
		peak = max(0, number(path.Join(g.memory, "memory.max_usage_in_bytes"))-g.atStart)
	}
	return peak, g.oom() > g.oomAtStart
}

func number(name string) int64 {
	text, _ := os.ReadFile(name)
	n, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n
}

// oom counts the processes that the kernel ended in this group.
func (g *Group) oom() int64 {
	name := "memory.oom_control"
	if g.version == 2 {
		name = "memory.events"
	}
	f, err := os.Open(path.Join(g.memory, name))
	if err != nil {
		return 0
	}
	defer f.Close() //nolint:errcheck // read only
	for s := bufio.NewScanner(f); s.Scan(); {
		if n, ok := strings.CutPrefix(s.Text(), "oom_kill "); ok {
			count, _ := strconv.ParseInt(n, 10, 64)
			return count
		}
	}
	return 0
}

// Close removes the group. Its processes are gone or going.
func (g *Group) Close() {
	for _, dir := range g.dirs() {
		for range 50 {
			err := unix.Rmdir(dir)
			if err == nil || errors.Is(err, unix.ENOENT) {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
	}
}

// sweep removes the groups of harnesses that were killed.
func sweep(h Hierarchy) {
	for _, dir := range []string{h.memory, h.pids} {
		left, _ := os.ReadDir(dir)
		for _, e := range left {
			number, ours := strings.CutPrefix(e.Name(), groupPrefix)
			pid, err := strconv.Atoi(strings.Split(number, "-")[0])
			if ours && err == nil && unix.Kill(pid, 0) != nil {
				_ = unix.Rmdir(path.Join(dir, e.Name()))
			}
		}
	}
}
