package main

import (
	"fmt"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/spf13/cobra"
)

// version is set by the build from git; a binary made by `go install` knows its
// module version instead.
var version = ""

func versionString() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}

func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "evalr",
		Short: "Measure reasoning models, and say honestly which is better",
		Long: `evalr sends problems in mathematics, science and programming to reasoning
models, runs code answers in a sandbox, judges what comes back and prints a
leaderboard with intervals. A thought that was cut off is never graded as an
answer, and a failure of the infrastructure is never a wrong answer.`,
		Version:       versionString(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Example: examples(
			"evalr run -m auto -b 'evalr-*'", "the embedded problem sets, with a local server if one answers",
			"evalr run -m vllm:Qwen/Qwen3-8B -b gsm8k -k 4 --data DIR", "four trials of each problem of a published benchmark",
			"evalr leaderboard runs/* --format markdown", "one board of several runs",
			"evalr doctor", "what this machine can do, and what would help",
		),
	}
	knowSections()
	root.SetUsageTemplate(usageTemplate)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage(err, "`%s --help` lists the flags", c.CommandPath())
	})
	root.AddCommand(
		newRun(s), newRescore(s), newLeaderboard(s), newCompare(s), newServing(s), newHistory(s), newNightly(s), newGate(s), newShow(s), newList(s),
		newGrade(s), newExplain(s), newExec(s), newBatch(s), newDoctor(s),
	)
	return root
}

// knowSections tells cobra's templates, which all commands of the process share.
var knowSections = sync.OnceFunc(func() { cobra.AddTemplateFunc("flagSections", flagSections) })

// usageTemplate is cobra's with the examples at the end, where the eye rests.
const usageTemplate = `Usage:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} [command]

Commands:{{range .Commands}}{{if (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}
{{flagSections .}}{{end}}{{if .HasAvailableSubCommands}}

"{{.CommandPath}} [command] --help" says more of a command.{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}
`

// examples lays out pairs of a command and what it is for.
func examples(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&b, "  # %s\n  %s\n", pairs[i+1], pairs[i])
		if i+2 < len(pairs) {
			b.WriteByte('\n')
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// atLeast is an argument check that says what is missing.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < n {
			return usage(fmt.Errorf("%s: %s is missing", c.CommandPath(), what), "usage: %s", c.UseLine())
		}
		return nil
	}
}

// exactly is an argument check that says what is missing or too much.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > n {
			return usage(fmt.Errorf("%s: %q is one argument too many", c.CommandPath(), args[n]), "usage: %s", c.UseLine())
		}
		return atLeast(n, what)(c, args)
	}
}
