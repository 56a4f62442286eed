package sandbox_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

// fakeEngine puts a client of an engine on PATH that is none; it gives the
// folder in which that keeps a log.
func fakeEngine(t *testing.T, command string) string {
	t.Helper()
	if _, err := exec.LookPath("bwrap"); err != nil {
		t.Skip("bubblewrap is not installed")
	}
	if os.Geteuid() != 0 {
		t.Skip("the stand-in for an engine needs root, to have two users in its containers")
	}
	script, err := filepath.Abs("testdata/docker.sh")
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.Symlink(script, filepath.Join(dir, command)))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	t.Setenv("EVALR_FAKE", dir)
	t.Setenv("EVALR_SANDBOX_IMAGE", "fake:1")
	return dir
}

func TestAContainerIsMadeWithoutRights(t *testing.T) {
	dir := fakeEngine(t, "podman")
	t.Setenv("EVALR_CONTAINER_RUNTIME", "runsc")
	box, err := sandbox.Open(sandbox.Options{Tier: "podman"})
	require.NoError(t, err)
	defer box.Close() //nolint:errcheck // test
	assert.Equal(t, "podman", python(t, box, "print(1)", sandbox.Limits{Memory: 64 << 20}).Isolation)
	assert.Contains(t, box.Isolation().Guards, "the runtime runsc")
	log, err := os.ReadFile(filepath.Join(dir, "log"))
	require.NoError(t, err)
	for _, want := range []string{
		"--network none", "--read-only", "--cap-drop ALL", "--security-opt no-new-privileges", "--pids-limit 512", "--cpus 1",
		"--memory 201326592 --memory-swap 201326592", "--runtime runsc", "--pull never", "--tmpfs /tmp:rw,exec,nosuid,nodev,size=134217728,mode=1777", "fake:1 serve",
	} {
		assert.Contains(t, string(log), want)
	}
}

func TestAContainerServesManyProgramsAndIsReplacedWhenItDies(t *testing.T) {
	dir := fakeEngine(t, "docker")
	box, err := sandbox.Open(sandbox.Options{Tier: "docker", Slots: 1})
	require.NoError(t, err)
	containers := func() []string {
		names, err := filepath.Glob(filepath.Join(dir, "evalr-*"))
		require.NoError(t, err)
		return names
	}
	for range 5 {
		assert.Equal(t, "1\n", string(python(t, box, "print(1)", sandbox.Limits{}).Stdout))
	}
	require.Len(t, containers(), 1)
	kill := exec.Command("docker", "rm", "-f", filepath.Base(containers()[0]))
	require.NoError(t, kill.Run())
	assert.Equal(t, "1\n", string(python(t, box, "print(1)", sandbox.Limits{}).Stdout), "a container that died is no fault of the program")
	assert.Len(t, containers(), 2)
	require.NoError(t, box.Close())
}

func TestAContainerEndsWithItsCaller(t *testing.T) {
	fakeEngine(t, "docker")
	box, err := sandbox.Open(sandbox.Options{Tier: "docker"})
	require.NoError(t, err)
	defer box.Close() //nolint:errcheck // test
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	_, err = box.Run(ctx, sandbox.Program{Language: "python", Source: "while True: pass"}, sandbox.Limits{CPU: time.Minute})
	require.ErrorIs(t, err, context.Canceled)
}

func TestContainersCannotJoinPrograms(t *testing.T) {
	fakeEngine(t, "docker")
	box, err := sandbox.Open(sandbox.Options{Tier: "docker"})
	require.NoError(t, err)
	defer box.Close() //nolint:errcheck // test
	_, _, err = box.Talk(t.Context(), sandbox.Program{Language: "python"}, sandbox.Program{Language: "python"}, sandbox.Limits{})
	assert.ErrorIs(t, err, sandbox.ErrNoChannel)
}

func TestAContainerTierThatFailsNamesTheRemedy(t *testing.T) {
	dir := fakeEngine(t, "docker")
	t.Setenv("EVALR_SANDBOX_IMAGE", "absent:1")
	_, err := sandbox.Open(sandbox.Options{Tier: "docker"})
	require.ErrorIs(t, err, sandbox.ErrNotIsolated)
	assert.ErrorContains(t, err, "docker pull absent:1")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "broken"), nil, 0o644))
	_, err = sandbox.Open(sandbox.Options{Tier: "docker"})
	assert.ErrorContains(t, err, "Cannot connect to the daemon")
}
