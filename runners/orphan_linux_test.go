package runners_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners"
)

// gone says whether a process has ended; one that nobody waited for has.
func gone(pid string) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return true
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(rest, "Z") || strings.HasPrefix(rest, "X")
}

func TestACommandEndsEvenWhenEvalrIsKilled(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	host := exec.Command(self, hostWord, evaltest.Command{Says: "pid", Stubborn: true}.Spec(t))
	said, err := host.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, host.Start())
	in := bufio.NewScanner(said)
	require.True(t, in.Scan())
	pid := in.Text()
	require.Regexp(t, `^\d+$`, pid)
	require.False(t, gone(pid))
	require.NoError(t, host.Process.Kill())
	_ = host.Wait()
	assert.Eventually(t, func() bool { return gone(pid) }, 10*time.Second, 5*time.Millisecond)
}

func TestClosingEndsACommandAndWhatItStarted(t *testing.T) {
	for name, program := range map[string]string{
		"one that ends with its input": `read line; sleep 600 & echo "{\"id\":1,\"response\":\"$! $$\"}"; read line`,
		"one that does not":            `trap "" HUP TERM; read line; sleep 600 & echo "{\"id\":1,\"response\":\"$! $$\"}"; read line; sleep 600`,
	} {
		t.Run(name, func(t *testing.T) {
			r := opened(t, "command:sh -c '"+program+"'", runners.Options{})
			got, err := r.Generate(t.Context(), request)
			require.NoError(t, err)
			pids := strings.Fields(got.Raw)
			require.Len(t, pids, 2)
			require.NoError(t, r.(interface{ Close() error }).Close())
			for _, pid := range pids {
				assert.Eventually(t, func() bool { return gone(pid) }, 10*time.Second, 5*time.Millisecond)
			}
			_, err = r.Generate(t.Context(), request)
			assert.Contains(t, failure(t, err).Message, "ended with the run")
		})
	}
}

func TestALineWithoutEndOfACommandIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("64 MiB through a pipe")
	}
	r := opened(t, `command:sh -c 'read line; head -c 80000000 /dev/zero'`, runners.Options{})
	_, err := r.Generate(t.Context(), request)
	f := failure(t, err)
	assert.Equal(t, eval.FailProtocol, f.Kind)
	assert.Contains(t, f.Message, "more than 64 MiB")
	require.NoError(t, r.(interface{ Close() error }).Close())
}
