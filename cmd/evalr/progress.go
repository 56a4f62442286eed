package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
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
	live *console // where the live view is drawn; nil off a terminal

	mu      sync.Mutex
	rows    []*progressRow
	byKey   map[[2]string]*progressRow
	started time.Time

	// status gives lines about the services and the purse; every says that all of
	// them are wanted, not those alone that someone should see.
	status func(every bool) []string
	every  time.Duration

	done chan struct{}
	idle sync.WaitGroup
}

// A progressRow is one benchmark of one model.
type progressRow struct {
	benchmark, model             string
	total, done, correct, errors int
	tokens                       int
	counted                      bool // some response told its tokens
}

// newProgress shows nothing if quiet is set or there is nothing to do.
func newProgress(out io.Writer, plan *engine.Plan, quiet bool) *progress {
	p := &progress{out: out, byKey: map[[2]string]*progressRow{}, started: time.Now(), done: make(chan struct{})}
	for _, t := range plan.Tasks {
		key := [2]string{t.Key.Model, t.Key.Benchmark}
		row := p.byKey[key]
		if row == nil {
			row = &progressRow{benchmark: t.Key.Benchmark, model: t.Key.Model}
			p.byKey[key], p.rows = row, append(p.rows, row)
		}
		row.total++
	}
	p.every = lineEvery
	if quiet || len(p.rows) == 0 {
		p.out = io.Discard
	} else if isTerminal(out) {
		p.every = redrawEvery
		if p.live, _ = out.(*console); p.live == nil {
			p.live = &console{under: out}
		}
	}
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
	if p.live != nil {
		width, height := screen(p.live.under)
		p.live.draw(p.view(elapsed, width, height, last))
		if last {
			p.live.keep()
		}
		return
	}
	var b strings.Builder
	for _, row := range p.rows {
		// Off a terminal, a row that is not under way would only be noise.
		if !last && (row.done == 0 || row.done == row.total) {
			continue
		}
		if log := logOf(p.out); log != nil {
			log.Info("progress", "benchmark", row.benchmark, "model", row.model, "done", row.done, "planned", row.total,
				"correct", row.correct, "errors", row.errors, "output_tokens", row.tokens, "elapsed_s", elapsed.Seconds())
			continue
		}
		fmt.Fprintln(&b, row.text(elapsed, 0))
	}
	if p.status != nil && !last {
		for _, text := range p.status(false) {
			fmt.Fprintln(&b, "  "+text)
		}
	}
	_, _ = io.WriteString(p.out, b.String())
}

// view is the live view: a line for each row, and beneath them how the services are,
// in as many lines as that takes. What does not fit on the screen cannot be drawn
// over: then rows that are not under way are left out, at last also others.
func (p *progress) view(elapsed time.Duration, width, height int, last bool) []string {
	var below []string
	if p.status != nil && !last {
		for _, text := range p.status(true) {
			below = append(below, wrapped("  "+text, width)...)
		}
	}
	rows := p.rows
	if room := max(height-2-len(below), 1); height > 0 && len(rows) > room && !last {
		rows = slices.Clone(rows)
		under := func(r *progressRow) bool { return r.done > 0 && r.done < r.total }
		slices.SortStableFunc(rows, func(a, b *progressRow) int {
			return cmp.Compare(b2i(under(b)), b2i(under(a)))
		})
		below = append([]string{fmt.Sprintf("  … and %d more", len(rows)-room)}, below...)
		rows = rows[:room]
	}
	var out []string
	for _, row := range rows {
		out = append(out, row.text(elapsed, width))
	}
	out = append(out, below...)
	if height > 1 && len(out) > height-1 && !last {
		out = out[:height-1]
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// wrapped breaks a text behind words into lines of less than a width, 0 for any.
func wrapped(text string, width int) []string {
	if width <= 10 {
		width = 1 << 20
	}
	var out []string
	for runes := []rune(text); ; {
		if len(runes) < width {
			return append(out, string(runes))
		}
		at := width - 1
		for i := at; i > width/2; i-- {
			if runes[i] == ' ' {
				at = i
				break
			}
		}
		out = append(out, string(runes[:at]))
		runes = append([]rune("   "), runes[at:]...)
	}
}

// text is a row as people read it: 120/500, 61.7% correct so far, 812 tok/s, 2
// errors, 1m20s left. The name gives way where a line is narrow; 0 is any width.
func (r *progressRow) text(elapsed time.Duration, width int) string {
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
	name, said := r.benchmark+" · "+line(r.model, 40), strings.Join(parts, ", ")
	if width <= 0 {
		return fmt.Sprintf("  %-40s %s", name, said)
	}
	room := max(width-4-len([]rune(said)), 20)
	if room < len([]rune(name)) { // the ends of labels tell them apart
		runes := []rune(name)
		name = string(runes[:room-room/2-1]) + "…" + string(runes[len(runes)-room/2:])
	}
	text := []rune(fmt.Sprintf("  %-*s %s", min(40, room), name, said))
	return string(text[:min(len(text), width-1)])
}
