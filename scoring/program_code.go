package scoring

import (
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
)

// programOf finds the program in a response: the last fenced block that defines
// the entry, else the last in the language asked for, else the whole text if it
// has no fence.
func programOf(text string, t *eval.Tests) (code, rule string) {
	blocks := fences(text)
	if len(blocks) == 0 && t.Prompt == "" && !looksLikeCode(text, t.Language) {
		return "", ""
	}
	if len(blocks) == 0 {
		return strings.TrimRight(text, " \n") + "\n", "whole text"
	}
	best := -1
	for i, b := range blocks {
		switch {
		case t.Entry != "" && defines(b.code, t.Entry):
			best = i
		case t.Entry == "" && b.in(t.Language) && strings.TrimSpace(b.code) != "":
			best = i
		}
	}
	if best < 0 {
		for i, b := range blocks {
			if b.in(t.Language) {
				best = i
			}
		}
	}
	if best < 0 {
		best = len(blocks) - 1
	}
	return blocks[best].code, "fenced block"
}

// looksLikeCode says whether a text without fences holds a statement of a
// language.
func looksLikeCode(text, language string) bool {
	heads := statements[language]
	for line := range strings.Lines(text) {
		line = strings.TrimLeft(line, " \t")
		for _, s := range heads {
			if strings.HasPrefix(line, s) || (s == " = " || s == "lambda") && strings.Contains(line, s) {
				return true
			}
		}
	}
	return false
}

// statements are how lines of programs begin.
var statements = map[string][]string{
	"python":     {"def ", "import ", "print(", "return ", "class ", "lambda", " = ", "for ", "while "},
	"c":          {"#include", "int main"},
	"cpp":        {"#include", "int main"},
	"go":         {"package main"},
	"java":       {"import java", "public class ", "class "},
	"javascript": {"const ", "let ", "var ", "function ", "console.", "require("},
	"typescript": {"const ", "let ", "var ", "function ", "console.", "import ", "interface "},
	"rust":       {"fn main", "use std"},
	"bash":       {"#!", "echo ", "read ", "while read", "awk ", "printf "},
}

// A fence is a block of code between ``` lines.
type fence struct{ language, code string }

// in says whether a block says that it is in a language, or says nothing.
func (f fence) in(language string) bool {
	name, _, _ := strings.Cut(f.language, " ")
	return name == "" || name == language || slices.Contains(fenceNames[language], name)
}

// fenceNames are further names that blocks have in a language.
var fenceNames = map[string][]string{
	"python": {"py", "python3"}, "c": {"h"}, "cpp": {"c++", "cc", "cxx"}, "go": {"golang"}, "javascript": {"js", "node"},
	"typescript": {"ts"}, "rust": {"rs"}, "bash": {"sh", "shell"},
}

// fences lists the blocks of a text; one that is not closed runs to the end.
func fences(text string) []fence {
	var out []fence
	lines := strings.SplitAfter(text, "\n")
	for i := 0; i < len(lines); i++ {
		indent := len(lines[i]) - len(strings.TrimLeft(lines[i], " "))
		mark := strings.TrimSpace(lines[i])
		if !strings.HasPrefix(mark, "```") {
			continue
		}
		ticks := len(mark) - len(strings.TrimLeft(mark, "`"))
		f := fence{language: strings.ToLower(strings.TrimSpace(mark[ticks:]))}
		if strings.Contains(f.language, "`") { // ```code``` on one line
			continue
		}
		var code strings.Builder
		for i++; i < len(lines); i++ {
			if strings.TrimSpace(lines[i]) == mark[:ticks] {
				break
			}
			code.WriteString(dedent(lines[i], indent))
		}
		f.code = code.String()
		out = append(out, f)
	}
	return out
}

// dedent takes the fence's own indentation off a line.
func dedent(line string, n int) string {
	for ; n > 0 && strings.HasPrefix(line, " "); n-- {
		line = line[1:]
	}
	return line
}

// closedFence says whether the last fence of a text is closed.
func closedFence(text string) bool {
	n := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			n++
		}
	}
	return n > 0 && n%2 == 0
}

// defines says whether a program defines a name at its top level.
func defines(code, name string) bool {
	for line := range strings.Lines(code) {
		for _, head := range []string{"def " + name, "async def " + name, "class " + name, name} {
			rest, ok := strings.CutPrefix(line, head)
			if !ok {
				continue
			}
			rest = strings.TrimLeft(rest, " ")
			if head == name && strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "==") || head != name && (strings.HasPrefix(rest, "(") || strings.HasPrefix(rest, ":")) {
				return true
			}
		}
	}
	return false
}
