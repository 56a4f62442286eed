package wire

import (
	"math"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
)

// A Draft is a response that grows piece by piece: providers put the pieces in,
// and it keeps the time.
type Draft struct {
	// Out holds what a provider sets by itself: Usage, Model, Fingerprint, Stop.
	Out eval.Response

	text, thought, refusal   strings.Builder
	first, firstAnswer, last time.Time
	gaps                     gaps
}

// Text adds a piece of the answer; the time is zero for an answer in one piece.
func (d *Draft) Text(piece string, at time.Time) {
	if piece == "" {
		return
	}
	d.text.WriteString(piece)
	d.tick(at)
	if d.firstAnswer.IsZero() {
		d.firstAnswer = at
	}
}

// Thought adds a piece of a thought that is delivered apart.
func (d *Draft) Thought(piece string, at time.Time) {
	if piece == "" {
		return
	}
	d.thought.WriteString(piece)
	d.tick(at)
}

// Refusal adds a piece of what the service calls a refusal.
func (d *Draft) Refusal(piece string) { d.refusal.WriteString(piece) }

// Size is how many bytes there are so far.
func (d *Draft) Size() int { return d.text.Len() + d.thought.Len() + d.refusal.Len() }

func (d *Draft) tick(at time.Time) {
	if at.IsZero() {
		return
	}
	if d.first.IsZero() {
		d.first = at
	} else {
		d.gaps.add(at.Sub(d.last))
	}
	d.last = at
}

// Response is the whole, with its times by the exchange and without the key, should
// the server have repeated it. A refusal decides the stop, and is the text where
// there is no other.
func (d *Draft) Response(x Exchange) eval.Response {
	out := d.Out
	out.Usage = Counted(out.Usage)
	out.Raw, out.Reasoning = d.text.String(), d.thought.String()
	if d.refusal.Len() > 0 {
		out.Stop = eval.StopRefusal
		if out.Raw == "" {
			out.Raw = d.refusal.String()
		}
	}
	stop := string(out.Stop)
	for _, text := range []*string{&out.Raw, &out.Reasoning, &out.Model, &out.Fingerprint, &stop} {
		*text = x.key.Scrub(*text)
	}
	out.Stop = eval.Stop(stop)
	out.Timing.Total = x.End.Sub(x.Sent)
	if !d.first.IsZero() {
		out.Timing.FirstToken = d.first.Sub(x.Sent)
	}
	if !d.firstAnswer.IsZero() {
		out.Timing.FirstAnswer = d.firstAnswer.Sub(x.Sent)
	}
	out.Timing.Gaps = d.gaps.summary()
	return out
}

// Counted is what a server counted, as far as it can be meant: fewer tokens than none
// are unknown.
func Counted(u eval.Usage) eval.Usage {
	for _, n := range []**int{&u.Prompt, &u.Output, &u.Reasoning, &u.Cached} {
		if *n != nil && **n < 0 {
			*n = nil
		}
	}
	return u
}

// gaps are waits between pieces, counted in buckets that grow by a tenth, so that
// a percentile is exact within 5% and a thought of 100,000 pieces costs nothing.
type gaps struct {
	n       int
	most    time.Duration
	buckets map[int16]int32
}

const gapGrowth = 1.1

func (g *gaps) add(d time.Duration) {
	g.n++
	g.most = max(g.most, d)
	if g.buckets == nil {
		g.buckets = map[int16]int32{}
	}
	g.buckets[gapBucket(d)]++
}

func gapBucket(d time.Duration) int16 {
	micros := float64(d) / float64(time.Microsecond)
	if micros <= 1 {
		return 0
	}
	return int16(math.Round(math.Log(micros) / math.Log(gapGrowth)))
}

func (g *gaps) summary() eval.Gaps {
	if g.n == 0 {
		return eval.Gaps{}
	}
	return eval.Gaps{N: g.n, P50: g.quantile(0.5), P99: g.quantile(0.99), Max: g.most}
}

// quantile is the least wait that a share q of the waits does not pass.
func (g *gaps) quantile(q float64) time.Duration {
	need, seen := int32(math.Ceil(q*float64(g.n))), int32(0)
	last := gapBucket(g.most)
	for b := int16(0); b <= last; b++ {
		if seen += g.buckets[b]; seen >= need {
			micros := math.Pow(gapGrowth, float64(b))
			return min(time.Duration(micros*float64(time.Microsecond)), g.most)
		}
	}
	return g.most
}
