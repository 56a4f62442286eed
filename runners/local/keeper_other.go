//go:build !linux

package local

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// ownProgram is this program.
func ownProgram() (string, error) { return os.Executable() }

// ofKeeper takes a keeper out of evalr's group of processes.
func ofKeeper() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// ofEngine gives an engine a session of its own.
func ofEngine() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// guard listens to the signals that mean an end.
func guard() <-chan os.Signal {
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE) // a reader that is gone must not end the keeper
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	return heard
}

// outlast waits until the engine is gone, and says how it ended. It is weaker than
// on Linux: only the engine's group of processes is ended, not descendants that
// left the group, and an engine outlives a keeper that was killed.
func outlast(pid int, grace time.Duration, over <-chan struct{}, heard <-chan os.Signal) string {
	gone := make(chan struct{})
	go func() {
		select {
		case <-over:
		case <-heard:
		case <-gone:
			return
		}
		_ = syscall.Kill(-pid, syscall.SIGTERM)
		select {
		case <-gone:
		case <-time.After(grace):
			_ = syscall.Kill(-pid, syscall.SIGKILL)
		}
	}()
	defer func() { _ = syscall.Kill(-pid, syscall.SIGKILL) }()
	defer close(gone)
	for {
		var status syscall.WaitStatus
		_, err := syscall.Wait4(pid, &status, 0, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil:
			return "its end was not seen: " + err.Error()
		case status.Signaled():
			return fmt.Sprintf("killed by signal %d (%v)", status.Signal(), status.Signal())
		}
		return fmt.Sprintf("exit status %d", status.ExitStatus())
	}
}
