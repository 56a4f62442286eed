package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/evalr/evalr/internal/sandbox"
)

// A jobLine is one program to run. What it does not say is as the flags say.
type jobLine struct {
	ID        json.RawMessage   `json:"id"`
	Lang      string            `json:"lang"`
	Program   *string           `json:"program"`
	Stdin     string            `json:"stdin"`
	Files     map[string]string `json:"files"`
	Args      []string          `json:"args"`
	Time      span              `json:"time"`
	Memory    size              `json:"memory"`
	Output    size              `json:"output_limit"`
	Processes *int              `json:"processes"`
}

// jobSlips are other names of a job's keys.
var jobSlips = map[string]string{
	"language": "lang", "source": "program", "code": "program", "input": "stdin", "file": "files", "arguments": "args", "argv": "args",
	"timeout": "time", "time_limit": "time", "cpu": "time", "mem": "memory", "memory_limit": "memory", "output-limit": "output_limit", "procs": "processes",
}

// A span is a time as "2s", or as a number of seconds.
type span time.Duration

// UnmarshalJSON reads a span.
func (s *span) UnmarshalJSON(text []byte) error {
	var said string
	if json.Unmarshal(text, &said) != nil {
		said = string(text) + "s"
	}
	d, err := time.ParseDuration(said)
	if err != nil || d <= 0 {
		return fmt.Errorf(`time: %s is no time: want for example "2s"`, text)
	}
	*s = span(d)
	return nil
}

// A size is a number of bytes, or a text as "128MiB".
type size int64

// UnmarshalJSON reads a size.
func (s *size) UnmarshalJSON(text []byte) error {
	var said string
	if json.Unmarshal(text, &said) != nil {
		said = string(text)
	}
	n, err := parseSize(said)
	*s = size(n)
	return err
}

// A jobResult is what came of a job.
type jobResult struct {
	ID json.RawMessage `json:"id"`
	execResult
}

// many runs a stream of programs.
func (o *execOptions) many(ctx context.Context, path string) error {
	if o.lang != "" {
		if err := checkLanguage(o.lang); err != nil {
			return err
		}
	}
	in, err := o.jobsFrom(path)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // read only
	box, err := o.open(o.jobs)
	if err != nil {
		return err
	}
	defer box.Close() //nolint:errcheck // nothing is lost with it
	t := newTally(o.err, 0)
	out := newLines(o.out)
	bad, unisolated := 0, 0
	err = o.pipeline(out, func(ctx context.Context, l numbered) any { return o.job(ctx, box, l) }).
		run(ctx, in, func(result any) error {
			switch r := result.(type) {
			case lineError:
				bad++
				if r.infrastructure {
					unisolated++
				}
			case jobResult:
				t.add(r.execResult, nil)
			}
			return out.write(result)
		})
	t.close()
	if err != nil {
		return usage(fmt.Errorf("exec: %w", err), "")
	}
	fmt.Fprintln(o.err, t.programs(bad))
	switch {
	case unisolated > 0:
		return infrastructure(fmt.Errorf("exec: %d programs could not be isolated", unisolated), "`evalr doctor` shows what is missing; each has its line number and error in the output")
	case bad > 0:
		return usage(fmt.Errorf("exec: %d lines could not be run", bad), "each has its line number and error in the output")
	}
	return nil
}

// jobsFrom opens the jobs: a file, given with the flag or after it, else standard
// input.
func (o *execOptions) jobsFrom(path string) (io.ReadCloser, error) {
	if o.batch != "-" {
		if path != "" {
			return nil, usage(fmt.Errorf("exec: %q is one argument too many", path), "--batch runs the programs of %s", o.batch)
		}
		path = o.batch
	}
	if path == "" || path == "-" {
		return io.NopCloser(o.in), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usage(fmt.Errorf("exec: read the jobs: %w", err), "")
	}
	return f, nil
}

// job runs one line.
func (o *execOptions) job(ctx context.Context, box *sandbox.Box, l numbered) any {
	var in jobLine
	bad := func(err error) any {
		out := l.bad(err.Error())
		out.ID, out.infrastructure = in.ID, errors.Is(err, sandbox.ErrNotIsolated)
		return out
	}
	if err := l.read(&in, jobSlips); err != nil {
		return bad(err)
	}
	p, err := in.toRun(o.lang)
	if err != nil {
		return bad(err)
	}
	limits := o.limits
	limits.CPU, limits.Memory = either(time.Duration(in.Time), limits.CPU), either(int64(in.Memory), limits.Memory)
	limits.Output = either(int64(in.Output), limits.Output)
	if in.Processes != nil {
		limits.Processes = *in.Processes
	}
	r, err := box.Run(ctx, p, limits)
	if err != nil {
		return bad(err)
	}
	if in.ID == nil {
		in.ID = json.RawMessage("null")
	}
	return jobResult{in.ID, shown(r)}
}

// toRun is the program of a job.
func (j jobLine) toRun(lang string) (sandbox.Program, error) {
	p := sandbox.Program{Language: cmp.Or(j.Lang, lang), Args: j.Args, Stdin: []byte(j.Stdin)}
	switch {
	case j.Program == nil:
		return p, errors.New(`"program" is missing: the text of the program`)
	case p.Language == "":
		return p, errors.New(`"lang" is missing, and no --lang is given`)
	case j.Processes != nil && *j.Processes < 1:
		return p, fmt.Errorf("processes: %d: at least 1 is needed", *j.Processes)
	}
	p.Source = *j.Program
	if len(j.Files) > 0 {
		p.Files = map[string][]byte{}
	}
	for name, text := range j.Files {
		if !filepath.IsLocal(name) || filepath.Clean(name) == "." {
			return p, fmt.Errorf("files: %q is no name of a file beside the program", name)
		}
		p.Files[name] = []byte(text)
	}
	return p, nil
}

// aheadBytes bounds what waits for a slower program before it.
const aheadBytes = 256 << 20

// pipeline runs programs at once, one by one. How many may be ahead of the
// slowest depends on what they may print.
func (o *execOptions) pipeline(out lines, do func(context.Context, numbered) any) pipeline {
	ahead := min(512, aheadBytes/(2*o.limits.Output))
	return pipeline{jobs: o.jobs, atOnce: 1, ahead: max(2*o.jobs, int(ahead)), do: do, flush: out.flush}
}

// programs says in a line how a batch went.
func (t *tally) programs(bad int) string {
	text := strconv.Itoa(t.done) + " programs"
	if t.done == 1 {
		text = "1 program"
	}
	took := time.Since(t.started)
	text += fmt.Sprintf(" in %s (%.0f/s)", brief(took), float64(t.done)/max(took.Seconds(), 1e-9))
	if t.done > 0 {
		text += fmt.Sprintf(": %s; slowest %s; isolation %s", t.statuses(), brief(t.slowest), t.isolation)
	}
	if bad > 0 {
		text += fmt.Sprintf("; bad lines: %d", bad)
	}
	return text
}
