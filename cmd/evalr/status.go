package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/runners/flow"
	"github.com/evalr/evalr/runners/money"
)

// status gives a line for each service and one for the purse. Without every, only
// those that someone should see: who waits, who is refused, what is down.
func (m *measurement) status(every bool) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(m.flows)) {
		s := m.flows[name].State()
		troubled := s.Down || s.Sealed || s.Parked > 0 || s.BackingOff > 0 || !s.PausedUntil.IsZero()
		if s.Requests > 0 && (every || troubled) {
			address, _, _ := strings.Cut(name, " ")
			out = append(out, line(address, 40)+": "+flowText(s, time.Now()))
		}
	}
	if s := m.purse.State(); m.spec.capped() && (every || s.Waiting > 0) {
		out = append(out, purseText(s))
	}
	for _, r := range m.batches {
		if text := batchText(r); every && text != "" {
			out = append(out, text)
		}
	}
	return out
}

// flowText is 64 in flight of 96, 12 wait, 3 try again in 4s, 15 retries, 7
// refusals; last: ….
func flowText(s flow.State, now time.Time) string {
	parts := []string{fmt.Sprintf("%d in flight of %d", s.InFlight, s.Limit)}
	add := func(when bool, format string, args ...any) {
		if when {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	in := func(t time.Time) string { return max(t.Sub(now), 0).Round(time.Second).String() }
	add(s.RPM > 0, "%.0f requests/min", s.RPM)
	add(s.TPM > 0, "%.0f tokens/min", s.TPM)
	add(s.BackingOff > 0, "%d try again within %s", s.BackingOff, in(s.NextBack))
	add(!s.PausedUntil.IsZero(), "paused for %s as the service asked", in(s.PausedUntil))
	add(s.Down, "DOWN since %s, next look in %s", s.DownSince.Format("15:04:05"), in(s.NextProbe))
	add(s.Sealed, "the key was rejected: nothing is sent")
	add(s.Parked > 0, "%d models parked: every request ends in the same error", s.Parked)
	add(s.Retries > 0, "%d retries", s.Retries)
	add(s.Refused > 0, "%d refusals (429)", s.Refused)
	add(s.LastFailure != "" && (s.InARow > 1 || s.Down), "last failure, %d in a row: %s", s.InARow, line(s.LastFailure, 120))
	return strings.Join(parts, ", ")
}

// purseText is spent $0.42 of $5.00, $1.10 reserved, 2h left.
func purseText(s money.State) string {
	var parts []string
	if s.Caps.USD > 0 {
		parts = append(parts, fmt.Sprintf("spent %s of %s", money.USD(s.USD), money.USD(s.Caps.USD)))
		if s.Reserved > 0 {
			parts = append(parts, money.USD(s.Reserved)+" reserved for what is in flight")
		}
	}
	if s.Caps.Tokens > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d tokens used, %d reserved", s.Tokens, s.Caps.Tokens, s.ReservedTokens))
	}
	if s.Left > 0 {
		parts = append(parts, s.Left.Round(time.Second).String()+" until the deadline")
	}
	if s.Waiting > 0 {
		parts = append(parts, fmt.Sprintf("%d wait for what is in flight to give back", s.Waiting))
	}
	return strings.Join(parts, ", ")
}

// project says before the start what a plan may cost, where a price or a limit
// makes that worth the while.
func (m *measurement) project(plan *engine.Plan) {
	priced := m.spec.capped()
	jobs := map[string]*money.Job{}
	for label, price := range m.jobs {
		jobs[label] = &money.Job{Model: label, Price: price}
		priced = priced || price != nil
	}
	if !priced || len(plan.Tasks) == 0 {
		return
	}
	if plan.Recorded > 0 {
		m.remember(jobs)
	}
	for _, t := range plan.Tasks {
		if job := jobs[t.Key.Model]; job != nil {
			if q, err := t.Request(); err == nil {
				job.Add(q)
			}
		}
	}
	var list []money.Job
	for _, label := range slices.Sorted(maps.Keys(jobs)) {
		list = append(list, *jobs[label])
	}
	each, sum := money.Project(list...)
	m.slowed(plan)
	for _, p := range each {
		m.note("projected %s", projectionText(p))
	}
	if len(each) > 1 {
		m.note("projected %s", projectionText(sum))
	}
	if len(m.judges) > 0 {
		m.note("what the judges take is not in the projection: it hangs on the length of the answers")
	}
}

// remember tells jobs what the recorded attempts of their models took. What cannot
// be read is told elsewhere.
func (m *measurement) remember(jobs map[string]*money.Job) {
	run, err := store.Open(m.spec.Out)
	if err != nil {
		return
	}
	pasts := map[string]*money.Past{}
	for a, err := range run.WithoutMeasures().Attempts() {
		if err != nil {
			return
		}
		if jobs[a.Key.Model] == nil {
			continue
		}
		if pasts[a.Key.Model] == nil {
			pasts[a.Key.Model] = &money.Past{}
		}
		pasts[a.Key.Model].Add(a)
	}
	for label, past := range pasts {
		jobs[label].Before = past.Habit()
	}
}

// slowed says where a limit is so small beside the worst case of a request that
// few can be in flight.
func (m *measurement) slowed(plan *engine.Plan) {
	if m.spec.Budget == "" && m.spec.MaxTokensTotal == "" {
		return
	}
	for _, d := range m.desks {
		i := slices.IndexFunc(plan.Tasks, func(t engine.Task) bool { return t.Key.Model == d.label })
		if i < 0 || d.target.Recorded() {
			continue
		}
		q, err := plan.Tasks[i].Request()
		if n := m.purse.AtOnce(money.NewTariff(m.jobs[d.label]), money.WorstOf(q)); err == nil && n < min(d.conduct.atOnce(), 32) {
			m.note("%s: what may be spent is the worst case of %d requests, so no more are in flight at once; a smaller --max-tokens or a larger limit is faster", line(d.label, 60), n)
		}
	}
}

// projectionText is o4-mini: 500 requests, about 61000 prompt tokens, at most
// 16384000 output tokens: at most $72.10 and what is sent again, about
// $9.20 if answers are as before.
func projectionText(p money.Projection) string {
	name := p.Model
	if name == "" {
		name = "in all"
	}
	text := fmt.Sprintf("%s: %d requests", line(name, 60), p.Requests)
	if p.Prompt.Expected != nil {
		text += fmt.Sprintf(", about %.0f prompt tokens", *p.Prompt.Expected)
	}
	if p.Output.High != nil {
		text += fmt.Sprintf(", at most %.0f output tokens", *p.Output.High)
	}
	var cost []string
	if p.USD.High != nil {
		cost = append(cost, "at most "+money.USD(*p.USD.High)+" and what is sent again")
	}
	if p.USD.Expected != nil {
		cost = append(cost, "about "+money.USD(*p.USD.Expected)+" if answers are as before")
	}
	if len(cost) == 0 {
		return text + "; cost unknown: " + p.Unknown
	}
	return text + ": " + strings.Join(cost, ", ")
}

// account says at the end what the run has spent and what the cache saved.
func (m *measurement) account() {
	s := m.purse.State()
	if s.USD > 0 || m.spec.capped() {
		text := fmt.Sprintf("used %d tokens", s.Tokens)
		if s.Caps.Tokens > 0 {
			text += fmt.Sprintf(" of %d", s.Caps.Tokens)
		}
		if s.USD > 0 || s.Caps.USD > 0 {
			text += ", spent " + money.USD(s.USD)
		}
		if s.Caps.USD > 0 {
			text += " of " + money.USD(s.Caps.USD)
		}
		if s.Unpriced > 0 {
			text += fmt.Sprintf("; the cost of %d requests is unknown and not in it", s.Unpriced)
		}
		if s.Exceeded > 0 {
			text += fmt.Sprintf("; %d requests used more than their worst case, by %s", s.Exceeded, money.USD(s.Excess))
		}
		m.note("%s", text)
	}
	if m.cache != nil {
		c := m.cache.Stats()
		text := fmt.Sprintf("cache: %d answers taken from it, %d asked", c.Hits, c.Misses)
		if c.SavedUSD > 0 {
			text += ", " + money.USD(c.SavedUSD) + " saved"
		}
		m.note("%s", text)
	}
}
