package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evalr/evalr/internal/sandbox"
)

// A tally counts programs as they end and, on a terminal, shows how far it is.
type tally struct {
	out       io.Writer
	live      bool
	started   time.Time
	planned   int // 0: not known
	slowest   time.Duration
	isolation string
	compared  int // tests that give an output
	passed    int

	mu     sync.Mutex
	done   int
	status map[sandbox.Status]int

	quit chan struct{}
	idle sync.WaitGroup
}

func newTally(out io.Writer, planned int) *tally {
	t := &tally{out: out, live: isTerminal(out), started: time.Now(), planned: planned, status: map[sandbox.Status]int{}, quit: make(chan struct{})}
	if t.live {
		t.idle.Go(t.show)
	}
	return t
}

func (t *tally) show() {
	tick := time.NewTicker(redrawEvery)
	defer tick.Stop()
	for {
		select {
		case <-t.quit:
			fmt.Fprint(t.out, "\r\x1b[K")
			return
		case <-tick.C:
			t.mu.Lock()
			of := ""
			if t.planned > 0 {
				of = fmt.Sprintf("/%d", t.planned)
			}
			fmt.Fprintf(t.out, "\r  %d%s programs, %.0f/s: %s\x1b[K", t.done, of, float64(t.done)/time.Since(t.started).Seconds(), t.statuses())
			t.mu.Unlock()
		}
	}
}

// add counts a program; passed is nil where nothing was compared.
func (t *tally) add(r execResult, passed *bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done++
	t.status[r.Status]++
	t.slowest = max(t.slowest, time.Duration(r.WallMS*float64(time.Millisecond)))
	t.isolation = cmp.Or(t.isolation, r.Isolation)
	if passed != nil {
		t.compared++
		if *passed {
			t.passed++
		}
	}
}

// statuses lists how programs ended, the commonest first.
func (t *tally) statuses() string {
	names := slices.SortedFunc(maps.Keys(t.status), func(a, b sandbox.Status) int {
		if d := t.status[b] - t.status[a]; d != 0 {
			return d
		}
		return strings.Compare(string(a), string(b))
	})
	var parts []string
	for _, s := range names {
		parts = append(parts, fmt.Sprintf("%d %s", t.status[s], s))
	}
	return strings.Join(parts, ", ")
}

// close ends the view.
func (t *tally) close() {
	close(t.quit)
	t.idle.Wait()
}

// brief is a time with the digits that people read.
func brief(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", 1e3*d.Seconds())
	case d < time.Second:
		return fmt.Sprintf("%.0f ms", 1e3*d.Seconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
