package evaltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/evalr/evalr/eval"
)

// A Reply is what the fake model says.
type Reply struct {
	Text      string
	Reasoning string // delivered apart if the protocol can, else put into <think> tags
	Stop      eval.Stop
	Usage     *eval.Usage
}

// A Body is a request as the server got it.
type Body struct {
	Raw      map[string]any
	Header   http.Header
	Path     string // with the query
	Messages []eval.Message
}

// A Service is a fake model server; what it says is up to its tongue.
type Service struct {
	*httptest.Server
	// Answer makes the reply to a request.
	Answer func(Body) Reply
	// Fault, if set, may answer instead, for tests of faults; true means that it did.
	Fault func(w http.ResponseWriter, r *http.Request, b Body) bool
	// Trouble is what goes wrong with every request.
	Trouble Trouble

	tongue tongue
	mu     sync.Mutex
	bodies []Body
}

// A tongue is a protocol as its service speaks it.
type tongue interface {
	// read finds the messages in a request.
	read(*Body)
	// check gives the status and the message with which the service would refuse a
	// request; an empty message means that it takes it.
	check(Body) (status int, message string)
	// streams says whether the request wants its answer in pieces.
	streams(Body) bool
	// said gives the pieces of an answer, whole gives it in one.
	said(Body, Reply) []said
	whole(Body, Reply) any
	// refusal is the body of a status that is no success.
	refusal(status int, message string) any
	// broken is the piece that tells of a failure in the middle of an answer.
	broken(message string) said
}

// said is one event of a stream. A text is sent as it is, all else as JSON; one
// that is a line stands bare, as in JSON lines.
type said struct {
	name string
	data any
	line bool
}

func (p said) bytes() []byte {
	text, ok := p.data.(string)
	if !ok {
		b, _ := json.Marshal(p.data)
		text = string(b)
	}
	if p.line {
		return []byte(text + "\n")
	}
	if p.name != "" {
		return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", p.name, text)
	}
	return fmt.Appendf(nil, "data: %s\n\n", text)
}

// start starts the server, which ends with the test.
func (s *Service) start(t testing.TB, pattern string, also func(*http.ServeMux)) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc(pattern, s.serve)
	if also != nil {
		also(mux)
	}
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		s.CloseClientConnections() // one that stalls would be waited for
		s.Close()
	})
}

// Bodies lists the requests so far.
func (s *Service) Bodies() []Body {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Body(nil), s.bodies...)
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	body := Body{Header: r.Header.Clone(), Path: r.URL.String()}
	if err := json.NewDecoder(r.Body).Decode(&body.Raw); err != nil {
		s.refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	s.tongue.read(&body)
	s.mu.Lock()
	s.bodies = append(s.bodies, body)
	s.mu.Unlock()
	if s.Fault != nil && s.Fault(w, r, body) || s.refuses(w, r, body) {
		return
	}
	if status, message := s.tongue.check(body); message != "" {
		s.refuse(w, status, message)
		return
	}
	reply := s.Answer(body)
	if reply.Stop == "" {
		reply.Stop = eval.StopEnd
	}
	if s.tongue.streams(body) {
		s.stream(w, r, s.tongue.said(body, reply))
		return
	}
	s.whole(w, r, s.tongue.whole(body, reply))
}

// refuse answers with a status that is no success.
func (s *Service) refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(s.tongue.refusal(status, message))
}

func (s *Service) stream(w http.ResponseWriter, r *http.Request, all []said) {
	w.Header().Set("Content-Type", "text/event-stream")
	if len(all) > 0 && all[0].line {
		w.Header().Set("Content-Type", "application/x-ndjson")
	}
	send := func(pieces []said) {
		for _, p := range pieces {
			_, _ = w.Write(p.bytes())
		}
	}
	if !s.Trouble.midway() {
		send(all)
		return
	}
	if s.Trouble == Empty {
		return
	}
	half := all[:len(all)/2]
	send(half)
	switch s.Trouble {
	case Broken:
		send([]said{s.tongue.broken("the engine is overloaded")})
	case Garbled:
		send([]said{{data: `{"choices":[{"del`, line: half[0].line}})
	default:
		s.Trouble.cut(w, r)
	}
}

func (s *Service) whole(w http.ResponseWriter, r *http.Request, v any) {
	w.Header().Set("Content-Type", "application/json")
	text, _ := json.Marshal(v)
	if !s.Trouble.midway() {
		_, _ = w.Write(text)
		return
	}
	switch s.Trouble {
	case Empty:
	case Broken:
		_ = json.NewEncoder(w).Encode(s.tongue.refusal(http.StatusServiceUnavailable, "the engine is overloaded"))
	case Garbled:
		_, _ = w.Write(bytes.Repeat([]byte(`{"choices":[{"del`), 3))
	default:
		if s.Trouble == Reset {
			w.Header().Set("Content-Length", fmt.Sprint(len(text)))
		}
		_, _ = w.Write(text[:len(text)/2])
		s.Trouble.cut(w, r)
	}
}

// pieces cuts a text at runes, about 40 bytes each.
func pieces(s string) []string {
	var out []string
	start := 0
	for i := range s {
		if i-start >= 40 {
			out = append(out, s[start:i])
			start = i
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}
