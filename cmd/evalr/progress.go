package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
)

const (
	redrawEvery = 200 * time.Millisecond // of a live view
	lineEvery   = 10 * time.Second       // of plain lines
)

// progress shows how a run goes: one live view on a terminal, a plain line
// every ten seconds elsewhere.
type progress struct {
	out  io.Writer
	live bool

	mu      sync.Mutex
	rows    []*progressRow
	byKey   map[[2]string]*progressRow
	started time.Time
	drawn   int // lines of the live view on the screen

	// status gives lines about the services and the purse; every says that all of
	// them are wanted, not those alone that someone should see.
	status func(every bool) []string
	every  time.Duration

	done chan struct{}
	idle sync.WaitGroup
}

// A progressRow is one benchmark of one model.
type progressRow struct {
	name, benchmark, model       string
	total, done, correct, errors int
	tokens                       int
	counted                      bool // some response told its tokens
}

// newProgress shows nothing if quiet is set or there is nothing to do.
func newProgress(out io.Writer, plan *engine.Plan, quiet bool) *progress {
	p := &progress{out: out, live: isTerminal(out), byKey: map[[2]string]*progressRow{}, started: time.Now(), done: make(chan struct{})}
	for _, t := range plan.Tasks {
		key := [2]string{t.Key.Model, t.Key.Benchmark}
		row := p.byKey[key]
		if row == nil {
			row = &progressRow{name: t.Key.Benchmark + " · " + line(t.Key.Model, 40), benchmark: t.Key.Benchmark, model: t.Key.Model}
			p.byKey[key], p.rows = row, append(p.rows, row)
		}
		row.total++
	}
	if quiet || len(p.rows) == 0 {
		p.out = io.Discard
	}
	every := lineEvery
	if p.live {
		every = redrawEvery
	}
	p.every = every
	return p
}

// begin starts the view.
func (p *progress) begin() { p.idle.Go(func() { p.run(p.every) }) }

func isTerminal(w io.Writer) bool {
	f := terminalOf(w)
	return f != nil && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

func (p *progress) run(every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.show(false)
		case <-p.done:
			return
		}
	}
}

// step takes a finished attempt into account.
func (p *progress) step(a eval.Attempt) {
	p.mu.Lock()
	defer p.mu.Unlock()
	row := p.byKey[[2]string{a.Key.Model, a.Key.Benchmark}]
	row.done++
	if a.Err != nil {
		row.errors++
	}
	if a.Verdict.Outcome == eval.Correct {
		row.correct++
	}
	if n := a.Response.Usage.Output; n != nil {
		row.tokens, row.counted = row.tokens+*n, true
	}
}

// close shows the last state and ends the view.
func (p *progress) close() {
	close(p.done)
	p.idle.Wait()
	p.show(true)
}

func (p *progress) show(last bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	elapsed := time.Since(p.started)
	var b strings.Builder
	if p.live && p.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", p.drawn)
	}
	lines := 0
	for _, row := range p.rows {
		// Off a terminal, a row that is not under way would only be noise.
		if !p.live && !last && (row.done == 0 || row.done == row.total) {
			continue
		}
		if log := logOf(p.out); log != nil {
			log.Info("progress", "benchmark", row.benchmark, "model", row.model, "done", row.done, "planned", row.total,
				"correct", row.correct, "errors", row.errors, "output_tokens", row.tokens, "elapsed_s", elapsed.Seconds())
			continue
		}
		fmt.Fprintln(&b, p.fit(row.text(elapsed)))
		lines++
	}
	if p.status != nil && !last {
		for _, text := range p.status(p.live) {
			fmt.Fprintln(&b, p.fit("  "+text))
			lines++
		}
	}
	p.drawn = lines
	_, _ = io.WriteString(p.out, b.String())
}

// fit keeps a line of the live view on one line of the terminal, or redrawing
// would leave pieces behind.
func (p *progress) fit(text string) string {
	f := terminalOf(p.out)
	if !p.live || f == nil {
		return text
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if runes := []rune(text); err == nil && width > 1 && len(runes) >= width {
		return string(runes[:width-1])
	}
	return text
}

// text is a row as people read it: 120/500, 61.7% correct so far, 812 tok/s, 2
// errors, 1m20s left.
func (r *progressRow) text(elapsed time.Duration) string {
	parts := []string{fmt.Sprintf("%d/%d", r.done, r.total)}
	if judged := r.done - r.errors; judged > 0 {
		parts = append(parts, fmt.Sprintf("%.1f%% correct so far", 100*float64(r.correct)/float64(judged)))
	}
	if r.counted && elapsed > 0 {
		parts = append(parts, fmt.Sprintf("%.0f tok/s", float64(r.tokens)/elapsed.Seconds()))
	}
	if r.errors > 0 {
		parts = append(parts, fmt.Sprintf("%d errors", r.errors))
	}
	if r.done > 0 && r.done < r.total {
		left := time.Duration(float64(elapsed) / float64(r.done) * float64(r.total-r.done))
		parts = append(parts, left.Round(time.Second).String()+" left")
	}
	return fmt.Sprintf("  %-40s %s", r.name, strings.Join(parts, ", "))
}
