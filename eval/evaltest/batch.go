package evaltest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// A Fate is what becomes of a request in a batch.
type Fate int

// The fates.
const (
	FateAnswered Fate = iota
	FateErrored       // the service failed at it
	FateInvalid       // the service refuses it
	FateTooLong       // it does not fit into the context
	FateGarbled       // it is billed, and the answer cannot be understood
	FateSlow          // it is not done when the batch expires or is cancelled
	FateLost          // the results do not name it
)

// Batches is a fake service of batches in the shapes of OpenAI (files of requests
// and results) and of Anthropic (/messages/batches). It keeps a book of what it
// accepted and billed, and its clock goes only when it is told.
type Batches struct {
	*httptest.Server
	// Answer is what the model says to a prompt; nil repeats it.
	Answer func(prompt string) string
	// Fate of a request, by its prompt; nil answers all.
	Fate func(prompt string) Fate
	// Takes is how long a batch takes.
	Takes time.Duration
	// Tick is how far the clock goes with every request to the service.
	Tick time.Duration
	// Refuse, if set, is why every batch of the shape of OpenAI fails as a whole.
	Refuse string
	// Forgets drops the metadata of batches.
	Forgets bool
	// PageSize of lists; 0 means what is asked for.
	PageSize int
	// Before may answer a call instead, and After when it was carried out but not yet
	// answered; true means that they did. One call is served at a time.
	Before, After func(w http.ResponseWriter, r *http.Request) bool

	mu       sync.Mutex
	now      time.Time
	files    map[string][]byte
	batches  []*fakeBatch // in the order of their making
	accepted map[string]int
	billed   map[string]int
	calls    []string
}

// window is how long a batch lives.
const window = 24 * time.Hour

// A fakeBatch is a batch of either shape.
type fakeBatch struct {
	id, input, endpoint string
	metadata            map[string]string
	requests            []fakeRequest
	made                time.Time
	cancelled           bool
	state               string // in OpenAI's words; empty while it goes on
	output, errors      []byte // OpenAI's files
	results             []byte // Anthropic's
	counts              map[Fate]int
}

type fakeRequest struct {
	id     string
	prompt string
}

// NewBatches starts a fake service that ends with the test.
func NewBatches(t testing.TB) *Batches {
	t.Helper()
	s := &Batches{
		now: time.Now(), files: map[string][]byte{}, accepted: map[string]int{}, billed: map[string]int{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/files", s.upload)
	mux.HandleFunc("GET /v1/files/{id}/content", s.content)
	mux.HandleFunc("POST /v1/batches", s.create)
	mux.HandleFunc("GET /v1/batches", s.list)
	mux.HandleFunc("GET /v1/batches/{id}", s.look)
	mux.HandleFunc("POST /v1/batches/{id}/cancel", s.cancel)
	mux.HandleFunc("POST /v1/messages/batches", s.createMessages)
	mux.HandleFunc("GET /v1/messages/batches", s.listMessages)
	mux.HandleFunc("GET /v1/messages/batches/{id}", s.look)
	mux.HandleFunc("GET /v1/messages/batches/{id}/results", s.messageResults)
	mux.HandleFunc("POST /v1/messages/batches/{id}/cancel", s.cancel)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(mux, w, r) }))
	t.Cleanup(s.Close)
	return s
}

// serve serves one call at a time, between Before and After.
func (s *Batches) serve(mux http.Handler, w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(s.Tick)
	s.calls = append(s.calls, r.Method+" "+r.URL.Path)
	if s.Before != nil && s.Before(w, r) {
		return
	}
	for _, b := range s.batches {
		s.proceed(b)
	}
	if s.After == nil {
		mux.ServeHTTP(w, r)
		return
	}
	held := httptest.NewRecorder()
	mux.ServeHTTP(held, r)
	if s.After(w, r) {
		return
	}
	for name, values := range held.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(held.Code)
	_, _ = w.Write(held.Body.Bytes())
}

// API is the base address.
func (s *Batches) API() string { return s.URL + "/v1" }

// Hook sets Before and After while calls may be under way.
func (s *Batches) Hook(before, after func(http.ResponseWriter, *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Before, s.After = before, after
}

// Advance moves the clock.
func (s *Batches) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// Book gives how often each request was accepted and billed, by its custom id.
func (s *Batches) Book() (accepted, billed map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	accepted, billed = map[string]int{}, map[string]int{}
	for id, n := range s.accepted {
		accepted[id] = n
	}
	for id, n := range s.billed {
		billed[id] = n
	}
	return accepted, billed
}

// Made counts the batches.
func (s *Batches) Made() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.batches)
}

// Calls lists what was called, as method and path.
func (s *Batches) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.calls...)
}

func (s *Batches) find(w http.ResponseWriter, id string) *fakeBatch {
	for _, b := range s.batches {
		if b.id == id {
			return b
		}
	}
	refuseBatch(w, http.StatusNotFound, "no such batch")
	return nil
}

func (s *Batches) accept(b *fakeBatch) {
	b.made, b.counts = s.now, map[Fate]int{}
	s.batches = append(s.batches, b)
	for _, q := range b.requests {
		s.accepted[q.id]++
	}
}

// proceed ends a batch whose time has come.
func (s *Batches) proceed(b *fakeBatch) {
	slow := false
	for _, q := range b.requests {
		slow = slow || s.fate(q) == FateSlow
	}
	age := s.now.Sub(b.made)
	switch {
	case b.state != "":
		return
	case s.Refuse != "" && b.input != "":
		b.state = "failed"
		return
	case b.cancelled:
		b.state = "cancelled"
	case age >= window && (slow || s.Takes > window):
		b.state = "expired"
	case age >= s.Takes && !slow:
		b.state = "completed"
	default:
		return
	}
	for _, q := range b.requests {
		fate := s.fate(q)
		b.counts[fate]++
		if fate == FateAnswered || fate == FateGarbled || fate == FateLost {
			s.billed[q.id]++
		}
		s.write(b, q, fate)
	}
	s.files[b.id+"-output"], s.files[b.id+"-errors"] = b.output, b.errors
}

func (s *Batches) fate(q fakeRequest) Fate {
	if s.Fate == nil {
		return FateAnswered
	}
	return s.Fate(q.prompt)
}

// write adds the result of a request to the files.
func (s *Batches) write(b *fakeBatch, q fakeRequest, fate Fate) {
	text := q.prompt
	if s.Answer != nil {
		text = s.Answer(q.prompt)
	}
	switch {
	case fate == FateLost:
	case b.input != "":
		s.writeFiles(b, q, fate, text)
	default:
		b.results = append(b.results, messageLine(q, fate, text, b.cancelled)...)
	}
}

func refuseBatch(w http.ResponseWriter, code int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": message}})
}

func sendJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// look shows a batch, in its own shape.
func (s *Batches) look(w http.ResponseWriter, r *http.Request) {
	if b := s.find(w, r.PathValue("id")); b != nil {
		sendJSON(w, s.show(b))
	}
}

func (s *Batches) show(b *fakeBatch) map[string]any {
	if b.input != "" {
		return s.showFile(b)
	}
	return s.showMessages(b)
}

func (s *Batches) cancel(w http.ResponseWriter, r *http.Request) {
	if b := s.find(w, r.PathValue("id")); b != nil {
		b.cancelled = true
		sendJSON(w, s.show(b))
	}
}
