package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/scoring"
)

func newDoctor(s streams) *cobra.Command {
	var data []string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine can do, and what would help",
		Long: `Look at what a run needs: isolation for code answers, interpreters, local model
servers, keys, benchmark files, a folder that may be written. A line begins with
ok or – (missing); below it stands the remedy. The exit code is 3 if code answers
cannot be isolated.`,
		Example: examples("evalr doctor", "before the first run", "evalr doctor --data DIR", "which benchmarks find their files there"),
		Args:    exactly(0, ""),
		RunE:    func(c *cobra.Command, _ []string) error { return runDoctor(c.Context(), s, data) },
	}
	c.Flags().StringArrayVar(&data, "data", nil, "folder `DIR` with published benchmark files (repeatable; also EVALR_DATA)")
	return c
}

// A checkup prints what was looked at, one line each, aligned within a section.
type checkup struct {
	out   io.Writer
	width int // of the names in this section
}

// The marks of a line.
const (
	markOK = "ok"
	markNo = "–"

	markUnknown = "?" // written, but never tried with the real thing
)

func (c *checkup) section(title string, names ...string) {
	fmt.Fprintf(c.out, "\n%s\n", title)
	c.width = 0
	for _, n := range names {
		c.width = max(c.width, utf8.RuneCountInString(n))
	}
}

// line prints a mark, what was looked at, what was found and, where it is not as
// it should be, a remedy.
func (c *checkup) line(mark, name, found, remedy string) {
	text := fmt.Sprintf("  %s%*s %s%*s  %s", mark, 2-utf8.RuneCountInString(mark), "", name, c.width-utf8.RuneCountInString(name), "", printable(found))
	fmt.Fprintln(c.out, strings.TrimRight(text, " "))
	if remedy != "" {
		fmt.Fprintf(c.out, "     %*s  → %s\n", c.width, "", printable(remedy))
	}
}

func runDoctor(ctx context.Context, s streams, data []string) error {
	fmt.Fprintf(s.out, "evalr %s, %s, %s/%s, %d CPUs\n", versionString(), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	c := &checkup{out: s.out}
	isolated := c.isolation(ctx)
	c.languages()
	c.models(ctx)
	c.data(ctx, data)
	c.folders()
	if isolated != nil {
		fmt.Fprintln(s.err, unprotected("code answers can run here only"))
		return infrastructure(isolated, "the lines above name the remedies")
	}
	return nil
}

func (c *checkup) models(ctx context.Context) {
	names := []string{"local server"}
	for _, k := range runners.Table() {
		names = append(names, k.Kind)
	}
	c.section("models", names...)
	spec, said, ok := runners.Probe(ctx)
	if ok {
		c.line(markOK, "local server", said+" (evalr run -m "+shellQuote(spec)+" …)", "")
	} else {
		c.line(markNo, "local server", "none answers on ports 8000, 30000, 8080, 11434, 1234", "start vLLM, SGLang, llama.cpp, Ollama or LM Studio, or use a remote service")
	}
	for _, k := range runners.Table() {
		if k.KeyVar == "" || !k.KeyNeeded {
			continue
		}
		if os.Getenv(k.KeyVar) != "" || os.Getenv(k.KeyVar+"_FILE") != "" {
			c.line(markOK, k.Kind, k.KeyVar+" is set", "")
		} else {
			c.line(markNo, k.Kind, "no key", "set "+k.KeyVar+", or "+k.KeyVar+"_FILE to a file that holds the key")
		}
	}
}

// data says which benchmarks find their published files.
func (c *checkup) data(ctx context.Context, dirs []string) {
	spec := Spec{Data: dirs}
	if dirs == nil {
		spec.Data = filepath.SplitList(os.Getenv("EVALR_DATA"))
	}
	all := benchmarks.All(scoring.Tools{})
	var names []string
	for _, b := range all {
		names = append(names, b.Name)
	}
	c.section("benchmarks", names...)
	for _, b := range all {
		set, err := b.Load(ctx, dataOf(spec))
		if err != nil {
			c.line(markNo, b.Name, line(err.Error(), 160), "")
			continue
		}
		c.line(markOK, b.Name, fmt.Sprintf("%d problems", len(set.Problems)), "")
	}
}

func (c *checkup) folders() {
	c.section("folders", "compiled programs")
	if err := writable("."); err != nil {
		c.line(markNo, "working folder", "may not be written", fmt.Sprint("run elsewhere, or give --out: ", err))
	} else {
		c.line(markOK, "working folder", "may be written", "")
	}
	if dir := compiledDir(); dir == "" {
		c.line(markNo, "compiled programs", "are kept in memory alone", "set EVALR_HOME to a folder that may be written")
	} else {
		c.line(markOK, "compiled programs", "are kept in "+dir, "")
	}
}

// writable says whether a file can be made in a folder.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".evalr-doctor-*")
	if err != nil {
		return err
	}
	_ = f.Close()
	return os.Remove(f.Name())
}
