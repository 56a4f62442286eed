package jail

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// pipe makes a pipe of which one end is the harness's, ready for waiting, and
// the other a program's.
func pipe(write bool) (ours *os.File, theirs int, err error) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		return nil, -1, err
	}
	mine, their := p[0], p[1]
	if write {
		mine, their = p[1], p[0]
	}
	_ = unix.SetNonblock(mine, true)
	return os.NewFile(uintptr(mine), "pipe"), their, nil
}

// Pipe makes a pipe for a program's stream: write says that the harness writes.
// Programs may open it again by name, so it belongs to everyone.
func Pipe(write bool) (ours *os.File, theirs int, err error) {
	ours, theirs, err = pipe(write)
	if err == nil {
		err = unix.Fchmod(theirs, 0o666)
	}
	return ours, theirs, err
}

// Memory makes a file in memory that holds a text and can only be read.
func Memory(text []byte) (int, error) {
	fd, err := unix.MemfdCreate("input", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return -1, err
	}
	if err = writeAll(fd, text); err == nil {
		_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_GROW|unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL)
	}
	if err == nil {
		_, err = unix.Seek(fd, 0, io.SeekStart)
	}
	if err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func blobOf(j *Job, contents [][]byte) (int, error) {
	fd, err := unix.MemfdCreate("program", unix.MFD_CLOEXEC)
	if err != nil {
		return -1, err
	}
	j.Size = 0
	for i := range j.Files {
		j.Files[i].Len = len(contents[i])
		j.Size += int64(len(contents[i]))
		if err := writeAll(fd, contents[i]); err != nil {
			_ = unix.Close(fd)
			return -1, err
		}
	}
	return fd, nil
}

func writeAll(fd int, text []byte) error {
	for len(text) > 0 {
		n, err := unix.Write(fd, text)
		if err != nil {
			return err
		}
		text = text[n:]
	}
	return nil
}
