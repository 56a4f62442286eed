package jail

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A Worker runs one job at a time. A worker that has died says so by ErrDied.
type Worker struct {
	config  Config
	process *os.Process
	control *os.File
	died    chan struct{} // closed when the process was reaped
	seq     int64         // of the last job
}

// ErrDied is wrapped by the error of Run when the worker, not the program, is at
// fault: the job is to be run again by another.
var ErrDied = errors.New("the worker died")

// startTimeout bounds how long a worker may take to be ready.
const startTimeout = 20 * time.Second

// Start starts a worker. The error is a *Failure when the system forbids a step
// of the isolation. With a group, the worker and all in it are bounded by it.
func Start(c Config, g *Group) (*Worker, error) {
	if Filter(false) == nil {
		return nil, &Failure{Step: "filter system calls", Text: "there is no table for " + runtime.GOARCH}
	}
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	_ = unix.SetNonblock(ends[0], true)
	theirs := os.NewFile(uintptr(ends[1]), "control")
	w := &Worker{config: c, control: os.NewFile(uintptr(ends[0]), "control"), died: make(chan struct{})}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	w.process, err = os.StartProcess("/proc/self/exe", []string{Argv0}, &os.ProcAttr{
		Env: []string{}, Dir: "/", Files: []*os.File{null, null, null, theirs}, Sys: attributes(c),
	})
	_ = theirs.Close()
	_ = null.Close()
	if err != nil {
		_ = w.control.Close()
		return nil, failure("start in new namespaces", err)
	}
	go func() {
		_, _ = w.process.Wait()
		close(w.died)
	}()
	if g != nil {
		err = g.enter(w.process.Pid) // meanwhile the worker makes its root
	}
	if err == nil {
		err = w.greet(c)
	}
	if err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// greet sends the config and waits until the worker is ready.
func (w *Worker) greet(c Config) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_ = w.control.SetDeadline(time.Now().Add(startTimeout))
	if _, err := w.control.Write(text); err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	answer := make([]byte, maxMessage)
	n, err := w.control.Read(answer)
	_ = w.control.SetDeadline(time.Time{})
	if err != nil {
		return fmt.Errorf("start a worker: it gave no answer: %w", err)
	}
	var f Failure
	if err := json.Unmarshal(answer[:n], &f); err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	if f.Step != "" {
		return &f
	}
	return nil
}

// Pid is the worker's process on the host.
func (w *Worker) Pid() int { return w.process.Pid }

// Close ends the worker and everything in it, and waits until it is gone.
func (w *Worker) Close() {
	_ = w.process.Kill()
	_ = w.control.Close()
	<-w.died
}

// Died is closed when the worker has ended.
func (w *Worker) Died() <-chan struct{} { return w.died }

// attributes asks for the namespaces and maps the ids. Root keeps itself for
// setting up and maps one further user for programs; anyone else maps itself
// alone.
func attributes(c Config) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS,
		Setsid:     true,
	}
	if c.Root {
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}, {ContainerID: c.User, HostID: c.User, Size: 1}}
		a.GidMappings = a.UidMappings
		a.GidMappingsEnableSetgroups = true
		return a
	}
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	return a
}

// Streams are the descriptors of a job, all of them the program's ends; Channel
// is its descriptor 3.
type Streams struct {
	Stdin, Stdout, Stderr int
	Channel               int // -1 for none
}

// A Run is a job that has been sent.
type Run struct {
	worker *Worker
	report *os.File
	stop   *os.File
}

// Begin sends a job. contents belong to job.Files. The streams may be closed
// when it returns.
func (w *Worker) Begin(j Job, contents [][]byte, s Streams) (*Run, error) {
	w.seq++
	j.Channel, j.Seq = s.Channel >= 0, w.seq
	blob, err := blobOf(&j, contents)
	if err != nil {
		return nil, fmt.Errorf("send a program: %w", err)
	}
	defer unix.Close(blob) //nolint:errcheck // memory
	text, err := w.told(j, blob)
	if err == nil && len(text) > maxMessage {
		err = fmt.Errorf("its arguments are too long: %d bytes", len(text))
	}
	if err != nil {
		return nil, fmt.Errorf("send a program: %w", err)
	}
	report, theirReport, err := pipe(false)
	if err != nil {
		return nil, fmt.Errorf("send a program: %w", err)
	}
	stop, theirStop, err := pipe(true)
	if err != nil {
		_ = report.Close()
		_ = unix.Close(theirReport)
		return nil, fmt.Errorf("send a program: %w", err)
	}
	fds := []int{blob, s.Stdin, s.Stdout, s.Stderr, theirReport, theirStop}
	if j.Channel {
		fds = append(fds, s.Channel)
	}
	r := &Run{worker: w, report: report, stop: stop}
	err = send(w.control, text, fds)
	_ = unix.Close(theirReport)
	_ = unix.Close(theirStop)
	if err != nil {
		r.close()
		return nil, fmt.Errorf("%w: %w", ErrDied, err)
	}
	return r, nil
}

// told is what the worker is told of a job; the rest goes into the blob.
func (w *Worker) told(j Job, blob int) ([]byte, error) {
	if len(w.config.Python) == 0 {
		return json.Marshal(j)
	}
	z, private, err := zygoteJobOf(w.config, j)
	if err == nil {
		err = writeAll(blob, private)
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(z)
}

// send writes one message with descriptors.
func send(control *os.File, text []byte, fds []int) error {
	raw, err := control.SyscallConn()
	if err != nil {
		return err
	}
	var sent error
	err = raw.Write(func(fd uintptr) bool {
		sent = unix.Sendmsg(int(fd), text, unix.UnixRights(fds...), nil, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT)
		return !errors.Is(sent, unix.EAGAIN)
	})
	return errors.Join(err, sent)
}

// Stop has the supervisor end the program. Wait then returns soon.
func (r *Run) Stop() { _ = r.stop.Close() }

func (r *Run) close() {
	_ = r.report.Close()
	_ = r.stop.Close()
}

// Wait waits for the report. An error that wraps ErrDied says that there will be
// none.
func (r *Run) Wait() (Report, error) {
	defer r.close()
	var said message
	text := make([]byte, len(said)*8)
	if _, err := io.ReadFull(r.report, text); err != nil {
		return Report{}, r.silent()
	}
	for i := range said {
		said[i] = int64(binary.NativeEndian.Uint64(text[8*i:]))
	}
	if said[0] == saidFailed {
		return Report{Step: r.worker.step(int(said[1])), Errno: int(said[2]), ExitCode: -1}, nil
	}
	ws := syscall.WaitStatus(said[1])
	out := Report{CPU: time.Duration(said[2] + said[3]), Peak: said[4] << 10, Stopped: said[5] != 0, Over: said[6] != 0, ExitCode: ws.ExitStatus()}
	if ws.Signaled() {
		out.Signal, out.ExitCode = int(ws.Signal()), -1
	}
	over, late := r.worker.said()
	out.Over, out.Late = out.Over || over, said[7] != 0 || late
	return out, nil
}

// said reads what the worker has sent of its last job: that it ended it for its
// memory or its processor time.
func (w *Worker) said() (over, late bool) {
	raw, err := w.control.SyscallConn()
	if err != nil {
		return false, false
	}
	var text [64]byte
	for {
		n := 0
		rerr := raw.Read(func(fd uintptr) bool {
			n, _, err = unix.Recvfrom(int(fd), text[:], unix.MSG_DONTWAIT)
			return true
		})
		if rerr != nil || err != nil || n <= 0 {
			return over, late
		}
		switch string(text[:n]) {
		case fmt.Sprintf("%s %d", saidOver, w.seq):
			over = true
		case fmt.Sprintf("%s %d", saidLate, w.seq):
			late = true
		}
	}
}

// silent explains why there was no report.
func (r *Run) silent() error {
	text := make([]byte, maxMessage)
	_ = r.worker.control.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	n, err := r.worker.control.Read(text)
	_ = r.worker.control.SetReadDeadline(time.Time{})
	var f Failure
	if err == nil && json.Unmarshal(text[:n], &f) == nil && f.Step != "" {
		return &f
	}
	return ErrDied
}

// step names a step of a script, as scriptOf and zygoteScript number them.
func (w *Worker) step(n int) string {
	var s script
	if len(w.config.Python) > 0 {
		s.steps = zygoteScript(w.config).Steps
	} else {
		s.steps = scriptOf(w.config, Job{Argv: []string{"the program"}}, nil, make([]int, jobFds+1)).steps
	}
	return s.failed(n)
}
