package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/evalr/evalr/internal/sandbox/jail"
)

// native runs programs in workers of package jail: a warm Python interpreter for
// Python, plain workers for all else and for what shall be cold.
type native struct {
	cold      bool
	hierarchy jail.Hierarchy

	mu     sync.Mutex
	idle   map[string][]*nativeWorker // by what they show and whether they are warm interpreters
	users  []int                      // of programs, free ones; only root needs them
	closed bool

	noWarm atomic.Bool // the interpreter does not start as a warm one
}

// A nativeWorker is a worker with the cgroup of its jobs.
type nativeWorker struct {
	*jail.Worker
	key   string
	user  int
	group *jail.Group // nil where there are none
}

// Programs of root's run as one of these users, each worker's as its own: the
// limit of processes is counted by user. Debian reserves them for no one.
const (
	firstUser = 65000
	mostUsers = 500
)

func newNative(o Options) *native {
	n := &native{cold: o.Cold, hierarchy: jail.FindHierarchy(), idle: map[string][]*nativeWorker{}}
	for i := range mostUsers { // before Linux 5.14 processes are counted across harnesses
		n.users = append(n.users, firstUser+(mostUsers-1-i+os.Getpid())%mostUsers)
	}
	return n
}

func (n *native) tier() string { return "native" }

func (n *native) joins() bool { return true }

func (n *native) isolation() Isolation {
	i := Isolation{Tier: n.tier(), Guards: []string{
		"namespaces", "read-only root", "no capabilities", "seccomp", "resource limits",
	}}
	if abi := jail.LandlockABI(); abi > 0 {
		i.Guards = append(i.Guards, fmt.Sprintf("Landlock %d", abi))
	} else {
		i.Weaknesses = append(i.Weaknesses, "no Landlock")
	}
	if n.hierarchy.Version > 0 {
		i.Guards = append(i.Guards, fmt.Sprintf("cgroup v%d for memory and processes", n.hierarchy.Version))
	} else {
		i.Weaknesses = append(i.Weaknesses, "memory: address space and polling (approximate), not a cgroup")
	}
	if n.noWarm.Load() {
		i.Weaknesses = append(i.Weaknesses, "slow: the Python interpreter does not start as a warm one")
	}
	return i
}

// close ends all workers.
func (n *native) close() error {
	n.mu.Lock()
	n.closed = true
	idle := n.idle
	n.idle = map[string][]*nativeWorker{}
	n.mu.Unlock()
	for _, list := range idle {
		for _, w := range list {
			n.bury(w)
		}
	}
	return nil
}

// run runs a task. A worker that dies costs another try, by a new plain worker,
// never a verdict.
func (n *native) run(ctx context.Context, t task) (Result, error) {
	warm := t.python && !n.cold && !n.noWarm.Load()
	r, err := n.attempt(ctx, t, warm)
	var f *jail.Failure
	if ctx.Err() == nil && (errors.Is(err, jail.ErrDied) || warm && err != nil && !errors.As(err, &f)) {
		n.noWarm.CompareAndSwap(false, !errors.Is(err, jail.ErrDied)) // an interpreter that does not even start
		r, err = n.attempt(ctx, t, false)
	}
	switch {
	case ctx.Err() != nil:
		return Result{}, ctx.Err()
	case errors.As(err, &f):
		return Result{}, &notIsolated{f.Step, errors.New(f.Text), remedy(f)}
	case errors.Is(err, jail.ErrDied):
		return Result{Status: InternalError, ExitCode: -1, Isolation: n.tier(), Message: "two workers died of this program"}, nil
	}
	return r, err
}

func (n *native) attempt(ctx context.Context, t task, warm bool) (Result, error) {
	w, err := n.worker(t, warm)
	if err != nil {
		return Result{}, err
	}
	r, clean, err := n.runIn(ctx, w, t)
	if err != nil || !clean {
		n.bury(w)
	} else {
		n.putBack(w)
	}
	return r, err
}

// worker gives an idle worker, or a new one.
func (n *native) worker(t task, warm bool) (*nativeWorker, error) {
	key := fmt.Sprint(warm, t.binds)
	n.mu.Lock()
	for list := n.idle[key]; len(list) > 0; list = n.idle[key] {
		w := list[len(list)-1]
		n.idle[key] = list[:len(list)-1]
		select {
		case <-w.Died():
			n.mu.Unlock()
			n.bury(w)
			n.mu.Lock()
			continue
		default:
		}
		n.mu.Unlock()
		return w, nil
	}
	if len(n.users) == 0 {
		n.mu.Unlock()
		return nil, errors.New("sandbox: too many programs at once")
	}
	user := n.users[len(n.users)-1]
	n.users = n.users[:len(n.users)-1]
	n.mu.Unlock()
	w := &nativeWorker{key: key, user: user}
	c := jail.Config{Root: os.Geteuid() == 0, User: user, Env: t.env, Watched: n.hierarchy.Version > 0}
	for _, b := range t.binds {
		c.Binds = append(c.Binds, jail.Bind{From: b.from, To: b.inside()})
	}
	if warm {
		c.Python = append(append([]string{}, t.argv[:len(t.argv)-len(t.args)-1]...), programDir+"/main.py")
	}
	var err error
	if n.hierarchy.Version > 0 {
		w.group, err = n.hierarchy.New()
	}
	if err == nil {
		w.Worker, err = jail.Start(c, w.group)
	}
	if err != nil {
		n.bury(w)
		return nil, err
	}
	return w, nil
}

func (n *native) putBack(w *nativeWorker) {
	n.mu.Lock()
	if n.closed {
		n.mu.Unlock()
		n.bury(w)
		return
	}
	n.idle[w.key] = append(n.idle[w.key], w)
	n.mu.Unlock()
}

func (n *native) bury(w *nativeWorker) {
	if w.Worker != nil {
		w.Close()
	}
	if w.group != nil {
		w.group.Close()
	}
	n.mu.Lock()
	n.users = append(n.users, w.user)
	n.mu.Unlock()
}

// unwaited is the least difference between what a group counts and what a
// supervisor does that is not the worker's own work.
const unwaited = 50 * time.Millisecond

// grace is how long a supervisor may take to end a program when told to.
const grace = 2 * time.Second

// runIn runs a task in a worker. clean says that the worker is fit for another.
func (n *native) runIn(ctx context.Context, w *nativeWorker, t task) (r Result, clean bool, err error) {
	j, contents := n.job(t)
	s, ours, err := streamsOf(t)
	if err != nil {
		return r, false, fmt.Errorf("sandbox: %w", err)
	}
	defer ours.close()
	if w.group != nil {
		if err := w.group.Set(t.limits.Memory+t.overhead, t.limits.Processes); err != nil {
			s.close()
			return r, false, fmt.Errorf("sandbox: %w", err)
		}
		j.Watched, j.Address = true, 0 // the group bounds what is used; threads reserve much more
	}
	j.Seekable = s.seekable
	start := time.Now()
	run, err := w.Begin(j, contents, s.Streams)
	s.close()
	if err != nil {
		return r, false, err
	}
	watch := &watch{end: run.Stop, limit: t.limits.Output}
	stop := context.AfterFunc(ctx, func() { watch.kill(killedByCaller) })
	wall := time.AfterFunc(t.limits.Wall, func() { watch.kill(killedByWall) })
	last := time.AfterFunc(t.limits.Wall+grace, w.Close)
	var pumps sync.WaitGroup
	pumps.Go(func() { watch.read(ours.stdout, &watch.stdout) })
	pumps.Go(func() { watch.read(ours.stderr, &watch.stderr) })
	rep, err := run.Wait()
	elapsed := time.Since(start)
	stop()
	wall.Stop()
	clean = last.Stop()
	if err != nil { // what it said may still be held open by processes of a dead worker
		w.Close()
	}
	pumps.Wait()
	reason := watch.killed()
	if err != nil && reason != killedByWall {
		return r, false, err
	}
	if rep.Step != "" {
		return r, false, &jail.Failure{Step: rep.Step, Errno: syscall.Errno(rep.Errno), Text: syscall.Errno(rep.Errno).Error()}
	}
	r = Result{Stdout: watch.stdout, Stderr: watch.stderr, Wall: elapsed, CPU: rep.CPU, PeakMemory: rep.Peak, Isolation: n.tier()}
	e := ending{exitCode: rep.ExitCode, signal: syscall.Signal(rep.Signal), over: rep.Over, late: rep.Late, reason: reason}
	if w.group != nil {
		e.over, e.exact = w.group.Ended(), true
		// Processes that nobody waited for are counted by the group alone.
		if all := w.group.CPU(); all > rep.CPU+unwaited {
			r.CPU = all
		}
		if peak := w.group.Peak(); peak > 0 {
			r.PeakMemory = peak
		}
	}
	limits := t.limits
	limits.Memory += t.overhead
	classify(&r, e, limits)
	return r, clean, nil
}

// job is the task in the words of package jail.
func (n *native) job(t task) (jail.Job, [][]byte) {
	j := jail.Job{
		Argv: t.argv, Env: t.env, CPU: t.limits.CPU, Memory: t.limits.Memory + t.overhead, Address: t.address,
		FileSize: t.limits.FileSize, Processes: t.limits.Processes, Fresh: n.cold,
	}
	var contents [][]byte
	for _, f := range t.files {
		j.Files = append(j.Files, jail.File{Name: f.name, Exec: f.exec})
		contents = append(contents, f.data)
	}
	return j, contents
}
