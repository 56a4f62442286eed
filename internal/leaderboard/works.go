package leaderboard

import (
	"fmt"
	"strings"
)

// A work is what a method is from.
type work struct {
	short   string
	authors string // as BibTeX has them
	title   string
	year    int
	kind    string // of the BibTeX entry
	where   [][2]string
}

func arXiv(number string) [][2]string {
	return [][2]string{{"journal", "arXiv:" + number}}
}

// works are the sources of the methods, by key.
var works = map[string]work{
	"chen2021": {short: "Chen et al. 2021", authors: "Chen, Mark and Tworek, Jerry and Jun, Heewoo and others",
		title: "Evaluating Large Language Models Trained on Code", year: 2021, kind: "article", where: arXiv("2107.03374")},
	"wang2022": {short: "Wang et al. 2022", authors: "Wang, Xuezhi and Wei, Jason and Schuurmans, Dale and others",
		title: "Self-Consistency Improves Chain of Thought Reasoning in Language Models", year: 2022, kind: "article", where: arXiv("2203.11171")},
	"yao2024": {short: "Yao et al. 2024", authors: "Yao, Shunyu and Shinn, Noah and Razavi, Pedram and Narasimhan, Karthik",
		title: "tau-bench: A Benchmark for Tool-Agent-User Interaction in Real-World Domains", year: 2024, kind: "article", where: arXiv("2406.12045")},
	"liu2024": {short: "Liu et al. 2024", authors: "Liu, Junnan and Liu, Hongwei and Xiao, Linchen and others",
		title: "Are Your LLMs Capable of Stable Reasoning?", year: 2024, kind: "article", where: arXiv("2412.13147")},
	"miller2024": {short: "Miller 2024", authors: "Miller, Evan",
		title: "Adding Error Bars to Evals: A Statistical Approach to Language Model Evaluations", year: 2024, kind: "article", where: arXiv("2411.00640")},
	"bowyer2025": {short: "Bowyer et al. 2025", authors: "Bowyer, Sam and Aitchison, Laurence and Ivanova, Desi R.",
		title: "Position: Don't Use the CLT in LLM Evals With Fewer Than a Few Hundred Datapoints", year: 2025, kind: "article", where: arXiv("2503.01747")},
	"wilson1927": {short: "Wilson 1927", authors: "Wilson, Edwin B.",
		title: "Probable Inference, the Law of Succession, and Statistical Inference", year: 1927, kind: "article",
		where: [][2]string{{"journal", "Journal of the American Statistical Association"}, {"volume", "22"}, {"number", "158"}, {"pages", "209--212"}}},
	"fisher1935": {short: "Fisher 1935", authors: "Fisher, Ronald A.",
		title: "The Design of Experiments", year: 1935, kind: "book", where: [][2]string{{"publisher", "Oliver and Boyd"}}},
	"holm1979": {short: "Holm 1979", authors: "Holm, Sture",
		title: "A Simple Sequentially Rejective Multiple Test Procedure", year: 1979, kind: "article",
		where: [][2]string{{"journal", "Scandinavian Journal of Statistics"}, {"volume", "6"}, {"number", "2"}, {"pages", "65--70"}}},
}

// line is the work as a list of references has it.
func (w work) line() string {
	where := w.where[0][1]
	for _, f := range w.where[1:] {
		switch f[0] {
		case "volume":
			where += " " + f[1]
		case "number":
			where += "(" + f[1] + ")"
		case "pages":
			where += ":" + strings.ReplaceAll(f[1], "--", "–")
		}
	}
	return fmt.Sprintf("%s. %s. %s.", w.short, w.title, where)
}

// bibTeX is the work's entry. Titles keep their capitals.
func (w work) bibTeX(key string) string {
	out := fmt.Sprintf("@%s{%s,\n  author = {%s},\n  title = {{%s}},\n  year = {%d},\n", w.kind, key, w.authors, w.title, w.year)
	for _, f := range w.where {
		out += fmt.Sprintf("  %s = {%s},\n", f[0], f[1])
	}
	return out + "}\n"
}
