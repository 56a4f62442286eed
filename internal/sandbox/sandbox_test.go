package sandbox_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

// shared is one box for all tests, so that its workers are warm.
var shared = sync.OnceValues(func() (*sandbox.Box, error) { return sandbox.Open(sandbox.Options{}) })

func open(t *testing.T) *sandbox.Box {
	t.Helper()
	box, err := shared()
	if err != nil {
		t.Skipf("this machine cannot isolate: %v", err)
	}
	return box
}

func run(t *testing.T, source string, l sandbox.Limits, stdin ...string) sandbox.Result {
	t.Helper()
	return python(t, open(t), source, l, stdin...)
}

func TestAProgramEndsAsItsParentSaw(t *testing.T) {
	short := sandbox.Limits{CPU: time.Second}
	for _, c := range []struct {
		name, source string
		limits       sandbox.Limits
		want         sandbox.Status
		stdout       string
	}{
		{"reads and prints", "print(int(input())**2)", short, sandbox.OK, "49\n"},
		{"raises", "raise ValueError", short, sandbox.RuntimeError, ""},
		{"exits with a code", "import sys; print(1); sys.exit(3)", short, sandbox.RuntimeError, "1\n"},
		{"kills itself", "import os; os.kill(os.getpid(), 9)", short, sandbox.RuntimeError, ""},
		{"spins", "while True: pass", short, sandbox.TimeLimit, ""},
		{"spins in a child while it sleeps", "import os, time\nif os.fork() == 0:\n  while True: pass\ntime.sleep(99)", sandbox.Limits{CPU: time.Second, Wall: 1500 * time.Millisecond}, sandbox.TimeLimit, ""},
		{"sleeps", "import time; time.sleep(99)", sandbox.Limits{CPU: time.Second, Wall: time.Second}, sandbox.TimeLimit, ""},
		{"ignores signals", "import signal\nfor s in range(1,32):\n  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\nwhile True: pass", short, sandbox.TimeLimit, ""},
		{"eats memory", "x = bytearray(900 << 20)", sandbox.Limits{Memory: 128 << 20}, sandbox.MemoryLimit, ""},
		{"eats memory little by little", "x = []\nwhile True: x.append(bytearray(1 << 20))", sandbox.Limits{Memory: 128 << 20}, sandbox.MemoryLimit, ""},
		{"eats memory in children", "import os, time\nfor i in range(8):\n  if os.fork() == 0:\n    x = bytearray(b'x' * (60 << 20)); time.sleep(9); os._exit(0)\nos.wait()", sandbox.Limits{Memory: 256 << 20, Wall: 5 * time.Second}, sandbox.MemoryLimit, ""},
		{"uses what it may", "x = bytearray(60 << 20); print(len(x))", sandbox.Limits{Memory: 128 << 20}, sandbox.OK, "62914560\n"},
		{"writes a huge file", "f = open('/tmp/f', 'wb')\nfor i in range(200): f.write(b'x' << 20 if False else b'x' * (1 << 20))", short, sandbox.RuntimeError, ""},
		{"recurses deeply", "import sys, threading\nsys.setrecursionlimit(40000)\nthreading.stack_size(128 << 20)\nf = lambda n: 0 if n == 0 else 1 + f(n - 1)\nt = threading.Thread(target=lambda: print(f(30000)))\nt.start(); t.join()", short, sandbox.OK, "30000\n"},
		{"has threads, a pool and temporary files", "import multiprocessing.pool, tempfile\nwith multiprocessing.pool.ThreadPool(4) as p: n = sum(p.map(int, range(9)))\nf = tempfile.TemporaryFile('w+'); f.write(str(n)); f.seek(0); print(f.read())", short, sandbox.OK, "36\n"},
		{"has processes", "import multiprocessing as m\nif __name__ == '__main__':\n  with m.Pool(2) as p: print(sum(p.map(abs, [-1, -2])))", sandbox.Limits{}, sandbox.OK, "3\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(t, c.source, c.limits, "7\n")
			assert.Equal(t, c.want, r.Status, "stderr: %s", r.Stderr)
			assert.Equal(t, c.stdout, string(r.Stdout))
			assert.Equal(t, "native", r.Isolation)
			assert.Positive(t, r.Wall)
		})
	}
}

func TestOutputIsBounded(t *testing.T) {
	r := run(t, "while True: print('x' * 1000)", sandbox.Limits{Output: 10_000})
	assert.Equal(t, sandbox.OutputLimit, r.Status)
	assert.Len(t, r.Stdout, 10_000)
}

func TestFilesLieBesideTheProgramReadableOnly(t *testing.T) {
	r, err := open(t).Run(t.Context(), sandbox.Program{
		Language: "python", Files: map[string][]byte{"helper.py": []byte("x = 5")}, Args: []string{"a b"},
		Source: "import helper, sys; print(helper.x, sys.argv[1])\ntry: open('/program/helper.py', 'w')\nexcept OSError as e: print('read-only')",
	}, sandbox.Limits{})
	require.NoError(t, err)
	assert.Equal(t, "5 a b\nread-only\n", string(r.Stdout), string(r.Stderr))
}

func TestNothingOfTheHostIsSeen(t *testing.T) {
	t.Setenv("EVALR_TEST_SECRET", "canary")
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("canary"), 0o644))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close() //nolint:errcheck // test
	leak, err := os.Open(secret)
	require.NoError(t, err)
	defer leak.Close() //nolint:errcheck // test
	r := run(t, fmt.Sprintf(`
import os, socket, glob
seen = []
if any("canary" in v for v in os.environ.values()): seen.append("environment")
for p in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    try:
        if b"canary" in open(p, "rb").read(): seen.append(p)
    except OSError: pass
try: seen.append(open(%q).read())
except OSError: pass
for fd in range(3, 256):
    try: seen.append("descriptor %%d %%s" %% (fd, os.readlink("/proc/self/fd/%%d" %% fd)))
    except OSError: pass
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    try: socket.socket(family).connect((host, %d)); seen.append("network")
    except OSError: pass
try: os.kill(%d, 0); seen.append("host process")
except OSError: pass
for place in ("/", "/usr", "/etc", "/program", "/usr/local/bin", "/proc/sys/kernel/hostname"):
    try: open(os.path.join(place, "evalr-canary") if os.path.isdir(place) else place, "w").write("x"); seen.append("wrote " + place)
    except OSError: pass
print(seen)
`, secret, listener.Addr().(*net.TCPAddr).Port, os.Getpid()), sandbox.Limits{})
	assert.Equal(t, "[]\n", string(r.Stdout), string(r.Stderr))
}

func TestRightsCannotBeRegained(t *testing.T) {
	r := run(t, `
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
got = []
if libc.unshare(0x10000000) == 0: got.append("a user namespace")
if libc.unshare(0x00020000) == 0: got.append("a mount namespace")
if libc.mount(b"x", b"/tmp", b"tmpfs", 0, None) == 0: got.append("a mount")
if libc.ptrace(16, 1, 0, 0) == 0: got.append("init's memory")
try: os.chroot("/tmp"); got.append("chroot")
except OSError: pass
try: os.kill(1, 15); os.kill(1, 9)
except OSError: pass
print(got)
`, sandbox.Limits{})
	assert.Equal(t, sandbox.OK, r.Status, string(r.Stderr))
	assert.Equal(t, "[]\n", string(r.Stdout))
}

// running lists the processes of a program in whose source a mark stands.
func running(t *testing.T, mark string) []string {
	t.Helper()
	var pids []string
	for pid, command := range processes(t) {
		if !strings.Contains(command, "/program/main.py") {
			continue
		}
		source, err := os.ReadFile(filepath.Join("/proc", pid, "root", "program", "main.py"))
		if err == nil && bytes.Contains(source, []byte(mark)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// processes gives the command line of every process of this machine.
func processes(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	for _, f := range files {
		if text, err := os.ReadFile(f); err == nil {
			out[filepath.Base(filepath.Dir(f))] = strings.ReplaceAll(string(text), "\x00", " ")
		}
	}
	return out
}

func TestAnOrphanDoesNotHoldUpTheResult(t *testing.T) {
	start := time.Now()
	r := run(t, "import os, time\nif os.fork() == 0:\n  os.setsid(); time.sleep(60)\nelse: print('done')", sandbox.Limits{})
	assert.Equal(t, sandbox.OK, r.Status)
	assert.Equal(t, "done\n", string(r.Stdout))
	assert.Less(t, time.Since(start), 20*time.Second)
}

func TestCancellingEndsTheProgram(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	box := open(t)
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := box.Run(ctx, sandbox.Program{Language: "python", Source: "while True: pass"}, sandbox.Limits{CPU: time.Minute})
	require.ErrorIs(t, err, context.Canceled)
}

func TestManyAtOnce(t *testing.T) {
	box := open(t)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			r, err := box.Run(t.Context(), sandbox.Program{Language: "python", Source: fmt.Sprintf("open('/tmp/x','w').write('%d'); print(open('/tmp/x').read())", i)}, sandbox.Limits{})
			if assert.NoError(t, err) {
				assert.Equal(t, fmt.Sprintf("%d\n", i), string(r.Stdout), string(r.Stderr))
			}
		})
	}
	all.Wait()
}

// TestKilledHarnessLeavesNothing kills a process that runs programs, and looks
// whether one of them lives on.
func TestKilledHarnessLeavesNothing(t *testing.T) {
	if os.Getenv("EVALR_TEST_VICTIM") != "" {
		box := open(t)
		fmt.Println("ready")
		_, _ = box.Run(t.Context(), sandbox.Program{Language: "python", Source: "import os\nos.fork(); os.fork()\nwhile True: pass  # " + os.Getenv("EVALR_TEST_VICTIM")}, sandbox.Limits{CPU: time.Minute})
		return
	}
	open(t)
	mark := "victim-" + strconv.Itoa(os.Getpid())
	victim := exec.Command("/proc/self/exe", "-test.run", "^TestKilledHarnessLeavesNothing$")
	victim.Env = append(os.Environ(), "EVALR_TEST_VICTIM="+mark)
	stdout, err := victim.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, victim.Start())
	ready := make([]byte, 5)
	_, err = stdout.Read(ready)
	require.NoError(t, err)
	children := func() []string { return running(t, mark) }
	require.Eventually(t, func() bool { return len(children()) >= 4 }, 10*time.Second, 20*time.Millisecond)
	require.NoError(t, victim.Process.Kill())
	_ = victim.Wait()
	assert.Eventually(t, func() bool { return len(children()) == 0 }, time.Second, 10*time.Millisecond)
}

func TestTheNoneTierRunsAndSaysSo(t *testing.T) {
	box, err := sandbox.Open(sandbox.Options{Tier: "none"})
	require.NoError(t, err)
	r, err := box.Run(t.Context(), sandbox.Program{Language: "python", Source: "print(input())", Stdin: []byte("x\n")}, sandbox.Limits{})
	require.NoError(t, err)
	assert.Equal(t, []any{sandbox.OK, "x\n", "none"}, []any{r.Status, string(r.Stdout), r.Isolation})
	r, err = box.Run(t.Context(), sandbox.Program{Language: "python", Source: "while True: pass"}, sandbox.Limits{CPU: time.Second / 2})
	require.NoError(t, err)
	assert.Equal(t, sandbox.TimeLimit, r.Status)
}

func TestUnknownTiersAndLanguagesAreNamed(t *testing.T) {
	_, err := sandbox.Open(sandbox.Options{Tier: "dokcer"})
	require.ErrorContains(t, err, "dokcer")
	_, err = open(t).Run(t.Context(), sandbox.Program{Language: "cobol"}, sandbox.Limits{})
	require.ErrorContains(t, err, "cobol")
}

// TestAMachineThatCannotIsolateIsRefused runs in a user namespace in which no
// further one may be made.
func TestAMachineThatCannotIsolateIsRefused(t *testing.T) {
	if os.Getenv("EVALR_TEST_FORBIDDEN") != "" {
		_, err := sandbox.Open(sandbox.Options{})
		fmt.Println(err)
		for _, p := range sandbox.Probes(t.Context()) {
			fmt.Println(p.Name, p.OK, p.Remedy)
		}
		return
	}
	open(t)
	if _, err := exec.LookPath("unshare"); err != nil {
		t.Skip("unshare is not installed")
	}
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command("unshare", "-Ur", "sh", "-c", "echo 0 > /proc/sys/user/max_user_namespaces; exec "+self+" -test.run '^TestAMachineThatCannotIsolateIsRefused$' -test.v")
	c.Env = append(os.Environ(), "EVALR_TEST_FORBIDDEN=1")
	out, err := c.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Contains(t, string(out), "no isolation to be had: start in new namespaces")
	assert.Contains(t, string(out), "sysctl user.max_user_namespaces", "the remedy is named")
	assert.Contains(t, string(out), "native tier false")
}
