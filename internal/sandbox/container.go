package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// What a container is made of, where the user does not say it.
const (
	imageVar     = "EVALR_SANDBOX_IMAGE"
	runtimeVar   = "EVALR_CONTAINER_RUNTIME"
	binaryVar    = "EVALR_CONTAINER_BINARY"
	defaultImage = "debian:bookworm-slim"
)

// container runs programs in containers of Docker or Podman, by their command
// line. A container lives long: it holds a server (serve) that runs one program
// after the other. The toolchains are those of the image, at the paths that they
// have on this machine.
type container struct {
	command string // docker or podman
	path    string
	image   string
	runtime string // empty: the engine's own
	binary  string // evalr for Linux, the inner stage
	most    int    // containers that wait for work

	mu   sync.Mutex
	idle []*worker
}

// openContainer finds by a canary whether an engine isolates.
func openContainer(ctx context.Context, command string, slots int) (engine, error) {
	c, err := newContainer(command, slots)
	if err != nil {
		return nil, err
	}
	if _, err := c.serverVersion(ctx); err != nil {
		return nil, fmt.Errorf("%w: %s answers for no engine: %w: start its service", ErrNotIsolated, command, err)
	}
	if _, err := c.say(ctx, "image", "inspect", "--format", "{{.Id}}", c.image); err != nil {
		return nil, fmt.Errorf("%w: the image %s is not here: %s pull %s, or name another one in %s", ErrNotIsolated, c.image, command, c.image, imageVar)
	}
	if err := tryCanary(ctx, c); err != nil {
		_ = c.close()
		return nil, err
	}
	return c, nil
}

func newContainer(command string, slots int) (*container, error) {
	path, err := exec.LookPath(command)
	if err != nil {
		return nil, fmt.Errorf("%w: %s was not found", ErrNotIsolated, command)
	}
	binary := os.Getenv(binaryVar)
	if binary == "" {
		if runtime.GOOS != "linux" {
			return nil, fmt.Errorf("%w: containers run Linux: name an evalr that was built for Linux in %s", ErrNotIsolated, binaryVar)
		}
		if binary, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	image := os.Getenv(imageVar)
	if image == "" {
		image = defaultImage
	}
	return &container{command: command, path: path, image: image, runtime: os.Getenv(runtimeVar), binary: binary, most: max(1, slots)}, nil
}

func (c *container) tier() string { return c.command }

func (c *container) joins() bool { return false }

func (c *container) isolation() Isolation {
	i := Isolation{
		Tier: c.tier(),
		Guards: []string{
			"a container of the image " + c.image, "no network", "a root that is readable only", "no capabilities", "no new privileges", "seccomp", "memory: cgroup", "processes: cgroup and rlimit",
		},
		Weaknesses: []string{"the programs of a worker share one container, one after the other", "the number of files in /tmp is not bounded"},
	}
	if c.runtime != "" {
		i.Guards = append(i.Guards, "the runtime "+c.runtime)
	}
	return i
}

// say runs a short command of the engine.
func (c *container) say(ctx context.Context, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.path, args...)
	cmd.WaitDelay = time.Second
	text, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		err = errors.New(strings.TrimSpace(string(exit.Stderr)))
	}
	return strings.TrimSpace(string(text)), err
}

func (c *container) serverVersion(ctx context.Context) (string, error) {
	return c.say(ctx, "version", "--format", "{{.Server.Version}}")
}

// run runs a task. A container that has died since the last one is no fault of
// this one: it gets another.
func (c *container) run(ctx context.Context, t task) (Result, error) {
	if t.channel != nil {
		return Result{}, fmt.Errorf("sandbox: %s: %w", c.tier(), ErrNoChannel)
	}
	for {
		w, fresh, err := c.take(ctx, t)
		if err != nil {
			return Result{}, err
		}
		a, err := w.do(ctx, jobOf(t, w.uid), t.limits.Wall)
		if err == nil && !a.Spoilt {
			c.put(w)
		} else {
			w.stop()
		}
		switch {
		case ctx.Err() != nil:
			return Result{}, ctx.Err()
		case err != nil && !fresh && (errors.Is(err, io.EOF) || errors.Is(err, errGone)):
			continue
		case err != nil:
			return Result{Status: InternalError, ExitCode: -1, Isolation: c.tier(), Message: "the container ended: " + w.lastWords(err)}, nil
		case a.Missing != "":
			return Result{}, fmt.Errorf("sandbox: the image %s has no %s, which this program needs: install it there at the same path as here, and name the image in %s", c.image, a.Missing, imageVar)
		case a.Error != "":
			return Result{}, fmt.Errorf("sandbox: in the container: %s", a.Error)
		}
		a.Result.Isolation = c.tier()
		return a.Result, nil
	}
}

// take gives a container that suits a task: its memory and its folders are the
// container's own.
func (c *container) take(ctx context.Context, t task) (w *worker, fresh bool, err error) {
	key := fmt.Sprint(t.limits.Memory, t.binds)
	var surplus *worker
	c.mu.Lock()
	if i := slices.IndexFunc(c.idle, func(w *worker) bool { return w.key == key }); i >= 0 {
		w = c.idle[i]
		c.idle = slices.Delete(c.idle, i, i+1)
	} else if len(c.idle) >= c.most {
		surplus = c.idle[0]
		c.idle = slices.Delete(c.idle, 0, 1)
	}
	c.mu.Unlock()
	if surplus != nil {
		surplus.stop()
	}
	if w != nil {
		return w, false, nil
	}
	w, err = c.start(ctx, key, t)
	return w, true, err
}

func (c *container) put(w *worker) {
	c.mu.Lock()
	c.idle = append(c.idle, w)
	c.mu.Unlock()
}

// close ends the containers.
func (c *container) close() error {
	c.mu.Lock()
	idle := c.idle
	c.idle = nil
	c.mu.Unlock()
	var all sync.WaitGroup
	for _, w := range idle {
		all.Go(w.stop)
	}
	all.Wait()
	return nil
}
