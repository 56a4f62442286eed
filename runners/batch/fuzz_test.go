package batch

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

func seeds(f *testing.F) {
	for _, line := range []string{
		`{"id":"batch_req_1","custom_id":"a","response":{"status_code":200,"request_id":"r","body":{"choices":[]}},"error":null}`,
		`{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"This request could not be executed."}}`,
		`{"custom_id":"a","response":{"status_code":500,"message":"Internal Server Error"},"error":null}`,
		`{"custom_id":"a","response":{"status_code":400,"body":{"error":{"message":"no","code":"x"}}},"error":null}`,
		`{"custom_id":"a","result":{"type":"succeeded","message":{"content":[]}}}`,
		`{"custom_id":"a","result":{"type":"errored","error":{"type":"error","error":{"type":"invalid_request_error","message":"no"}}}}`,
		`{"custom_id":"a","result":{"type":"errored","error":{"type":"api_error","message":"no"}}}`,
		`{"custom_id":"a","result":{"type":"expired"}}`, `{"custom_id":"a","error":"text"}`, `{"custom_id":"a","response":{"status_code":200,"body":[1]}}`,
		`{}`, ``, `null`, `[]`, `{"custom_id":7}`, "\xff\x00", `{"custom_id":"a","result":{"type":"errored","error":7}}`,
	} {
		f.Add([]byte(line))
	}
}

// FuzzParse holds that a line is no result, an answer, or a failure with a cause
// of bounded length; never two of these.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, line []byte) {
		for _, s := range []service{&files{}, &messages{}} {
			got, err := s.parse(line)
			if err != nil {
				continue
			}
			require.NotEmpty(t, got.id)
			require.NotEqual(t, got.body == nil, got.fault == nil, "%+v", got)
			if got.body != nil {
				require.True(t, isObject(got.body))
				require.False(t, got.untried)
				continue
			}
			require.NotEmpty(t, got.fault.Kind)
			require.LessOrEqual(t, len(got.fault.Message), 1000)
		}
	})
}

// FuzzResults holds that whatever a file of results holds, at most the requests of
// the batch come out of it, and what was kept is read back as it was understood.
func FuzzResults(f *testing.F) {
	seeds(f)
	f.Add([]byte("{\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":{}}}\r\n\n{\"custom_id\":\"b\",\"response\":{\"status_code\":200,\"body\":{\"x\":1}}}"))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, s := range []service{&files{}, &messages{}} {
			b := &record{Client: "evalr-1", Requests: map[string]string{"a": "", "b": ""}}
			r := &Runner{service: replayed{s, file}}
			var out bytes.Buffer
			h, err := r.reap(t.Context(), b, &out)
			require.NoError(t, err)
			require.LessOrEqual(t, len(h.index), 2)
			text := out.Bytes()
			again, err := r.scan(b, &out)
			require.NoError(t, err)
			require.Len(t, again, len(h.index))
			for id, where := range h.index {
				got, err := s.parse(text[where.at : where.at+where.size])
				require.NoError(t, err)
				require.Equal(t, id, got.id)
				got, err = s.parse(bytes.TrimSpace(text[again[id].at : again[id].at+again[id].size]))
				require.NoError(t, err)
				require.Equal(t, id, got.id)
			}
		}
	})
}

// replayed gives the lines of a file as the results.
type replayed struct {
	service
	file []byte
}

func (s replayed) results(_ context.Context, _ status, take func([]byte) error) error {
	for line := range bytes.SplitSeq(s.file, []byte("\n")) {
		if line = bytes.TrimRight(line, "\r\n"); len(bytes.TrimSpace(line)) > 0 {
			if err := take(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// FuzzBatchObject holds that no answer of a service about a batch is taken for one
// without an id.
func FuzzBatchObject(f *testing.F) {
	for _, text := range []string{
		`{"id":"batch_1","status":"completed","output_file_id":"f","error_file_id":null,"errors":{"data":[{"message":"m"}]},"request_counts":{"total":1,"completed":1,"failed":0},"metadata":{"a":"b"},"created_at":1}`,
		`{"id":"b","processing_status":"ended","created_at":"2024-08-20T18:37:24.100435Z","request_counts":{"succeeded":5}}`,
		`{"id":"b","errors":"text","created_at":"text"}`, `{"id":"b","errors":{"data":[7]}}`, `{}`, `[]`, `null`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, one := range []func([]byte, error) (status, error){(&files{}).one, (&messages{}).one} {
			s, err := one(text, nil)
			require.Equal(t, err == nil, s.ID != "")
			require.LessOrEqual(t, len(s.Why), 400)
		}
	})
}

func TestRequestsOfABatchAreAsTheServicesWantThem(t *testing.T) {
	line, err := (&files{endpoint: "/v1/chat/completions"}).line("id", []byte(`{"model":"m"}`))
	require.NoError(t, err)
	assert.JSONEq(t, `{"custom_id":"id","method":"POST","url":"/v1/chat/completions","body":{"model":"m"}}`, string(line))
	assert.Equal(t, "a\nb\n", string((&files{}).pack([][]byte{[]byte("a"), []byte("b")})))
	line, err = (&messages{}).line("id", []byte(`{"model":"m"}`))
	require.NoError(t, err)
	assert.JSONEq(t, `{"custom_id":"id","params":{"model":"m"}}`, string(line))
	assert.JSONEq(t, `{"requests":[1,2]}`, string((&messages{}).pack([][]byte{[]byte("1"), []byte("2")})))
	assert.Equal(t, "/v1/messages/batches", newMessages(wire.New(wire.Options{Base: "http://host"})).path)
	assert.Equal(t, "/messages/batches", newMessages(wire.New(wire.Options{Base: "http://host/v1/"})).path)
}

// The list of a service ends where batches are older than ours can be, but only
// where it shows the newest first.
func TestWhereAListIsLeft(t *testing.T) {
	at := func(seconds ...any) []fileBatch {
		var list []fileBatch
		for _, s := range seconds {
			list = append(list, fileBatch{Created: s})
		}
		return list
	}
	before := time.Unix(100, 0)
	assert.True(t, fallsBehind(at(300., 200., 99.), before))
	assert.False(t, fallsBehind(at(300., 200., 100.), before))
	assert.False(t, fallsBehind(at(50., 60., 99.), before), "the oldest first")
	assert.False(t, fallsBehind(at("2026-01-01"), before), "a time that is not understood")
}

func TestAListWithoutEnd(t *testing.T) {
	pages := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		pages++
		_, _ = fmt.Fprintf(w, `{"data":[{"id":"x%d","created_at":%q}],"has_more":true}`, pages, time.Now().Format(time.RFC3339))
	}))
	defer server.Close()
	client := wire.New(wire.Options{Base: server.URL, FirstByte: time.Minute, Stall: time.Minute})
	for _, s := range []service{&files{client, ""}, newMessages(client)} {
		pages = 0
		_, found, err := s.find(t.Context(), &record{Sent: time.Now(), Requests: map[string]string{"a": ""}}, func(string) bool { return false })
		require.ErrorContains(t, err, "no end")
		assert.Equal(t, unknown, found)
		assert.Equal(t, mostPages, pages)
	}
}

func TestAnIDFitsBothServicesAndLasts(t *testing.T) {
	client := wire.New(wire.Options{Base: "http://host/v1"})
	r := &Runner{o: Options{MaxBytes: 1 << 20}, salt: "0123456789abcdef", provider: constant{}, service: &files{client, "/v1/x"}, endpoint: "/v1/x"}
	id, _, err := r.identify(eval.Request{Key: eval.Key{Benchmark: "b", Problem: "p", Model: "m", Trial: 2}})
	require.NoError(t, err)
	assert.Regexp(t, `^[a-zA-Z0-9_-]{1,64}$`, id)
	assert.Equal(t, "9049984225f6bacf0a8c89823a72c13b69d16a49c331bf0f", id, "another id would have what is under way paid again")
}

type constant struct{}

func (constant) Batches() (*wire.Client, string)           { return nil, "" }
func (constant) BatchBody(eval.Request) ([]byte, error)    { return []byte(`{"model":"m"}`), nil }
func (constant) BatchAnswer([]byte) (eval.Response, error) { return eval.Response{}, nil }

func TestAPartOfAFileIsNeverThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	require.NoError(t, putWhole(path, []byte("{}")))
	require.NoError(t, putWhole(path, []byte(`{"a":1}`)))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "{\"a\":1}\n", string(text))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
	err = putWhole(filepath.Join(dir, "missing", "a.json"), nil)
	assert.True(t, err != nil && strings.Contains(err.Error(), "missing"))
}
