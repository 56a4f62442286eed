package sandbox_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

// squares read a number and print its square, in every language.
var squares = map[string]string{
	"python":     "print(int(input())**2)",
	"c":          "#include <stdio.h>\nint main(void) { int n; if (scanf(\"%d\", &n) != 1) return 1; printf(\"%d\\n\", n * n); }",
	"cpp":        "#include <bits/stdc++.h>\nint main() { int n; std::cin >> n; std::cout << n * n << \"\\n\"; }",
	"go":         "package main\nimport \"fmt\"\nfunc main() { var n int; fmt.Scan(&n); fmt.Println(n * n) }",
	"java":       "import java.util.*;\npublic class Anything { public static void main(String[] a) { int n = new Scanner(System.in).nextInt(); System.out.println(n * n); } }",
	"javascript": "const n = +require('fs').readFileSync('/dev/stdin', 'utf8'); console.log(n * n)",
	"typescript": "const n: number = +require('fs').readFileSync('/dev/stdin', 'utf8'); console.log(n * n)",
	"rust":       "use std::io;\nfn main() { let mut s = String::new(); io::stdin().read_line(&mut s).unwrap(); let n: i64 = s.trim().parse().unwrap(); println!(\"{}\", n * n); }",
	"bash":       "read n; echo $((n * n))",
}

func TestEveryLanguage(t *testing.T) {
	box := open(t)
	for name, source := range squares {
		t.Run(name, func(t *testing.T) {
			r := runOrSkip(t, box, sandbox.Program{Language: name, Source: source, Stdin: []byte("7\n")}, sandbox.Limits{})
			assert.Equal(t, sandbox.OK, r.Status, string(r.Stderr))
			assert.Equal(t, "49\n", string(r.Stdout))
			assert.Positive(t, r.PeakMemory)
		})
	}
}

// runOrSkip runs a program, and skips the test if its toolchain is not here.
func runOrSkip(t *testing.T, box *sandbox.Box, p sandbox.Program, l sandbox.Limits) sandbox.Result {
	t.Helper()
	r, err := box.Run(t.Context(), p, l)
	if err != nil && strings.Contains(err.Error(), "install the package") {
		t.Skip(err)
	}
	require.NoError(t, err)
	return r
}

func TestAProgramThatDoesNotCompileSaysWhy(t *testing.T) {
	box := open(t)
	for name, source := range map[string]string{
		"c": "int main(void) { return x; }", "cpp": "int main() { return x; }", "go": "package main\nfunc main() { x }", "java": "class Main { int x = y; }",
		"typescript": "const x: = 1", "rust": "fn main() { x }",
	} {
		t.Run(name, func(t *testing.T) {
			r := runOrSkip(t, box, sandbox.Program{Language: name, Source: source}, sandbox.Limits{})
			assert.Equal(t, sandbox.CompileError, r.Status)
			assert.Regexp(t, `main\.|Main\.java`, string(r.Stderr))
			assert.Empty(t, r.Stdout)
		})
	}
}

func TestACompiledProgramIsKept(t *testing.T) {
	dir := t.TempDir()
	p := sandbox.Program{Language: "c", Source: squares["c"], Stdin: []byte("3")}
	for range 2 {
		box, err := sandbox.Open(sandbox.Options{Cache: dir})
		if err != nil {
			t.Skip(err)
		}
		r := runOrSkip(t, box, p, sandbox.Limits{})
		assert.Equal(t, "9\n", string(r.Stdout))
		require.NoError(t, box.Close())
	}
}

func TestMemoryLimitsOfRuntimesThatReserveMuch(t *testing.T) {
	box := open(t)
	for name, source := range map[string]string{
		"java":       "import java.util.*; class Main { public static void main(String[] a) { List<byte[]> x = new ArrayList<>(); while (true) { byte[] b = new byte[1 << 20]; Arrays.fill(b, (byte) 1); x.add(b); } } }",
		"javascript": "const x = []; while (true) x.push(new Array(1 << 17).fill(1.5))",
		"go":         "package main\nvar x [][]byte\nfunc main() { for { b := make([]byte, 1<<20); for i := range b { b[i] = 1 }; x = append(x, b) } }",
	} {
		t.Run(name, func(t *testing.T) {
			r := runOrSkip(t, box, sandbox.Program{Language: name, Source: source}, sandbox.Limits{Memory: 256 << 20})
			assert.Equal(t, sandbox.MemoryLimit, r.Status, string(r.Stderr))
		})
	}
}

func TestTwoProgramsTalk(t *testing.T) {
	box := open(t)
	ask := sandbox.Program{Language: "python", Source: "import os\nos.write(3, b'20\\n')\nprint(os.read(3, 100).decode().strip())"}
	answer := sandbox.Program{Language: "python", Source: "import os\nwhile True:\n    line = os.read(3, 100)\n    if not line: break\n    os.write(3, str(int(line) + 1).encode())"}
	a, b, err := box.Talk(t.Context(), ask, answer, sandbox.Limits{})
	require.NoError(t, err)
	assert.Equal(t, "21\n", string(a.Stdout), string(a.Stderr), string(b.Stderr))
	assert.Equal(t, sandbox.OK, a.Status)
}

// TestAProgramThatIsLateBesideOthersRunsAgainAlone: the first try of the one that
// spins is beside another, so that a second one decides.
func TestAProgramThatIsLateBesideOthersRunsAgainAlone(t *testing.T) {
	box := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var beside sync.WaitGroup
	beside.Go(func() {
		for ctx.Err() == nil {
			_, _ = box.Run(ctx, sandbox.Program{Language: "bash", Source: "sleep 0.2"}, sandbox.Limits{})
		}
	})
	spin := sandbox.Program{Language: "python", Source: "while True: pass"}
	r, err := box.Run(t.Context(), spin, sandbox.Limits{CPU: time.Second})
	require.NoError(t, err)
	assert.Equal(t, sandbox.TimeLimit, r.Status)
	assert.Positive(t, r.Again, "it was run twice")
	cancel()
	beside.Wait()
	r, err = box.Run(t.Context(), spin, sandbox.Limits{CPU: time.Second})
	require.NoError(t, err)
	assert.Zero(t, r.Again, "alone, one try is enough")
}
