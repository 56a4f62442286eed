package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// output is what a toolchain's own command says, for finding where it lives.
func output(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	text, err := exec.CommandContext(ctx, name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(text)), nil
}

// findPrefix follows links; a command outside the system's folders needs the
// folder above its bin.
func findPrefix(path string) (string, []bind, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", nil, err
	}
	if inSystem(real) {
		return real, nil, nil
	}
	return shown(real, filepath.Dir(filepath.Dir(real)))
}

// shown is a command with the folder that programs must see for it. A folder in
// which other things of the user lie, or that the sandbox has its own of, is
// refused.
func shown(command, folder string) (string, []bind, error) {
	home, _ := os.UserHomeDir()
	within := func(a, b string) bool { return a == b || strings.HasPrefix(a, strings.TrimSuffix(b, "/")+"/") }
	switch {
	case strings.Count(folder, "/") < 2, home != "" && (within(home, folder) || folder == filepath.Join(home, ".local")):
		return "", nil, fmt.Errorf("%s lies in %s, and programs would see all of it: install it in a folder of its own", command, folder)
	case slices.ContainsFunc([]string{"/tmp", "/dev", "/proc", "/sys", programDir, "/etc"}, func(d string) bool { return within(folder, d) }):
		return "", nil, fmt.Errorf("%s lies in %s, which programs have of their own: install it elsewhere", command, folder)
	}
	return command, []bind{{folder, ""}}, nil
}

// findPython asks the interpreter for its real path: a shim that starts a shell
// script costs more than the program.
func findPython(path string) (string, []bind, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil && inSystem(real) && pythonName.MatchString(real) {
		return real, nil, nil // the system's own, as its name says
	}
	text, err := output(path, "-I", "-S", "-c", "import sys; print(sys.executable); print(sys.base_prefix); print(sys.version_info >= (3, 8))")
	lines := strings.Split(text, "\n")
	if err != nil || len(lines) != 3 {
		return "", nil, errors.Join(errors.New("python3 does not run"), err)
	}
	if lines[2] != "True" {
		return "", nil, errors.New("python3 is older than 3.8")
	}
	real, err := filepath.EvalSymlinks(lines[0])
	if err != nil || inSystem(real) && inSystem(lines[1]) {
		return real, nil, err
	}
	return shown(real, lines[1])
}

// pythonName is the name of an interpreter that is new enough.
var pythonName = regexp.MustCompile(`/python3\.([89]|\d\d)$`)

// findRust asks for the toolchain behind rustup's shim.
func findRust(path string) (string, []bind, error) {
	root, err := output(path, "--print", "sysroot")
	if err != nil {
		return "", nil, err
	}
	if !inSystem(root) {
		return shown(filepath.Join(root, "bin", "rustc"), root)
	}
	return findPrefix(path)
}

// findJava wants a compiler and a virtual machine side by side.
func findJava(path string) (string, []bind, error) {
	real, binds, err := findPrefix(path)
	if err != nil {
		return "", nil, err
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(real), "java")); err != nil {
		return "", nil, errors.New("java was not found beside javac")
	}
	return real, binds, nil
}

// jars are libraries that benchmarks of Java import; those that are here.
func jars() []string {
	var out []string
	for _, name := range []string{"/usr/share/java/javatuples.jar"} {
		if _, err := os.Stat(name); err == nil {
			out = append(out, name)
		}
	}
	return out
}

var (
	javaPublic = regexp.MustCompile(`(?m)^\s*public\s+(?:(?:final|abstract|sealed|strictfp)\s+)*(?:class|interface|enum|record)\s+(\w+)`)
	javaClass  = regexp.MustCompile(`(?m)^[ \t]*(?:(?:public|final|abstract|sealed|strictfp|static)\s+)*(?:class|interface|enum|record)\s+(\w+)`)
	javaEntry  = regexp.MustCompile(`static\s+(?:public\s+)?void\s+main\s*\(`)
)

// javaFile names the source after its public class, as the language demands,
// else after the class that holds main.
func javaFile(source string) string {
	if m := javaPublic.FindStringSubmatch(source); m != nil {
		return m[1] + ".java"
	}
	return mainClass(source) + ".java"
}

// mainClass is the last class that begins, at the outermost level, before main.
func mainClass(source string) string {
	end := len(source)
	if at := javaEntry.FindStringIndex(source); at != nil {
		end = at[0]
	}
	name := "Main"
	for _, m := range javaClass.FindAllStringSubmatchIndex(source[:end], -1) {
		if strings.Count(source[:m[0]], "{") == strings.Count(source[:m[0]], "}") {
			name = source[m[2]:m[3]]
		}
	}
	return name
}

var modular = regexp.MustCompile(`(?m)^\s*(?:import\s+(?:[\w*{]|["'])|export\s)`)

// javascriptFile gives modules the ending that Node.js knows them by.
func javascriptFile(source string) string {
	if modular.MatchString(source) && !strings.Contains(source, "require(") {
		return "main.mjs"
	}
	return "main.js"
}

func runNode(t toolchain, f string, memory int64) []string {
	return []string{t.Path, fmt.Sprintf("--max-old-space-size=%d", max(16, memory>>20)), f}
}

// typescriptModule is Debian's compiler; where it is, Node.js runs it.
const typescriptModule = "/usr/share/nodejs/typescript"

func findTypeScript(path string) (string, []bind, error) {
	if _, err := os.Stat(typescriptModule); err != nil {
		return "", nil, errors.New("the TypeScript compiler was not found")
	}
	return findPrefix(path)
}

// transpile takes the types off a program, as tsx and Node.js do: a type error
// is no reason not to run it, a syntax error is.
const transpile = `
const ts = require(process.argv[2]), fs = require("fs");
const out = ts.transpileModule(fs.readFileSync(process.argv[3], "utf8"), {
  fileName: "main.ts", reportDiagnostics: true,
  compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true, experimentalDecorators: true },
});
const bad = out.diagnostics.filter(d => d.category === ts.DiagnosticCategory.Error);
for (const d of bad) {
  const { line, character } = d.file.getLineAndCharacterOfPosition(d.start);
  console.error("main.ts:" + (line + 1) + ":" + (character + 1) + ": " + ts.flattenDiagnosticMessageText(d.messageText, "\n"));
}
if (bad.length) process.exit(1);
fs.writeFileSync(process.argv[4], out.outputText);
`

// findGo asks for the root of the toolchain.
func findGo(path string) (string, []bind, error) {
	root, err := output(path, "env", "GOROOT")
	if err != nil {
		return "", nil, err
	}
	real, err := filepath.EvalSymlinks(filepath.Join(root, "bin", "go"))
	if err != nil || inSystem(real) {
		return real, nil, err
	}
	return shown(real, root)
}

// goArchives is where the standard library's archives are kept.
var goArchives = sync.OnceValue(func() string {
	dir, err := os.UserCacheDir()
	if err != nil { // no home: a folder of this process's own
		if dir, err = os.MkdirTemp("", "evalr-go-*"); err != nil {
			dir = os.TempDir()
		}
	}
	return filepath.Join(dir, "evalr", "go")
})

// goArchivesInside is where programs see them.
const goArchivesInside = "/evalr/go"

// preparation says what will take long before the first program of a language
// can be compiled; empty if nothing will.
func preparation(language string) string {
	if language != "go" {
		return ""
	}
	if there, _ := filepath.Glob(filepath.Join(goArchives(), "*", "importcfg")); len(there) > 0 {
		return ""
	}
	return "compiling Go's standard library, once: this takes a minute"
}

// readyGo has the standard library's archives compiled once: Go ships it as
// source, and compiling it for each program would take half a minute.
func readyGo(t *toolchain) error {
	version, err := output(t.Path, "env", "GOVERSION")
	if err != nil {
		return err
	}
	dir := filepath.Join(goArchives(), version)
	t.extra = goArchivesInside
	t.binds = append(t.binds, bind{dir, goArchivesInside})
	if _, err := os.Stat(filepath.Join(dir, "importcfg")); err == nil {
		return nil
	}
	cmd := exec.Command(t.Path, "list", "-export", "-f", "{{if .Export}}{{.ImportPath}} {{.Export}}{{end}}", "std")
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOTOOLCHAIN=local", "GO111MODULE=off", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	list, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("compile Go's standard library: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	var config strings.Builder
	for line := range strings.Lines(string(list)) {
		name, export, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		text, err := os.ReadFile(export)
		if err != nil {
			return fmt.Errorf("compile Go's standard library: %w", err)
		}
		archive := strings.ReplaceAll(name, "/", ".") + ".a"
		if err := keep(filepath.Join(dir, archive), text); err != nil {
			return fmt.Errorf("keep Go's standard library: %w", err)
		}
		fmt.Fprintf(&config, "packagefile %s=%s\n", name, archive)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // whatever the umask: programs read it
		return fmt.Errorf("keep Go's standard library: %w", err)
	}
	return keep(filepath.Join(dir, "importcfg"), []byte(config.String()))
}
