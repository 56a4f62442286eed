package sandbox

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Sizes of the folders in memory, in bytes.
const (
	tempSize    = 128 << 20
	sharedSize  = 64 << 20
	programSize = 256 << 20
)

// Names of the inner stage, as frames and command lines use them: a copy of this
// binary that is pid 1 where others isolate for us.
const (
	innerArg   = "evalr-sandbox-inner"
	innerPath  = "/" + innerArg
	stageServe = "serve"
)

// An order is what the inner stage is told of a program.
type order struct {
	Argv, Env []string
	CPU       time.Duration
	Memory    int64
	Address   int64 // 0: not limited
	FileSize  int64
	Processes int
	UID       int // the program's; 0 keeps that of the stage before
	Channel   bool
}

func orderOf(t task) order {
	l := t.limits
	return order{
		Argv: t.argv, Env: t.env, CPU: l.CPU, Memory: l.Memory, Address: t.address, FileSize: l.FileSize, Processes: l.Processes, Channel: t.channel != nil,
	}
}

// A job is what the server in a container is asked to run.
type job struct {
	Order  order
	Files  []jobFile // put into programDir
	Needs  []string  // folders that must be there
	Stdin  []byte
	Limits Limits
}

type jobFile struct {
	Name string
	Data []byte
	Exec bool `json:",omitempty"`
}

func jobOf(t task, uid int) job {
	j := job{Order: orderOf(t), Stdin: t.stdin, Limits: t.limits}
	j.Order.UID = uid
	for _, f := range t.files {
		j.Files = append(j.Files, jobFile{f.name, f.data, f.exec})
	}
	for _, b := range t.binds {
		j.Needs = append(j.Needs, b.inside())
	}
	return j
}

// An answer is what the server says: once at its start, then once a job.
type answer struct {
	Ready   bool   `json:",omitempty"` // at the start: jobs may come
	Missing string `json:",omitempty"` // what the image lacks
	Error   string `json:",omitempty"` // the job was not run
	Spoilt  bool   `json:",omitempty"` // the container must not serve again
	Result  Result
}

// mostFrame bounds a frame: the largest output twice, in base64, and some.
const mostFrame = 256 << 20

var errFrame = errors.New("not a frame")

// writeFrame writes a value as JSON after its length in four bytes, the highest
// first.
func writeFrame(w io.Writer, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(text) > mostFrame {
		return fmt.Errorf("%w: %d bytes, more than %d", errFrame, len(text), mostFrame)
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...))
	return err
}

// readFrame reads a value that writeFrame wrote. It returns io.EOF between two
// frames alone, and holds no more memory than was really sent.
func readFrame(r io.Reader, v any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	size := int64(binary.BigEndian.Uint32(head[:]))
	if size > mostFrame {
		return fmt.Errorf("%w: %d bytes, more than %d", errFrame, size, mostFrame)
	}
	var text bytes.Buffer
	if _, err := io.CopyN(&text, r, size); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	if err := json.Unmarshal(text.Bytes(), v); err != nil {
		return fmt.Errorf("%w: %w", errFrame, err)
	}
	return nil
}
