package jail

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// fdControl is the socket by which a worker is told its jobs; when its other end
// is closed, the worker ends and with it all that is in it.
const fdControl = 3

// init turns this process into a worker if it was started as one. It must come
// before everything else that a program of many packages initialises: a worker
// starts in a millisecond because this package needs little and its path sorts
// early, which is the order of initialisation.
func init() {
	closeOnExec()
	if len(os.Args) == 0 || os.Args[0] != Argv0 || os.Getpid() != 1 {
		return
	}
	runtime.LockOSThread()
	control := fdControl
	if err := work(control); err != nil {
		answer, _ := json.Marshal(err)
		_ = unix.Send(control, answer, unix.MSG_NOSIGNAL)
		os.Exit(1)
	}
	os.Exit(0)
}

// closeOnExec marks every descriptor past the standard three. Go marks its own,
// but what the caller's shell left open is inherited as it is.
func closeOnExec() {
	if unix.CloseRange(3, 1<<31-1, unix.CLOSE_RANGE_CLOEXEC) == nil {
		return
	}
	entries, _ := os.ReadDir("/proc/self/fd") // before Linux 5.11
	for _, e := range entries {
		if fd, err := strconv.Atoi(e.Name()); err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
}

// A Failure is a step of setting up that failed.
type Failure struct {
	Step  string
	Errno syscall.Errno
	Text  string
}

func (f *Failure) Error() string { return f.Step + ": " + f.Text }

// Unwrap gives the system's error.
func (f *Failure) Unwrap() error { return f.Errno }

func failure(step string, err error) *Failure {
	f := &Failure{Step: step, Text: err.Error()}
	_ = errors.As(err, &f.Errno)
	return f
}

// work is the life of a worker.
func work(control int) *Failure {
	unix.Umask(0o022) // whatever the harness's is: programs must be able to read
	text, _, err := receive(control, 0)
	if err != nil {
		return failure("read the config", err)
	}
	var c Config
	if err := json.Unmarshal(text, &c); err != nil {
		return failure("read the config", err)
	}
	if f := furnish(c); f != nil {
		return f
	}
	if err := bound(len(c.Python) > 0); err != nil {
		return failure("bound the rights", err)
	}
	if len(c.Python) > 0 {
		return becomePython(c, control)
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return failure("hide the worker's memory", err)
	}
	if err := unix.Send(control, []byte("{}"), 0); err != nil {
		return failure("say that the worker is ready", err)
	}
	return serve(c, control)
}

// serve runs one job after the other until the harness is gone.
func serve(c Config, control int) *Failure {
	for {
		text, fds, err := receive(control, jobFds+1)
		if err != nil || len(text) == 0 {
			return nil //nolint:nilerr // the harness is gone
		}
		if f := begin(c, control, text, fds); f != nil {
			answer, _ := json.Marshal(f)
			_ = unix.Send(control, answer, unix.MSG_NOSIGNAL)
		}
	}
}

// begin starts a job's supervisor. That the job has ended is told by the report
// that the supervisor writes; the worker only reaps it.
func begin(c Config, control int, text []byte, fds []int) *Failure {
	defer func() {
		for _, fd := range fds {
			_ = unix.Close(fd)
		}
	}()
	reap()
	var j Job
	if err := json.Unmarshal(text, &j); err != nil {
		return failure("read the job", err)
	}
	want := jobFds
	if j.Channel {
		want++
	}
	if len(fds) != want || len(j.Argv) == 0 {
		return failure("read the job", fmt.Errorf("%d descriptors, want %d", len(fds), want))
	}
	files, err := readBlob(fds[jobBlob], j)
	if err != nil {
		return failure("read the program", err)
	}
	s := scriptOf(c, j, files, fds)
	pid, err := s.run()
	if err != nil {
		return failure("start the supervisor", err)
	}
	current.Store(j.Seq)
	if !j.Watched {
		go watch(pid, control, j)
	}
	return nil
}

// readBlob reads the contents of a job's files.
func readBlob(fd int, j Job) ([][]byte, error) {
	text := make([]byte, j.Size)
	for at := 0; at < len(text); {
		n, err := unix.Pread(fd, text[at:], int64(at))
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, errors.New("the blob is too short")
		}
		at += n
	}
	var files [][]byte
	for _, f := range j.Files {
		if f.Len > len(text) {
			return nil, errors.New("the blob is too short")
		}
		files = append(files, text[:f.Len])
		text = text[f.Len:]
	}
	return files, nil
}

// reap takes away supervisors that have ended.
func reap() {
	for {
		pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
		if pid <= 0 || err != nil {
			return
		}
	}
}

// receive reads one message with up to n descriptors, which are moved out of the
// way of the standard ones.
func receive(control, n int) ([]byte, []int, error) {
	text, side := inbox[:], make([]byte, unix.CmsgSpace(4*max(n, 1)))
	got, gotSide, _, _, err := unix.Recvmsg(control, text, side, unix.MSG_CMSG_CLOEXEC)
	for errors.Is(err, unix.EINTR) {
		got, gotSide, _, _, err = unix.Recvmsg(control, text, side, unix.MSG_CMSG_CLOEXEC)
	}
	if err != nil {
		return nil, nil, err
	}
	var fds []int
	messages, err := unix.ParseSocketControlMessage(side[:gotSide])
	if err != nil {
		return nil, nil, err
	}
	for i := range messages {
		some, err := unix.ParseUnixRights(&messages[i])
		if err != nil {
			return nil, nil, err
		}
		for _, fd := range some {
			moved, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 100)
			if err != nil {
				return nil, nil, err
			}
			_ = unix.Close(fd)
			fds = append(fds, moved)
		}
	}
	return text[:got], fds, nil
}

// inbox holds the message that was received last: a worker reads one after the
// other.
var inbox [maxMessage]byte

// maxMessage bounds a message on the control socket, in bytes.
const maxMessage = 128 << 10
