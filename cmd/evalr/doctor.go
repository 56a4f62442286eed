package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/scoring"
)

func newDoctor(s streams) *cobra.Command {
	var data []string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine can do, and what would help",
		Long: `Look at what a run needs: isolation for code answers, interpreters, local model
servers, keys, benchmark files, a folder that may be written. Every line that is
not ok names its remedy. The exit code is 3 if code answers cannot be isolated.`,
		Example: examples("evalr doctor", "before the first run", "evalr doctor --data DIR", "which benchmarks find their files there"),
		Args:    exactly(0, ""),
		RunE:    func(c *cobra.Command, _ []string) error { return runDoctor(c.Context(), s, data) },
	}
	c.Flags().StringArrayVar(&data, "data", nil, "folder `DIR` with published benchmark files (repeatable; also EVALR_DATA)")
	return c
}

func runDoctor(ctx context.Context, s streams, data []string) error {
	fmt.Fprintf(s.out, "evalr %s, %s, %s/%s, %d CPUs\n", versionString(), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	check := func(ok bool, what, remedy string) {
		mark := "ok  "
		if !ok {
			mark = "–   "
		}
		fmt.Fprintf(s.out, "  %s %s\n", mark, what)
		if !ok && remedy != "" {
			fmt.Fprintf(s.out, "       %s\n", remedy)
		}
	}
	fmt.Fprintln(s.out, "\nisolation of code answers")
	for _, p := range sandbox.Probes(ctx) {
		check(p.OK, p.Name+": "+p.Detail, p.Remedy)
	}
	_, isolated := sandbox.Open(sandbox.Options{})
	fmt.Fprintln(s.out, "\nlanguages")
	for _, l := range sandbox.Languages() {
		check(l.Path != "", l.Name+" "+cmp(l.Version, "not found"), l.Note)
	}
	fmt.Fprintln(s.out, "\nmodels")
	spec, said, ok := runners.Probe(ctx)
	if ok {
		check(true, said+" (evalr run -m "+shellQuote(spec)+" …)", "")
	} else {
		check(false, "no local server answers on ports 8000, 30000, 8080, 11434, 1234", "start vLLM, SGLang, llama.cpp, Ollama or LM Studio, or use a remote service")
	}
	for _, k := range runners.Table() {
		if k.KeyVar != "" && k.KeyNeeded {
			check(os.Getenv(k.KeyVar) != "" || os.Getenv(k.KeyVar+"_FILE") != "", k.Kind+": "+k.KeyVar, "set "+k.KeyVar+", or "+k.KeyVar+"_FILE to a file that holds the key")
		}
	}
	doctorData(ctx, s.out, data, check)
	fmt.Fprintln(s.out, "\nfolders")
	err := writable(".")
	check(err == nil, "the working folder may be written", fmt.Sprint("run elsewhere, or give --out: ", err))
	if isolated != nil {
		return infrastructure(isolated, "the lines above name the remedies")
	}
	return nil
}

// doctorData says which benchmarks find their published files.
func doctorData(ctx context.Context, w io.Writer, data []string, check func(bool, string, string)) {
	fmt.Fprintln(w, "\nbenchmarks")
	spec := Spec{Data: data}
	if data == nil {
		spec.Data = filepath.SplitList(os.Getenv("EVALR_DATA"))
	}
	for _, b := range benchmarks.All(scoring.Tools{}) {
		set, err := b.Load(ctx, dataOf(spec))
		if err != nil {
			check(false, b.Name, line(err.Error(), 160))
			continue
		}
		check(true, fmt.Sprintf("%s: %d problems", b.Name, len(set.Problems)), "")
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
