package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// environment is all that a program sees of an environment.
var environment = []string{
	"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "TMPDIR=/tmp", "LANG=C.UTF-8",
	"PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1", "MALLOC_ARENA_MAX=2",
}

// A Language is a line of the table of languages.
type Language struct {
	Name    string
	Path    string // of the interpreter; empty if there is none
	Version string
	Note    string // where it is missing: what to install
}

// toolchain is a language as it was found on this machine.
type toolchain struct {
	Language
	file  string
	binds []string // folders outside /usr that the interpreter needs
	args  []string
}

func (t toolchain) command(dir string) []string {
	return append(append([]string{t.Path}, t.args...), filepath.Join(dir, t.file))
}

// python is looked for once: a shim that starts a shell script costs more than
// the program.
var python = sync.OnceValue(findPython)

// Languages lists the languages in which programs can be run here.
func Languages() []Language { return []Language{python().Language} }

func language(name string) (toolchain, error) {
	if name != "python" {
		return toolchain{}, fmt.Errorf("unknown language %q: programs can be in python", name)
	}
	t := python()
	if t.Path == "" {
		return t, fmt.Errorf("no Python 3 was found: %s", t.Note)
	}
	return t, nil
}

func findPython() toolchain {
	t := toolchain{file: "main.py", args: []string{"-s", "-B"}}
	t.Name, t.Note = "python", "install the package python3"
	candidates := []string{"/usr/bin/python3"}
	if path, err := exec.LookPath("python3"); err == nil {
		candidates = append(candidates, path)
	}
	for _, c := range candidates {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		out, err := exec.CommandContext(ctx, c, "-I", "-S", "-c",
			"import sys; print(sys.executable); print(sys.version.split()[0]); print(sys.base_prefix)").Output()
		cancel()
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if err != nil || len(lines) != 3 {
			continue
		}
		real, err := filepath.EvalSymlinks(lines[0])
		if err != nil {
			real = lines[0]
		}
		t.Path, t.Version, t.Note = real, lines[1], ""
		if prefix := lines[2]; !strings.HasPrefix(prefix, "/usr/") && prefix != "/usr" {
			t.binds = []string{prefix}
		}
		break
	}
	return t
}

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
