package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/store"
)

func TestARunKeepsTheWeakestIsolation(t *testing.T) {
	native := &eval.Isolation{Tier: "native", Guards: []string{"seccomp", "landlock 7"}}
	lesser := &eval.Isolation{Tier: "native", Guards: []string{"seccomp"}, Weaknesses: []string{"no landlock"}}
	none := &eval.Isolation{Tier: "none", Weaknesses: []string{"your rights"}}
	for _, c := range []struct {
		name string
		hold []*eval.Isolation
		want *eval.Isolation
	}{
		{"nothing ran", []*eval.Isolation{nil}, nil},
		{"said twice", []*eval.Isolation{native, native, nil}, native},
		{"a machine with less", []*eval.Isolation{native, lesser, native}, lesser},
		{"none first", []*eval.Isolation{none, native}, &eval.Isolation{Tier: "none", Weaknesses: []string{"your rights", "a part of the run was made in tier native"}}},
		{"none last", []*eval.Isolation{native, none, native}, &eval.Isolation{Tier: "none", Weaknesses: []string{"your rights", "a part of the run was made in tier native"}}},
		{"two tiers", []*eval.Isolation{native, {Tier: "docker"}}, &eval.Isolation{Tier: "docker", Weaknesses: []string{"a part of the run was made in tier native"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m store.Manifest
			for _, i := range c.hold {
				m.Hold(i)
			}
			require.Equal(t, c.want, m.Held())
			if c.want != nil {
				assert.Equal(t, c.want.Tier, m.Sandbox)
			}
		})
	}
	assert.Equal(t, "docker", (&store.Manifest{Sandbox: "docker"}).Held().Tier, "of an earlier version")
}

func TestLimitsOfProgramsAreWidened(t *testing.T) {
	limits := func(cpu, memory float64) eval.ProgramLimits {
		return eval.ProgramLimits{CPUSeconds: eval.Range{Least: cpu, Most: cpu}, MemoryBytes: eval.Range{Least: memory, Most: memory}}
	}
	var m store.Manifest
	m.Hold(&eval.Isolation{Tier: "native", Limits: limits(2, 100)})
	m.Hold(&eval.Isolation{Tier: "native"})
	m.Hold(&eval.Isolation{Tier: "native", Limits: limits(1, 300)})
	assert.Equal(t, eval.ProgramLimits{CPUSeconds: eval.Range{Least: 1, Most: 2}, MemoryBytes: eval.Range{Least: 100, Most: 300}}, m.Isolation.Limits)
}

func TestALaterJudgingWithoutIsolationIsSaid(t *testing.T) {
	dir := t.TempDir() + "/run"
	j, err := store.Create(dir, store.Manifest{Isolation: &eval.Isolation{Tier: "native"}})
	require.NoError(t, err)
	require.NoError(t, j.Close())
	run, err := store.Open(dir)
	require.NoError(t, err)
	r, err := run.Rescore("test", &eval.Isolation{Tier: "none"})
	require.NoError(t, err)
	require.NoError(t, r.Close())
	run, err = store.Open(dir)
	require.NoError(t, err)
	m := run.Manifest()
	assert.Equal(t, "none", m.Held().Tier)
}
