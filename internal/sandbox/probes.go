package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
)

// A Probe is one thing that isolation needs, and whether it is there.
type Probe struct {
	Name, Detail string
	OK           bool
	Remedy       string // one command, or one step, that would raise the level
	Protects     string // what it keeps from what; empty for what protects nothing by itself
	// Unverified: this was written by the manual and was never tried with the real
	// thing.
	Unverified bool
}

// tierProbes tries the tiers that another program isolates, and gives a line for
// each. Each that is there at all runs a canary.
func tierProbes(ctx context.Context) []Probe {
	out := []Probe{bubblewrapProbe(ctx), containerProbe(ctx, "docker"), gvisorProbe(ctx), containerProbe(ctx, "podman")}
	if runtime.GOOS == "darwin" {
		out = append(out, Probe{
			Name: "macOS", Unverified: true, Detail: "has no namespaces: programs run in the virtual machine of a container engine, or not at all",
			Remedy: "build evalr for Linux and name it in " + binaryVar + ", then use --tier docker",
		})
	}
	for i := range out {
		if out[i].Unverified {
			out[i].Detail += " (unverified: written by the manual, never tried with the real thing)"
		}
	}
	return out
}

func bubblewrapProbe(ctx context.Context) Probe {
	p := Probe{Name: "bubblewrap tier", Protects: "files, network, processes and the kernel's wider interface from a program; memory approximately"}
	e, err := openBubblewrap(ctx)
	if err == nil {
		i := e.isolation()
		p.OK, p.Detail = true, "a canary ran in it and saw nothing of the host; "+strings.Join(i.Weaknesses, "; ")
		return p
	}
	p.Detail = shorten(err)
	switch _, missing := exec.LookPath("bwrap"); {
	case runtime.GOOS != "linux":
		p.Remedy = "use --tier docker"
	case missing != nil:
		p.Remedy = "sudo apt-get install bubblewrap"
	default:
		p.Remedy = bubblewrapRemedy(err)
	}
	return p
}

// containerProbe asks for the client, the engine, the image and then runs a
// canary in it.
func containerProbe(ctx context.Context, command string) Probe {
	p := Probe{Name: command + " tier", Unverified: true, Protects: "files, network, processes and memory from a program, by the limits of a container"}
	c, err := newContainer(command, 1)
	if err != nil {
		p.Detail, p.Remedy = shorten(err), "sudo apt-get install "+map[string]string{"docker": "docker.io", "podman": "podman"}[command]
		return p
	}
	version, err := c.serverVersion(ctx)
	if err != nil {
		p.Detail, p.Remedy = "the client is here, no engine answers: "+shorten(err), "sudo systemctl start "+command
		return p
	}
	e, err := openContainer(ctx, command, 1)
	if err != nil {
		p.Detail, p.Remedy = fmt.Sprintf("engine %s: %s", version, shorten(err)), command+" pull "+c.image
		return p
	}
	_ = e.close()
	p.OK, p.Detail = true, fmt.Sprintf("engine %s: a canary ran in a container of %s and saw nothing of the host", version, c.image)
	return p
}

// gvisorProbe asks Docker for the runtime that keeps the host's kernel from
// programs.
func gvisorProbe(ctx context.Context) Probe {
	p := Probe{Name: "docker with gVisor (runsc)", Unverified: true, Protects: "the host's kernel from a program", Remedy: "sudo runsc install && sudo systemctl restart docker"}
	c, err := newContainer("docker", 1)
	if err != nil {
		p.Detail, p.Remedy = shorten(err), "sudo apt-get install docker.io"
		return p
	}
	text, err := c.say(ctx, "info", "--format", "{{json .Runtimes}}")
	var runtimes map[string]json.RawMessage
	if err := errors.Join(err, json.Unmarshal([]byte(text), &runtimes)); err != nil || runtimes == nil {
		p.Detail, p.Remedy = "docker names no runtimes: "+shorten(err), "sudo systemctl start docker"
		return p
	}
	if _, ok := runtimes["runsc"]; !ok {
		p.Detail = "docker has no runtime of this name"
		return p
	}
	c.runtime = "runsc"
	err = tryCanary(ctx, c)
	_ = c.close()
	if err != nil {
		p.Detail, p.Remedy = shorten(err), "docker pull "+c.image
		return p
	}
	p.OK, p.Detail, p.Remedy = true, "a canary ran under it: set "+runtimeVar+"=runsc to use it", ""
	return p
}

// shorten gives the first line of an error, without what every one of them says.
func shorten(err error) string {
	if err == nil {
		return "no answer"
	}
	text := strings.TrimPrefix(err.Error(), ErrNotIsolated.Error()+": ")
	first, _, _ := strings.Cut(text, "\n")
	return first
}
