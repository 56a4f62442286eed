package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// files is the shape of OpenAI, which others serve too: a file of requests is
// uploaded, a batch made of it, and its results are files. Limits, statuses and
// lines are those of https://developers.openai.com/api/docs/guides/batch and
// https://developers.openai.com/api/reference/resources/batches.
type files struct {
	client   *wire.Client
	endpoint string
}

func (f *files) base() string { return f.client.Base() }

func (f *files) limits() limits { return limits{requests: 50_000, bytes: 200_000_000} }

func (f *files) line(id string, body []byte) ([]byte, error) {
	return json.Marshal(struct {
		ID     string          `json:"custom_id"`
		Method string          `json:"method"`
		URL    string          `json:"url"`
		Body   json.RawMessage `json:"body"`
	}{id, http.MethodPost, f.endpoint, body})
}

func (f *files) pack(lines [][]byte) []byte { return append(bytes.Join(lines, []byte("\n")), '\n') }

func (f *files) upload(ctx context.Context, client string, packed []byte) (string, error) {
	var form bytes.Buffer
	form.Grow(len(packed) + envelope)
	w := multipart.NewWriter(&form)
	_ = w.WriteField("purpose", "batch") // into memory
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="` + client + `.jsonl"`},
		"Content-Type":        {"application/jsonl"},
	})
	if err != nil {
		return "", fmt.Errorf("build the upload: %w", err)
	}
	_, _ = part.Write(packed)
	_ = w.Close()
	text, err := f.client.Fetch(ctx, wire.Call{Path: "/files", Body: form.Bytes(), Header: http.Header{"Content-Type": {w.FormDataContentType()}}})
	if err != nil {
		return "", err
	}
	var file struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(text, &file); err != nil || file.ID == "" {
		return "", wire.Protocol("the service names no id for the file that was uploaded")
	}
	return file.ID, nil
}

// label is the key of the metadata that holds the client's id.
const label = "evalr_batch"

func (f *files) create(ctx context.Context, b *record, _ []byte) (status, error) {
	body, err := json.Marshal(map[string]any{
		"input_file_id": b.File, "endpoint": f.endpoint, "completion_window": "24h",
		"metadata": map[string]string{label: b.Client},
	})
	if err != nil {
		return status{}, fmt.Errorf("build the batch: %w", err)
	}
	return f.one(ask(ctx, f.client, wire.Call{Path: "/batches", Body: body}))
}

func (f *files) look(ctx context.Context, id string) (status, error) {
	return f.one(ask(ctx, f.client, read("/batches/"+url.PathEscape(id))))
}

func (f *files) cancel(ctx context.Context, id string) error {
	_, err := ask(ctx, f.client, wire.Call{Path: "/batches/" + url.PathEscape(id) + "/cancel"})
	return err
}

func (f *files) one(text []byte, err error) (status, error) {
	if err != nil {
		return status{}, err
	}
	var b fileBatch
	if err := json.Unmarshal(text, &b); err != nil || b.ID == "" {
		return status{}, wire.Protocol("the service sent no batch that is understood")
	}
	return b.status(), nil
}

// A fileBatch is a batch as the service shows it.
type fileBatch struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Input    string `json:"input_file_id"`
	Output   string `json:"output_file_id"`
	ErrorsIn string `json:"error_file_id"`
	Created  any    `json:"created_at"` // seconds; compatible services send texts too
	Errors   any    `json:"errors"`
	Counts   struct {
		Total     int `json:"total"`
		Completed int `json:"completed"`
		Failed    int `json:"failed"`
	} `json:"request_counts"`
	Metadata map[string]any `json:"metadata"`
}

func (b fileBatch) status() status {
	s := status{ID: b.ID, State: strings.ToLower(b.Status), Total: b.Counts.Total, Answered: b.Counts.Completed, Failed: b.Counts.Failed}
	for _, file := range []string{b.Output, b.ErrorsIn} {
		if file != "" {
			s.Files = append(s.Files, file)
		}
	}
	switch s.State {
	case "completed", "failed", "expired", "cancelled":
		s.Done = true
	}
	s.Why = firstMessage(b.Errors)
	return s
}

// firstMessage is the first error of a batch that failed as a whole.
func firstMessage(errors any) string {
	if text, ok := errors.(string); ok {
		return brief(text)
	}
	list, _ := errors.(map[string]any)
	data, _ := list["data"].([]any)
	for _, e := range data {
		fields, _ := e.(map[string]any)
		if text, ok := fields["message"].(string); ok {
			return brief(text)
		}
	}
	return ""
}

// mostPages bounds a list: ten thousand batches.
const mostPages = 100

// find looks for the metadata, and for the file where a service keeps no metadata.
func (f *files) find(ctx context.Context, b *record, _ func(string) bool) (status, finding, error) {
	after := ""
	for range mostPages {
		text, err := ask(ctx, f.client, read("/batches?limit=100"+after))
		if err != nil {
			return status{}, unknown, err
		}
		var page struct {
			Data []fileBatch `json:"data"`
			More bool        `json:"has_more"`
		}
		if err := json.Unmarshal(text, &page); err != nil {
			return status{}, unknown, wire.Protocol("the service sent no list of batches that is understood")
		}
		for _, x := range page.Data {
			if x.Metadata[label] == b.Client || b.File != "" && x.Input == b.File {
				return x.status(), present, nil
			}
		}
		if !page.More || len(page.Data) == 0 || fallsBehind(page.Data, b.Sent.Add(-skew)) {
			return status{}, absent, nil
		}
		after = "&after=" + url.QueryEscape(page.Data[len(page.Data)-1].ID)
	}
	return status{}, unknown, &eval.Failure{Kind: eval.FailProtocol, Message: "the list of batches has no end"}
}

// skew is how far the clocks of client and service may be apart, wrong time zones
// included.
const skew = 24 * time.Hour

// fallsBehind says that a list shows the newest first and has come to batches
// before a time.
func fallsBehind(list []fileBatch, before time.Time) bool {
	last, ok := list[0].Created.(float64)
	for _, b := range list {
		at, known := b.Created.(float64)
		if !known || at > last {
			ok = false
		}
		last = at
	}
	return ok && last < float64(before.Unix())
}

func (f *files) results(ctx context.Context, s status, take func([]byte) error) error {
	for _, file := range s.Files {
		if err := lines(ctx, f.client, "/files/"+url.PathEscape(file)+"/content", take); err != nil {
			return err
		}
	}
	return nil
}

func (f *files) parse(line []byte) (result, error) {
	var l struct {
		ID       string `json:"custom_id"`
		Response *struct {
			Status  int             `json:"status_code"`
			Body    json.RawMessage `json:"body"`
			Message string          `json:"message"`
		} `json:"response"`
		Error *wire.ErrorObject `json:"error"`
	}
	if err := json.Unmarshal(line, &l); err != nil {
		return result{}, err
	}
	r := result{id: l.ID}
	switch {
	case l.ID == "":
		return result{}, fmt.Errorf("the custom_id is missing")
	case l.Error != nil:
		code := strings.Trim(string(l.Error.Code), `"`)
		r.untried = code == "batch_expired" || code == "batch_cancelled"
		r.fault = fault(0, l.Error.Text())
	case l.Response == nil:
		r.fault = fault(0, "the service says neither answer nor error")
	case l.Response.Status/100 == 2 && isObject(l.Response.Body):
		r.body = l.Response.Body
	default:
		r.fault = fault(l.Response.Status, message(l.Response.Body, l.Response.Message))
	}
	return r, nil
}

// message finds the error in the body of an answer that is none.
func message(body json.RawMessage, other string) string {
	var b struct {
		Error *wire.ErrorObject `json:"error"`
	}
	if json.Unmarshal(body, &b) == nil && b.Error != nil {
		return b.Error.Text()
	}
	if other != "" {
		return brief(other)
	}
	return brief(string(body))
}
