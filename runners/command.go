package runners

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/evalr/evalr/eval"
)

// command asks a program of the user's over its standard input and output, a line
// of JSON for each request and for each answer (docs/own-model.md). The program is
// kept alive, and started again when it ends. It is trusted: it is not isolated,
// but it is given no keys.
type command struct {
	name     string
	called   string // the name in messages
	argv     []string
	env      []string
	o        Options
	patience patience
	gate     *gate
	next     atomic.Int64 // the id of the last request
	shown    atomic.Int64 // lines of the program's that the user was shown

	mu        sync.Mutex
	live      *process
	ends      int // in a row, without an answer between them
	notBefore time.Time
	lost      *eval.Failure // why it is not started again
	closed    bool
}

// patience says how a program that ends is started again.
type patience struct {
	first, most time.Duration // the wait before the next start, doubled each time
	ends        int           // in a row without an answer, until it is given up
	grace       time.Duration // for one that is asked to end
}

var usualPatience = patience{first: 100 * time.Millisecond, most: 10 * time.Second, ends: 5, grace: 2 * time.Second}

func commandAt(o opening) (eval.Runner, error) { return newCommand(o, usualPatience) }

func newCommand(o opening, p patience) (*command, error) {
	argv, err := words(o.Model)
	if err != nil {
		return nil, err
	}
	if _, err := exec.LookPath(argv[0]); err != nil {
		return nil, fmt.Errorf("%w: is the path right, and the program executable? (one in this folder is written ./%s)", err, filepath.Base(argv[0]))
	}
	name := strings.Join(append([]string{filepath.Base(argv[0])}, argv[1:]...), " ")
	called := []rune(name)
	if len(called) > 60 {
		called = append(called[:60:60], []rune(" …")...)
	}
	return &command{name: name, called: string(called), argv: argv, env: keyless(os.Environ(), o.keyVars), o: o.Options, patience: p, gate: &gate{limit: 1}}, nil
}

// keyless leaves out the variables that hold keys.
func keyless(environ, keys []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(keys, name)
	})
}

// Name is the program with its arguments, without its folder.
func (c *command) Name() string { return c.name }

// A commandRequest is a line that the program is sent.
type commandRequest struct {
	ID       int64          `json:"id"`
	Messages []eval.Message `json:"messages"`
	eval.Sampling
	Prefill        string         `json:"prefill,omitempty"`
	Effort         string         `json:"effort,omitempty"`
	ThinkingBudget *int           `json:"thinking_budget,omitempty"`
	Extra          map[string]any `json:"extra,omitempty"`
}

// Generate asks once.
func (c *command) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	arrived := time.Now()
	id := c.next.Add(1)
	line, err := json.Marshal(commandRequest{id, q.Messages, q.Sampling, q.Prefill, q.Effort, q.ThinkingBudget, q.Extra})
	if err != nil {
		return eval.Response{}, fmt.Errorf("build the request: %w", err)
	}
	if err := c.gate.enter(ctx); err != nil {
		return eval.Response{}, err
	}
	p, err := c.process(ctx)
	if err != nil {
		c.gate.leave()
		return eval.Response{}, err
	}
	sent := time.Now()
	out, err := p.ask(ctx, id, append(line, '\n'))
	if err != nil {
		return eval.Response{}, helped(err)
	}
	out.Timing = eval.Timing{Queue: sent.Sub(arrived), Total: time.Since(sent)}
	return out, nil
}

// commandHelps says what would help against a failure of a program that says no more.
var commandHelps = map[string]string{
	eval.FailProtocol:   "docs/own-model.md says what a program writes",
	eval.FailConnection: "give the program a line by hand, as docs/own-model.md shows it, and see why it ends",
	eval.FailServer:     "the program itself says so",
}

func helped(err error) error {
	var f *eval.Failure
	if !errors.As(err, &f) || f.Hint != "" {
		return err
	}
	out := *f
	out.Hint = commandHelps[f.Kind]
	return &out
}

// process gives the program that runs, started if none does and it may be.
func (c *command) process(ctx context.Context) (*process, error) {
	for {
		p, wait, err := c.try()
		if p != nil || err != nil {
			return p, err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
	}
}

// try is process without waiting: it may say how long to wait instead.
func (c *command) try() (p *process, wait time.Duration, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch wait = time.Until(c.notBefore); {
	case c.closed:
		return nil, 0, &eval.Failure{Kind: eval.FailInternal, Message: c.called + " was ended with the run"}
	case c.lost != nil:
		return nil, 0, neverSent(c.lost)
	case c.live != nil:
		return c.live, 0, nil
	case wait > 0:
		return nil, wait, nil
	}
	p, err = c.start()
	if err != nil {
		c.lost = &eval.Failure{Kind: eval.FailRequest, Message: "start " + c.called + ": " + err.Error(), Hint: "is it a program for this machine, with its first line right?"}
		return nil, 0, neverSent(c.lost)
	}
	c.live = p
	return p, 0, nil
}

// answered is told of every answer.
func (c *command) answered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ends = 0
}

// ended is told that a program has ended, and why. It gives what those are to hear
// who waited for it.
func (c *command) ended(p *process, why *eval.Failure) *eval.Failure {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live == p {
		c.live = nil
	}
	if c.closed {
		return why
	}
	c.ends++
	if c.ends <= c.patience.ends {
		c.notBefore = time.Now().Add(min(c.patience.first<<(c.ends-1), c.patience.most))
		return why
	}
	lost := *why
	lost.Temporary = false
	lost.Message = fmt.Sprintf("%s ended %d times in a row without an answer and is not started again; the last time: %s", c.called, c.ends, strings.TrimPrefix(why.Message, c.called+": "))
	c.lost = &lost
	return &lost
}

// Close ends the program: its standard input is closed, and what of it does not
// end by that is killed.
func (c *command) Close() error {
	c.mu.Lock()
	c.closed = true
	p := c.live
	c.mu.Unlock()
	if p != nil {
		p.stop()
	}
	return nil
}

// shownLines is how many lines of the program's standard error the user is shown.
const shownLines = 200

// show passes on what the program says to people.
func (c *command) show(line string) {
	switch n := c.shown.Add(1); {
	case n < shownLines:
		c.o.Warn(c.called + ": " + line)
	case n == shownLines:
		c.o.Warn(c.called + ": (what it says from here on is not shown)")
	}
}

// neverSent gives what became of the program to one whose request it never got.
func neverSent(f *eval.Failure) *eval.Failure {
	out := *f
	out.Begun = false
	return &out
}

// words splits a command line at its spaces. Quotes, single or double, hold words
// together, and a backslash takes the meaning off the next character, but not
// within single quotes. There is nothing else of a shell in it.
func words(line string) ([]string, error) {
	var out []string
	var word strings.Builder
	begun, escaped := false, false
	var quote rune
	for _, r := range line {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			begun, escaped = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			begun, quote = true, r
		case r == ' ' || r == '\t' || r == '\n':
			if begun {
				out = append(out, word.String())
				word.Reset()
				begun = false
			}
		default:
			begun = true
			word.WriteRune(r)
		}
	}
	switch {
	case quote != 0:
		return nil, fmt.Errorf("a quote %c is not closed in the command %q", quote, line)
	case escaped:
		return nil, fmt.Errorf("a backslash stands at the end of the command %q", line)
	case begun:
		out = append(out, word.String())
	}
	if len(out) == 0 || out[0] == "" {
		return nil, errors.New("the path of the program is missing: want command:PATH")
	}
	return out, nil
}
