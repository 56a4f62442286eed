package sandbox

import (
	"context"
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

// environment is all that a program sees of an environment.
var environment = []string{
	"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "TMPDIR=/tmp", "LANG=C.UTF-8",
	"PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1", "MALLOC_ARENA_MAX=2",
}

// A Language is a line of the table of languages, as it was found here.
type Language struct {
	Name    string
	Path    string // of the interpreter or compiler; empty if there is none
	Version string
	Note    string // where it is missing: what to install
}

// A dialect says how programs of one language are compiled and run.
type dialect struct {
	name    string
	command string // what is looked for
	install string // Debian's package
	version []string
	file    func(source string) string // name of the source file
	entry   func(source string) string // what run starts; nil: the file, in its folder
	// compile is a shell script that leaves the program in ./out; "$1" is the
	// compiler, "$2" the source file. Empty: the source is run as it is.
	compile string
	run     func(t toolchain, entry string, memory int64) []string
	// reserves: the runtime reserves far more address space than it uses, so that
	// only its own flags and what it really uses bound its memory.
	reserves bool
	overhead int64 // bytes that the runtime needs beside the program's memory
	// find replaces looking for the command: the real path, and folders outside
	// the system's that it needs.
	find func(path string) (real string, binds []bind, err error)
	// ready prepares the toolchain once; nil for most.
	ready func(t *toolchain) error
}

// named gives every source the same file name.
func named(name string) func(string) string { return func(string) string { return name } }

// built runs the program that the compiler left.
func built(toolchain, string, int64) []string { return []string{programDir + "/main"} }

// addressSlack is address space that costs no memory: stacks, arenas, libraries.
const (
	addressSlack  = 256 << 20
	addressThread = 64 << 20 // of each thread, as the limit of the stack has it
)

// dialects is the table of languages.
var dialects = []dialect{
	{
		name: "python", command: "python3", install: "python3", version: []string{"--version"}, file: named("main.py"), find: findPython,
		run: func(t toolchain, f string, _ int64) []string { return []string{t.Path, "-s", "-B", f} },
	},
	{
		name: "c", command: "gcc", install: "gcc libc6-dev", version: []string{"-dumpfullversion"}, file: named("main.c"), run: built,
		compile: `"$1" -O2 -std=gnu17 -o out/main "$2" -lm`,
	},
	{
		name: "cpp", command: "g++", install: "g++", version: []string{"-dumpfullversion"}, file: named("main.cpp"), run: built,
		compile: `"$1" -O2 -std=gnu++17 -o out/main "$2"`,
	},
	{
		name: "go", command: "go", install: "golang-go", version: []string{"version"}, file: named("main.go"), find: findGo, ready: readyGo, reserves: true, run: built,
		compile: `sed "s|=|=$3/|" "$3/importcfg" >cfg && "$1" tool compile -p main -complete -importcfg cfg -o main.o "$2" && "$1" tool link -s -w -importcfg cfg -o out/main main.o`,
	},
	{
		name: "java", command: "javac", install: "default-jdk-headless", version: []string{"-version"}, file: javaFile, entry: mainClass, find: findJava, reserves: true, overhead: 384 << 20,
		compile: `"$1" -J-Xshare:auto -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -nowarn -encoding UTF-8 -proc:none -cp "$3" -d out "$2"`,
		run: func(t toolchain, class string, memory int64) []string {
			return []string{filepath.Join(filepath.Dir(t.Path), "java"), fmt.Sprintf("-Xmx%dm", max(16, memory>>20)), "-Xss64m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto", "-ea", "-cp", programDir + ":" + t.extra, class}
		},
	},
	{
		name: "javascript", command: "node", install: "nodejs", version: []string{"--version"}, file: javascriptFile, find: findPrefix, reserves: true, overhead: 96 << 20,
		run: runNode,
	},
	{
		name: "typescript", command: "node", install: "node-typescript", version: []string{"--version"}, file: named("main.ts"), find: findTypeScript, reserves: true, overhead: 96 << 20,
		compile: `"$1" /program/transpile.cjs "$3" "$2" out/main.js`, run: func(t toolchain, _ string, memory int64) []string { return runNode(t, programDir+"/main.js", memory) },
	},
	{
		name: "rust", command: "rustc", install: "rustc", version: []string{"--version"}, file: named("main.rs"), find: findRust, run: built,
		compile: `"$1" -O --edition 2021 --cap-lints allow -o out/main "$2"`,
	},
	{
		name: "bash", command: "bash", install: "bash", version: []string{"--version"}, file: named("main.sh"),
		run: func(t toolchain, f string, _ int64) []string { return []string{t.Path, f} },
	},
}

// A toolchain is a language as it was found on this machine.
type toolchain struct {
	dialect
	Path  string // of the interpreter or compiler, without links
	binds []bind // folders outside the system's that it needs
	extra string // "$3" of compile: a class path, a folder of archives
}

// systemDirs are shown to every program, readable only.
var systemDirs = []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}

func inSystem(path string) bool {
	return slices.ContainsFunc(systemDirs, func(d string) bool { return path == d || strings.HasPrefix(path, d+"/") })
}

// found keeps what was looked for, once a process: some compilers take a second
// to say where they are.
var found = struct {
	sync.Mutex
	by map[string]func() (toolchain, error)
}{by: map[string]func() (toolchain, error){}}

// language gives the toolchain of a language, or an error that says what to
// install.
func language(name string) (toolchain, error) {
	i := slices.IndexFunc(dialects, func(d dialect) bool { return d.name == name })
	if i < 0 {
		var names []string
		for _, d := range dialects {
			names = append(names, d.name)
		}
		return toolchain{}, fmt.Errorf("unknown language %q: programs can be in %s", name, strings.Join(names, ", "))
	}
	found.Lock()
	look := found.by[name]
	if look == nil {
		look = sync.OnceValues(func() (toolchain, error) { return dialects[i].look() })
		found.by[name] = look
	}
	found.Unlock()
	return look()
}

// look finds a language on this machine.
func (d dialect) look() (toolchain, error) {
	t := toolchain{dialect: d}
	missing := func(err error) (toolchain, error) {
		return t, fmt.Errorf("%s programs cannot be run here: %w: install the package %s (sudo apt-get install %s)", d.name, err, d.install, d.install)
	}
	path, err := lookPath(d.command)
	if err != nil {
		return missing(fmt.Errorf("%s was not found", d.command))
	}
	find := d.find
	if find == nil {
		find = findPrefix
	}
	real, binds, err := find(path)
	if err != nil {
		return missing(err)
	}
	t.Path, t.binds = real, binds
	if d.ready != nil {
		if err := d.ready(&t); err != nil {
			return missing(err)
		}
	}
	if d.name == "java" {
		t.extra = strings.Join(jars(), ":")
	}
	if d.name == "typescript" {
		t.extra = typescriptModule
	}
	return t, nil
}

// lookPath prefers the system's own command to what shims of version managers
// put before it, where there is one.
func lookPath(command string) (string, error) {
	for _, dir := range []string{"/usr/bin/", "/usr/local/bin/"} {
		if info, err := os.Stat(dir + command); err == nil && info.Mode()&0o111 != 0 {
			return dir + command, nil
		}
	}
	return exec.LookPath(command)
}

// Languages lists the languages and where they were found. It asks each for its
// version, which takes a second.
func Languages() []Language {
	out := make([]Language, len(dialects))
	var all sync.WaitGroup
	for i, d := range dialects {
		all.Go(func() {
			out[i].Name = d.name
			t, err := language(d.name)
			if err != nil {
				out[i].Note = err.Error()
				return
			}
			out[i].Path, out[i].Version = t.Path, t.askVersion()
			if d.name == "java" && t.extra == "" {
				out[i].Note = "MultiPL-E's Java programs need the package libjavatuples-java"
			}
		})
	}
	all.Wait()
	return out
}

var versionText = regexp.MustCompile(`\d+(\.\d+)+`)

func (t toolchain) askVersion() string {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	text, _ := exec.CommandContext(ctx, t.Path, t.version...).CombinedOutput()
	return versionText.FindString(string(text))
}

// stamp changes when the toolchain does.
func (t toolchain) stamp() string {
	info, err := os.Stat(t.Path)
	if err != nil {
		return ""
	}
	stamp := fmt.Sprint(info.Size(), info.ModTime().UnixNano(), t.extra)
	if t.name == "typescript" {
		if info, err = os.Stat(filepath.Join(typescriptModule, "package.json")); err == nil {
			stamp += fmt.Sprint(info.Size(), info.ModTime().UnixNano(), transpile)
		}
	}
	return stamp
}

// task is the run of a program of this language, within limits.
func (t toolchain) task(l Limits, source string) task {
	entry := programDir + "/" + t.file(source)
	if t.entry != nil {
		entry = t.entry(source)
	}
	return task{
		argv: t.run(t, entry, l.Memory), env: environment, binds: t.binds, limits: l, address: t.address(l), overhead: t.overhead, python: t.name == "python",
	}
}

// address bounds the address space of what does not reserve more than it uses.
func (t toolchain) address(l Limits) int64 {
	if t.reserves {
		return 0
	}
	return l.Memory + addressSlack + int64(l.Processes)*addressThread
}

// compileTask is the run of the compiler. It writes the program as an archive
// to its standard output: it is as little trusted as what it compiles.
func (t toolchain) compileTask(sources []file) task {
	if t.name == "typescript" {
		sources = append(slices.Clone(sources), file{name: "transpile.cjs", data: []byte(transpile)})
	}
	script := "mkdir out && { " + t.compile + "; } >&2 && exec tar -C out -cf - ."
	return task{
		argv: []string{"/bin/sh", "-c", script, "sh", t.Path, programDir + "/" + sources[0].name, t.extra},
		env:  append(slices.Clone(environment), "GOCACHE=/tmp/none", "GOROOT="+t.root(), "GOTOOLCHAIN=local"), files: sources, binds: t.binds,
		limits: Limits{CPU: buildCPU, Wall: buildWall, Memory: buildMemory, Output: buildOutput, Processes: 128, FileSize: buildOutput},
	}
}

func (t toolchain) root() string {
	if t.name != "go" {
		return ""
	}
	return filepath.Dir(filepath.Dir(t.Path))
}
