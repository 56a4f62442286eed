package sandbox_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

// traces is what executions could leave behind on this machine.
type traces struct {
	descriptors, mounts, children, groups, files int
	resident                                     int64 // bytes of this process
}

func look(t *testing.T) traces {
	t.Helper()
	runtime.GC()
	count := func(pattern string) int {
		list, err := filepath.Glob(pattern)
		require.NoError(t, err)
		return len(list)
	}
	text, err := os.ReadFile("/proc/self/mountinfo")
	require.NoError(t, err)
	x := traces{
		descriptors: count("/proc/self/fd/*"), mounts: strings.Count(string(text), "\n"),
		files:  count(filepath.Join(os.TempDir(), "evalr-*")),
		groups: count("/sys/fs/cgroup/*/evalr-"+strconv.Itoa(os.Getpid())+"-*") + count("/sys/fs/cgroup/*/*/*/evalr-"+strconv.Itoa(os.Getpid())+"-*"),
	}
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	require.NoError(t, err)
	for _, task := range tasks {
		pids, _ := os.ReadFile(task)
		x.children += len(strings.Fields(string(pids)))
	}
	statm, err := os.ReadFile("/proc/self/statm")
	require.NoError(t, err)
	pages, err := strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64)
	require.NoError(t, err)
	x.resident = pages * int64(os.Getpagesize())
	return x
}

// TestNothingIsLeftBehind runs EVALR_SOAK programs (300 if it is not set), most of
// them short, some of which are ended by a limit, and counts what is left.
func TestNothingIsLeftBehind(t *testing.T) {
	open(t) // skips where nothing can be isolated
	n := 300
	if s := os.Getenv("EVALR_SOAK"); s != "" {
		var err error
		n, err = strconv.Atoi(s)
		require.NoError(t, err)
	}
	before := look(t)
	box, err := sandbox.Open(sandbox.Options{})
	require.NoError(t, err)
	soak(t, box, min(n, 200))
	early := look(t)
	began := time.Now()
	soak(t, box, n)
	late := look(t)
	require.NoError(t, box.Close())
	after := look(t)
	fmt.Fprintf(os.Stderr, "soak: %d executions in %.1f s; resident %d KiB after 200, %d KiB at the end\n", n, time.Since(began).Seconds(), early.resident>>10, late.resident>>10)
	assert.Less(t, late.resident-early.resident, int64(16<<20), "memory stays flat")
	after.resident, before.resident = 0, 0
	assert.Equal(t, before, after)
}

// soak runs n programs on all cores.
func soak(t *testing.T, box *sandbox.Box, n int) {
	t.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.NumCPU() {
		all.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				p, l, want := soakProgram(i)
				r, err := box.Run(t.Context(), p, l)
				if !assert.NoError(t, err) || !assert.Equal(t, want, r.Status, "%s: %s", p.Source, r.Stderr) {
					return
				}
			}
		})
	}
	all.Wait()
}

// soakProgram is the i-th program: one in fifty ends by a limit, one in ten leaves
// something behind.
func soakProgram(i int64) (sandbox.Program, sandbox.Limits, sandbox.Status) {
	p := sandbox.Program{Language: "python", Source: "print(" + strconv.FormatInt(i, 10) + ")"}
	switch {
	case i%50 == 1:
		p.Source = "while True: print('x' * 1000)"
		return p, sandbox.Limits{Output: 10_000}, sandbox.OutputLimit
	case i%50 == 2:
		p.Source = "x = bytearray(900 << 20)"
		return p, sandbox.Limits{Memory: 64 << 20}, sandbox.MemoryLimit
	case i%50 == 3:
		p.Source = "import time; time.sleep(60)"
		return p, sandbox.Limits{CPU: time.Second, Wall: 50 * time.Millisecond}, sandbox.TimeLimit
	case i%10 == 4:
		p.Source = "import os, time\nopen('/tmp/x', 'w').write('x')\nif os.fork() == 0:\n    os.setsid(); time.sleep(60)"
	case i%10 == 5:
		p = cTrue
	case i%10 == 6:
		p.Stdin = []byte(strings.Repeat("x", 100_000))
		p.Source = "print(len(input()))"
	}
	return p, sandbox.Limits{}, sandbox.OK
}
