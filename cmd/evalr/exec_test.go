package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/scoring"
)

// execute runs evalr exec with input, in a cache of its own.
func execute(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	if os.Getenv("EVALR_HOME") == "" {
		t.Setenv("EVALR_HOME", t.TempDir())
	}
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"exec"}, args...), strings.NewReader(stdin), &out, &errs)
	if code == exitInfrastructure {
		t.Skipf("this machine cannot isolate the program: %s", errs.String())
	}
	return code, out.String(), errs.String()
}

func put(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

// squares print the square of a number, by the name of their file.
var squares = map[string]struct{ language, source string }{
	"a.py":   {"python", "print(int(input()) ** 2)"},
	"a.c":    {"c", "#include <stdio.h>\nint main(void) { int n; if (scanf(\"%d\", &n) != 1) return 3; printf(\"%d\\n\", n * n); }"},
	"a.cc":   {"cpp", "#include <iostream>\nint main() { int n; if (!(std::cin >> n)) return 3; std::cout << n * n << '\\n'; }"},
	"a.go":   {"go", "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() {\n\tvar n int\n\tif _, err := fmt.Scan(&n); err != nil {\n\t\tos.Exit(3)\n\t}\n\tfmt.Println(n * n)\n}\n"},
	"A.java": {"java", "import java.util.Scanner;\npublic class A { public static void main(String[] a) { int n = new Scanner(System.in).nextInt(); System.out.println(n * n); } }"},
	"a.mjs":  {"javascript", "import { readFileSync } from 'node:fs';\nconst n = Number(readFileSync(0, 'utf8'));\nconsole.log(n * n);"},
	"a.ts":   {"typescript", "const n: number = Number(require('fs').readFileSync(0, 'utf8'));\nconsole.log(n * n);"},
	"a.rs":   {"rust", "fn main() { let mut s = String::new(); std::io::stdin().read_line(&mut s).unwrap(); let n: i64 = s.trim().parse().unwrap(); println!(\"{}\", n * n); }"},
	"a.sh":   {"bash", "read n; echo $((n * n))"},
}

func TestExecRunsEveryLanguageByTheNameOfItsFile(t *testing.T) {
	found := map[string]sandbox.Language{}
	for _, l := range sandbox.Languages() {
		found[l.Name] = l
	}
	t.Setenv("EVALR_HOME", t.TempDir())
	for name, c := range squares {
		t.Run(c.language, func(t *testing.T) {
			if found[c.language].Path == "" {
				t.Skip(found[c.language].Note)
			}
			code, out, errs := execute(t, "12\n", "--memory", "1GiB", put(t, name, c.source))
			require.Zero(t, code, errs)
			var r execResult
			require.NoError(t, json.Unmarshal([]byte(out), &r))
			if r.Status == sandbox.CompileError && !holdsCompilers(t) {
				t.Skip("the tier of this machine cannot hold compilers: " + r.Stderr)
			}
			assert.Equal(t, sandbox.OK, r.Status, out)
			assert.Equal(t, "144\n", r.Stdout)
			assert.NotEqual(t, "none", r.Isolation)
		})
	}
}

// holdsCompilers says whether the tier that auto takes names what guards it, as
// those do that show a compiler its own folders.
func holdsCompilers(t *testing.T) bool {
	t.Helper()
	box, err := sandbox.Open(sandbox.Options{})
	require.NoError(t, err)
	defer box.Close() //nolint:errcheck // nothing is lost with it
	return len(box.Isolation().Guards) > 0
}

func TestTheNamesOfLanguagesAreThoseOfTheSandbox(t *testing.T) {
	var want, tested []string
	for _, l := range sandbox.Languages() {
		want = append(want, l.Name)
	}
	assert.ElementsMatch(t, want, languageNames())
	for name, c := range squares {
		tested = append(tested, c.language)
		got, err := languageOf("", name)
		require.NoError(t, err)
		assert.Equal(t, c.language, got)
	}
	assert.ElementsMatch(t, want, tested)
}

func TestExecOfAProgramThatDoesNotCompile(t *testing.T) {
	code, out, errs := execute(t, "", put(t, "bad.c", "int main(void) { return x; }"))
	require.Zero(t, code, errs)
	assert.Contains(t, out, `"status":"compile_error"`)
	assert.Contains(t, out, "undeclared")
}

func TestExecTestsCompilesOnce(t *testing.T) {
	tests := strings.Repeat(`{"input":"12","output":"144"}`+"\n", 20)
	t.Setenv("EVALR_HOME", t.TempDir())
	code, out, errs := execute(t, "", "--tests", put(t, "tests.jsonl", tests), put(t, "a.c", squares["a.c"].source))
	require.Zero(t, code, errs)
	assert.Equal(t, 20, strings.Count(out, `"passed":true`))
	assert.Contains(t, errs, "20 of 20 tests passed")
	kept, err := filepath.Glob(filepath.Join(os.Getenv("EVALR_HOME"), "compiled", "*.tar"))
	require.NoError(t, err)
	assert.Len(t, kept, 1)
}

func TestExecBatchKeepsTheOrder(t *testing.T) {
	var jobs bytes.Buffer
	for i := range 40 {
		fmt.Fprintf(&jobs, `{"id":%d,"program":"import time; time.sleep(%g); print(%d)"}`+"\n", i, 0.02*float64((i*7)%5), i)
	}
	code, out, errs := execute(t, jobs.String(), "--batch", "--lang", "python", "--jobs", "4")
	require.Zero(t, code, errs)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 40)
	for i, l := range lines {
		var r jobResult
		require.NoError(t, json.Unmarshal([]byte(l), &r))
		assert.Equal(t, fmt.Sprint(i), string(r.ID))
		assert.Equal(t, fmt.Sprintln(i), r.Stdout)
	}
	assert.Contains(t, errs, "40 programs in ")
}

func TestSameTokens(t *testing.T) {
	for _, c := range []struct {
		want, got string
		tolerance float64
		same      bool
	}{
		{"1 2\n3", "1  2 3\n", 0, true},
		{"1 2", "1 2 3", 0, false},
		{"", "", 0, true},
		{"1.0", "1", 0, false},
		{"1.0", "1", 1e-6, true},
		{"1000000", "1000000.5", 1e-6, true},
		{"1000000", "1000002", 1e-6, false},
		{"0", "5e-7", 1e-6, true},
		{"-0", "0", 1e-6, true},
		{"nan", "nan", 0, true},
		{"nan", "NaN", 1e-6, false},
		{"nan", "nan", 1e-6, false},
		{"inf", "inf", 1e-6, true},
		{"inf", "1e400", 1e-6, false},
		{"0x10", "16", 1e-6, false},
		{"1_0", "10", 1e-6, false},
		{"１", "1", 1e-6, false},
		{"YES 0.5", "YES .5", 1e-6, true},
		{"YES", "Yes", 1e-6, false},
	} {
		assert.Equal(t, c.same, scoring.SameOutput(c.want, c.got, c.tolerance), "%+v", c)
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"1024": 1024, "512MiB": 512 << 20, "1.5GiB": 3 << 29, "64k": 64 << 10, "2 GB": 2e9, "1e3": 1000} {
		got, err := parseSize(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "lots", "0", "-1", "1XiB", "NaN", "Inf", "1e30", "9999999GiB", "MiB", "5B5"} {
		_, err := parseSize(text)
		require.ErrorContains(t, err, "512MiB", text)
	}
}
