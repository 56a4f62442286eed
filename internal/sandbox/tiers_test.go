package sandbox_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

// openTier gives the box of a tier that the machine may lack.
func openTier(t *testing.T, tier string) *sandbox.Box {
	t.Helper()
	if _, err := exec.LookPath("bwrap"); err != nil {
		t.Skip("bubblewrap is not installed")
	}
	if tier == "docker" || tier == "podman" {
		fakeEngine(t, tier)
	}
	box, err := sandbox.Open(sandbox.Options{Tier: tier})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, box.Close()) })
	return box
}

// otherTiers are those that another program isolates.
var otherTiers = []string{"bubblewrap", "docker"}

func python(t *testing.T, box *sandbox.Box, source string, l sandbox.Limits, stdin ...string) sandbox.Result {
	t.Helper()
	r, err := box.Run(t.Context(), sandbox.Program{Language: "python", Source: source, Stdin: []byte(strings.Join(stdin, ""))}, l)
	require.NoError(t, err)
	return r
}

// eachTier runs a test in every tier that another program isolates.
func eachTier(t *testing.T, test func(t *testing.T, box *sandbox.Box)) {
	for _, tier := range otherTiers {
		t.Run(tier, func(t *testing.T) { test(t, openTier(t, tier)) })
	}
}

func TestOtherTiersSeeHowAProgramEnds(t *testing.T) {
	short := sandbox.Limits{CPU: time.Second}
	eachTier(t, func(t *testing.T, box *sandbox.Box) {
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
			{"kills everything", "import os; os.kill(-1, 9)", short, sandbox.OK, ""},
			{"spins", "while True: pass", short, sandbox.TimeLimit, ""},
			{"spins in a child while it sleeps", "import os, time\nif os.fork() == 0:\n  while True: pass\ntime.sleep(99)", sandbox.Limits{CPU: time.Second, Wall: 1500 * time.Millisecond}, sandbox.TimeLimit, ""},
			{"sleeps", "import time; time.sleep(99)", sandbox.Limits{CPU: time.Second, Wall: time.Second}, sandbox.TimeLimit, ""},
			{"eats memory", "x = bytearray(900 << 20)", sandbox.Limits{Memory: 128 << 20}, sandbox.MemoryLimit, ""},
			{"eats memory in children", "import os, time\nfor i in range(8):\n  if os.fork() == 0:\n    x = bytearray(b'x' * (60 << 20)); time.sleep(9); os._exit(0)\nos.wait()", sandbox.Limits{Memory: 256 << 20, Wall: 5 * time.Second}, sandbox.MemoryLimit, ""},
			{"uses what it may", "x = bytearray(60 << 20); print(len(x))", sandbox.Limits{Memory: 128 << 20}, sandbox.OK, "62914560\n"},
			{"writes a huge file", "f = open('/tmp/f', 'wb')\nfor i in range(200): f.write(b'x' * (1 << 20))", short, sandbox.RuntimeError, ""},
			{"leaves an orphan", "import os, time\nif os.fork() == 0:\n  os.setsid(); time.sleep(60)\nelse: print('done')", short, sandbox.OK, "done\n"},
			{"has processes", "import multiprocessing as m\nif __name__ == '__main__':\n  with m.Pool(2) as p: print(sum(p.map(abs, [-1, -2])))", sandbox.Limits{}, sandbox.OK, "3\n"},
			{"floods", "while True: print('x' * 1000)", sandbox.Limits{Output: 10_000}, sandbox.OutputLimit, strings.Repeat(strings.Repeat("x", 1000)+"\n", 10)[:10_000]},
		} {
			t.Run(c.name, func(t *testing.T) {
				start := time.Now()
				r := python(t, box, c.source, c.limits, "7\n")
				if c.name == "kills everything" { // it may reach itself first
					assert.Contains(t, []sandbox.Status{sandbox.OK, sandbox.RuntimeError}, r.Status, r.Message)
					return
				}
				assert.Equal(t, c.want, r.Status, "stderr: %s %s", r.Stderr, r.Message)
				assert.Equal(t, c.stdout, string(r.Stdout))
				assert.Equal(t, box.Tier(), r.Isolation)
				assert.Positive(t, r.Wall)
				assert.Less(t, time.Since(start), 20*time.Second)
			})
		}
	})
}

func TestOtherTiersHideTheHost(t *testing.T) {
	t.Setenv("EVALR_TEST_SECRET", "canary")
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("canary"), 0o644))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close() //nolint:errcheck // test
	source := fmt.Sprintf(`
import os, socket, glob, ctypes
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
for fd in range(0, 16):
    try: open("/proc/1/fd/%%d" %% fd, "w"); seen.append("a descriptor of pid 1")
    except OSError: pass
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    try: socket.socket(family).connect((host, %d)); seen.append("network")
    except OSError: pass
if %d != 1:
    try: os.kill(%d, 0); seen.append("host process")
    except OSError: pass
for place in ("/", "/usr", "/etc", "/program", "/dev", "/usr/local/bin", "/program/helper.py", "/proc/sys/kernel/hostname"):
    try: open(os.path.join(place, "evalr-canary") if os.path.isdir(place) else place, "w").write("x"); seen.append("wrote " + place)
    except OSError: pass
try: os.chmod("/program/helper.py", 0o777); seen.append("chmod")
except OSError: pass
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000) == 0: seen.append("a user namespace")
if libc.unshare(0x00020000) == 0: seen.append("a mount namespace")
if libc.mount(b"x", b"/tmp", b"tmpfs", 0, None) == 0: seen.append("a mount")
if libc.ptrace(16, 1, 0, 0) == 0: seen.append("the memory of pid 1")
try: os.kill(1, 15); os.kill(1, 9); os.kill(1, 11)
except OSError: pass
print(seen, os.getuid() != 0)
`, secret, listener.Addr().(*net.TCPAddr).Port, os.Getpid(), os.Getpid())
	eachTier(t, func(t *testing.T, box *sandbox.Box) {
		r, err := box.Run(t.Context(), sandbox.Program{
			Language: "python", Source: source, Files: map[string][]byte{"helper.py": []byte("x = 5")},
		}, sandbox.Limits{})
		require.NoError(t, err)
		assert.Equal(t, "[] True\n", string(r.Stdout), "%s %s", r.Stderr, r.Message)
	})
}

func TestOtherTiersBoundAForkBomb(t *testing.T) {
	eachTier(t, func(t *testing.T, box *sandbox.Box) {
		r := python(t, box, `
import os, time
n = 0
try:
    for _ in range(500):
        if os.fork() == 0: time.sleep(60); os._exit(0)
        n += 1
except OSError: pass
print(n)
`, sandbox.Limits{Processes: 20})
		require.Equal(t, sandbox.OK, r.Status, "%s %s", r.Stderr, r.Message)
		n, err := strconv.Atoi(strings.TrimSpace(string(r.Stdout)))
		require.NoError(t, err)
		assert.LessOrEqual(t, n, 40)
		assert.Equal(t, "1\n", string(python(t, box, "print(1)", sandbox.Limits{Processes: 20}).Stdout))
	})
}

func TestOtherTiersRunCompiledPrograms(t *testing.T) {
	eachTier(t, func(t *testing.T, box *sandbox.Box) {
		if _, err := exec.LookPath("gcc"); err != nil {
			t.Skip("gcc is not installed")
		}
		r, err := box.Run(t.Context(), sandbox.Program{
			Language: "c", Source: "#include <stdio.h>\nint main(){int n; if (scanf(\"%d\", &n) != 1) return 1; printf(\"%d\\n\", n * 2);}", Stdin: []byte("21"),
		}, sandbox.Limits{})
		require.NoError(t, err)
		assert.Equal(t, sandbox.OK, r.Status, "%s %s", r.Stderr, r.Message)
		assert.Equal(t, "42\n", string(r.Stdout))
		r, err = box.Run(t.Context(), sandbox.Program{Language: "c", Source: "int main( {"}, sandbox.Limits{})
		require.NoError(t, err)
		assert.Equal(t, sandbox.CompileError, r.Status)
		assert.Contains(t, string(r.Stderr), "main.c:1")
	})
}

func TestNothingOfAProgramIsLeftForTheNext(t *testing.T) {
	eachTier(t, func(t *testing.T, box *sandbox.Box) {
		python(t, box, "import os\nfor d in ('/tmp', '/dev/shm'):\n  os.makedirs(d + '/a/b'); open(d + '/a/b/c', 'w').write('x'); os.chmod(d + '/a', 0)", sandbox.Limits{})
		python(t, box, "import os, time\nif os.fork() == 0: time.sleep(60)", sandbox.Limits{})
		r := python(t, box, "import os\nprint(os.listdir('/tmp'), os.listdir('/dev/shm'), os.listdir('/program'), sum(p.isdigit() for p in os.listdir('/proc')))", sandbox.Limits{})
		assert.Equal(t, "[] [] ['main.py'] 2\n", string(r.Stdout), string(r.Stderr))
	})
}
