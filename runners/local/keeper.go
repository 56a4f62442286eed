package local

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// KeeperName is the name (os.Args[0]) under which this program starts itself to
// keep an engine. A main function must hand over to Keeper when it is called so,
// before it looks at its arguments:
//
//	if os.Args[0] == local.KeeperName {
//		os.Exit(local.Keeper(os.Args[1:], os.Stdin))
//	}
const KeeperName = "evalr-engine-keeper"

// An order is what a keeper is told on its standard input, as one line. The
// input stays open after it: when it ends, the engine has to end, for then evalr
// wants it to, or is dead.
type order struct {
	Argv  []string      `json:"argv"`
	Env   []string      `json:"env"`
	Log   string        `json:"log"`
	Grace time.Duration `json:"grace"` // between the wish to end and the kill
}

// news is what a keeper says on its standard output, one line each: that the
// engine was started, then how it ended.
type news struct {
	PID   int    `json:"pid,omitempty"`
	Error string `json:"error,omitempty"` // it could not be started
	Ended string `json:"ended,omitempty"`
}

// orderLimit bounds the line of an order.
const orderLimit = 4 << 20

// Keeper keeps one engine: it starts it, ends it with all its descendants when
// stdin ends, and tells how it ended. It returns the exit code of the process. The
// arguments only show in the list of processes what is kept.
func Keeper(_ []string, stdin io.Reader) int {
	heard := guard()
	in := bufio.NewReader(io.LimitReader(stdin, orderLimit))
	line, err := in.ReadBytes('\n')
	var o order
	if err == nil {
		err = json.Unmarshal(line, &o)
	}
	if err == nil && len(o.Argv) == 0 {
		err = errors.New("no program")
	}
	out := json.NewEncoder(os.Stdout)
	if err != nil {
		_ = out.Encode(news{Error: "read the order: " + err.Error()})
		return 2
	}
	pid, err := bear(o)
	if err != nil {
		_ = out.Encode(news{Error: err.Error()})
		return 1
	}
	_ = out.Encode(news{PID: pid})
	over := make(chan struct{})
	go func() {
		defer close(over)
		_, _ = io.Copy(io.Discard, stdin)
	}()
	_ = out.Encode(news{Ended: outlast(pid, o.Grace, over, heard)})
	return 0
}

// bear starts the engine with its log as its output, in a session of its own so
// that a key pressed in evalr's terminal does not reach it.
func bear(o order) (int, error) {
	log, err := os.OpenFile(o.Log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer log.Close() //nolint:errcheck // the engine has it
	null, err := os.Open(os.DevNull)
	if err != nil {
		return 0, err
	}
	defer null.Close() //nolint:errcheck // read only
	p, err := os.StartProcess(o.Argv[0], o.Argv, &os.ProcAttr{Env: o.Env, Files: []*os.File{null, log, log}, Sys: ofEngine()})
	if err != nil {
		return 0, err
	}
	return p.Pid, nil
}

// A kept engine is the other end of a keeper.
type kept struct {
	in    io.WriteCloser
	cmd   *exec.Cmd
	pid   int           // of the engine
	ended chan struct{} // closed when the engine and its keeper are gone
	how   string        // how it ended; to be read after ended is closed
	once  sync.Once
}

// keep starts an engine under a keeper.
func keep(o order, label string) (*kept, error) {
	self, err := ownProgram()
	if err != nil {
		return nil, fmt.Errorf("start the engine's keeper: %w", err)
	}
	k := &kept{ended: make(chan struct{})}
	k.cmd = &exec.Cmd{Path: self, Args: []string{KeeperName, label}, Env: []string{}, SysProcAttr: ofKeeper()}
	if k.in, err = k.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := k.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := k.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the engine's keeper: %w", err)
	}
	said := json.NewDecoder(io.LimitReader(out, orderLimit))
	var first news
	err = json.NewEncoder(k.in).Encode(o)
	if err == nil {
		err = said.Decode(&first)
	}
	switch {
	case err != nil:
		err = fmt.Errorf("the engine's keeper said nothing (%w): does main hand over to local.Keeper?", err)
	case first.PID == 0:
		err = errors.New(first.Error)
	}
	if err != nil {
		_ = k.in.Close()
		_ = k.cmd.Process.Kill()
		_ = k.cmd.Wait()
		return nil, err
	}
	k.pid = first.PID
	go k.await(said)
	return k, nil
}

// await hears how the engine ends. A keeper that was killed says nothing: then
// what is left of the engine is ended from here.
func (k *kept) await(said *json.Decoder) {
	var last news
	if err := said.Decode(&last); err != nil || last.Ended == "" {
		last.Ended = "its keeper was killed"
		_ = syscall.Kill(-k.pid, syscall.SIGKILL)
	}
	_ = k.cmd.Wait()
	k.how = last.Ended
	close(k.ended)
}

// stop ends the engine and returns when it is gone.
func (k *kept) stop(patience time.Duration) {
	k.once.Do(func() { _ = k.in.Close() })
	select {
	case <-k.ended:
	case <-time.After(patience):
		_ = k.cmd.Process.Kill()
		<-k.ended
	}
}
