package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
)

// A Server is an engine that runs.
type Server struct {
	engine Engine
	plan   plan
	root   string // the address without /v1
	order  order
	// foreign says that somebody else started it: it is neither restarted nor ended.
	foreign bool

	since    int64           // the size that the log had before the last start
	stopping context.Context // over when Close is called
	stop     context.CancelFunc
	gone     chan struct{} // closed when the supervision has ended

	mu       sync.Mutex
	kept     *kept
	up       bool
	dead     *eval.Failure // set when it is given up
	changed  chan struct{} // closed at every change of up and dead
	restarts int
}

// killTime is how long killed processes may take to be gone: those that wait for a
// graphics card take seconds.
const killTime = 30 * time.Second

func newServer(e Engine, p plan, root string) *Server {
	s := &Server{engine: e, plan: p, root: root, gone: make(chan struct{}), changed: make(chan struct{})}
	s.stopping, s.stop = context.WithCancel(context.Background())
	return s
}

// Base is the address of the engine's OpenAI-compatible API, which ends in /v1.
func (s *Server) Base() string { return s.root + "/v1" }

// Model is the name by which the engine knows the model.
func (s *Server) Model() string { return s.engine.Served() }

// Engine is what was started.
func (s *Server) Engine() Engine { return s.engine }

// Target is what Probe needs to know of the server.
func (s *Server) Target() Target {
	t := Target{Kind: s.engine.Kind, Model: s.Model(), Base: s.Base(), Args: s.engine.Args, Env: s.engine.Env, Started: !s.foreign}
	if s.engine.Kind == "llamacpp" {
		t.File = s.engine.Model
	}
	return t
}

// Restarts is how often the engine was started again.
func (s *Server) Restarts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.restarts
}

// Log is the file that holds what the engine printed; empty for an engine that
// somebody else started.
func (s *Server) Log() string {
	if s.foreign {
		return ""
	}
	return s.engine.Log
}

// Tail gives the last lines of the log, without control characters.
func (s *Server) Tail() []string { return tail(s.engine.Log, 0) }

// PID is the engine's process; 0 while it is down and for one that somebody else
// started.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil || !s.up {
		return 0
	}
	return s.kept.pid
}

// Close ends the engine with all its descendants.
func (s *Server) Close() error {
	if s.foreign {
		return nil
	}
	s.stop()
	<-s.gone
	if s.plan.temporary {
		_ = os.Remove(s.engine.Log)
	}
	return nil
}

// enter says that the engine is ready.
func (s *Server) enter(k *kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept, s.up = k, true
	s.tell()
}

// leave says that the engine is down; for good if there is a failure.
func (s *Server) leave(f *eval.Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.up, s.dead = false, f
	s.tell()
}

// tell wakes who waits for a change; the lock is held.
func (s *Server) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// state is what a request needs to know. born differs between two starts.
func (s *Server) state() (up bool, dead *eval.Failure, changed <-chan struct{}, born *kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.up, s.dead, s.changed, s.kept
}

// supervise starts the engine again when it dies, until it dies too often or the
// server is closed.
func (s *Server) supervise() {
	defer close(s.gone)
	var deaths []time.Time
	for {
		_, _, _, k := s.state()
		select {
		case <-s.stopping.Done():
			k.stop(s.plan.pace.grace + killTime)
			s.finish()
			return
		case <-k.ended:
		}
		s.leave(nil)
		if deaths = s.revive(deaths, k.how); deaths == nil {
			return
		}
	}
}

// revive starts the engine until it is ready again. It adds to the times of its
// deaths; nil means that it is given up, or that the server was closed.
func (s *Server) revive(deaths []time.Time, how string) []time.Time {
	for {
		deaths = recent(append(deaths, time.Now()), s.engine.Period)
		if len(deaths) > max(0, s.engine.Restarts) {
			s.giveUp(how, len(deaths))
			return nil
		}
		s.plan.say(fmt.Sprintf("%s died (%s): starting it again, %d of %d", s.engine, how, len(deaths), s.engine.Restarts))
		if !s.rest(len(deaths)) {
			s.finish()
			return nil
		}
		err := s.begin(s.stopping)
		if err != nil && s.stopping.Err() != nil {
			s.finish()
			return nil
		}
		if err == nil {
			s.mu.Lock()
			s.restarts++
			s.mu.Unlock()
			return deaths
		}
		how = err.Error()
		var failed *StartError
		if errors.As(err, &failed) {
			how = failed.Reason
		}
	}
}

// finish makes requests fail that come after Close.
func (s *Server) finish() {
	s.leave(&eval.Failure{Kind: eval.FailConnection, Message: s.engine.String() + " was ended with the run"})
}

// rest waits before the n-th restart, twice as long each time; false means that
// the server was closed.
func (s *Server) rest(n int) bool {
	wait := min(s.plan.pace.first<<min(n-1, 16), s.plan.pace.most)
	select {
	case <-time.After(wait):
		return true
	case <-s.stopping.Done():
		return false
	}
}

// giveUp makes every further request fail, with what is known.
func (s *Server) giveUp(how string, deaths int) {
	lines := tail(s.engine.Log, s.since)
	f := &eval.Failure{Kind: eval.FailConnection, Hint: remedy(lines)}
	f.Message = fmt.Sprintf("%s died %d times within %v and is given up (%s)", s.engine, deaths, s.engine.Period, how)
	if len(lines) > 0 {
		f.Message += "; its last words: " + strings.Join(lines[max(0, len(lines)-5):], " | ")
	}
	if f.Hint == "" && !s.plan.temporary {
		f.Hint = "look into " + s.engine.Log
	}
	s.plan.say(f.Message)
	s.leave(f)
}

// recent keeps the times that are less than a period old.
func recent(times []time.Time, period time.Duration) []time.Time {
	from := 0
	for from < len(times) && time.Since(times[from]) > period {
		from++
	}
	return times[from:]
}
