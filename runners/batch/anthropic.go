package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// messages is the shape of Anthropic: a batch is submitted with its requests, and
// its results are one file. Limits, statuses and lines are those of
// https://platform.claude.com/docs/en/build-with-claude/batch-processing and
// https://platform.claude.com/docs/en/api/messages/batches.
type messages struct {
	client *wire.Client
	path   string
}

func newMessages(client *wire.Client) *messages {
	if strings.HasSuffix(client.Base(), "/v1") {
		return &messages{client, "/messages/batches"}
	}
	return &messages{client, "/v1/messages/batches"}
}

func (m *messages) base() string { return m.client.Base() }

func (m *messages) limits() limits { return limits{requests: 100_000, bytes: 256_000_000} }

func (m *messages) line(id string, body []byte) ([]byte, error) {
	return json.Marshal(struct {
		ID     string          `json:"custom_id"`
		Params json.RawMessage `json:"params"`
	}{id, body})
}

func (m *messages) pack(lines [][]byte) []byte {
	all := append([]byte(`{"requests":[`), bytes.Join(lines, []byte(","))...)
	return append(all, "]}"...)
}

// upload has nothing to do: a batch is submitted with its requests.
func (m *messages) upload(context.Context, string, []byte) (string, error) { return "", nil }

func (m *messages) create(ctx context.Context, _ *record, packed []byte) (status, error) {
	return m.one(m.client.Fetch(ctx, wire.Call{Path: m.path, Body: packed}))
}

func (m *messages) look(ctx context.Context, id string) (status, error) {
	return m.one(ask(ctx, m.client, read(m.path+"/"+url.PathEscape(id))))
}

func (m *messages) cancel(ctx context.Context, id string) error {
	_, err := ask(ctx, m.client, wire.Call{Path: m.path + "/" + url.PathEscape(id) + "/cancel"})
	return err
}

func (m *messages) one(text []byte, err error) (status, error) {
	if err != nil {
		return status{}, err
	}
	var b messageBatch
	if err := json.Unmarshal(text, &b); err != nil || b.ID == "" {
		return status{}, wire.Protocol("the service sent no batch that is understood")
	}
	return b.status(), nil
}

// A messageBatch is a batch as the service shows it.
type messageBatch struct {
	ID      string    `json:"id"`
	Status  string    `json:"processing_status"`
	Created time.Time `json:"created_at"`
	Counts  struct {
		Processing int `json:"processing"`
		Succeeded  int `json:"succeeded"`
		Errored    int `json:"errored"`
		Canceled   int `json:"canceled"`
		Expired    int `json:"expired"`
	} `json:"request_counts"`
}

func (b messageBatch) status() status {
	c := b.Counts
	return status{
		ID: b.ID, State: b.Status, Done: b.Status == "ended",
		Total:    c.Processing + c.Succeeded + c.Errored + c.Canceled + c.Expired,
		Answered: c.Succeeded, Failed: c.Errored + c.Canceled + c.Expired,
	}
}

// find looks at the results of batches of the same time and size: this service
// keeps no word of the client with a batch, but the custom ids are hashes, and one
// of them is proof. One that has not ended cannot be told from others.
func (m *messages) find(ctx context.Context, b *record, known func(string) bool) (status, finding, error) {
	after, open := "", absent
	for range mostPages {
		text, err := ask(ctx, m.client, read(m.path+"?limit=100"+after))
		if err != nil {
			return status{}, unknown, err
		}
		var page struct {
			Data []messageBatch `json:"data"`
			More bool           `json:"has_more"`
		}
		if err := json.Unmarshal(text, &page); err != nil {
			return status{}, unknown, wire.Protocol("the service sent no list of batches that is understood")
		}
		for _, x := range page.Data { // the newest first, says the documentation
			if x.Created.Before(b.Sent.Add(-skew)) {
				return status{}, open, nil
			}
			if known(x.ID) || x.status().Total != len(b.Requests) {
				continue
			}
			if !x.status().Done {
				open = unknown
				continue
			}
			if ours, err := m.holds(ctx, x.ID, b); err != nil || ours {
				return x.status(), present, err
			}
		}
		if !page.More || len(page.Data) == 0 {
			return status{}, open, nil
		}
		after = "&after_id=" + url.QueryEscape(page.Data[len(page.Data)-1].ID)
	}
	return status{}, unknown, &eval.Failure{Kind: eval.FailProtocol, Message: "the list of batches has no end"}
}

// holds says whether the results of a batch are of ours, by the first of them.
func (m *messages) holds(ctx context.Context, id string, b *record) (ours bool, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	seen := false
	err = m.results(ctx, status{ID: id}, func(line []byte) error {
		r, err := m.parse(line)
		if err == nil && !seen {
			_, ours = b.Requests[r.id]
			seen = true
			stop() // one is enough
		}
		return err
	})
	var f *eval.Failure
	gone := errors.As(err, &f) && f.Status == http.StatusNotFound // deleted, or older than results are kept
	if seen || gone {
		return ours, nil
	}
	return false, err
}

func (m *messages) results(ctx context.Context, s status, take func([]byte) error) error {
	return lines(ctx, m.client, m.path+"/"+url.PathEscape(s.ID)+"/results", take)
}

func (m *messages) parse(line []byte) (result, error) {
	var l struct {
		ID     string `json:"custom_id"`
		Result struct {
			Type    string          `json:"type"`
			Message json.RawMessage `json:"message"`
			Error   json.RawMessage `json:"error"`
		} `json:"result"`
	}
	if err := json.Unmarshal(line, &l); err != nil {
		return result{}, err
	}
	r := result{id: l.ID}
	switch {
	case l.ID == "":
		return result{}, fmt.Errorf("the custom_id is missing")
	case l.Result.Type == "succeeded" && isObject(l.Result.Message):
		r.body = l.Result.Message
	case l.Result.Type == "canceled", l.Result.Type == "expired":
		r.untried = true
		r.fault = fault(0, "the request was "+l.Result.Type+" before the model was asked")
	case l.Result.Type == "errored":
		r.fault = errored(l.Result.Error)
	default:
		r.fault = fault(0, fmt.Sprintf("the result %q is not understood", brief(l.Result.Type)))
	}
	return r, nil
}

// errored reads {"type": "error", "error": {"type": …, "message": …}}, also
// without its envelope.
func errored(text json.RawMessage) *eval.Failure {
	var e struct {
		Error *wire.ErrorObject `json:"error"`
	}
	if json.Unmarshal(text, &e) != nil || e.Error == nil {
		e.Error = &wire.ErrorObject{}
		if json.Unmarshal(text, e.Error) != nil {
			return fault(0, brief(string(text)))
		}
	}
	f := fault(0, e.Error.Text())
	if e.Error.Type == "invalid_request_error" {
		f.Kind, f.Temporary = eval.FailRequest, false
	}
	return f
}
