package sandbox_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

// victimPrograms are what a harness runs when it is killed: warm, compiled,
// forking, sleeping, writing.
var victimPrograms = []sandbox.Program{
	{Language: "python", Source: "import os\nfor _ in range(4): os.fork()\nwhile True: pass"},
	{Language: "python", Source: "print(1)"},
	{Language: "bash", Source: "(setsid sleep 60 &) ; sleep 60"},
	{Language: "python", Source: "import os, time\nos.setsid()\nif os.fork() == 0: time.sleep(60)"},
	{Language: "c", Source: "int main(void) { for (;;); }"},
}

// TestAHarnessKilledAtAnyMomentLeavesNothing kills a harness that runs programs
// after a time drawn from its whole start and some of its work. On an idle machine
// everything is gone within a second; here it has longer, because what else runs
// at the time is not known.
func TestAHarnessKilledAtAnyMomentLeavesNothing(t *testing.T) {
	if os.Getenv("EVALR_TEST_KILL") != "" {
		box, err := sandbox.Open(sandbox.Options{Cold: os.Getenv("EVALR_TEST_KILL") == "cold"})
		require.NoError(t, err)
		for i := range 4 {
			go func() {
				for k := i; ; k++ {
					_, _ = box.Run(t.Context(), victimPrograms[k%len(victimPrograms)], sandbox.Limits{CPU: time.Minute, Wall: 200 * time.Millisecond})
				}
			}()
		}
		select {}
	}
	isolated(t)
	adoptOrphans(t)
	before := lookAtHost(t)
	kills := 6
	if os.Getenv("EVALR_SLOW") != "" {
		kills = 60
	}
	for k := range kills {
		mode := map[bool]string{true: "cold", false: "warm"}[k%2 == 0]
		victim := exec.Command("/proc/self/exe", "-test.run", "^TestAHarnessKilledAtAnyMomentLeavesNothing$")
		victim.Env = append(os.Environ(), "EVALR_TEST_KILL="+mode)
		require.NoError(t, victim.Start())
		wait := time.Duration(rand.Int64N(int64(400 * time.Millisecond)))
		time.Sleep(wait) // the moment is what is tested
		require.NoError(t, victim.Process.Kill())
		_ = victim.Wait()
		if !assert.Eventually(t, func() bool { return len(alive(before)) == 0 }, 10*time.Second, 10*time.Millisecond, fmt.Sprintf("%s, killed after %v", mode, wait)) {
			t.Log(alive(before))
			return
		}
	}
}

// alive lists the processes below this one that were not there before and have
// not ended. Those that have are this process's to bury, as the nearest that adopts.
func alive(before host) []string {
	var left []string
	for _, p := range beyond(descendants(), before.processes) {
		if !strings.Contains(p, ") Z") {
			left = append(left, p)
		}
	}
	if len(left) == 0 {
		for pid := 1; pid > 0; {
			pid, _ = syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		}
	}
	return left
}

func TestAForkBombIsBoundedAndGone(t *testing.T) {
	box, err := sandbox.Open(sandbox.Options{Slots: 1})
	if err != nil {
		t.Skip(err)
	}
	defer box.Close()                                          //nolint:errcheck // never fails
	_, err = box.Run(t.Context(), pythonOne, sandbox.Limits{}) // the worker is there
	require.NoError(t, err)
	before := descendants()
	r, err := box.Run(t.Context(), sandbox.Program{Language: "python", Source: `
import os, time
n = 0
try:
    for _ in range(500):
        if os.fork() == 0: time.sleep(60); os._exit(0)
        n += 1
except OSError: pass
print(n)
`}, sandbox.Limits{Processes: 20})
	require.NoError(t, err)
	require.Equal(t, sandbox.OK, r.Status, string(r.Stderr))
	n, err := strconv.Atoi(strings.TrimSpace(string(r.Stdout)))
	require.NoError(t, err)
	assert.Less(t, n, 20)
	// The worker makes ready for the next program by one process, which may be there
	// by now and may not have been there before.
	assert.LessOrEqual(t, len(descendants()), len(before)+1, "everything ends with the program")
}
