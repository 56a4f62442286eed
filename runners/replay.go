package runners

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/evalr/evalr/eval"
)

// replay answers from recorded responses. It is an eval.Holder.
type replay struct {
	name string
	rows map[replayKey]*replayRow
}

// replayKey names a row; a row without a benchmark answers for any.
type replayKey struct {
	benchmark, problem string
	trial              int
}

// replayRow is a line of a replay file. Unknown fields are ignored.
type replayRow struct {
	Problem   json.RawMessage `json:"problem"`
	Trial     int             `json:"trial"`
	Response  *string         `json:"response"`
	Benchmark string          `json:"benchmark"`
	Model     string          `json:"model"`
	Reasoning string          `json:"reasoning"`
	Stop      eval.Stop       `json:"stop"`
	Usage     *eval.Usage     `json:"usage"`

	line int
}

// Name is the row's model, else the file's name.
func (r *replay) Name() string { return r.name }

// Holds says whether the file has this attempt.
func (r *replay) Holds(k eval.Key) bool { return r.row(k) != nil }

func (r *replay) row(k eval.Key) *replayRow {
	if row := r.rows[replayKey{k.Benchmark, k.Problem, k.Trial}]; row != nil {
		return row
	}
	return r.rows[replayKey{"", k.Problem, k.Trial}]
}

// Generate gives the recorded response.
func (r *replay) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if err := ctx.Err(); err != nil {
		return eval.Response{}, err
	}
	row := r.row(q.Key)
	if row == nil {
		return eval.Response{}, &eval.Failure{Kind: eval.FailRequest, Message: "the replay does not hold " + q.Key.String()}
	}
	out := eval.Response{Raw: *row.Response, Reasoning: row.Reasoning, Stop: row.Stop, Model: row.Model}
	if row.Usage != nil {
		out.Usage = *row.Usage
	}
	return out, nil
}

func openReplay(path string) ([]eval.Runner, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open a replay: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	var in io.Reader = f
	switch {
	case strings.HasSuffix(path, ".gz"):
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("%s: not a gzip file: %w", path, err)
		}
		in = z
	case strings.HasSuffix(path, ".zst"):
		z, err := zstd.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("%s: not a zstd file: %w", path, err)
		}
		defer z.Close()
		in = z
	}
	return Replay(path, in)
}

const maxReplayLine = 256 << 20

// Replay reads recorded responses: JSON lines of {"problem", "trial",
// "response", "benchmark"?, "model"?, "reasoning"?, "stop"?, "usage"?}. It gives
// a runner for each model, in order of appearance. Errors name the line.
func Replay(name string, in io.Reader) ([]eval.Runner, error) {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(make([]byte, 64<<10), maxReplayLine)
	base, _, _ := strings.Cut(filepath.Base(name), ".")
	var out []*replay
	n := 0
	for scanner.Scan() {
		n++
		if len(bytes.TrimSpace(scanner.Bytes())) == 0 {
			continue
		}
		row := replayRow{line: n}
		if err := json.Unmarshal(scanner.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("%s:%d: not a replay row: %w", name, n, err)
		}
		key, err := row.key()
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		model := row.Model
		if model == "" {
			model = base
		}
		i := slices.IndexFunc(out, func(r *replay) bool { return r.name == model })
		if i < 0 {
			i = len(out)
			out = append(out, &replay{model, map[replayKey]*replayRow{}})
		}
		if twice := out[i].rows[key]; twice != nil {
			return nil, fmt.Errorf("%s:%d: problem %s trial %d of %s stands on line %d already", name, n, key.problem, key.trial, model, twice.line)
		}
		out[i].rows[key] = &row
	}
	switch err := scanner.Err(); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("%s: the file is cut short after line %d: fetch it again", name, n)
	case err != nil:
		return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
	case len(out) == 0:
		return nil, fmt.Errorf("%s holds no responses", name)
	}
	all := make([]eval.Runner, len(out))
	for i, r := range out {
		all[i] = r
	}
	return all, nil
}

func (r *replayRow) key() (replayKey, error) {
	k := replayKey{benchmark: r.Benchmark, trial: r.Trial}
	if r.Problem == nil {
		return k, errors.New(`"problem" is missing`)
	}
	if json.Unmarshal(r.Problem, &k.problem) != nil {
		k.problem = string(r.Problem) // a number
	}
	switch {
	case k.problem == "":
		return k, errors.New(`"problem" is empty`)
	case r.Response == nil:
		return k, errors.New(`"response" is missing`)
	case r.Trial < 0:
		return k, fmt.Errorf("trial %d: trials count from 0", r.Trial)
	}
	return k, nil
}
