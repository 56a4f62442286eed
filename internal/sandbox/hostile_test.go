//go:build linux

package sandbox_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

// A hostileSuite runs the programs of testdata/hostile in one mode and keeps
// what became of them.
type hostileSuite struct {
	manifest hostileManifest
	canaries *canaries
	options  sandbox.Options

	mu       sync.Mutex
	verdicts map[string]verdict
}

// A verdict is what a program's parent saw, as far as it may not depend on the
// mode.
type verdict struct {
	Status         sandbox.Status
	ExitCode       int
	Signal, Stdout string
}

// verdictOf leaves out by which signal a limit was put in force: one that
// processor time reaches first may on a busy machine be that of the clock.
func verdictOf(r sandbox.Result) verdict {
	v := verdict{r.Status, r.ExitCode, r.Signal, string(r.Stdout)}
	if r.Status == sandbox.TimeLimit || r.Status == sandbox.MemoryLimit || r.Status == sandbox.OutputLimit {
		v.ExitCode, v.Signal = 0, ""
	}
	return v
}

// TestHostileProgramsAreHeld runs every program, two at once, and then looks for
// what they did to the host; with EVALR_SLOW both warm and cold.
func TestHostileProgramsAreHeld(t *testing.T) {
	isolated(t)
	adoptOrphans(t)
	before := lookAtHost(t)
	c := newCanaries(t)
	m, cache := readHostile(t), t.TempDir()
	warm := &hostileSuite{manifest: m, canaries: c, options: sandbox.Options{Cache: cache}, verdicts: map[string]verdict{}}
	cold := &hostileSuite{manifest: m, canaries: c, options: sandbox.Options{Cache: cache, Cold: true}, verdicts: map[string]verdict{}}
	t.Run("warm", warm.run)
	if os.Getenv("EVALR_SLOW") != "" {
		t.Run("cold", cold.run)
	}
	t.Run("warm and cold agree", func(t *testing.T) {
		for _, p := range m.Programs {
			w, ran := warm.verdicts[p.ID]
			k, ranToo := cold.verdicts[p.ID]
			if ran && ranToo && !p.Random {
				assert.Equal(t, k, w, p.ID)
			}
		}
	})
	t.Run("the host is as it was", func(t *testing.T) {
		c.check(t)
		c.close()
		before.check(t)
	})
}

// isolated skips the test where the machine cannot isolate. It also has the
// toolchains looked for, whose commands leave processes of their own.
func isolated(t *testing.T) {
	t.Helper()
	sandbox.Languages()
	box, err := sandbox.Open(sandbox.Options{})
	if err == nil {
		_, err = box.Run(t.Context(), sandbox.Program{Language: "bash", Source: ":"}, sandbox.Limits{})
		require.NoError(t, box.Close())
	}
	if errors.Is(err, sandbox.ErrNotIsolated) {
		t.Skipf("this machine cannot isolate: %v", err)
	}
	require.NoError(t, err)
}

// run runs those that must be alone first, and then all others, two at once.
func (s *hostileSuite) run(t *testing.T) {
	box := s.open(t, 2)
	places := make(chan struct{}, 2)
	for _, unit := range s.manifest.units() {
		t.Run(unit[0].ID, func(t *testing.T) {
			if why := unit[0].skipped(); why != "" {
				t.Skip(why)
			}
			if !unit[0].Alone {
				t.Parallel()
				places <- struct{}{}
				defer func() { <-places }()
			}
			s.unit(t, box, unit)
		})
	}
}

// open opens a box for the length of a test.
func (s *hostileSuite) open(t *testing.T, slots int) *sandbox.Box {
	t.Helper()
	o := s.options
	o.Slots = slots
	box, err := sandbox.Open(o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, box.Close()) })
	return box
}

// lookers is how often a program that looks for what another left is run, in case
// the box has more than one warm worker.
const lookers = 3

// unit runs a program and those that follow it. These have a box of one slot for
// themselves, so that they meet in one worker.
func (s *hostileSuite) unit(t *testing.T, box *sandbox.Box, unit []hostileProgram) {
	first := unit[0]
	if len(unit) > 1 && unit[1].Beside != "" {
		var both sync.WaitGroup
		for _, p := range unit {
			both.Go(func() { s.judge(t, box, p) })
		}
		both.Wait()
		return
	}
	if len(unit) == 1 {
		s.judge(t, box, first)
		return
	}
	box = s.open(t, 1)
	s.judge(t, box, first)
	led := s.verdict(first.ID)
	for _, p := range unit[1:] {
		for range lookers {
			s.judge(t, box, p)
			if p.Differs {
				assert.NotEqual(t, led.Stdout, s.verdict(p.ID).Stdout, "%s", p.ID)
			}
		}
	}
}

// judge runs one program and fails the test for whatever is not as it must be.
func (s *hostileSuite) judge(t *testing.T, box *sandbox.Box, p hostileProgram) {
	limits := p.Limits.over(s.manifest.Limits)
	longest := 2 * (limits.Wall + 5*time.Second) // it may be run again, alone
	if p.compiled() {
		longest += 3 * time.Minute
	}
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	r, err := box.Run(ctx, p.program(t, s.canaries.words), limits)
	if err != nil && strings.Contains(err.Error(), "cannot be run here") {
		t.Skip(err)
	}
	if !assert.NoError(t, err, p.ID) {
		return
	}
	s.mu.Lock()
	s.verdicts[p.ID] = verdictOf(r)
	s.mu.Unlock()
	about := p.ID + ": " + string(r.Status) + " " + r.Message + "\nstdout: " + tail(r.Stdout) + "\nstderr: " + tail(r.Stderr)
	assert.Contains(t, p.Expect, r.Status, about)
	for _, text := range []string{string(r.Stdout), string(r.Stderr)} {
		assert.False(t, strings.HasPrefix(text, "ESCAPED") || strings.Contains(text, "\nESCAPED"), about)
		assert.False(t, strings.Contains(text, s.canaries.word), "%s saw the secret word", p.ID)
	}
	if r.Status != sandbox.CompileError {
		assert.LessOrEqual(t, int64(max(len(r.Stdout), len(r.Stderr))), limits.Output, p.ID)
		assert.LessOrEqual(t, r.Wall, limits.Wall+5*time.Second, p.ID)
	}
	if p.WithinMS > 0 {
		assert.LessOrEqual(t, r.Wall.Milliseconds(), p.WithinMS, p.ID)
	}
	if r.Status == p.Expect[0] {
		s.compare(t, p, r, about)
	}
}

// compare looks at what the manifest says of the first of the expected ends.
func (s *hostileSuite) compare(t *testing.T, p hostileProgram, r sandbox.Result, about string) {
	if p.Stdout != nil {
		assert.Equal(t, *p.Stdout, string(r.Stdout), about)
	}
	if p.ExitCode != nil {
		assert.Equal(t, *p.ExitCode, r.ExitCode, about)
	}
	if p.Signal != "" {
		assert.Equal(t, p.Signal, r.Signal, about)
	}
}

func (s *hostileSuite) verdict(id string) verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.verdicts[id]
}

// tail is the end of a text, for messages.
func tail(text []byte) string { return string(text[max(0, len(text)-1500):]) }
