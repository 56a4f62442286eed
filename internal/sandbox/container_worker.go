package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A worker is a container with the server in it, held by the engine's client: when
// the harness dies, so does the client's standard input, and with it the server.
type worker struct {
	key   string
	name  string
	uid   int // of its programs
	owner *container
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	words head
	once  sync.Once
}

var errGone = errors.New("the container does not answer")

const (
	startTime   = time.Minute      // until the server is ready
	answerTime  = 30 * time.Second // beyond the program's wall clock
	serverSlack = 128 << 20        // bytes for the server and for what lies in /tmp
	mostProcess = 512              // of a container, beyond which RLIMIT_NPROC does not matter
	firstUID    = 20_000           // of the programs of a worker …
	uids        = 40_000           // … which is drawn: RLIMIT_NPROC counts all processes of a user
)

// arguments gives the command line that starts a container.
func (c *container) arguments(name string, t task) []string {
	memory := strconv.FormatInt(t.limits.Memory+serverSlack, 10)
	a := []string{
		"run", "--rm", "-i", "--pull", "never", "--name", name, "--label", "evalr=sandbox", "--log-driver", "none", "--init=false",
		"--network", "none", "--hostname", "sandbox", "--read-only", "--user", "0:0", "--workdir", "/",
		// The server's rights: to switch the user, to end its processes, to remove
		// its files. Programs have none.
		"--cap-drop", "ALL", "--cap-add", "SETUID", "--cap-add", "SETGID", "--cap-add", "KILL", "--cap-add", "DAC_OVERRIDE", "--cap-add", "FOWNER",
		"--security-opt", "no-new-privileges", "--pids-limit", strconv.Itoa(mostProcess), "--memory", memory, "--memory-swap", memory, "--cpus", "1",
		"--shm-size", strconv.Itoa(sharedSize),
		"--tmpfs", fmt.Sprintf("%s:rw,exec,nosuid,nodev,size=%d,mode=1777", workDir, tempSize),
		"--tmpfs", fmt.Sprintf("%s:rw,exec,nosuid,nodev,size=%d,mode=0755", programDir, programSize),
		"-v", c.binary + ":" + innerPath + ":ro",
	}
	for _, b := range t.binds {
		a = append(a, "-v", b.from+":"+b.inside()+":ro")
	}
	if c.runtime != "" {
		a = append(a, "--runtime", c.runtime)
	}
	return append(a, "--entrypoint", innerPath, c.image, stageServe)
}

// start starts a container and waits until its server is ready.
func (c *container) start(ctx context.Context, key string, t task) (*worker, error) {
	w := &worker{key: key, name: "evalr-" + strings.ToLower(rand.Text()), uid: firstUID + mathrand.IntN(uids), owner: c}
	w.cmd = exec.Command(c.path, c.arguments(w.name, t)...)
	w.cmd.WaitDelay = time.Second
	w.cmd.Stderr = &w.words
	in, err := w.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.in, w.out = in, bufio.NewReader(out)
	if err := w.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: start %s: %w", ErrNotIsolated, c.command, err)
	}
	a, err := w.exchange(ctx, startTime, nil)
	if err == nil && !a.Ready {
		err = errors.New(a.Error)
	}
	if err != nil {
		w.stop()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: start a container of %s: %s", ErrNotIsolated, c.image, w.lastWords(err))
	}
	return w, nil
}

// do has the server run a job.
func (w *worker) do(ctx context.Context, j job, wall time.Duration) (answer, error) {
	return w.exchange(ctx, wall+answerTime, &j)
}

// exchange sends a job, if there is one, and reads an answer. A container that
// is late, or that nobody waits for any more, is ended.
func (w *worker) exchange(ctx context.Context, most time.Duration, j *job) (a answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	stop := context.AfterFunc(ctx, w.stop)
	defer stop()
	if j != nil {
		if err := writeFrame(w.in, j); err != nil {
			return a, fmt.Errorf("%w: %w", errGone, err)
		}
	}
	err = readFrame(w.out, &a)
	return a, err
}

// stop ends the container and its client.
func (w *worker) stop() {
	w.once.Do(func() {
		_ = w.in.Close() // the server ends by itself, unless a program runs
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		_ = exec.CommandContext(ctx, w.owner.path, "rm", "-f", w.name).Run()
		_ = w.cmd.Process.Kill()
		_ = w.cmd.Wait()
	})
}

// lastWords says why a container ended, as far as the client knows.
func (w *worker) lastWords(err error) string {
	if said := w.words.String(); said != "" {
		return said
	}
	return err.Error()
}

// A head keeps the first bytes that are written to it.
type head struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *head) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text.Write(p[:min(len(p), max(0, 4096-h.text.Len()))])
	return len(p), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.TrimSpace(h.text.String())
}
