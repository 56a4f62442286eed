package evaltest

import (
	"fmt"
	"net/http"
)

// A Trouble is what goes wrong at a fake service.
type Trouble string

// The troubles.
const (
	None         Trouble = ""
	Cut          Trouble = "the answer ends in the middle, as if it were whole"
	Reset        Trouble = "the connection breaks in the middle of the answer"
	Broken       Trouble = "an error stands in the answer"
	Garbled      Trouble = "a piece of the answer is no JSON"
	Empty        Trouble = "the answer is empty"
	Stalled      Trouble = "the server falls silent in the middle of the answer"
	Silent       Trouble = "the server never begins to answer"
	WebPage      Trouble = "a web page comes instead of the answer"
	RateLimited  Trouble = "429 with Retry-After"
	Overloaded   Trouble = "503"
	Unauthorized Trouble = "401 that repeats the key"
	Rejected     Trouble = "400"
)

// Wish is the Retry-After of RateLimited, in seconds.
const Wish = 7

// midway says whether the answer begins before the trouble does.
func (t Trouble) midway() bool {
	switch t {
	case Cut, Reset, Broken, Garbled, Empty, Stalled:
		return true
	}
	return false
}

// cut ends an answer of which a part was sent.
func (t Trouble) cut(w http.ResponseWriter, r *http.Request) {
	if f, ok := w.(http.Flusher); ok && t != Cut {
		f.Flush()
	}
	switch t {
	case Reset:
		panic(http.ErrAbortHandler)
	case Stalled:
		<-r.Context().Done()
	}
}

// refuses answers instead of the model if that is the trouble.
func (s *Service) refuses(w http.ResponseWriter, r *http.Request, b Body) bool {
	switch s.Trouble {
	case Silent:
		<-r.Context().Done()
	case WebPage:
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<!doctype html><title>Welcome</title>")
	case RateLimited:
		w.Header().Set("Retry-After", fmt.Sprint(Wish))
		s.refuse(w, http.StatusTooManyRequests, "slow down")
	case Overloaded:
		s.refuse(w, http.StatusServiceUnavailable, "come back later")
	case Unauthorized:
		sent := b.Header.Get("Authorization") + b.Header.Get("X-Api-Key") + b.Header.Get("X-Goog-Api-Key")
		s.refuse(w, http.StatusUnauthorized, "no such key: "+sent)
	case Rejected:
		s.refuse(w, http.StatusBadRequest, "the temperature is too high")
	default:
		return false
	}
	return true
}
