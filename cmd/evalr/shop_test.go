package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A shop is a service of Chat Completions that fails in many ways and keeps its own
// books. It shares no code with what is tested, and its amounts are whole: in
// billionths of a dollar, which is what a price of a thousandth of a dollar for a
// million tokens makes of one token.
type shop struct {
	*httptest.Server
	prices map[string]terms
	slow   time.Duration // an answer takes up to so long

	mu     sync.Mutex
	dice   *rand.Rand
	trends [fates]int // how often each fate comes, beside the others
	billed int64
	tokens int64
	most   int64             // of a single request
	sales  map[sale][]charge // since the last life began
	asked  int
}

// terms are prices in thousandths of a dollar for a million tokens.
type terms struct{ input, cached, output int64 }

// A sale is an attempt, as a service can tell it from others.
type sale struct {
	model, question string
	seed            int64
}

// A charge is what one request was billed. The client cannot know it of one that
// is open.
type charge struct {
	nano int64
	open bool
	good bool // it was answered
}

// A fate is what becomes of a request.
type fate int

const (
	served    fate = iota // streamed, with its usage
	wholly                // in one piece, with its usage
	uncounted             // without its usage
	busy                  // 429
	refusing              // 500 or 503, before anything was generated
	lost                  // generated, and the connection is reset before the first byte
	cutting               // the stream breaks off
	broken                // the stream ends in an error
	late                  // generated, and nothing is sent until the client gives up
	gateway               // generated, and a gateway gives up: 504
	fates
)

func newShop(t *testing.T, dice *rand.Rand, prices map[string]terms) *shop {
	s := &shop{prices: prices, dice: dice, sales: map[sale][]charge{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.serve)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		s.CloseClientConnections() // one that is late would be waited for
		s.Close()
	})
	return s
}

// priceFile is what the user knows of the prices.
func (s *shop) priceFile() string {
	var b strings.Builder
	b.WriteString("prices:\n")
	for model, p := range s.prices {
		usd := func(n int64) string { return fmt.Sprintf("%d.%03d", n/1000, n%1000) }
		fmt.Fprintf(&b, "  - model: %s\n    input: %s\n    cached_input: %s\n    output: %s\n", model, usd(p.input), usd(p.cached), usd(p.output))
	}
	return b.String()
}

// An order is what a client asks for.
type order struct {
	Model    string `json:"model"`
	Seed     int64  `json:"seed"`
	Most     int64  `json:"max_tokens"`
	MostAlso int64  `json:"max_completion_tokens"`
	Stream   bool   `json:"stream"`
	Messages []struct {
		Content string `json:"content"`
	} `json:"messages"`
}

// A bill is what a request took.
type bill struct{ prompt, cached, output int64 }

func (s *shop) serve(w http.ResponseWriter, r *http.Request) {
	var o order
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil || len(o.Messages) == 0 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	b, f, pause := s.take(o)
	select {
	case <-time.After(pause): // the time that a model takes; nobody waits for an event here
	case <-r.Context().Done():
		return
	}
	s.deliver(w, r, o, b, f)
}

// take throws the dice for a request and writes down at once what it is billed.
func (s *shop) take(o order) (bill, fate, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	f := s.fate()
	size := int64(0)
	for _, m := range o.Messages {
		size += int64(len(m.Content))
	}
	b := bill{output: 1 + s.dice.Int64N(max(o.Most, o.MostAlso))}
	if s.dice.IntN(3) == 0 {
		b.output = max(o.Most, o.MostAlso) // it thinks until it is stopped
	}
	// A token of a byte is the worst of tokenisers; the template adds some.
	b.prompt = size/4 + s.dice.Int64N(size-size/4+1) + s.dice.Int64N(100)
	b.cached = s.dice.Int64N(b.prompt + 1)
	c := charge{open: f != served && f != wholly, good: f <= uncounted}
	if f == busy || f == refusing {
		c.open = false
	} else {
		p := s.prices[o.Model]
		c.nano = p.input*(b.prompt-b.cached) + p.cached*b.cached + p.output*b.output
		s.billed += c.nano
		s.tokens += b.prompt + b.output
		s.most = max(s.most, c.nano)
	}
	k := sale{o.Model, o.Messages[len(o.Messages)-1].Content, o.Seed}
	s.sales[k] = append(s.sales[k], c)
	return b, f, time.Duration(s.dice.Int64N(int64(s.slow) + 1))
}

func (s *shop) fate() fate {
	sum := 0
	for _, n := range s.trends {
		sum += n
	}
	n := s.dice.IntN(max(sum, 1))
	for f, share := range s.trends {
		if n -= share; n < 0 {
			return fate(f)
		}
	}
	return served
}

func (s *shop) deliver(w http.ResponseWriter, r *http.Request, o order, b bill, f fate) {
	text := `It is \boxed{4}.`
	if strings.HasPrefix(o.Model, "judge") {
		text = `{"verdict":"correct","reason":"as it stands there"}`
	}
	used := map[string]any{"prompt_tokens": b.prompt, "completion_tokens": b.output, "prompt_tokens_details": map[string]any{"cached_tokens": b.cached}}
	switch f {
	case busy:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case refusing:
		w.WriteHeader(http.StatusInternalServerError)
		return
	case gateway:
		w.WriteHeader(http.StatusGatewayTimeout)
		return
	case lost:
		reset(w, r)
		return
	case late:
		<-r.Context().Done()
		return
	case wholly:
		sendJSON(w, "application/json", "", map[string]any{"model": o.Model, "usage": used, "choices": []any{map[string]any{"finish_reason": "stop", "message": map[string]any{"content": text}}}})
		return
	}
	piece := func(v any) { sendJSON(w, "text/event-stream", "data: ", v) }
	piece(map[string]any{"model": o.Model, "choices": []any{map[string]any{"delta": map[string]any{"content": text}}}})
	w.(http.Flusher).Flush()
	switch f {
	case cutting:
		reset(w, r)
		return
	case broken:
		piece(map[string]any{"error": map[string]any{"message": "the engine is overloaded"}})
		return
	}
	piece(map[string]any{"choices": []any{map[string]any{"delta": map[string]any{}, "finish_reason": "stop"}}})
	if f != uncounted {
		piece(map[string]any{"choices": []any{}, "usage": used})
	}
	_, _ = fmt.Fprint(w, "data: [DONE]\n\n")
}

func sendJSON(w http.ResponseWriter, kind, before string, v any) {
	w.Header().Set("Content-Type", kind)
	line, _ := json.Marshal(v)
	_, _ = fmt.Fprintf(w, "%s%s\n\n", before, line)
}

// life begins a new page of the books.
func (s *shop) life() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sales = map[sale][]charge{}
}

// sum is what was billed so far, in billionths of a dollar and in tokens.
func (s *shop) sum() (nano, tokens int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.billed, s.tokens
}

// of is what was billed for an attempt in this life. known says that the client
// was told all of it.
func (s *shop) of(k sale) (nano int64, known bool, answered int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known = true
	for _, c := range s.sales[k] {
		nano += c.nano
		known = known && !c.open
		if c.good {
			answered++
		}
	}
	return nano, known, answered
}

// knows says whether an attempt was asked for in this life.
func (s *shop) knows(k sale) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sales[k]) > 0
}

func TestTheBooksOfTheShop(t *testing.T) {
	s := newShop(t, rand.New(rand.NewPCG(1, 1)), map[string]terms{"m": {1000, 500, 2000}})
	s.trends[served] = 1
	answer, err := http.Post(s.URL+"/v1/chat/completions", "application/json", strings.NewReader(`{"model":"m","seed":3,"max_tokens":10,"stream":true,"messages":[{"content":"what?"}]}`))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	nano, known, answered := s.of(sale{"m", "what?", 3})
	all, tokens := s.sum()
	require.Positive(t, nano)
	require.Equal(t, nano, all)
	require.Positive(t, tokens)
	require.True(t, known)
	require.Equal(t, 1, answered)
}
