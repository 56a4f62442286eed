package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/internal/sandbox"
)

type execOptions struct {
	streams
	lang           string
	cpu            time.Duration
	memory, output string
	processes      int
	tier           string
}

func newExec(s streams) *cobra.Command {
	o := execOptions{streams: s}
	c := &cobra.Command{
		Use:   "exec --lang LANGUAGE PROGRAM < INPUT",
		Short: "Run one untrusted program in the sandbox",
		Long: `Run one untrusted program in the sandbox and print what its parent saw, as one
JSON object. The exit code is 0 whenever the program was run, 3 when it could
not be isolated.`,
		Example: examples(
			"echo 7 | evalr exec --lang python square.py", "run a program with input",
			"evalr exec --lang python --time 2s --memory 128MiB hog.py < /dev/null", "with limits of one's own",
		),
		Args: exactly(1, "the program"),
		RunE: func(c *cobra.Command, args []string) error { return runExec(c.Context(), o, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&o.lang, "lang", "", "language of the program (`evalr list languages`)")
	f.DurationVar(&o.cpu, "time", 10*time.Second, "processor time; the wall clock allows three times as much and 2 s")
	f.StringVar(&o.memory, "memory", "512MiB", "memory")
	f.StringVar(&o.output, "output-limit", "1MiB", "bytes of standard output, and of standard error")
	f.IntVar(&o.processes, "processes", 64, "processes and threads at once")
	f.StringVar(&o.tier, "tier", "auto", "isolation: auto, native or none")
	_ = c.MarkFlagRequired("lang")
	return c
}

// execResult is the printed object.
type execResult struct {
	Status     sandbox.Status `json:"status"`
	ExitCode   int            `json:"exit_code"`
	Signal     string         `json:"signal"`
	Stdout     string         `json:"stdout"`
	Stderr     string         `json:"stderr"`
	WallMS     float64        `json:"wall_ms"`
	CPUMS      float64        `json:"cpu_ms"`
	PeakMemory int64          `json:"peak_memory_bytes"`
	Isolation  string         `json:"isolation"`
	Message    string         `json:"message,omitempty"`
}

func runExec(ctx context.Context, o execOptions, path string) error {
	memory, err := parseSize(o.memory)
	if err != nil {
		return usage(fmt.Errorf("exec: --memory: %w", err), "")
	}
	output, err := parseSize(o.output)
	if err != nil {
		return usage(fmt.Errorf("exec: --output-limit: %w", err), "")
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return usage(fmt.Errorf("exec: read the program: %w", err), "")
	}
	stdin, err := io.ReadAll(o.in)
	if err != nil {
		return usage(fmt.Errorf("exec: read standard input: %w", err), "")
	}
	box, err := sandbox.Open(sandbox.Options{Tier: o.tier})
	if err != nil {
		return sandboxError(err)
	}
	if box.Tier() == "none" {
		fmt.Fprintln(o.err, "WARNING: --tier none: the program runs with no isolation, with your rights")
	}
	r, err := box.Run(ctx, sandbox.Program{Language: o.lang, Source: string(source), Stdin: stdin},
		sandbox.Limits{CPU: o.cpu, Memory: memory, Output: output, Processes: o.processes})
	if err != nil {
		return sandboxError(fmt.Errorf("exec: %w", err))
	}
	encoder := json.NewEncoder(o.out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(execResult{
		r.Status, r.ExitCode, r.Signal, string(r.Stdout), string(r.Stderr),
		ms(r.Wall), ms(r.CPU), r.PeakMemory, r.Isolation, r.Message,
	})
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// parseSize reads a number of bytes: 1024, 512MiB, 2GiB, 64k.
func parseSize(s string) (int64, error) {
	var n float64
	var unit string
	if _, err := fmt.Sscanf(s+" ", "%g%s", &n, &unit); err != nil && n == 0 {
		return 0, fmt.Errorf("%q is no size: want for example 512MiB", s)
	}
	factor, ok := map[string]float64{
		"": 1, "B": 1, "k": 1 << 10, "K": 1 << 10, "KiB": 1 << 10, "kB": 1e3, "KB": 1e3,
		"M": 1 << 20, "MiB": 1 << 20, "MB": 1e6, "G": 1 << 30, "GiB": 1 << 30, "GB": 1e9,
	}[unit]
	if !ok || n <= 0 {
		return 0, fmt.Errorf("%q is no size: want for example 512MiB", s)
	}
	return int64(n * factor), nil
}
