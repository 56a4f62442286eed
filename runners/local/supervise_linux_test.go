package local_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/local"
)

// allGone waits until processes have ended; how long that takes on a busy machine
// is not known.
func allGone(t *testing.T, pids ...int) {
	t.Helper()
	for _, pid := range pids {
		require.NotZero(t, pid)
		require.Eventually(t, func() bool { return gone(pid) }, 20*time.Second, 5*time.Millisecond, "process %d is left", pid)
	}
}

func TestAnEngineThatIsKilledIsStartedAgainAndAllRequestsEnd(t *testing.T) {
	s := launched(t, fake(t, script{}))
	r := s.Wrap(asker{s.Base()})
	_, under := eval.Find[asker](r)
	assert.True(t, under)
	assert.Equal(t, "tiny", r.Name())
	first := s.PID()
	var all sync.WaitGroup
	var killed sync.Once
	for range 8 {
		all.Go(func() {
			for i := range 20 {
				if i == 5 {
					killed.Do(func() { assert.NoError(t, syscall.Kill(first, syscall.SIGKILL)) })
				}
				out, failures, err := persistent(t.Context(), r, 3)
				assert.NoError(t, err)
				assert.LessOrEqual(t, failures, 1, "the next try finds the engine ready")
				assert.Equal(t, "hello", out.Raw)
			}
		})
	}
	all.Wait()
	assert.Equal(t, 1, s.Restarts())
	assert.NotEqual(t, first, s.PID())
	assert.True(t, gone(first))
}

func TestAnEngineThatDiesTooOftenIsGivenUpWithItsLog(t *testing.T) {
	starts := filepath.Join(t.TempDir(), "starts")
	e := fake(t, script{Starts: starts, DieAfter: 1})
	e.Restarts = 2
	s := launched(t, e)
	r := s.Wrap(asker{s.Base()})
	_, err := http.Post(strings.TrimSuffix(s.Base(), "/v1")+"/die", "", nil) //nolint:bodyclose // there is no answer
	require.Error(t, err)
	for range 2 {
		_, _, err = persistent(t.Context(), r, 3)
		var f *eval.Failure
		require.ErrorAs(t, err, &f)
		assert.False(t, f.Temporary)
		assert.Equal(t, eval.FailConnection, f.Kind)
		assert.Contains(t, f.Message, "died 3 times within 10m0s and is given up")
		assert.Contains(t, f.Message, "CUDA error: out of memory")
		assert.Contains(t, f.Hint, "not enough memory")
	}
	assert.Len(t, noted(starts), 3)
	assert.Zero(t, s.PID())
	require.NoError(t, s.Close())
}

func TestARequestWaitsWhileTheEngineIsDownAndCanBeCancelled(t *testing.T) {
	flag := filepath.Join(t.TempDir(), "ready")
	require.NoError(t, os.WriteFile(flag, nil, 0o600))
	s := launched(t, fake(t, script{Until: flag}))
	require.NoError(t, os.Remove(flag)) // the next start is not ready
	require.NoError(t, syscall.Kill(s.PID(), syscall.SIGKILL))
	require.Eventually(t, func() bool { return s.PID() == 0 }, 20*time.Second, time.Millisecond)
	r := s.Wrap(asker{s.Base()})
	ctx, cancel := context.WithCancel(t.Context())
	cancelled := make(chan error)
	go func() {
		_, err := r.Generate(ctx, request)
		cancelled <- err
	}()
	cancel()
	require.ErrorIs(t, <-cancelled, context.Canceled)
	answered := make(chan error)
	go func() {
		_, err := r.Generate(t.Context(), request)
		answered <- err
	}()
	require.NoError(t, os.WriteFile(flag, nil, 0o600))
	require.NoError(t, <-answered)
}

func TestAFailureOfALiveEngineIsHandedOnAsItIs(t *testing.T) {
	s := launched(t, fake(t, script{}))
	want := &eval.Failure{Kind: eval.FailConnection, Message: "reset", Temporary: true, Begun: true}
	r := s.Wrap(broken{want})
	_, err := r.Generate(t.Context(), request)
	assert.Equal(t, error(want), err)
	refused := &eval.Failure{Kind: eval.FailRequest, Message: "no"}
	_, err = s.Wrap(broken{refused}).Generate(t.Context(), request)
	assert.Equal(t, error(refused), err)
	require.NoError(t, s.Close())
	_, err = r.Generate(t.Context(), request)
	var f *eval.Failure
	require.ErrorAs(t, err, &f)
	assert.Contains(t, f.Message, "ended with the run")
}

type broken struct{ err error }

func (broken) Name() string { return "broken" }

func (b broken) Generate(context.Context, eval.Request) (eval.Response, error) {
	return eval.Response{}, b.err
}

func TestCloseEndsAllDescendants(t *testing.T) {
	children := filepath.Join(t.TempDir(), "children")
	s := launched(t, fake(t, script{Children: children, Deaf: true}))
	pids := append(noted(children), s.PID(), s.KeeperPID())
	require.Len(t, pids, 4)
	require.NoError(t, s.Close())
	for _, pid := range pids {
		assert.True(t, gone(pid), "process %d is left", pid)
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	before := goleak.IgnoreCurrent()
	s := launched(t, fake(t, script{}))
	first := s.PID()
	require.NoError(t, syscall.Kill(first, syscall.SIGKILL))
	require.Eventually(t, func() bool { return s.Restarts() == 1 }, 20*time.Second, time.Millisecond)
	require.NoError(t, s.Close())
	goleak.VerifyNone(t, before)
}

func TestWhatACrashedEngineLeavesIsEndedBeforeItIsStartedAgain(t *testing.T) {
	children := filepath.Join(t.TempDir(), "children")
	s := launched(t, fake(t, script{Children: children}))
	pids := append(noted(children), s.PID())
	require.NoError(t, syscall.Kill(s.PID(), syscall.SIGKILL))
	require.Eventually(t, func() bool { return s.Restarts() == 1 }, 20*time.Second, time.Millisecond)
	for _, pid := range pids {
		assert.True(t, gone(pid), "process %d is left", pid)
	}
}

// parentOf starts a process that stands for evalr and gives the engine's id.
func parentOf(t *testing.T, e local.Engine) (parent *exec.Cmd, engine int) {
	t.Helper()
	text, err := json.Marshal(e)
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	parent = exec.Command(self)
	parent.Env = append(os.Environ(), "FAKE_PARENT="+string(text))
	out, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	t.Cleanup(func() { _ = parent.Process.Kill(); _ = parent.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(line, "pid ")))
	require.NoError(t, err, line)
	return parent, pid
}

func TestAnyDeathOfTheParentEndsTheEngineAndItsDescendants(t *testing.T) {
	for _, how := range []syscall.Signal{syscall.SIGKILL, syscall.SIGSEGV, syscall.SIGTERM, syscall.SIGINT} {
		children := filepath.Join(t.TempDir(), "children")
		parent, engine := parentOf(t, fake(t, script{Children: children, Deaf: true}))
		pids := append(noted(children), engine)
		require.Len(t, pids, 3)
		require.NoError(t, syscall.Kill(parent.Process.Pid, how))
		var exit *exec.ExitError
		require.True(t, errors.As(parent.Wait(), &exit))
		allGone(t, pids...)
	}
}

// about lists the processes among whose arguments a text is.
func about(text string) []string {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	var out []string
	for _, file := range files {
		if args, _ := os.ReadFile(file); strings.Contains(string(args), text) {
			out = append(out, strings.ReplaceAll(string(args), "\x00", " "))
		}
	}
	return out
}

func TestAParentKilledAtAnyMomentOfAStartLeavesNothing(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for range 12 {
		children := filepath.Join(t.TempDir(), "children")
		e := fake(t, script{Children: children})
		text, err := json.Marshal(e)
		require.NoError(t, err)
		parent := exec.Command(self)
		parent.Env = append(os.Environ(), "FAKE_PARENT="+string(text))
		require.NoError(t, parent.Start())
		wait := rand.N(150 * time.Millisecond)
		time.Sleep(wait) // the moment is what is tested
		require.NoError(t, parent.Process.Kill())
		_ = parent.Wait()
		require.Eventually(t, func() bool {
			return len(about(e.Model)) == 0 && !slices.ContainsFunc(noted(children), func(pid int) bool { return !gone(pid) })
		}, 20*time.Second, 5*time.Millisecond, "killed after %v", wait)
	}
}

func TestAKeeperThatIsKilledTakesTheEngineWithIt(t *testing.T) {
	s := launched(t, fake(t, script{}))
	first := s.PID()
	require.NoError(t, syscall.Kill(s.KeeperPID(), syscall.SIGKILL))
	require.Eventually(t, func() bool { return s.Restarts() == 1 }, 20*time.Second, time.Millisecond)
	allGone(t, first)
	_, err := asker{s.Base()}.Generate(t.Context(), request)
	require.NoError(t, err)
}
