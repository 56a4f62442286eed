package local

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
)

// ollamaPort is where Ollama listens unless OLLAMA_HOST says otherwise
// (docs.ollama.com/faq).
const ollamaPort = "11434"

// ollamaRoot is the address at which an Ollama may run already.
func ollamaRoot(env []string) string {
	host := lookup(env, "OLLAMA_HOST")
	host = strings.TrimSuffix(strings.TrimPrefix(host, "http://"), "/")
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, ollamaPort
	}
	if name == "" || name == "0.0.0.0" {
		name = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(name, port)
}

// running takes the Ollama that runs already; nil if there is none.
func running(ctx context.Context, e Engine, say func(string)) (*Server, error) {
	root := ollamaRoot(e.Env)
	quick, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	if !answers(quick, root+kinds[e.Kind].health) {
		return nil, ctx.Err()
	}
	s := newServer(e, plan{say: say, pace: usual}, root)
	s.foreign = true
	if err := s.holds(ctx); err != nil {
		return nil, err
	}
	say(fmt.Sprintf("an Ollama runs at %s: using it", root))
	return s, nil
}

// holds says whether Ollama has the model; if not the server is closed. Nothing
// is pulled: that may be hundreds of gigabytes.
func (s *Server) holds(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var tags tree
	err := probe{root: s.root, client: asker}.get(ctx, "/api/tags", &tags)
	if err == nil {
		var names []string
		for _, m := range tags.list("models") {
			if sameOllama(m.raw("name"), s.engine.Model) {
				return nil
			}
			names = append(names, strings.TrimSuffix(m.text("name"), ":latest"))
		}
		err = fmt.Errorf("the model is not there: run: ollama pull %s", s.engine.Model)
		if like := eval.Nearest(s.engine.Model, names); len(like) > 0 {
			err = fmt.Errorf("%w (or did you mean %s?)", err, strings.Join(like, " or "))
		}
	}
	_ = s.Close()
	return fmt.Errorf("start %s: %w", s.engine, err)
}

// sameOllama says whether two names mean one model: a name without a tag means
// the tag latest.
func sameOllama(a, b string) bool {
	full := func(s string) string {
		if strings.Contains(s[strings.LastIndexByte(s, '/')+1:], ":") {
			return s
		}
		return s + ":latest"
	}
	return full(a) == full(b)
}
