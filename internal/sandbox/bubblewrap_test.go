package sandbox_test

import (
	"context"
	"fmt"
	"io"
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

func TestBubblewrapJoinsTwoPrograms(t *testing.T) {
	box := openTier(t, "bubblewrap")
	a := sandbox.Program{Language: "python", Source: "import os\nos.write(3, b'ping'); print(os.read(3, 9).decode())"}
	b := sandbox.Program{Language: "python", Source: "import os\ns = os.read(3, 9); os.write(3, b'pong'); print(s.decode()); import time; time.sleep(0.2)"}
	ra, _, err := box.Talk(t.Context(), a, b, sandbox.Limits{})
	require.NoError(t, err)
	assert.Equal(t, []any{sandbox.OK, "pong\n"}, []any{ra.Status, string(ra.Stdout)}, "%s", ra.Stderr)
}

func TestBubblewrapSaysWhatIsWeak(t *testing.T) {
	i := openTier(t, "bubblewrap").Isolation()
	assert.Equal(t, "bubblewrap", i.Tier)
	assert.Contains(t, i.Weaknesses, "memory: rlimit (approximate)")
	assert.Contains(t, i.Guards, "seccomp")
}

func TestBubblewrapEndsWithItsCaller(t *testing.T) {
	box := openTier(t, "bubblewrap")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := box.Run(ctx, sandbox.Program{Language: "python", Source: "while True: pass"}, sandbox.Limits{CPU: time.Minute})
	require.ErrorIs(t, err, context.Canceled)
}

func TestABubblewrapThatFailsIsNamed(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the file is in the way of root alone")
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bwrap"), []byte("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2; exit 1\n"), 0o755))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	_, err := sandbox.Open(sandbox.Options{Tier: "bubblewrap"})
	require.ErrorIs(t, err, sandbox.ErrNotIsolated)
	assert.ErrorContains(t, err, "setting up uid map: Permission denied")
	t.Setenv("PATH", "/nowhere")
	_, err = sandbox.Open(sandbox.Options{Tier: "bubblewrap"})
	assert.ErrorContains(t, err, "apt-get install bubblewrap")
}

// TestAKilledHarnessLeavesNothingInOtherTiers kills a process that runs
// programs, and looks whether one of them lives on.
func TestAKilledHarnessLeavesNothingInOtherTiers(t *testing.T) {
	if mark := os.Getenv("EVALR_TEST_TIER_VICTIM"); mark != "" {
		tier, mark, _ := strings.Cut(mark, " ")
		box, err := sandbox.Open(sandbox.Options{Tier: tier})
		require.NoError(t, err)
		fmt.Println("ready")
		_, _ = box.Run(t.Context(), sandbox.Program{Language: "python", Source: "import os\nos.fork(); os.fork()\nwhile True: pass  # " + mark}, sandbox.Limits{CPU: time.Minute})
		return
	}
	eachTier(t, func(t *testing.T, box *sandbox.Box) {
		mark := "tier-victim-" + strconv.Itoa(os.Getpid())
		victim := exec.Command("/proc/self/exe", "-test.run", "^TestAKilledHarnessLeavesNothingInOtherTiers$")
		victim.Env = append(os.Environ(), "EVALR_TEST_TIER_VICTIM="+box.Tier()+" "+mark)
		stdout, err := victim.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, victim.Start())
		_, err = io.ReadFull(stdout, make([]byte, 5))
		require.NoError(t, err)
		children := func() []string { return running(t, mark) }
		require.Eventually(t, func() bool { return len(children()) >= 4 }, 10*time.Second, 20*time.Millisecond)
		require.NoError(t, victim.Process.Kill())
		_ = victim.Wait()
		assert.Eventually(t, func() bool { return len(children()) == 0 }, 2*time.Second, 10*time.Millisecond)
	})
}

// TestOtherTiersServeAnOrdinaryUser runs the tests of these tiers without root's
// rights.
func TestOtherTiersServeAnOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the others run as an ordinary user already")
	}
	for _, command := range []string{"bwrap", "setpriv"} {
		if _, err := exec.LookPath(command); err != nil {
			t.Skip(command + " is not installed")
		}
	}
	dir, err := os.MkdirTemp("/tmp", "evalr-test-*")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "testdata"), 0o755))
	home := filepath.Join(dir, "home")
	require.NoError(t, os.Mkdir(home, 0o755))
	require.NoError(t, os.Chown(home, 65534, 65534))
	for from, to := range map[string]string{"/proc/self/exe": "sandbox.test", "testdata/docker.sh": "testdata/docker.sh"} {
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, to), text, 0o755))
	}
	c := exec.Command("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", filepath.Join(dir, "sandbox.test"),
		"-test.run", "OtherTiers|Bubblewrap|LeftForTheNext|Frame", "-test.v")
	c.Dir, c.Env = dir, []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "TMPDIR=/tmp", "EVALR_SHARED=" + os.Getenv("EVALR_SHARED")}
	out, err := c.CombinedOutput()
	assert.NoError(t, err, string(out))
	assert.Contains(t, string(out), "--- PASS: TestOtherTiersHideTheHost/bubblewrap")
}

func BenchmarkBubblewrap(b *testing.B) {
	box, err := sandbox.Open(sandbox.Options{Tier: "bubblewrap"})
	if err != nil {
		b.Skip(err)
	}
	for b.Loop() {
		if _, err := box.Run(b.Context(), sandbox.Program{Language: "python", Source: "print(1)"}, sandbox.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
