package runners

import (
	"os"
	"syscall"
)

// apart gives a program a group of its own, and has it end when the thread that
// started it does, so that not even a killed evalr leaves it behind.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// killGroup ends a program and what it started.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
