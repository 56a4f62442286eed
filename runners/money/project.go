package money

import (
	"slices"

	"github.com/evalr/evalr/eval"
)

// bytesPerToken turns bytes of a prompt into tokens where nothing better is
// known. It is a rule of thumb, and shown as an estimate.
const bytesPerToken = 4

// A Job is what one model is to be asked.
type Job struct {
	Model string
	Price *Price // nil means unknown
	// Before is what the model used in earlier attempts; nil if there are none.
	Before *Habit

	// Of all requests together:
	requests  int
	bytes     int64
	worst     Worst
	worstCost amount
	unbounded bool
}

// Add takes a request into account.
func (j *Job) Add(q eval.Request) {
	w := WorstOf(q)
	j.requests++
	j.bytes += promptBytes(q)
	j.worst.Prompt += w.Prompt
	j.worst.Output += w.Output
	j.unbounded = j.unbounded || !w.Bounded
	if j.Price != nil && !j.Price.Hourly() {
		j.worstCost = j.worstCost.plus(j.Price.worst(w.Prompt, w.Output))
	}
}

// promptBytes are those of the texts alone.
func promptBytes(q eval.Request) int64 {
	n := int64(len(q.Prefill))
	for _, m := range q.Messages {
		n += int64(len(m.Content))
	}
	return n
}

// A Guess is a figure before it is known; nil stands for what cannot be said.
type Guess struct {
	// Low would be if all answers were as short as the shortest tenth of earlier
	// ones, Expected if they were as earlier ones.
	Low, Expected *float64
	// High is the worst case: the bound of the prompts, and max_tokens everywhere.
	High *float64
}

// A Projection is what a run is thought to use, before it starts.
type Projection struct {
	Model    string // empty for the sum
	Requests int
	Prompt   Guess // tokens
	Output   Guess // tokens
	USD      Guess
	// Unknown says why a figure of USD is missing; empty if none is.
	Unknown string
}

// Project gives the projection of each job and their sum, in which a figure that
// is missing anywhere is missing.
func Project(jobs ...Job) (each []Projection, sum Projection) {
	for _, j := range jobs {
		each = append(each, j.project())
	}
	if len(each) == 0 {
		return nil, Projection{}
	}
	sum = each[0]
	sum.Model = ""
	for _, p := range each[1:] {
		sum.Requests += p.Requests
		sum.Prompt = sum.Prompt.plus(p.Prompt)
		sum.Output = sum.Output.plus(p.Output)
		sum.USD = sum.USD.plus(p.USD)
		if sum.Unknown == "" {
			sum.Unknown = p.Unknown
		}
	}
	return each, sum
}

func (g Guess) plus(h Guess) Guess {
	add := func(a, b *float64) *float64 {
		if a == nil || b == nil {
			return nil
		}
		x := *a + *b
		return &x
	}
	return Guess{add(g.Low, h.Low), add(g.Expected, h.Expected), add(g.High, h.High)}
}

func (j Job) project() Projection {
	p := Projection{Model: j.Model, Requests: j.requests}
	n := float64(j.requests)
	prompt := float64(j.bytes) / bytesPerToken
	if b := j.Before; b != nil && b.TokensPerByte > 0 {
		prompt = float64(j.bytes) * b.TokensPerByte
	}
	worst := float64(j.worst.Prompt)
	prompt = min(prompt, worst)
	p.Prompt = Guess{&prompt, &prompt, &worst}
	if b := j.Before; b != nil {
		low, mean := b.OutputP10*n, b.Output*n
		p.Output.Low, p.Output.Expected = &low, &mean
	}
	if !j.unbounded {
		most := float64(j.worst.Output)
		p.Output.High = &most
	}
	p.price(j)
	return p
}

func (p *Projection) price(j Job) {
	switch {
	case j.Price == nil:
		p.Unknown = "the price of " + j.Model + " is unknown: give --prices"
		return
	case j.Price.Hourly():
		p.Unknown = j.Model + " is paid by the hour: how long it takes is not known before the first run"
		if b := j.Before; b != nil && b.USD != nil {
			x := *b.USD * float64(j.requests)
			p.USD.Expected, p.Unknown = &x, j.Model+" is paid by the hour: the least and the most are not known"
		}
		return
	case p.Output.High == nil:
		p.Unknown = j.Model + " has no --max-tokens: its worst case has no end"
	case p.Output.Expected == nil:
		p.Unknown = "no earlier attempts of " + j.Model + " tell how long its answers are"
	}
	// Prompts of one job are of about one length, so one rate holds for all.
	mean := int(*p.Prompt.Expected / float64(max(j.requests, 1)))
	r := j.Price.rates(mean)
	at := func(prompt, output *float64) *float64 {
		if prompt == nil || output == nil {
			return nil
		}
		x := *prompt*r.fresh.usd() + *output*r.output.usd()
		return &x
	}
	p.USD.Low, p.USD.Expected = at(p.Prompt.Low, p.Output.Low), at(p.Prompt.Expected, p.Output.Expected)
	if p.Output.High != nil {
		x := j.worstCost.usd()
		p.USD.High = &x
	}
}

// A Habit is what the answers of a model took in earlier attempts.
type Habit struct {
	Attempts          int
	Output, OutputP10 float64 // tokens an answer: the mean, and the shortest tenth
	TokensPerByte     float64 // of prompts; 0 means unknown
	USD               *float64
}

// A Past gathers the habits of a model from attempts.
type Past struct {
	outputs            []float64
	sum, prompt, bytes float64
	usd                float64
	priced, unpriced   int
}

// Add takes an attempt into account. What failed, or came from a cache, says
// little about what a request takes.
func (p *Past) Add(a eval.Attempt) {
	if a.Response.Cached || a.Response.Usage.Output == nil {
		return
	}
	u := a.Response.Usage
	if n := promptBytes(a.Request); u.Prompt != nil && n > 0 {
		p.prompt, p.bytes = p.prompt+float64(*u.Prompt), p.bytes+float64(n)
	}
	p.outputs, p.sum = append(p.outputs, float64(*u.Output)), p.sum+float64(*u.Output)
	if a.Cost == nil {
		p.unpriced++
		return
	}
	p.usd, p.priced = p.usd+*a.Cost, p.priced+1
}

// Habit is what was gathered; nil if no count is known.
func (p *Past) Habit() *Habit {
	n := len(p.outputs)
	if n == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(p.outputs))
	h := &Habit{Attempts: n, Output: p.sum / float64(n), OutputP10: sorted[n/10]}
	if p.bytes > 0 {
		h.TokensPerByte = p.prompt / p.bytes
	}
	if p.priced > 0 && p.unpriced == 0 {
		x := p.usd / float64(p.priced)
		h.USD = &x
	}
	return h
}
