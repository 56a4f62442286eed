package sandbox

import (
	"context"
	"errors"
	"os"
	"strings"
)

// Probes looks for what isolation needs. Each probe tries the thing itself.
func Probes(context.Context) []Probe {
	t := python()
	out := []Probe{{Name: "interpreter", OK: t.Path != "", Detail: first(t.Path, "no python3"), Remedy: t.Note}}
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
	return append(out, Probe{Name: "kernel", OK: true, Detail: "Linux " + strings.TrimSpace(string(kernel))})
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
