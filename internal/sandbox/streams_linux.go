package sandbox

import (
	"errors"
	"os"

	"github.com/evalr/evalr/internal/sandbox/jail"
	"golang.org/x/sys/unix"
)

// theirStreams are the program's ends.
type theirStreams struct {
	jail.Streams
	seekable bool // of standard input
}

func (s theirStreams) close() {
	for _, fd := range []int{s.Stdin, s.Stdout, s.Stderr} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}

// ourStreams are the harness's ends.
type ourStreams struct{ stdout, stderr *os.File }

func (s ourStreams) close() {
	for _, f := range []*os.File{s.stdout, s.stderr} {
		if f != nil {
			_ = f.Close()
		}
	}
}

// pipeHolds is how much any pipe takes in without a reader, in bytes: one page, for
// a user who has many pipes gets no larger ones.
const pipeHolds = 4096

// streamsOf makes a task's standard streams. What is read from its input stands
// ready: in a pipe if it fits into one, else in memory.
func streamsOf(t task) (s theirStreams, ours ourStreams, err error) {
	s.Streams = jail.Streams{Stdin: -1, Stdout: -1, Stderr: -1, Channel: -1}
	defer func() {
		if err != nil {
			s.close()
			ours.close()
		}
	}()
	if len(t.stdin) > pipeHolds {
		s.seekable = true
		s.Stdin, err = jail.Memory(t.stdin)
	} else {
		var write *os.File
		if write, s.Stdin, err = jail.Pipe(true); err == nil {
			_, err = write.Write(t.stdin)
			err = errors.Join(err, write.Close())
		}
	}
	if err != nil {
		return s, ours, err
	}
	if ours.stdout, s.Stdout, err = jail.Pipe(false); err != nil {
		return s, ours, err
	}
	if ours.stderr, s.Stderr, err = jail.Pipe(false); err != nil {
		return s, ours, err
	}
	if t.channel != nil {
		s.Channel = int(t.channel.Fd())
	}
	return s, ours, nil
}
