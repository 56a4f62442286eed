//go:build linux

package sandbox_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

const hostileFolder = "testdata/hostile"

// A hostileProgram is a line of the manifest, which tells what the fields mean.
type hostileProgram struct {
	ID, Kind, File, Language string

	Stdin  string
	Repeat int
	Args   []string
	Files  map[string]string
	Limits hostileLimits

	Expect   []sandbox.Status
	Stdout   *string
	ExitCode *int `json:"exit_code"`
	Signal   string
	WithinMS int64 `json:"within_ms"`

	After, Beside                string
	Alone, Random, Differs, Slow bool
	Arch                         string
}

// hostileLimits are limits as the manifest writes them; 0 means the manifest's
// default.
type hostileLimits struct {
	CPU       int64 `json:"cpu_ms"`
	Wall      int64 `json:"wall_ms"`
	Memory    int64
	Output    int64
	Processes int
}

// over gives the limits, with those of base where there are none.
func (l hostileLimits) over(base hostileLimits) sandbox.Limits {
	pick := func(a, b int64) int64 {
		if a != 0 {
			return a
		}
		return b
	}
	return sandbox.Limits{
		CPU:    time.Duration(pick(l.CPU, base.CPU)) * time.Millisecond,
		Wall:   time.Duration(pick(l.Wall, base.Wall)) * time.Millisecond,
		Memory: pick(l.Memory, base.Memory), Output: pick(l.Output, base.Output),
		Processes: int(pick(int64(l.Processes), int64(base.Processes))),
	}
}

type hostileManifest struct {
	About    string
	Limits   hostileLimits
	Programs []hostileProgram
}

func readHostile(t *testing.T) hostileManifest {
	t.Helper()
	f, err := os.Open(filepath.Join(hostileFolder, "manifest.json"))
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // only read
	var m hostileManifest
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&m))
	return m
}

// skipped says why a program is not to be run here; empty if it is.
func (p hostileProgram) skipped() string {
	if p.Slow && os.Getenv("EVALR_HOSTILE_SLOW") == "" {
		return "it takes the minutes that a compiler may: set EVALR_HOSTILE_SLOW=1 to run it"
	}
	if p.Arch != "" && p.Arch != runtime.GOARCH {
		return "it is for " + p.Arch
	}
	return ""
}

// compiled says whether the time until a result includes a compiler's.
func (p hostileProgram) compiled() bool {
	return !slices.Contains([]string{"python", "javascript", "bash"}, p.Language)
}

// program makes what the sandbox is to run.
func (p hostileProgram) program(t *testing.T, words *strings.Replacer) sandbox.Program {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(hostileFolder, p.File))
	require.NoError(t, err)
	files := map[string][]byte{}
	for name, text := range p.Files {
		files[name] = []byte(text)
	}
	return sandbox.Program{
		Language: p.Language, Source: words.Replace(string(source)), Args: p.Args, Files: files,
		Stdin: []byte(strings.Repeat(words.Replace(p.Stdin), max(1, p.Repeat))),
	}
}

// units gives the programs in the order in which they are to be run: each with
// those that follow it or run beside it.
func (m hostileManifest) units() [][]hostileProgram {
	var units [][]hostileProgram
	at := map[string]int{}
	for _, p := range m.Programs {
		lead := p.After + p.Beside
		if lead == "" {
			at[p.ID] = len(units)
			units = append(units, []hostileProgram{p})
			continue
		}
		units[at[lead]] = append(units[at[lead]], p)
	}
	return units
}

func TestTheManifestOfHostileProgramsIsWhole(t *testing.T) {
	m := readHostile(t)
	statuses := []sandbox.Status{sandbox.OK, sandbox.RuntimeError, sandbox.TimeLimit, sandbox.MemoryLimit, sandbox.OutputLimit, sandbox.CompileError, sandbox.Denied}
	ids, files := map[string]bool{}, map[string]bool{"manifest.json": true}
	for _, p := range m.Programs {
		assert.False(t, ids[p.ID], "%s is there twice", p.ID)
		if lead := p.After + p.Beside; lead != "" {
			assert.True(t, ids[lead], "%s stands before what it follows", p.ID)
		}
		ids[p.ID], files[p.File] = true, true
		assert.Subset(t, statuses, p.Expect, p.ID)
		assert.NotEmpty(t, p.Expect, p.ID)
		assert.Equal(t, p.Kind, filepath.Dir(p.File), p.ID)
	}
	assert.GreaterOrEqual(t, len(files), 80)
	require.NoError(t, fs.WalkDir(os.DirFS(hostileFolder), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			assert.True(t, files[path], "%s is not in the manifest", path)
			delete(files, path)
		}
		return err
	}))
	assert.Empty(t, files, "named in the manifest, but not there")
}
