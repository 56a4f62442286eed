package runners

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// A process is one life of the program of a command.
type process struct {
	of     *command
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout io.ReadCloser
	stderr io.ReadCloser
	lines  chan []byte   // to the program
	exited chan struct{} // closed when the program has ended
	quiet  chan struct{} // closed when its standard error has
	buried chan struct{} // closed when all who waited have been told

	mu      sync.Mutex
	state   *os.ProcessState
	why     *eval.Failure // why it was killed
	over    *eval.Failure // what those hear who come too late
	spoke   bool          // it has written a line
	waiting map[int64]chan<- heard
	watch   *time.Timer // runs while somebody waits
	last    []string    // lines of its standard error
}

// heard is what became of a request.
type heard struct {
	out eval.Response
	err *eval.Failure
}

const (
	maxCommandLine = 64 << 20        // bytes of an answer
	afterlife      = 2 * time.Second // between the ends of a program and of its pipes
)

// start starts the program.
func (c *command) start() (*process, error) {
	p := &process{
		of: c, cmd: exec.Command(c.argv[0], c.argv[1:]...), lines: make(chan []byte), //nolint:gosec // the user's own program
		exited: make(chan struct{}), quiet: make(chan struct{}), buried: make(chan struct{}), waiting: map[int64]chan<- heard{},
	}
	p.cmd.Env = c.env
	p.cmd.SysProcAttr = apart()
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if p.stdout, err = p.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if p.stderr, err = p.cmd.StderrPipe(); err != nil {
		return nil, err
	}
	p.watch = time.AfterFunc(time.Hour, p.silent)
	p.watch.Stop()
	started := make(chan error)
	go p.live(started)
	if err := <-started; err != nil {
		return nil, err
	}
	go p.write()
	go p.complain()
	go p.read()
	return p, nil
}

// live starts the program and waits for its end. Linux ends it with the thread
// that started it, so that this one must stay.
func (p *process) live(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	state, _ := p.cmd.Process.Wait()
	killGroup(p.cmd.Process)
	p.mu.Lock()
	p.state = state
	p.mu.Unlock()
	close(p.exited)
	// What it started may hold its pipes open.
	time.AfterFunc(afterlife, func() {
		_ = p.stdout.Close()
		_ = p.stderr.Close()
	})
}

// write writes requests, in a goroutine of its own because the program may not
// read.
func (p *process) write() {
	defer p.stdin.Close() //nolint:errcheck // the end is seen elsewhere
	for {
		select {
		case line := <-p.lines:
			if line == nil {
				return
			}
			if _, err := p.stdin.Write(line); err != nil {
				p.deaf()
				return
			}
		case <-p.exited:
			return
		}
	}
}

// deaf ends a program that takes no requests any more, if it does not end by
// itself.
func (p *process) deaf() {
	select {
	case <-p.exited:
	case <-time.After(afterlife):
		p.kill(&eval.Failure{Kind: eval.FailConnection, Message: "it closed its standard input and did not end", Temporary: true, Begun: true})
	}
}

// complain passes on the standard error.
func (p *process) complain() {
	defer close(p.quiet)
	in := bufio.NewReaderSize(p.stderr, 1<<10)
	for {
		line, more, err := in.ReadLine()
		if err != nil {
			return
		}
		text := beginning(string(line))
		for more && err == nil { // the rest of a long line
			_, more, err = in.ReadLine()
		}
		if text == "" {
			continue
		}
		p.of.show(text)
		p.mu.Lock()
		p.last = append(p.last, text)
		p.last = p.last[max(0, len(p.last)-5):]
		p.mu.Unlock()
	}
}

// read reads answers to the end of the program, and buries it.
func (p *process) read() {
	in := bufio.NewScanner(p.stdout)
	in.Buffer(make([]byte, 64<<10), maxCommandLine)
	for in.Scan() {
		if f := p.hear(in.Bytes()); f != nil {
			p.kill(f)
			break
		}
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		p.kill(wire.Protocol(fmt.Sprintf("it wrote a line of more than %d MiB", maxCommandLine>>20)))
	}
	select {
	case <-p.exited:
	case <-time.After(afterlife):
		p.kill(wire.Protocol("it closed its standard output and did not end"))
		<-p.exited
	}
	<-p.quiet
	p.bury()
}

// kill ends the program and all that it started; the first reason counts.
func (p *process) kill(why *eval.Failure) {
	p.mu.Lock()
	if p.why == nil {
		p.why = why
	}
	p.mu.Unlock()
	select {
	case <-p.exited:
	default:
		killGroup(p.cmd.Process)
	}
}

// stop asks the program to end, and waits until it has.
func (p *process) stop() {
	select {
	case p.lines <- nil:
	case <-p.exited:
	case <-time.After(p.of.patience.grace):
	}
	select {
	case <-p.exited:
	case <-time.After(p.of.patience.grace):
		killGroup(p.cmd.Process)
	}
	<-p.buried
}

// bury tells all who wait that the program has ended.
func (p *process) bury() {
	p.mu.Lock()
	why := p.why
	if why == nil {
		why = &eval.Failure{Kind: eval.FailConnection, Message: "it ended (" + p.state.String() + ") without an answer", Temporary: true, Begun: true}
	}
	told := *why
	told.Message = p.of.called + ": " + told.Message
	if len(p.last) > 0 {
		told.Hint = strings.TrimPrefix(told.Hint+"; its last words: "+strings.Join(p.last, " / "), "; ")
	}
	p.mu.Unlock()
	over := p.of.ended(p, &told)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watch.Stop()
	p.over = over
	for id, w := range p.waiting {
		delete(p.waiting, id)
		mine := *over
		w <- heard{err: &mine}
		p.of.gate.leave()
	}
	close(p.buried)
}
