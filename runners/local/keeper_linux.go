package local

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// ownProgram is this program, even if its file was replaced since.
func ownProgram() (string, error) { return "/proc/self/exe", nil }

// ofKeeper takes a keeper out of evalr's group of processes.
func ofKeeper() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// ofEngine lets an engine die with its keeper.
func ofEngine() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// guard makes this process the one to which descendants without a parent come,
// and listens to the signals that mean an end. The thread stays, because an
// engine dies with the thread that started it.
func guard() <-chan os.Signal {
	runtime.LockOSThread()
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE) // a reader that is gone must not end the keeper
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	return heard
}

// outlast waits until the engine and all its descendants are gone, and says how
// the engine ended. When over is closed, or a signal comes, it ends them.
func outlast(pid int, grace time.Duration, over <-chan struct{}, heard <-chan os.Signal) string {
	var sweeping atomic.Bool // all have to go, now
	gone := make(chan struct{})
	defer close(gone)
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
			sweeping.Store(true)
			killChildren()
		}
	}()
	how, killed := "", false
	for {
		flags := 0
		if sweeping.Load() && !killed {
			flags = syscall.WNOHANG // to look at all processes is dear: only if there is need
		}
		var status syscall.WaitStatus
		one, err := syscall.Wait4(-1, &status, flags, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil: // there is no child: all are gone
			return how
		case one == 0:
			killChildren()
		case one == pid:
			how = said(status)
			sweeping.Store(true)
		}
		killed = one == 0
	}
}

// said puts the end of a process into words.
func said(s syscall.WaitStatus) string {
	if s.Signaled() {
		return "killed by signal " + strconv.Itoa(int(s.Signal())) + " (" + s.Signal().String() + ")"
	}
	return fmt.Sprintf("exit status %d", s.ExitStatus())
}

// killChildren kills every child of this process. Their children become its own,
// and are killed when the death of their parent is known.
func killChildren() {
	entries, _ := os.ReadDir("/proc")
	self := strconv.Itoa(os.Getpid())
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		// The name, in brackets, may hold anything; after it come state and parent.
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) > 1 && fields[1] == self && fields[0] != "Z" {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}
