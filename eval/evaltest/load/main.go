// Load is for measuring: a model server that costs as little as can be, and a bare
// client to compare evalr with. It is a program of its own, so that what it needs
// is not counted as evalr's.
//
//	go run ./eval/evaltest/load serve -addr 127.0.0.1:8099 -pieces 40 -every 20ms
//	go run ./eval/evaltest/load bare  -base http://127.0.0.1:8099/v1 -n 10000 -at-once 64
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("want serve or bare")
	}
	f := flag.NewFlagSet(args[0], flag.ContinueOnError)
	switch args[0] {
	case "serve":
		s := &server{}
		addr := f.String("addr", "127.0.0.1:8099", "address to listen at")
		f.IntVar(&s.pieces, "pieces", 8, "pieces of an answer")
		f.DurationVar(&s.every, "every", 0, "wait between pieces; 0: none")
		if err := f.Parse(args[1:]); err != nil {
			return err
		}
		s.prepare()
		return s.listen(*addr)
	case "bare":
		c := &client{}
		f.StringVar(&c.base, "base", "http://127.0.0.1:8099/v1", "address of the server")
		f.IntVar(&c.n, "n", 1000, "requests")
		f.IntVar(&c.atOnce, "at-once", 64, "requests in flight")
		f.BoolVar(&c.stream, "stream", true, "ask for streams")
		if err := f.Parse(args[1:]); err != nil {
			return err
		}
		return c.measure()
	}
	return fmt.Errorf("unknown command %s", args[0])
}

// A server answers every request alike, from bytes that are made beforehand.
type server struct {
	pieces int
	every  time.Duration

	chunks [][]byte
	end    []byte
	whole  []byte

	now, most, late, sent atomic.Int64
}

func (s *server) prepare() {
	words := strings.Fields("So we add what is left to what was there before and look at the sum once more to be sure of it")
	var text strings.Builder
	for i := range s.pieces {
		word := words[i%len(words)] + " "
		if i == s.pieces-1 {
			word = "\\n#### 18"
		}
		text.WriteString(word)
		s.chunks = append(s.chunks, fmt.Appendf(nil,
			"data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"fake\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}\n\n", word))
	}
	usage := fmt.Sprintf(`{"prompt_tokens":120,"completion_tokens":%d,"total_tokens":%d}`, s.pieces, 120+s.pieces)
	s.end = fmt.Appendf(nil, "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"fake\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"+
		"data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"fake\",\"choices\":[],\"usage\":%s}\n\ndata: [DONE]\n\n", usage)
	s.whole = fmt.Appendf(nil, `{"id":"c","object":"chat.completion","created":1,"model":"fake","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"usage":%s}`, text.String(), usage)
}

func (s *server) listen(addr string) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"object":"list","data":[{"id":"fake","object":"model","created":1,"owned_by":"evalr"}]}`)
	})
	mux.HandleFunc("POST /v1/chat/completions", s.answer)
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"most_in_flight":%d,"pieces":%d,"late":%d}`+"\n", s.most.Swap(0), s.sent.Swap(0), s.late.Swap(0))
	})
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Println("listening at", l.Addr())
	return (&http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}).Serve(l)
}

func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	n := s.now.Add(1)
	defer s.now.Add(-1)
	for m := s.most.Load(); n > m && !s.most.CompareAndSwap(m, n); m = s.most.Load() {
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if !bytes.Contains(body, []byte(`"stream":true`)) && !bytes.Contains(body, []byte(`"stream": true`)) {
		if s.every > 0 {
			time.Sleep(s.every * time.Duration(s.pieces))
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(s.whole)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	flush := w.(http.Flusher).Flush
	start := time.Now()
	for i, chunk := range s.chunks {
		if s.every > 0 {
			// By the clock of the stream, so that a late piece does not delay the next.
			due := start.Add(time.Duration(i+1) * s.every)
			time.Sleep(time.Until(due))
			if time.Since(due) > s.every/2 {
				s.late.Add(1)
			}
		}
		if _, err := w.Write(chunk); err != nil {
			return
		}
		s.sent.Add(1)
		flush()
	}
	_, _ = w.Write(s.end)
}

// A client is as bare as net/http allows: the same requests, nothing parsed,
// nothing judged, nothing kept.
type client struct {
	base      string
	n, atOnce int
	stream    bool
}

func (c *client) measure() error {
	body := fmt.Sprintf(`{"model":"fake","stream":%v,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"%s"}],"max_tokens":1024}`,
		c.stream, strings.Repeat("A shop sells pens for two dollars each. ", 8))
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = c.atOnce, c.atOnce
	h := &http.Client{Transport: transport}
	var left, failed atomic.Int64
	left.Store(int64(c.n))
	start := time.Now()
	var all sync.WaitGroup
	for range c.atOnce {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				resp, err := h.Post(c.base+"/chat/completions", "application/json", strings.NewReader(body))
				if err != nil {
					failed.Add(1)
					continue
				}
				if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
					failed.Add(1)
				}
				_ = resp.Body.Close()
			}
		})
	}
	all.Wait()
	wall := time.Since(start)
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return err
	}
	cpu := time.Duration(used.Utime.Nano() + used.Stime.Nano())
	fmt.Printf("bare net/http: %d requests, %d failed, %.2f s, %.0f requests/s, %.0f µs CPU a request\n",
		c.n, failed.Load(), wall.Seconds(), float64(c.n)/wall.Seconds(), float64(cpu.Microseconds())/float64(c.n))
	if failed.Load() > 0 {
		return fmt.Errorf("%d requests failed", failed.Load())
	}
	return nil
}
