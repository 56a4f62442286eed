package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Probes looks for what isolation needs. Each probe tries the thing itself.
func Probes(ctx context.Context) []Probe {
	var out []Probe
	err := canary()
	p := Probe{Name: "native tier", OK: err == nil, Detail: "user, pid, mount, network, ipc and uts namespaces; limits; no rights (a canary ran in it)"}
	var n *notIsolated
	if errors.As(err, &n) {
		p.Detail, p.Remedy = n.step+": "+n.err.Error(), n.remedy
	} else if err != nil {
		p.Detail = err.Error()
	}
	out = append(out, p)
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	out = append(out, tierProbes(ctx)...)
	return append(out, Probe{Name: "kernel", OK: true, Detail: "Linux " + strings.TrimSpace(string(kernel))})
}

// canary runs a program in the native tier that looks whether it is isolated.
var canary = sync.OnceValue(func() error {
	l := Limits{}.filled()
	_, err := native{}.run(context.Background(), task{argv: []string{"/bin/true"}, env: environment, limits: l, address: l.Memory})
	return err
})

// A notIsolated error names the step that failed and the remedy.
type notIsolated struct {
	step   string
	err    error
	remedy string
}

func (e *notIsolated) Error() string {
	return fmt.Sprintf("%v: %s: %v: %s", ErrNotIsolated, e.step, e.err, e.remedy)
}

func (e *notIsolated) Is(target error) bool { return target == ErrNotIsolated }

func (e *notIsolated) Unwrap() error { return e.err }

// namespaceRemedy says what would let namespaces be made.
func namespaceRemedy(err error) string {
	switch {
	case sysctlIs("kernel/apparmor_restrict_unprivileged_userns", "1"):
		return "AppArmor forbids user namespaces: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run as root"
	case sysctlIs("kernel/unprivileged_userns_clone", "0"):
		return "user namespaces are off: sudo sysctl kernel.unprivileged_userns_clone=1, or run as root"
	case sysctlIs("user/max_user_namespaces", "0"):
		return "no user namespaces are allowed: sudo sysctl user.max_user_namespaces=15000"
	case errors.Is(err, os.ErrPermission):
		return "the system forbids user namespaces (in a container: allow them, for Docker --security-opt seccomp=unconfined --security-opt systempaths=unconfined)"
	}
	return "user namespaces are needed"
}

func setupRemedy(step string) string {
	switch {
	case step == "mount /proc":
		return "the system hides parts of /proc (in a container: --security-opt systempaths=unconfined)"
	case strings.HasPrefix(step, "start "):
		return "is the interpreter readable by everyone?"
	}
	return "the system forbids a step of the isolation; `evalr doctor` shows the probes"
}

func sysctlIs(name, value string) bool {
	text, err := os.ReadFile(filepath.Join("/proc/sys", name))
	return err == nil && strings.TrimSpace(string(text)) == value
}
