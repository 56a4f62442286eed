package jail

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

const (
	memoryPoll  = 10 * time.Millisecond
	memoryQuiet = 20 * time.Millisecond // most programs have ended by then
)

// current counts the jobs of this worker.
var current atomic.Int64

// saidOver is the message that a job's memory passed its limit.
const saidOver = "over"

// watchMemory ends a job when all its processes together use more memory than
// allowed. It is for machines without a memory cgroup. tell says whether the job
// still is the worker's.
func watchMemory(supervisor int, limit int64, tell func(over bool) bool) {
	time.Sleep(memoryQuiet)
	for tell(false) && unix.Kill(supervisor, 0) == nil {
		children, sum := resident()
		if len(children) == 0 {
			return
		}
		if sum > limit && tell(true) {
			for _, pid := range children {
				_ = unix.Kill(pid, unix.SIGKILL)
			}
			return
		}
		time.Sleep(memoryPoll)
	}
}

// resident sums the memory of all processes that are neither the worker nor a
// supervisor, in bytes.
func resident() (pids []int, sum int64) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, 0
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == 1 {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); len(fields) < 2 || fields[1] == "1" {
			continue // a supervisor
		}
		if n, ok := used(e.Name()); ok {
			pids, sum = append(pids, pid), sum+n
		}
	}
	return pids, sum
}

// used gives the memory of a process in bytes: its own, and its share of what it
// shares with others.
func used(pid string) (int64, bool) {
	anonymous, shared := kib("/proc/"+pid+"/status", "RssAnon:", "RssShmem:")
	if anonymous < 0 {
		return 0, false
	}
	if shared > 0 {
		if share, _ := kib("/proc/"+pid+"/smaps_rollup", "Pss_Shmem:", ""); share >= 0 {
			shared = share
		}
	}
	return (anonymous + max(shared, 0)) << 10, true
}

// kib reads two lines of a file of /proc; -1 for what is not there.
func kib(file, first, second string) (a, b int64) {
	a, b = -1, -1
	text, _ := os.ReadFile(file)
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		n, _ := strconv.ParseInt(fields[1], 10, 64)
		switch fields[0] {
		case first:
			a = n
		case second:
			b = n
		}
	}
	return a, b
}
