package sandbox_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

func probe(t *testing.T, name string) sandbox.Probe {
	t.Helper()
	for _, p := range sandbox.Probes(t.Context()) {
		if p.Name == name {
			return p
		}
	}
	require.Fail(t, "there is no probe "+name)
	return sandbox.Probe{}
}

func TestProbesRunACanary(t *testing.T) {
	if _, err := exec.LookPath("bwrap"); err != nil {
		t.Skip("bubblewrap is not installed")
	}
	p := probe(t, "bubblewrap tier")
	assert.True(t, p.OK, p.Detail)
	assert.Contains(t, p.Detail, "a canary ran in it")
	fakeEngine(t, "docker")
	p = probe(t, "docker tier")
	assert.True(t, p.OK, p.Detail)
	assert.True(t, p.Unverified)
	assert.Contains(t, p.Detail, "0.0-fake")
	p = probe(t, "docker with gVisor (runsc)")
	assert.False(t, p.OK)
	assert.Equal(t, "sudo runsc install && sudo systemctl restart docker", p.Remedy)
}

func TestAProbeThatFailsNamesOneRemedy(t *testing.T) {
	dir := fakeEngine(t, "docker")
	t.Setenv("EVALR_SANDBOX_IMAGE", "absent:1")
	assert.Equal(t, "docker pull absent:1", probe(t, "docker tier").Remedy)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "broken"), nil, 0o644))
	p := probe(t, "docker tier")
	assert.Contains(t, p.Detail, "Cannot connect to the daemon")
	assert.Equal(t, "sudo systemctl start docker", p.Remedy)
	t.Setenv("PATH", "/nowhere")
	assert.Equal(t, "sudo apt-get install bubblewrap", probe(t, "bubblewrap tier").Remedy)
	assert.Equal(t, "sudo apt-get install podman", probe(t, "podman tier").Remedy)
}
