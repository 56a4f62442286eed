package evaltest

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
)

// A Command is a program that answers over its standard input and output: the test
// binary itself, called again. Its TestMain must call PlayCommand first.
type Command struct {
	Reply   Reply
	Trouble Trouble
	// Concurrency is said in the first line; 0 says nothing. It then collects so
	// many requests before it answers them, the last one first.
	Concurrency int
	// Says picks what is answered instead of the reply: "pid", "environment" or
	// "request".
	Says string
	// Lines are written before anything else, Complaints to the standard error.
	Lines, Complaints []string
	// Answers is how many are given until the program ends with the status Exit; 0
	// means that it ends with its standard input.
	Answers, Exit int
	// DiesAtOnce says that it ends before the first request is read, Stubborn that
	// it does not end with its standard input.
	DiesAtOnce, Stubborn bool
	// Tells says that each request is told of on the standard error.
	Tells bool
}

const commandWord = "evaltest-command"

// Spec is the model spec of the program.
func (c Command) Spec(t testing.TB) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	script, err := json.Marshal(c)
	require.NoError(t, err)
	return fmt.Sprintf("command:'%s' %s %s", self, commandWord, base64.RawURLEncoding.EncodeToString(script))
}

// PlayCommand plays the program and ends if the test binary was called as one.
func PlayCommand() {
	if len(os.Args) != 3 || os.Args[1] != commandWord {
		return
	}
	script, err := base64.RawURLEncoding.DecodeString(os.Args[2])
	c := Command{}
	if err == nil {
		err = json.Unmarshal(script, &c)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	c.play()
	if c.Stubborn {
		time.Sleep(24 * time.Hour) // a select without cases is taken for a deadlock
	}
	os.Exit(c.Exit)
}

func (c Command) play() {
	for _, line := range c.Complaints {
		fmt.Fprintln(os.Stderr, line)
	}
	for _, line := range c.Lines {
		fmt.Println(line)
	}
	if c.DiesAtOnce {
		return
	}
	if c.Concurrency > 0 {
		fmt.Printf("{\"concurrency\":%d}\n", c.Concurrency)
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	var held []string
	for given := 0; in.Scan(); {
		held = append(held, in.Text())
		if c.Tells {
			fmt.Fprintln(os.Stderr, "a request has come")
		}
		if len(held) < c.Concurrency {
			continue
		}
		for i := len(held) - 1; i >= 0; i-- {
			c.answer(held[i])
			if given++; given == c.Answers {
				return
			}
		}
		held = nil
	}
}

// commandAnswer is a line of the protocol as docs/own-model.md tells it.
type commandAnswer struct {
	ID        int64       `json:"id"`
	Response  string      `json:"response"`
	Reasoning string      `json:"reasoning,omitempty"`
	Stop      string      `json:"stop,omitempty"`
	Usage     *eval.Usage `json:"usage,omitempty"`
	Model     string      `json:"model,omitempty"`
}

func (c Command) answer(request string) {
	var q struct {
		ID int64 `json:"id"`
	}
	if err := json.Unmarshal([]byte(request), &q); err != nil || q.ID == 0 {
		fmt.Fprintln(os.Stderr, "not a request:", request)
		os.Exit(2)
	}
	a := commandAnswer{q.ID, c.Reply.Text, c.Reply.Reasoning, string(c.Reply.Stop), c.Reply.Usage, "fake"}
	if a.Stop == "" {
		a.Stop = string(eval.StopEnd)
	}
	switch c.Says {
	case "pid":
		a.Response = fmt.Sprint(os.Getpid())
	case "environment":
		a.Response = strings.Join(os.Environ(), "\n")
	case "request":
		a.Response = request
	}
	line, _ := json.Marshal(a)
	c.say(q.ID, line)
}

// say writes an answer, or what the trouble makes of it.
func (c Command) say(id int64, line []byte) {
	half := line[:len(line)/2]
	switch c.Trouble {
	case Cut:
		_, _ = os.Stdout.Write(half)
		os.Exit(0)
	case Reset:
		os.Exit(3)
	case Broken:
		fmt.Printf("{\"id\":%d,\"error\":\"out of memory\"}\n", id)
	case Garbled:
		fmt.Printf("%s\n", half)
	case Empty:
		fmt.Printf("{\"id\":%d}\n", id)
	case Stalled:
		_, _ = os.Stdout.Write(half)
		time.Sleep(24 * time.Hour) // a select without cases is taken for a deadlock
	case Silent:
		time.Sleep(24 * time.Hour) // a select without cases is taken for a deadlock
	case WebPage:
		fmt.Println("<!doctype html><title>Welcome</title>")
	default:
		fmt.Printf("%s\n", line)
	}
}
