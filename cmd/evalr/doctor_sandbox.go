package main

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/evalr/evalr/internal/sandbox"
)

// isolation shows what each tier needs, and what the tier that would be taken
// protects; the error says that there is none.
func (c *checkup) isolation(ctx context.Context) error {
	probes := sandbox.Probes(ctx)
	var names []string
	for _, p := range probes {
		names = append(names, p.Name)
	}
	tier := ""
	for i, p := range probes {
		if t := tierOf(p.Name); i == 0 || t != "" && t != tier {
			tier = t
			c.section(strings.TrimSuffix("isolation of code answers: tier "+tier, ": tier "), names...)
		}
		remedy := p.Remedy
		if p.OK {
			remedy = ""
		}
		c.line(markOf(p), p.Name, p.Detail, remedy)
	}
	box, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		c.section("what protects what: nothing, for no tier isolates here", "reason")
		c.line(markNo, "reason", err.Error(), "")
	} else {
		defer box.Close() //nolint:errcheck // nothing is lost with it
		i := box.Isolation()
		c.section(fmt.Sprintf("what protects what: --tier auto takes %s here", box.Tier()), "weakness")
		c.line(markOK, "guards", cmp.Or(strings.Join(i.Guards, ", "), "those of the tier"), "")
		for _, w := range i.Weaknesses {
			c.line(markNo, "weakness", w, "")
		}
	}
	if remedy := raising(probes, box); remedy != "" {
		fmt.Fprintf(c.out, "     to raise the level: %s\n", printable(remedy))
	}
	return err
}

// markOf is the mark of a probe.
func markOf(p sandbox.Probe) string {
	switch {
	case p.OK:
		return markOK
	case p.Unverified:
		return markUnknown
	}
	return markNo
}

// tierOf is the tier that the name of a probe begins with; empty if none.
func tierOf(name string) string {
	first, _, _ := strings.Cut(name, " ")
	if slices.Contains([]string{"native", "bubblewrap", "docker", "podman"}, first) {
		return first
	}
	return ""
}

// raising is what would raise the level: the first remedy of the tier that is
// best, for they are listed first; in the native tier only a memory cgroup can be
// lacking.
func raising(probes []sandbox.Probe, box *sandbox.Box) string {
	if box != nil && box.Tier() == "native" {
		if slices.ContainsFunc(box.Isolation().Weaknesses, func(w string) bool { return strings.HasPrefix(w, "memory:") }) {
			return "run evalr as root, or in a delegated scope: systemd-run --user --scope -p Delegate=yes evalr … (memory is then bounded by a cgroup)"
		}
		return ""
	}
	for _, p := range probes {
		if !p.OK && p.Remedy != "" {
			return p.Remedy
		}
	}
	return ""
}

// installs is how the note of a missing language ends.
var installs = regexp.MustCompile(`\(sudo apt-get install ([^)]+)\)`)

// languages shows in what programs can be written here.
func (c *checkup) languages() {
	c.section("languages", languageNames()...)
	var missing []string
	for _, l := range sandbox.Languages() {
		if l.Path == "" {
			c.line(markNo, l.Name, "not found", l.Note)
			if m := installs.FindStringSubmatch(l.Note); m != nil {
				missing = append(missing, strings.Fields(m[1])...)
			}
			continue
		}
		c.line(markOK, l.Name, fmt.Sprintf("%-9s %s", cmp.Or(l.Version, "?"), l.Path), l.Note)
	}
	if len(missing) > 1 {
		slices.Sort(missing)
		fmt.Fprintf(c.out, "     all of them: sudo apt-get install %s\n", strings.Join(slices.Compact(missing), " "))
	}
}
