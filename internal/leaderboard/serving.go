package leaderboard

import (
	"maps"
	"slices"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/stats"
)

// A Serving says how models were served: how long requests waited, how fast
// answers came, and how many were in flight meanwhile. It is of the requests that
// are recorded, not of the server alone.
type Serving struct {
	Rows []ServingRow `json:"rows"`
}

// A ServingRow is one model at one benchmark of one run, or at all of them. Times
// are in seconds; what is nil is unknown.
type ServingRow struct {
	Model string `json:"model"`
	// Benchmark is empty for all benchmarks of a model that was asked several.
	Benchmark string `json:"benchmark,omitempty"`
	// Run is where the requests come from, where there are several runs.
	Run string `json:"run,omitempty"`
	// Requests counts the attempts for which the model was asked, those that failed
	// included. Cached counts those that a cache answered: they are in nothing else.
	Requests int            `json:"requests"`
	Cached   int            `json:"cached"`
	Errors   map[string]int `json:"errors,omitempty"` // by kind
	Tries    *Tries         `json:"tries,omitempty"`
	InFlight *InFlight      `json:"in_flight,omitempty"`
	// Queue is the wait for a free slot; FirstToken, FirstAnswer and Total count from
	// the sending of the request.
	Queue       *Spread `json:"queue_seconds,omitempty"`
	FirstToken  *Spread `json:"first_token_seconds,omitempty"`
	FirstAnswer *Spread `json:"first_answer_seconds,omitempty"`
	Total       *Spread `json:"total_seconds,omitempty"`
	// Rate is of single requests: output tokens over the time behind the first. Its
	// P90 and P99 are of the slow side: so many per cent were at least so fast.
	Rate *Spread `json:"tokens_per_second,omitempty"`
	// Aggregate is the output tokens of the requests whose times are known over the time
	// in which one of them was in flight.
	Aggregate *float64 `json:"aggregate_tokens_per_second,omitempty"`
	Tokens    int      `json:"output_tokens"`
	Estimated bool     `json:"estimated,omitempty"` // some token counts are estimates
	Gaps      *GapRow  `json:"gaps,omitempty"`
}

// A Spread is the quantiles of something over the requests of which it is known.
type Spread struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	N   int     `json:"n"`
}

// InFlight is how many requests were being answered at once, over the time in which
// there was one.
type InFlight struct {
	Mean        float64 `json:"mean"`
	Max         int     `json:"max"`
	BusySeconds float64 `json:"busy_seconds"`
	Requests    int     `json:"requests"` // of which begin and end are known
}

// Tries is how often requests were sent.
type Tries struct {
	Mean float64 `json:"mean"`
	Max  int     `json:"max"`
	N    int     `json:"n"`
}

// A GapRow is of the waits between the pieces of streamed answers, in seconds.
// Each request has a median gap and a 99th percentile; the quantiles are over
// requests.
type GapRow struct {
	Medians Spread  `json:"medians"`
	Slowest Spread  `json:"p99s"`
	Max     float64 `json:"max"`
}

// BuildServing reads the requests of all sources.
func BuildServing(sources []Source) (Serving, error) {
	out := Serving{Rows: []ServingRow{}}
	for _, s := range withMeasures(sources) {
		of := map[string]map[string]*requests{} // by model and benchmark
		for a, err := range s.Attempts {
			if err != nil {
				return out, err
			}
			if of[a.Key.Model] == nil {
				of[a.Key.Model] = map[string]*requests{}
			}
			r := of[a.Key.Model][a.Key.Benchmark]
			if r == nil {
				r = &requests{errors: map[string]int{}}
				of[a.Key.Model][a.Key.Benchmark] = r
			}
			r.add(a)
		}
		for _, model := range slices.Sorted(maps.Keys(of)) {
			for _, row := range rowsOf(of[model]) {
				row.Model = model
				if len(sources) > 1 {
					row.Run = s.Name
				}
				out.Rows = append(out.Rows, row)
			}
		}
	}
	return out, nil
}

// rowsOf gives the rows of a model, that of all benchmarks first.
func rowsOf(of map[string]*requests) []ServingRow {
	var rows []ServingRow
	all := &requests{errors: map[string]int{}}
	for _, benchmark := range slices.Sorted(maps.Keys(of)) {
		row := of[benchmark].row()
		row.Benchmark = benchmark
		rows = append(rows, row)
		all.join(of[benchmark])
	}
	if len(rows) > 1 {
		rows = slices.Insert(rows, 0, all.row())
	}
	return rows
}

// requests is what is kept of them: about a hundred bytes each.
type requests struct {
	n, cached, tokens, flown              int // flown are the tokens of flights
	estimated                             bool
	errors                                map[string]int
	tries, tried, mostTries               int
	queue, first, final, total            []float64
	rate, gapMedians, gapSlowest, gapsMax []float64
	flights                               []flight
}

// add takes over an attempt. What was generated counts where there is an answer,
// also where that could not be judged.
func (r *requests) add(a eval.Attempt) {
	if a.Response.Cached {
		r.cached++
		return
	}
	r.n++
	tries, answered := a.Response.Tries, a.Err == nil
	if a.Err != nil {
		r.errors[a.Err.Kind]++
		// What could not be judged was answered; the tries of its failure are a judge's.
		if answered = a.Err.Kind == eval.FailGrader || a.Err.Kind == eval.FailData; !answered {
			tries = max(tries, a.Err.Tries)
		}
	}
	if tries > 0 {
		r.tries, r.tried, r.mostTries = r.tries+tries, r.tried+1, max(r.mostTries, tries)
	}
	t := a.Response.Timing
	f, flew := flightOf(a.Started.Add(t.Queue), t.Total)
	if flew {
		r.flights = append(r.flights, f)
	}
	if !answered {
		return
	}
	r.answer(a, flew)
}

// answer takes over how a request was answered.
func (r *requests) answer(a eval.Attempt, flew bool) {
	t := a.Response.Timing
	if t.Total > 0 { // else nothing was timed, and no wait is not a wait of 0
		r.queue = append(r.queue, t.Queue.Seconds())
	}
	positive(&r.first, t.FirstToken)
	positive(&r.final, t.FirstAnswer)
	positive(&r.total, t.Total)
	if t.Gaps.N > 0 {
		r.gapMedians = append(r.gapMedians, t.Gaps.P50.Seconds())
		r.gapSlowest = append(r.gapSlowest, t.Gaps.P99.Seconds())
		r.gapsMax = append(r.gapsMax, t.Gaps.Max.Seconds())
	}
	if n := a.Response.Usage.Output; n != nil && *n > 0 {
		r.tokens += *n
		if flew {
			r.flown += *n
		}
		r.estimated = r.estimated || a.Response.Usage.Estimated
		if t.FirstToken > 0 && t.Total > t.FirstToken {
			r.rate = append(r.rate, float64(*n)/(t.Total-t.FirstToken).Seconds())
		}
	}
}

func positive(to *[]float64, d time.Duration) {
	if d > 0 {
		*to = append(*to, d.Seconds())
	}
}

// join adds the requests of another benchmark.
func (r *requests) join(o *requests) {
	r.n, r.cached, r.tokens, r.flown = r.n+o.n, r.cached+o.cached, r.tokens+o.tokens, r.flown+o.flown
	r.estimated = r.estimated || o.estimated
	for kind, n := range o.errors {
		r.errors[kind] += n
	}
	r.tries, r.tried, r.mostTries = r.tries+o.tries, r.tried+o.tried, max(r.mostTries, o.mostTries)
	for _, pair := range [...][2]*[]float64{
		{&r.queue, &o.queue}, {&r.first, &o.first}, {&r.final, &o.final}, {&r.total, &o.total}, {&r.rate, &o.rate},
		{&r.gapMedians, &o.gapMedians}, {&r.gapSlowest, &o.gapSlowest}, {&r.gapsMax, &o.gapsMax},
	} {
		*pair[0] = append(*pair[0], *pair[1]...)
	}
	r.flights = append(r.flights, o.flights...)
}

func (r *requests) row() ServingRow {
	row := ServingRow{
		Requests: r.n, Cached: r.cached, Tokens: r.tokens, Estimated: r.estimated, InFlight: inFlight(r.flights),
		Queue: spreadOf(r.queue), FirstToken: spreadOf(r.first), FirstAnswer: spreadOf(r.final), Total: spreadOf(r.total), Rate: slowSpreadOf(r.rate),
	}
	if len(r.errors) > 0 {
		row.Errors = r.errors
	}
	if r.tried > 0 {
		row.Tries = &Tries{Mean: float64(r.tries) / float64(r.tried), Max: r.mostTries, N: r.tried}
	}
	if row.InFlight != nil && r.flown > 0 {
		row.Aggregate = known(float64(r.flown) / row.InFlight.BusySeconds)
	}
	if len(r.gapMedians) > 0 {
		row.Gaps = &GapRow{Medians: *spreadOf(r.gapMedians), Slowest: *spreadOf(r.gapSlowest), Max: slices.Max(r.gapsMax)}
	}
	return row
}

// spreadOf is nil of nothing.
func spreadOf(x []float64) *Spread {
	if len(x) == 0 {
		return nil
	}
	q := stats.Quantiles(x, 0.5, 0.9, 0.99)
	return &Spread{P50: q[0], P90: q[1], P99: q[2], N: len(x)}
}

// slowSpreadOf is of what is better if it is more: 90% and 99% are at least so much.
func slowSpreadOf(x []float64) *Spread {
	if len(x) == 0 {
		return nil
	}
	q := stats.Quantiles(x, 0.5, 0.1, 0.01)
	return &Spread{P50: q[0], P90: q[1], P99: q[2], N: len(x)}
}
