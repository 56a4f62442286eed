package jail

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// A Group bounds the memory and the processes of a worker, and so of one job
// after the other, by cgroups: version 1 where its hierarchies may be written,
// version 2 where a subtree is delegated. Entering a group takes milliseconds
// (the kernel waits for all processors), so a worker enters once; and what does
// not change from job to job is written once.
type Group struct {
	version       int
	memory, pids  string // folders
	cpu           string // of version 1; empty if processor time is not counted
	use, peak     *os.File
	events, spent *os.File

	limit, processes int64 // as they stand
	base             int64 // bytes: what the worker needs by itself
	atStart          int64 // bytes in use when the job began
	ooms             int64 // processes that the kernel had ended by then
	cpuAtStart       time.Duration
}

// A Hierarchy is where groups can be made, as Hierarchies found it.
type Hierarchy struct {
	Version      int // 0: nowhere
	memory, pids string
	cpu          string
	Why          string // why there is none
}

// groupPrefix begins the name of every group; the process id follows, so that
// what a killed harness left behind can be told from what is in use.
const groupPrefix = "evalr-"

// space tells pid namespaces apart: pids of another one mean nothing here.
var space = sync.OnceValue(func() string {
	link, _ := os.Readlink("/proc/self/ns/pid")
	return strings.Trim(strings.TrimPrefix(link, "pid:"), "[]")
})

// FindHierarchy looks where this process may make groups, by making one.
func FindHierarchy() Hierarchy {
	own, err := ownGroups()
	if err != nil {
		return Hierarchy{Why: err.Error()}
	}
	h := Hierarchy{Version: 1, memory: own["memory"], pids: own["pids"], cpu: own["cpuacct"]}
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
	if v2 := own[""]; v2 != "" && !handsOn(v2) {
		delete(own, "")
	}
	return own, nil
}

// handsOn says whether a group of version 2 hands the controllers memory and pids
// on to groups below it. A delegated one does so when it is told to and holds no
// process itself: this process then moves into a group below.
func handsOn(dir string) bool {
	control := path.Join(dir, "cgroup.subtree_control")
	has := func() bool {
		text, _ := os.ReadFile(control)
		list := strings.Fields(string(text))
		return slices.Contains(list, "memory") && slices.Contains(list, "pids")
	}
	enable := func() error { return write(control, "+memory +pids") }
	if has() || enable() == nil && has() {
		return true
	}
	text, _ := os.ReadFile(path.Join(dir, "cgroup.controllers"))
	if there := strings.Fields(string(text)); !slices.Contains(there, "memory") || !slices.Contains(there, "pids") {
		return false
	}
	leaf := path.Join(dir, groupPrefix+"main")
	if err := os.Mkdir(leaf, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return false
	}
	if write(path.Join(leaf, "cgroup.procs"), strconv.Itoa(os.Getpid())) != nil {
		_ = unix.Rmdir(leaf)
		return false
	}
	return enable() == nil && has()
}

var groups atomic.Int64

// New makes a group.
func (h Hierarchy) New() (*Group, error) {
	name := fmt.Sprintf("%s%d-%s-%d", groupPrefix, os.Getpid(), space(), groups.Add(1))
	g := &Group{version: h.Version, memory: path.Join(h.memory, name), pids: path.Join(h.pids, name)}
	if h.cpu != "" {
		g.cpu = path.Join(h.cpu, name)
	}
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
	dirs := []string{g.memory}
	if g.version == 1 {
		dirs = append(dirs, g.pids)
		if g.cpu != "" {
			dirs = append(dirs, g.cpu)
		}
	}
	return dirs
}

// What a worker may come to need by itself beside what it had when its first job
// came: bytes, and threads. The limit of processes is put in force by user; that
// of the group is a backstop.
const (
	groupSlack   = 4 << 20
	groupThreads = 32
)

// Set bounds the next job: memory in bytes, and processes. What the last job used
// is forgotten.
func (g *Group) Set(memory int64, processes int) error {
	if g.use == nil {
		if err := g.open(); err != nil {
			return err
		}
		g.base = readNumber(g.use)
	}
	if memory != g.limit {
		if err := g.bound(memory + g.base + groupSlack); err != nil {
			return err
		}
		g.limit = memory
	}
	if int64(processes) != g.processes {
		if err := write(path.Join(g.pids, "pids.max"), strconv.Itoa(processes+groupThreads)); err != nil {
			return fmt.Errorf("limit a cgroup: %w", err)
		}
		g.processes = int64(processes)
	}
	if g.peak != nil {
		_, _ = g.peak.WriteAt([]byte("0"), 0)
	}
	g.atStart, g.ooms, g.cpuAtStart = readNumber(g.use), g.oomKills(), g.processorTime()
	return nil
}

// open opens what is read for each job.
func (g *Group) open() (err error) {
	use, events := "memory.usage_in_bytes", "memory.oom_control"
	if g.version == 2 {
		use, events = "memory.current", "memory.events"
	}
	if g.use, err = os.Open(path.Join(g.memory, use)); err == nil {
		g.events, err = os.Open(path.Join(g.memory, events))
	}
	switch {
	case err == nil && g.version == 2:
		g.spent, err = os.Open(path.Join(g.memory, "cpu.stat"))
	case err == nil && g.cpu != "":
		g.spent, err = os.Open(path.Join(g.cpu, "cpuacct.usage"))
	}
	if err == nil && g.version == 1 {
		g.peak, err = os.OpenFile(path.Join(g.memory, "memory.max_usage_in_bytes"), os.O_RDWR, 0)
	}
	if err != nil {
		return fmt.Errorf("read a cgroup: %w", err)
	}
	return nil
}

// bound writes the limit of memory. In version 1 the sum with swap, where it is
// counted, may never be the lower one.
func (g *Group) bound(bytes int64) error {
	limit, swap := "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"
	if g.version == 2 {
		limit, swap = "memory.max", ""
		_ = write(path.Join(g.memory, "memory.swap.max"), "0")
	} else {
		_ = write(path.Join(g.memory, swap), fmt.Sprint(int64(1)<<50))
	}
	if err := write(path.Join(g.memory, limit), fmt.Sprint(bytes)); err != nil {
		return fmt.Errorf("limit a cgroup: %w", err)
	}
	if swap != "" {
		_ = write(path.Join(g.memory, swap), fmt.Sprint(bytes))
	}
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

// Peak gives the highest use of memory since Set, in bytes; 0 if unknown, as in
// version 2, which forgets no peak before Linux 6.12.
func (g *Group) Peak() int64 {
	if g.peak == nil {
		return 0
	}
	return max(0, readNumber(g.peak)-g.atStart)
}

// CPU gives the processor time since Set of everything in the group, the worker
// included; 0 if unknown.
func (g *Group) CPU() time.Duration { return g.processorTime() - g.cpuAtStart }

func (g *Group) processorTime() time.Duration {
	if g.spent == nil {
		return 0
	}
	if g.version == 1 {
		return time.Duration(readNumber(g.spent))
	}
	return time.Duration(field(g.spent, "usage_usec")) * time.Microsecond
}

// Ended says whether the kernel has ended a process for its memory since Set.
func (g *Group) Ended() bool { return g.oomKills() > g.ooms }

// oomKills counts the processes that the kernel has ended in this group.
func (g *Group) oomKills() int64 { return field(g.events, "oom_kill") }

// field reads the number behind a name at the beginning of a line; 0 if it is not
// there.
func field(f *os.File, name string) int64 {
	var text [1024]byte
	n, _ := f.ReadAt(text[:], 0)
	for line := range strings.Lines(string(text[:n])) {
		if number, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			value, _ := strconv.ParseInt(number, 10, 64)
			return value
		}
	}
	return 0
}

// readNumber reads a file of one number from its beginning; 0 if it cannot be.
func readNumber(f *os.File) int64 {
	var text [32]byte
	n, _ := f.ReadAt(text[:], 0)
	value, _ := strconv.ParseInt(strings.TrimSpace(string(text[:n])), 10, 64)
	return value
}

// Close removes the group. Its processes are gone or going.
func (g *Group) Close() {
	for _, f := range []*os.File{g.use, g.events, g.spent, g.peak} {
		if f != nil {
			_ = f.Close()
		}
	}
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
	for _, dir := range []string{h.memory, h.pids, h.cpu} {
		left, _ := os.ReadDir(dir)
		for _, e := range left {
			number, ours := strings.CutPrefix(e.Name(), groupPrefix)
			parts := strings.Split(number, "-")
			pid, err := strconv.Atoi(parts[0])
			if ours && err == nil && len(parts) == 3 && parts[1] == space() && unix.Kill(pid, 0) != nil {
				_ = unix.Rmdir(path.Join(dir, e.Name()))
			}
		}
	}
}
