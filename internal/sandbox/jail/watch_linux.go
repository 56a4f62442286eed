package jail

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

const (
	watchPoll  = 10 * time.Millisecond
	watchQuiet = 20 * time.Millisecond // most programs have ended by then
)

// current is the number of the job that this worker has.
var current atomic.Int64

// What a worker says of a job that it ended; the job's number follows.
const (
	saidOver = "over" // its memory passed its limit
	saidLate = "late" // its processes together passed the limit of processor time
)

// watch ends a job whose processes together use more memory or processor time
// than allowed. It is for machines without cgroups.
func watch(supervisor, control int, j Job) {
	spent := map[int]time.Duration{}
	for time.Sleep(watchQuiet); current.Load() == j.Seq && !gone(supervisor); time.Sleep(watchPoll) {
		pids, memory := resident(spent, false)
		if memory > j.Memory {
			pids, memory = resident(spent, true)
		}
		var total time.Duration
		for _, t := range spent {
			total += t
		}
		said := ""
		switch {
		case memory > j.Memory:
			said = saidOver
		case total > j.CPU:
			said = saidLate
		default:
			continue
		}
		if current.Load() != j.Seq {
			return
		}
		_ = unix.Send(control, fmt.Appendf(nil, "%s %d", said, j.Seq), unix.MSG_NOSIGNAL)
		for _, pid := range pids {
			_ = unix.Kill(pid, unix.SIGKILL)
		}
		return
	}
}

// gone says whether a process has ended, buried or not.
func gone(pid int) bool {
	fields := stat(strconv.Itoa(pid))
	return fields == nil || fields[0] == "Z"
}

// stat gives what stands in a process's stat file behind its name: the state,
// the parent, …; nil if there is no such process.
func stat(pid string) []string {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return nil
	}
	fields := strings.Fields(string(text)[strings.LastIndexByte(string(text), ')')+1:])
	if len(fields) < 15 {
		return nil
	}
	return fields
}

// tick is the unit of processor time in /proc.
const tick = 10 * time.Millisecond

// resident lists all processes that are neither the worker nor a supervisor, and
// sums their memory in bytes, with shares counting what they share by shares,
// which takes longer; spent keeps the processor time of each.
func resident(spent map[int]time.Duration, shares bool) (pids []int, sum int64) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, 0
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == 1 {
			continue
		}
		fields := stat(e.Name())
		if fields == nil || fields[1] == "1" {
			continue // gone, or a supervisor
		}
		user, _ := strconv.ParseInt(fields[11], 10, 64)
		system, _ := strconv.ParseInt(fields[12], 10, 64)
		spent[pid] = time.Duration(user+system) * tick
		if n, ok := used(e.Name(), shares); ok {
			pids, sum = append(pids, pid), sum+n
		}
	}
	return pids, sum
}

// used gives the memory of a process in bytes, its page tables included.
func used(pid string, shares bool) (int64, bool) {
	own := kib("/proc/"+pid+"/status", "RssAnon:", "RssShmem:", "VmPTE:")
	if own == nil {
		return 0, false
	}
	if shares {
		if part := kib("/proc/"+pid+"/smaps_rollup", "Pss_Anon:", "Pss_Shmem:"); part != nil {
			own[0], own[1] = part[0], part[1]
		}
	}
	return (own[0] + own[1] + own[2]) << 10, true
}

// kib reads lines of a file of /proc; nil if there is none.
func kib(file string, names ...string) []int64 {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	out := make([]int64, len(names))
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if i := slices.Index(names, fields[0]); i >= 0 && len(fields) > 1 {
			out[i], _ = strconv.ParseInt(fields[1], 10, 64)
		}
	}
	return out
}
