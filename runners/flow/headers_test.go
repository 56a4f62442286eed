package flow

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

func TestQuotasAreReadFromHeaders(t *testing.T) {
	for name, c := range map[string]struct {
		header http.Header
		want   quotas
	}{
		"none": {header("Content-Type", "text/html"), quotas{}},
		"OpenAI": {
			header("x-ratelimit-limit-requests", "60", "x-ratelimit-remaining-requests", "59", "x-ratelimit-reset-requests", "1s",
				"x-ratelimit-limit-tokens", "150000", "x-ratelimit-remaining-tokens", "149984", "x-ratelimit-reset-tokens", "6m0s"),
			quotas{requests: {{60, 59, time.Second, 0}}, tokens: {{150000, 149984, 6 * time.Minute, 0}}},
		},
		"unknown to Azure": {header("x-ratelimit-limit-tokens", "-1", "x-ratelimit-remaining-tokens", "-1", "x-ratelimit-reset-tokens", "0"), quotas{}},
		"Anthropic": {
			header("anthropic-ratelimit-requests-limit", "50", "anthropic-ratelimit-requests-remaining", "49", "anthropic-ratelimit-requests-reset", "2026-01-02T12:00:30Z",
				"anthropic-ratelimit-input-tokens-limit", "40000", "anthropic-ratelimit-input-tokens-remaining", "39000", "anthropic-ratelimit-input-tokens-reset", "2026-01-02T11:59:00Z",
				"anthropic-ratelimit-output-tokens-limit", "8000", "anthropic-ratelimit-output-tokens-remaining", "0"),
			quotas{requests: {{50, 49, 30 * time.Second, 0}}, input: {{40000, 39000, 0, 0}}, output: {{8000, 0, 0, 0}}},
		},
		"draft 03": {header("RateLimit-Limit", "100, 100;w=60", "RateLimit-Remaining", "40", "RateLimit-Reset", "30"), quotas{requests: {{100, 40, 30 * time.Second, time.Minute}}}},
		"draft 06": {header("RateLimit-Limit", "10", "RateLimit-Policy", "10;w=1, 1000;w=3600", "RateLimit-Remaining", "9", "RateLimit-Reset", "1"), quotas{requests: {{10, 9, time.Second, time.Second}}}},
		"draft 10": {
			header("RateLimit-Policy", `"burst";q=100;w=60,"daily";q=1000;w=86400`, "RateLimit", `"burst";r=50;t=30`),
			quotas{requests: {{100, 50, 30 * time.Second, time.Minute}, {1000, -1, 0, 24 * time.Hour}}},
		},
		"another unit": {header("RateLimit-Policy", `"peruser";q=65535;qu="content-bytes";w=10`), quotas{}},
		"nonsense":     {header("x-ratelimit-limit-requests", "many", "RateLimit", ";;;,=,", "RateLimit-Policy", `"a";q=NaN`, "ratelimit-limit", "1e400"), quotas{}},
	} {
		assert.Equal(t, c.want, readQuotas(c.header, noon), name)
	}
}

func TestResets(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"6m0s": 6 * time.Minute, "17ms": 17 * time.Millisecond, "2m59.56s": 179560 * time.Millisecond, "59": 59 * time.Second, "1.5": 1500 * time.Millisecond,
		"2026-01-02T13:00:00+01:00": 0, "2026-01-02T12:01:00Z": time.Minute, "": 0, "-5s": 0, "-1": 0, "soon": 0, "9999999999999": longest, "Inf": 0, "2999-01-01T00:00:00Z": longest,
	} {
		assert.Equal(t, want, readReset(s, noon), s)
	}
}

func TestTheWindowOfALimit(t *testing.T) {
	for name, c := range map[string]struct {
		q    quota
		want time.Duration
	}{
		"a minute, if nothing else is said":         {quota{limit: 60, remaining: -1}, time.Minute},
		"a minute, whatever a short reset would be": {quota{limit: 4000, remaining: 3999, reset: time.Second}, time.Minute},
		"as told":                 {quota{limit: 10, remaining: 9, reset: time.Second, window: time.Second}, time.Second},
		"a day, as Groq's":        {quota{limit: 14400, remaining: 14370, reset: 179560 * time.Millisecond}, 86189 * time.Second},
		"an hour that is used up": {quota{limit: 100, remaining: 0, reset: time.Hour}, time.Hour},
	} {
		assert.InDelta(t, c.want.Seconds(), c.q.span().Seconds(), 1, name)
	}
}

func TestWhatHeadersTellIsKept(t *testing.T) {
	r := newRate(Options{RPM: 100})
	r.apply(noon)
	assert.InDelta(t, 100.0/60, r.buckets[requests].rate, 1e-9)
	r.heard(readQuotas(header("x-ratelimit-limit-requests", "60", "x-ratelimit-remaining-requests", "59", "x-ratelimit-reset-requests", "1s"), noon), noon)
	assert.InDelta(t, 0.98, r.buckets[requests].rate, 1e-9, "the lower of both")
	r.heard(readQuotas(header("x-ratelimit-limit-tokens", "6000"), noon), noon)
	assert.InDelta(t, 0.98, r.buckets[requests].rate, 1e-9, "a response that tells nothing of requests changes nothing")
	assert.InDelta(t, 98, r.buckets[tokens].rate, 1e-9)
	r.heard(readQuotas(header("x-ratelimit-limit-requests", "6000", "x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "1m0s"), noon), noon)
	assert.InDelta(t, 100.0/60, r.buckets[requests].rate, 1e-9, "the user's own limit holds")
	assert.True(t, r.when(noon).After(noon), "nothing is left")
}

func FuzzQuotas(f *testing.F) {
	f.Add("60", "59", "6m0s", `"a";q=1;w=60,"b";q=2`, `"a";r=0;t=30`)
	f.Add("1e308", "-0", "2026-01-02T12:00:30Z", "100, 100;w=60", "10;w=1")
	f.Fuzz(func(t *testing.T, limit, remaining, reset, policy, now string) {
		for _, h := range []http.Header{
			header("x-ratelimit-limit-requests", limit, "x-ratelimit-remaining-requests", remaining, "x-ratelimit-reset-requests", reset),
			header("anthropic-ratelimit-tokens-limit", limit, "anthropic-ratelimit-tokens-remaining", remaining, "anthropic-ratelimit-tokens-reset", reset),
			header("ratelimit-policy", policy, "ratelimit", now),
			header("ratelimit-limit", policy, "ratelimit-remaining", remaining, "ratelimit-reset", reset),
		} {
			q := readQuotas(h, noon)
			if len(q[requests])+len(q[tokens]) > 2*maxItems {
				t.Fatal("more than can be meant")
			}
			r := newRate(Options{})
			r.heard(q, noon)
			r.sent(false, noon)
			at := r.when(noon)
			if at.Before(noon) || at.Sub(noon) > longest+time.Second {
				t.Fatalf("the next request at %v", at)
			}
			for _, x := range []float64{r.buckets[requests].rate, r.buckets[tokens].rate, r.buckets[requests].level} {
				if x != x || x > 1e16 || x < -1e16 {
					t.Fatalf("rate or level %v", x)
				}
			}
		}
	})
}

func TestShapes(t *testing.T) {
	same := shape("500: request req_abc123 failed after 17 ms at 2026-01-02T12:00:00Z")
	assert.Equal(t, same, shape("500: Request req_77f failed after 3 ms at 2025-07-02T12:11:10Z"))
	assert.NotEqual(t, same, shape("500: request req_abc123 refused after 17 ms at 2026-01-02T12:00:00Z"))
}

func FuzzShape(f *testing.F) {
	f.Add("error 17 in {\"id\": \"x9\"}")
	f.Fuzz(func(t *testing.T, s string) {
		if len(shape(s)) > 3000 {
			t.Fatal("too long")
		}
	})
}
