package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// A StartError is an engine that did not become ready.
type StartError struct {
	Engine string   // KIND:MODEL
	Reason string   // how it ended
	Remedy string   // what would help; empty if that is not known
	Tail   []string // the end of its log
	Log    string   // where the rest is; empty if the log was a temporary file
}

// Error gives the reason, the remedy, and the end of the log in lines of its own.
func (e *StartError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "start %s: %s", e.Engine, e.Reason)
	if e.Remedy != "" {
		b.WriteString(": " + e.Remedy)
	}
	switch {
	case len(e.Tail) == 0:
		b.WriteString("; it printed nothing")
	case e.Log != "":
		b.WriteString("; the end of its log (" + e.Log + "):")
	default:
		b.WriteString("; the end of its log:")
	}
	for _, line := range e.Tail {
		b.WriteString("\n  | " + line)
	}
	return b.String()
}

// pace is how often an engine is looked at.
type pace struct {
	poll, slow  time.Duration // between two looks whether it is ready: at first, and later
	say         time.Duration // between two lines about a start
	first, most time.Duration // the wait before a restart, and the longest such wait
	grace       time.Duration // for an engine to end by itself
	settle      time.Duration // the longest wait for a live engine that does not answer
}

var usual = pace{
	poll: 50 * time.Millisecond, slow: time.Second, say: 5 * time.Second,
	first: time.Second, most: 30 * time.Second, grace: 5 * time.Second, settle: 30 * time.Second,
}

// portTries is how many free ports are tried when they are taken in the meantime.
const portTries = 3

// Launch starts an engine on 127.0.0.1, or takes the Ollama that runs, and returns
// when it answers. say is told how the start goes, and later of restarts; nil
// drops it. A start that fails is a *StartError; an engine that could not even be
// tried is another error that says what to do. ctx bounds the start alone: the
// Server lives until Close.
func Launch(ctx context.Context, e Engine, say func(string)) (*Server, error) {
	return launch(ctx, e, say, usual)
}

func launch(ctx context.Context, e Engine, say func(string), p pace) (*Server, error) {
	if say == nil {
		say = func(string) {}
	}
	e = e.filled()
	if err := e.Vet(); err != nil {
		return nil, err
	}
	if e.Kind == "ollama" {
		if s, err := running(ctx, e, say); s != nil || err != nil {
			return s, err
		}
	}
	program, err := e.program()
	if err != nil {
		return nil, err
	}
	temporary := e.Log == ""
	if temporary {
		f, err := os.CreateTemp("", "evalr-engine-*.log")
		if err != nil {
			return nil, fmt.Errorf("start %s: %w", e, err)
		}
		_ = f.Close()
		e.Log = f.Name()
	}
	for try := 1; ; try++ {
		s, err := launchOn(ctx, e, plan{program, temporary, say, p})
		var failed *StartError
		again := errors.As(err, &failed) && failed.Remedy == portTaken && e.Port == 0 && try < portTries
		if again {
			continue
		}
		if err != nil && temporary {
			_ = os.Remove(e.Log)
		}
		if err == nil && e.Kind == "ollama" {
			err = s.holds(ctx)
		}
		if err != nil {
			return nil, err
		}
		return s, nil
	}
}

// A plan is what a start needs besides the engine.
type plan struct {
	program   string
	temporary bool // the log goes with the server
	say       func(string)
	pace      pace
}

// launchOn starts the engine on one port.
func launchOn(ctx context.Context, e Engine, p plan) (*Server, error) {
	port := e.Port
	if port == 0 {
		var err error
		if port, err = freePort(); err != nil {
			return nil, err
		}
	} else if c, err := net.DialTimeout("tcp", address(port), time.Second); err == nil {
		_ = c.Close()
		return nil, fmt.Errorf("start %s: something listens on port %d already: choose another port, or none", e, port)
	}
	k := kinds[e.Kind]
	args, env := k.command(e, strconv.Itoa(port))
	s := newServer(e, p, "http://"+address(port))
	s.order = order{
		Argv: append(append([]string{p.program}, args...), e.Args...),
		Env:  with(e.Env, env),
		Log:  e.Log, Grace: p.pace.grace,
	}
	p.say(fmt.Sprintf("starting %s: %s", e, strings.Join(s.order.Argv, " ")))
	if err := s.begin(ctx); err != nil {
		return nil, err
	}
	go s.supervise()
	return s, nil
}

// begin starts the engine once and waits until it is ready.
func (s *Server) begin(ctx context.Context) error {
	s.since = sizeOf(s.engine.Log)
	k, err := keep(s.order, s.engine.String())
	if err != nil {
		return &StartError{Engine: s.engine.String(), Reason: err.Error(), Remedy: remedy([]string{err.Error()})}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.engine.Ready, errLate)
	defer cancel()
	err = s.ready(ctx, k)
	if err == nil {
		s.enter(k)
		return nil
	}
	k.stop(s.plan.pace.grace + killTime)
	if errors.Is(err, context.Canceled) {
		return err
	}
	if errors.Is(err, errLate) {
		err = fmt.Errorf("it was not ready after %v", s.engine.Ready)
	}
	lines := tail(s.engine.Log, s.since)
	failed := &StartError{Engine: s.engine.String(), Reason: err.Error(), Remedy: remedy(lines), Tail: lines}
	if !s.plan.temporary {
		failed.Log = s.engine.Log
	}
	return failed
}

var errLate = errors.New("not ready in time")

// ready returns when the engine answers, has ended, or ctx is over.
func (s *Server) ready(ctx context.Context, k *kept) error {
	start := time.Now()
	pause, told, last := s.plan.pace.poll, start, ""
	for {
		if s.healthy(ctx) {
			select {
			case <-k.ended: // then it is another's answer
			default:
				s.plan.say(fmt.Sprintf("%s is ready after %v", s.engine, time.Since(start).Round(100*time.Millisecond)))
				return nil
			}
		}
		select {
		case <-k.ended:
			return errors.New("it ended before it was ready: " + k.how)
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
		pause = min(pause+pause/4, s.plan.pace.slow)
		if time.Since(told) < s.plan.pace.say {
			continue
		}
		told = time.Now()
		line := "it has printed nothing yet"
		if lines := tail(s.engine.Log, s.since); len(lines) > 0 {
			line = lines[len(lines)-1]
		}
		if line == last {
			line = "no news"
		} else {
			last = line
		}
		s.plan.say(fmt.Sprintf("%s is starting (%v): %s", s.engine, time.Since(start).Round(time.Second), line))
	}
}

// direct is a client that goes through no proxy and keeps no connection, so that
// an answer is that of who listens now.
var direct = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// healthTimeout bounds one look at an engine's health.
const healthTimeout = 2 * time.Second

// healthy says whether the engine answers that it is ready.
func (s *Server) healthy(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	return answers(ctx, s.root+kinds[s.engine.Kind].health)
}

// answers says whether an address gives a 200.
func answers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := direct.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	return resp.StatusCode == http.StatusOK
}
