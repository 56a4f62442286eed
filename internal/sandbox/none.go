package sandbox

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// unprotected runs programs with the user's own rights in a temporary folder,
// bounded in time and output alone. It exists for machines that cannot isolate,
// and only where the user asks for it.
type unprotected struct{}

func (unprotected) tier() string { return "none" }

func (unprotected) joins() bool { return true }

func (unprotected) close() error { return nil }

func (unprotected) isolation() Isolation {
	return Isolation{Tier: "none", Weaknesses: []string{"programs run with the user's own rights", "no limit on memory or processes"}}
}

// run runs a task.
func (u unprotected) run(ctx context.Context, t task) (Result, error) {
	dir, err := os.MkdirTemp("", "evalr-program-*")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	work := filepath.Join(dir, "work")
	if err := os.Mkdir(work, 0o755); err != nil {
		return Result{}, err
	}
	for _, f := range t.files {
		path := filepath.Join(dir, "program", f.name)
		mode := os.FileMode(0o444)
		if f.exec {
			mode = 0o555
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, f.data, mode)); err != nil {
			return Result{}, err
		}
	}
	inside := []string{programDir, filepath.Join(dir, "program")}
	for _, b := range t.binds {
		if b.to != "" {
			inside = append(inside, b.to, b.from)
		}
	}
	outside := strings.NewReplacer(inside...)
	argv := make([]string, len(t.argv))
	for i, a := range t.argv {
		argv[i] = outside.Replace(a)
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = work, t.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if t.channel != nil {
		cmd.ExtraFiles = []*os.File{t.channel}
	}
	return u.watch(ctx, cmd, t.stdin, t.limits)
}

func (u unprotected) watch(ctx context.Context, cmd *exec.Cmd, stdin []byte, l Limits) (Result, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return Result{}, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return Result{}, err
	}
	errs, err := cmd.StderrPipe()
	if err != nil {
		return Result{}, err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return Result{}, err
	}
	var mu sync.Mutex
	status := OK
	kill := func(why Status) {
		mu.Lock()
		defer mu.Unlock()
		if status == OK {
			status = why
		}
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	stop := context.AfterFunc(ctx, func() { kill(InternalError) })
	defer stop()
	wall := time.AfterFunc(min(l.Wall, l.CPU+time.Second), func() { kill(TimeLimit) })
	defer wall.Stop()
	var r Result
	read := func(from io.Reader, into *[]byte) {
		text, _ := io.ReadAll(io.LimitReader(from, l.Output+1))
		if int64(len(text)) > l.Output {
			text = text[:l.Output]
			kill(OutputLimit)
		}
		*into = text
	}
	var pumps sync.WaitGroup
	pumps.Go(func() { _, _ = in.Write(stdin); _ = in.Close() })
	pumps.Go(func() { read(out, &r.Stdout) })
	pumps.Go(func() { read(errs, &r.Stderr) })
	state, _ := cmd.Process.Wait()
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it left behind
	// What left its group as well may hold the pipes open for ever.
	hold := time.AfterFunc(200*time.Millisecond, func() { _ = out.Close(); _ = errs.Close() })
	pumps.Wait()
	hold.Stop()
	_ = cmd.Wait()
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	mu.Lock() // a timer may still be about to kill
	ended := status
	mu.Unlock()
	r.Wall, r.Isolation, r.Status = time.Since(start), u.tier(), ended
	if state != nil {
		r.CPU, r.ExitCode = state.UserTime()+state.SystemTime(), state.ExitCode()
		if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
			r.Signal = signalName(ws.Signal())
		}
		if ru, ok := state.SysUsage().(*syscall.Rusage); ok {
			r.PeakMemory = ru.Maxrss << 10
		}
		if ended == OK && !state.Success() {
			r.Status = RuntimeError
		}
	}
	return r, nil
}
