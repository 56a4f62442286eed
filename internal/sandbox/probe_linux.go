package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/evalr/evalr/internal/sandbox/jail"
)

// Probes looks for what isolation needs. Each probe tries the thing itself.
func Probes(ctx context.Context) []Probe {
	n := newNative(Options{})
	defer n.close() //nolint:errcheck // never fails
	err := canary(ctx, n)
	p := Probe{Name: "native tier", OK: err == nil, Detail: strings.Join(n.isolation().Guards, "; ") + " (a canary ran in it)"}
	var isolated *notIsolated
	if errors.As(err, &isolated) {
		p.Detail, p.Remedy = isolated.step+": "+isolated.err.Error(), isolated.remedy
	} else if err != nil {
		p.Detail = err.Error()
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return append([]Probe{p, {Name: "kernel", OK: true, Detail: "Linux " + strings.TrimSpace(string(kernel))}}, tierProbes(ctx)...)
}

// canary runs a program in an engine that looks from inside whether it is
// isolated. The error is a *notIsolated.
func canary(ctx context.Context, e engine) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	r, err := e.run(ctx, task{argv: []string{"/bin/sh", "-c", canarySource}, env: environment, limits: Limits{}.Filled()})
	if err != nil {
		return err
	}
	if r.Status != OK || string(r.Stdout) != "isolated\n" {
		return &notIsolated{"run a canary", fmt.Errorf("%s %s %s%s", r.Status, r.Message, r.Stdout, r.Stderr), "please report this"}
	}
	return nil
}

// canarySource is built-in commands of the shell alone.
const canarySource = `
fail() { echo "$1"; exit 1; }
[ "$$" -le 9 ] || fail "processes of the host are numbered with ours"
while read -r name value; do
	case "$name" in
	CapEff: | CapPrm: | CapBnd: | CapAmb:) [ "${value#*[1-9a-f]}" = "$value" ] || fail "capabilities: $name $value" ;;
	NoNewPrivs:) [ "$value" = 1 ] || fail "rights can be gained" ;;
	Seccomp:) [ "$value" = 2 ] || fail "no seccomp filter" ;;
	esac
done </proc/self/status
while read -r name rest; do
	case "$name" in lo:* | *\|* | Inter-* | face) ;; *) fail "a network interface: $name" ;; esac
done </proc/net/dev
for dir in /home /root /mnt /srv /sys; do
	[ ! -e "$dir" ] || fail "$dir of the host is seen"
done
for file in /usr/evalr-canary /etc/evalr-canary /evalr-canary /proc/sys/kernel/evalr; do
	if { command : >"$file"; } 2>/dev/null; then fail "$file could be written"; fi
done
echo isolated
`

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

// remedy says what would let a step of the isolation succeed.
func remedy(f *jail.Failure) string {
	switch {
	case strings.HasPrefix(f.Step, "start "+programDir), strings.HasPrefix(f.Step, "start /"):
		return "is the program or interpreter readable by everyone?"
	case f.Step != "start in new namespaces" && f.Step != "mount /proc":
		return "the system forbids a step of the isolation; `evalr doctor` shows the probes"
	case f.Step == "mount /proc":
		return "the system hides parts of /proc (in a container: --security-opt systempaths=unconfined)"
	case sysctlIs("kernel/apparmor_restrict_unprivileged_userns", "1"):
		return "AppArmor forbids user namespaces: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run as root"
	case sysctlIs("kernel/unprivileged_userns_clone", "0"):
		return "user namespaces are off: sudo sysctl kernel.unprivileged_userns_clone=1, or run as root"
	case sysctlIs("user/max_user_namespaces", "0"):
		return "no user namespaces are allowed: sudo sysctl user.max_user_namespaces=15000"
	case f.Errno == syscall.EPERM || f.Errno == syscall.EACCES:
		return "the system forbids user namespaces (in a container: allow them, for Docker --security-opt seccomp=unconfined --security-opt systempaths=unconfined)"
	}
	return "user namespaces are needed"
}

func sysctlIs(name, value string) bool {
	text, err := os.ReadFile(filepath.Join("/proc/sys", name))
	return err == nil && strings.TrimSpace(string(text)) == value
}
