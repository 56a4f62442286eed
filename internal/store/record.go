package store

import (
	"encoding/json"
	"math"
	"time"

	"github.com/evalr/evalr/eval"
)

// A record is a line of attempts.jsonl: an attempt without its long texts. What
// is absent is unknown. Other programs read it; the names are a contract.
type record struct {
	Benchmark   string             `json:"benchmark"`
	Problem     string             `json:"problem"`
	Model       string             `json:"model"`
	Trial       int                `json:"trial"`
	Outcome     eval.Outcome       `json:"outcome,omitempty"`
	Score       *float64           `json:"score,omitempty"`
	Answer      string             `json:"answer,omitempty"`
	Canonical   string             `json:"canonical,omitempty"`
	Why         string             `json:"why,omitempty"`
	Warnings    []string           `json:"warnings,omitempty"`
	Checks      []eval.Check       `json:"checks,omitempty"`
	Judging     *eval.Judging      `json:"judging,omitempty"`
	Stop        eval.Stop          `json:"stop,omitempty"`
	Thought     eval.ThoughtState  `json:"thought,omitempty"`
	Usage       *eval.Usage        `json:"usage,omitempty"`
	Timing      *timing            `json:"timing,omitempty"`
	Tries       int                `json:"tries,omitempty"`
	Cached      bool               `json:"cached,omitempty"`
	Cost        *float64           `json:"cost_usd,omitempty"`
	Measures    map[string]float64 `json:"measures,omitempty"`
	Error       *eval.Failure      `json:"error,omitempty"`
	Started     time.Time          `json:"started"`
	ServedAs    string             `json:"served_as,omitempty"`
	Fingerprint string             `json:"fingerprint,omitempty"`
	Transcript  span               `json:"transcript"`
}

// timing is in milliseconds.
type timing struct {
	Queue       float64 `json:"queue_ms,omitempty"`
	FirstToken  float64 `json:"first_token_ms,omitempty"`
	FirstAnswer float64 `json:"first_answer_ms,omitempty"`
	Total       float64 `json:"total_ms,omitempty"`
	Gaps        *gaps   `json:"gaps,omitempty"`
}

// gaps are the waits between the pieces of an answer, in milliseconds.
type gaps struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50_ms"`
	P99 float64 `json:"p99_ms"`
	Max float64 `json:"max_ms"`
}

// A span is where an attempt's frame lies in the transcripts.
type span struct {
	Offset int64 `json:"offset"`
	Length int64 `json:"length"`
}

// A transcript is the content of a frame: one line of JSON.
type transcript struct {
	Benchmark string       `json:"benchmark"`
	Problem   string       `json:"problem"`
	Model     string       `json:"model"`
	Trial     int          `json:"trial"`
	Request   eval.Request `json:"request"`
	Response  string       `json:"response"`
	Reasoning string       `json:"reasoning,omitempty"`
}

func (r *record) key() eval.Key {
	return eval.Key{Benchmark: r.Benchmark, Problem: r.Problem, Model: r.Model, Trial: r.Trial}
}

func recordOf(a eval.Attempt) record {
	r := record{
		Benchmark: a.Key.Benchmark, Problem: a.Key.Problem, Model: a.Key.Model, Trial: a.Key.Trial,
		Stop: a.Response.Stop, Thought: a.Response.State, Cost: a.Cost, Measures: a.Measures, Error: a.Err,
		Checks: a.Verdict.Checks, Judging: a.Verdict.Judging, Tries: a.Response.Tries, Cached: a.Response.Cached,
		Started: a.Started.UTC(), ServedAs: a.Response.Model, Fingerprint: a.Response.Fingerprint,
	}
	if a.Err == nil {
		r.judge(a.Verdict)
	}
	if a.Response.Usage != (eval.Usage{}) {
		r.Usage = &a.Response.Usage
	}
	if t := a.Response.Timing; t != (eval.Timing{}) {
		r.Timing = timingOf(t)
	}
	return r
}

func timingOf(t eval.Timing) *timing {
	out := &timing{Queue: inMS(t.Queue), FirstToken: inMS(t.FirstToken), FirstAnswer: inMS(t.FirstAnswer), Total: inMS(t.Total)}
	if g := t.Gaps; g.N > 0 {
		out.Gaps = &gaps{g.N, inMS(g.P50), inMS(g.P99), inMS(g.Max)}
	}
	return out
}

func (t timing) timing() eval.Timing {
	out := eval.Timing{Queue: fromMS(t.Queue), FirstToken: fromMS(t.FirstToken), FirstAnswer: fromMS(t.FirstAnswer), Total: fromMS(t.Total)}
	if g := t.Gaps; g != nil {
		out.Gaps = eval.Gaps{N: g.N, P50: fromMS(g.P50), P99: fromMS(g.P99), Max: fromMS(g.Max)}
	}
	return out
}

// judge puts a verdict into a record.
func (r *record) judge(v eval.Verdict) {
	r.Outcome, r.Score, r.Answer, r.Canonical = v.Outcome, &v.Score, v.Answer, v.Canonical
	r.Why, r.Warnings, r.Checks, r.Judging = v.Why, v.Warnings, v.Checks, v.Judging
}

func (r *record) verdict() eval.Verdict {
	v := eval.Verdict{
		Outcome: r.Outcome, Answer: r.Answer, Canonical: r.Canonical,
		Why: r.Why, Warnings: r.Warnings, Checks: r.Checks, Judging: r.Judging,
	}
	if r.Score != nil {
		v.Score = *r.Score
	}
	return v
}

func (r *record) attempt() eval.Attempt {
	a := eval.Attempt{
		Key: r.key(), Verdict: r.verdict(), Measures: r.Measures, Cost: r.Cost, Started: r.Started, Err: r.Error,
		Response: eval.Response{
			State: r.Thought, Stop: r.Stop, Model: r.ServedAs, Fingerprint: r.Fingerprint, Tries: r.Tries, Cached: r.Cached,
		},
	}
	if r.Usage != nil {
		a.Response.Usage = *r.Usage
	}
	if r.Timing != nil {
		a.Response.Timing = r.Timing.timing()
	}
	return a
}

// transcriptOf gives the content of an attempt's frame.
func transcriptOf(a eval.Attempt) ([]byte, error) {
	text, err := json.Marshal(transcript{
		Benchmark: a.Key.Benchmark, Problem: a.Key.Problem, Model: a.Key.Model, Trial: a.Key.Trial,
		Request: a.Request, Response: a.Response.Raw, Reasoning: a.Response.Reasoning,
	})
	return append(text, '\n'), err
}

// addTexts puts the texts of a frame into an attempt.
func addTexts(a *eval.Attempt, frame []byte) error {
	var t transcript
	if err := json.Unmarshal(frame, &t); err != nil {
		return err
	}
	a.Request = t.Request
	a.Request.Key = a.Key
	a.Response.Raw, a.Response.Reasoning = t.Response, t.Reasoning
	return nil
}

func inMS(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func fromMS(ms float64) time.Duration {
	return time.Duration(math.Round(ms * float64(time.Millisecond)))
}
