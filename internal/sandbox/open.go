package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"
)

// filled gives the limits with the defaults where nothing is set.
func (l Limits) filled() Limits {
	if l.CPU <= 0 {
		l.CPU = 10 * time.Second
	}
	if l.Wall <= 0 {
		l.Wall = 3*l.CPU + 2*time.Second
	}
	if l.Memory <= 0 {
		l.Memory = 512 << 20
	}
	if l.Output <= 0 {
		l.Output = 1 << 20
	}
	if l.Processes <= 0 {
		l.Processes = 64
	}
	if l.FileSize <= 0 {
		l.FileSize = 64 << 20
	}
	return l
}

// Open gives the sandbox of a tier: auto and native isolate, and give an error
// that wraps ErrNotIsolated where the machine cannot; none does not isolate.
// Whether a machine isolates is found by running a canary, once a process.
func Open(tier string) (Sandbox, error) {
	switch tier {
	case "auto", "native", "":
		if err := canary(); err != nil {
			return nil, err
		}
		return native{}, nil
	case "none":
		return unprotected{}, nil
	}
	return nil, fmt.Errorf("unknown tier %q: the tiers are auto, native and none", tier)
}

// canary runs a program in the native tier that looks whether it is isolated.
var canary = sync.OnceValue(func() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r, err := native{}.Run(ctx, Program{Language: "python", Source: canarySource}, Limits{})
	switch {
	case err != nil:
		return err
	case r.Status != OK || !bytes.Equal(bytes.TrimSpace(r.Stdout), []byte("isolated")):
		return &notIsolated{"run a canary", fmt.Errorf("%s %s %s %s", r.Status, r.Message, r.Stdout, bytes.TrimSpace(r.Stderr)), "please report this"}
	}
	return nil
})

// canarySource checks from inside what isolation promises.
const canarySource = `
import os, socket
def no(f):
    try: f()
    except OSError: return True
    return False
assert os.getppid() == 1, "pid namespace"
assert len([p for p in os.listdir("/proc") if p.isdigit()]) <= 3, "processes of the host are seen"
assert no(lambda: open("/usr/evalr-canary", "w")), "/usr may be written"
assert no(lambda: os.listdir("/home")) and no(lambda: os.listdir("/root")), "homes are seen"
assert no(lambda: socket.create_connection(("127.0.0.1", 1), 1)), "network"
assert no(lambda: os.setuid(0)) or os.getuid() == 0, "rights"
assert no(lambda: os.sethostname("x") if hasattr(os, "sethostname") else os.mkdir("/x")), "rights"
status = dict(l.split(":", 1) for l in open("/proc/self/status"))
assert int(status["CapEff"], 16) == 0 and int(status["CapPrm"], 16) == 0, "capabilities"
assert status["NoNewPrivs"].strip() == "1", "no_new_privs"
print("isolated")
`

// A Probe is one thing that isolation needs, and whether it is there.
type Probe struct {
	Name, Detail string
	OK           bool
	Remedy       string
}
