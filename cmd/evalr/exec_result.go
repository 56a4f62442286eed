package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
)

// execResult is the printed object; the names are a contract.
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
	Again      float64        `json:"again,omitempty"`
}

func shown(r sandbox.Result) execResult {
	return execResult{
		r.Status, r.ExitCode, r.Signal, string(r.Stdout), string(r.Stderr),
		ms(r.Wall), ms(r.CPU), r.PeakMemory, r.Isolation, r.Message, r.Again,
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// endings are the languages and how names of their files end.
var endings = []struct{ language, endings string }{
	{"python", ".py"}, {"c", ".c"}, {"cpp", ".cpp .cc .cxx"}, {"go", ".go"}, {"java", ".java"},
	{"javascript", ".js .mjs"}, {"typescript", ".ts"}, {"rust", ".rs"}, {"bash", ".sh"},
}

func languageNames() (names []string) {
	for _, e := range endings {
		names = append(names, e.language)
	}
	return names
}

// languageOf gives the language that was named, else that of the file's name.
func languageOf(named, path string) (string, error) {
	if named != "" {
		return named, checkLanguage(named)
	}
	end := filepath.Ext(path)
	var known []string
	for _, e := range endings {
		if end != "" && slices.Contains(strings.Fields(e.endings), end) {
			return e.language, nil
		}
		known = append(known, e.endings)
	}
	return "", usage(fmt.Errorf("exec: the name of %s does not tell its language", path),
		"give --lang %s; or end the name in %s", strings.Join(languageNames(), "|"), strings.Join(known, " "))
}

func checkLanguage(name string) error {
	names := languageNames()
	if slices.Contains(names, name) {
		return nil
	}
	hint := "programs can be in " + strings.Join(names, ", ")
	if near := eval.Nearest(name, names); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "? " + hint
	}
	return usage(fmt.Errorf("exec: unknown language %q", name), "%s", hint)
}

// units are what a size may end in.
var units = map[string]float64{
	"": 1, "B": 1, "k": 1 << 10, "K": 1 << 10, "KiB": 1 << 10, "kB": 1e3, "KB": 1e3,
	"M": 1 << 20, "MiB": 1 << 20, "MB": 1e6, "G": 1 << 30, "GiB": 1 << 30, "GB": 1e9,
}

// parseSize reads a number of bytes: 1024, 512MiB, 2GiB, 64k.
func parseSize(s string) (int64, error) {
	digits := strings.TrimRight(s, "BKMGikb")
	n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	factor, ok := units[strings.TrimPrefix(s, digits)]
	// Above a pebibyte it is a slip, and near the end of int64 it would wrap.
	if size := n * factor; err == nil && ok && size >= 1 && size <= 1<<50 && !math.IsNaN(size) {
		return int64(size), nil
	}
	return 0, fmt.Errorf("%q is no size: want for example 512MiB", s)
}
