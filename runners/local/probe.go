package local

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
)

// A Target is a server to be probed.
type Target struct {
	Kind  string // of the model spec: llamacpp, vllm, openai, …
	Model string // the name that requests will have
	Base  string // the address of the API, which usually ends in /v1
	// Header adds what requests need, such as the key; nil adds nothing.
	Header func(http.Header)
	// Args and Env are those of an engine that evalr started, and File its GGUF file.
	Args, Env []string
	File      string
	// Started says that evalr started it, so that Args are all there is.
	Started bool
}

// Bounds of a probe: a run must not wait for it.
const (
	probeTimeout = 6 * time.Second // in all
	askTimeout   = 3 * time.Second // for one answer
	bodyLimit    = 8 << 20
	modelsKept   = 20
)

// Probe asks a server what it is. What the server does not tell stays unknown; a
// service that tells nothing is no error. The error means that nothing answers at
// the address, or that the key is refused.
func Probe(ctx context.Context, t Target) (eval.EngineFacts, error) {
	return probeBy(ctx, t, asker)
}

func probeBy(ctx context.Context, t Target, client *http.Client) (eval.EngineFacts, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	facts := eval.EngineFacts{Model: t.Model}
	base, err := url.Parse(t.Base)
	if err != nil || base.Host == "" {
		return facts, fmt.Errorf("probe %s: %q is no address", t.Kind, t.Base)
	}
	p := probe{
		base: strings.TrimRight(t.Base, "/"), header: t.Header, near: onThisMachine(base.Hostname()), client: client,
	}
	p.root = strings.TrimSuffix(p.base, "/v1")
	list := p.base + "/models"
	if t.Kind == "ollama" { // its own protocol has no such list at its address
		list = p.root + "/v1/models"
	}
	var models tree
	err = p.ask(ctx, request{method: http.MethodGet, url: list}, &models)
	if err := fatal(err, p.base); err != nil {
		return facts, err
	}
	cards := models.list("data")
	facts.Engine = engineOf(t.Kind, cards)
	switch facts.Engine {
	case "llamacpp":
		p.llamacpp(ctx, t, cards, &facts)
	case "vllm":
		p.vllm(ctx, t, cards, &facts)
	case "sglang":
		p.sglang(ctx, t, cards, &facts)
	case "ollama":
		p.ollama(ctx, t, &facts)
	}
	serve(&facts, cards)
	return facts, nil
}

// engineOf is the engine behind an address: that of the spec, else the one by which
// the server says its models are owned: "vllm", "sglang" and "llamacpp" in the
// sources of the three (protocol.py, protocol.py, server-context.cpp).
func engineOf(kind string, cards []tree) string {
	if _, ok := kinds[kind]; ok {
		return kind
	}
	if len(cards) > 0 {
		if owner := cards[0].raw("owned_by"); owner == "vllm" || owner == "sglang" || owner == "llamacpp" {
			return owner
		}
	}
	return kind
}

// serve notes what is served, and whether the model is. llama-server takes any
// name for the one model that it has.
func serve(f *eval.EngineFacts, cards []tree) {
	var names []string
	for _, c := range cards {
		if id := c.text("id"); id != "" {
			names = append(names, id)
		}
	}
	if len(names) == 0 {
		return
	}
	same := func(name string) bool {
		return name == f.Model || f.Engine == "ollama" && sameOllama(name, f.Model)
	}
	found := slices.ContainsFunc(names, same)
	f.Served = &found
	if !found {
		f.Near = eval.Nearest(f.Model, names)
	}
	f.Models = names[:min(len(names), modelsKept)]
}

// cardOf is the entry of the model among the models, or the only one.
func cardOf(cards []tree, model string) tree {
	for _, c := range cards {
		if c.raw("id") == model {
			return c
		}
	}
	if len(cards) == 1 {
		return cards[0]
	}
	return nil
}

// A probe asks one server.
type probe struct {
	base, root string
	header     func(http.Header)
	client     *http.Client
	near       bool // the server is on this machine, so that its files may be looked at
}

type request struct {
	method, url string
	body        any
}

func (p probe) get(ctx context.Context, path string, into any) error {
	return p.ask(ctx, request{method: http.MethodGet, url: p.root + path}, into)
}

func (p probe) post(ctx context.Context, path string, body, into any) error {
	return p.ask(ctx, request{method: http.MethodPost, url: p.root + path, body: body}, into)
}

// asker follows no redirect, which would carry the key elsewhere.
var asker = &http.Client{
	Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// errStatus is an answer that is no 200.
type errStatus int

func (e errStatus) Error() string { return fmt.Sprintf("status %d", int(e)) }

// ask sends one request and reads the JSON object of its answer.
func (p probe) ask(ctx context.Context, q request, into any) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	var body io.Reader
	if q.body != nil {
		text, err := json.Marshal(q.body)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, q.method, q.url, body)
	if err != nil {
		return err
	}
	if q.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	key := http.Header{}
	if p.header != nil {
		p.header(key)
		p.header(req.Header)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	if resp.StatusCode != http.StatusOK {
		return errStatus(resp.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit))
	if err != nil {
		return err
	}
	in := json.NewDecoder(strings.NewReader(withoutKey(string(text), key)))
	in.UseNumber()
	return in.Decode(into)
}

// withoutKey takes out of an answer what was sent in the headers of the key: what a
// server says of itself is recorded.
func withoutKey(text string, sent http.Header) string {
	for _, values := range sent {
		for _, v := range values {
			if key := strings.TrimPrefix(v, "Bearer "); len(key) >= 6 {
				text = strings.ReplaceAll(text, key, "[redacted]")
			}
		}
	}
	return text
}

// together asks several things at once.
func together(asks ...func()) {
	var all sync.WaitGroup
	for _, ask := range asks {
		all.Go(ask)
	}
	all.Wait()
}

// fatal is the error that a run should not begin with: nobody is there, or the
// key is wrong.
func fatal(err error, base string) error {
	var status errStatus
	var dial *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &status) && status == http.StatusUnauthorized: // a 403 may be for the list alone
		return fmt.Errorf("probe %s: the server refuses the key (%w)", base, err)
	case errors.As(err, &dns):
		return fmt.Errorf("probe %s: there is no such host: check the address", base)
	case errors.As(err, &dial) && dial.Op == "dial":
		return fmt.Errorf("probe %s: nothing answers there: is the server running, and the address right? (%w)", base, dial.Err)
	}
	return nil
}

// onThisMachine says whether a host is this machine.
func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// hash is the SHA-256 of a text in hex; empty for an empty text.
func hash(s string) string {
	if s == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
