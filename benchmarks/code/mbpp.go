package code

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

// mbppPlus is EvalPlus's release of MBPP: 399 tasks in v0.1.0, 378 in the
// current one. Which of them lies in the data folders first decides.
var mbppPlus = dataset.Source{
	Folders: []string{"mbpp_plus", "mbpp"},
	Files:   []string{"MbppPlus-v0.1.0.jsonl", "MbppPlus.jsonl.gz", "MbppPlus.jsonl"},
}

// MBPP is EvalPlus's MBPP with its base tests.
func MBPP(t scoring.Tools) eval.Benchmark {
	return mbpp(t, "mbpp", "short Python functions, EvalPlus's base tests", "base_input")
}

// MBPPPlus is EvalPlus's MBPP with base and further tests (Liu et al. 2023,
// arXiv 2305.01210).
func MBPPPlus(t scoring.Tools) eval.Benchmark {
	return mbpp(t, "mbpp_plus", "short Python functions, EvalPlus's base and further tests", "base_input", "plus_input")
}

func mbpp(t scoring.Tools, name, summary string, inputs ...string) eval.Benchmark {
	return eval.Benchmark{
		Name: name, Domain: "code",
		About: eval.About{
			Summary: summary, Source: "https://github.com/evalplus/evalplus",
			License: "Apache-2.0", Dataset: "evalplus/mbppplus", Files: mbppPlus.Files,
		},
		Load: load(mbppPlus, func(row dataset.Row) (eval.Problem, error) {
			p, err := evalPlus(row, inputs...)
			if err != nil {
				return p, err
			}
			number := strings.TrimPrefix(p.ID, "Mbpp/")
			p.Tests.Calls.Args = shaped(number, p.Tests.Calls.Args)
			p.Tests.Calls.Oracle = mbppOracles[p.Tests.Entry]
			if p.Tests.Calls.Oracle == scoring.OracleSet && strings.Contains(row.Where(), "v0.1.0") {
				p.Tests.Calls.Oracle = scoring.OracleOrder // docs/adr/0006
			}
			return p, nil
		}),
		Prompt: writePrompt, Scorer: scoring.Program(t),
	}
}

// mbppOracles are the functions of which EvalPlus does not compare the value as
// it is (evalplus/eval/_special_oracle.py and evalplus/evaluate.py).
var mbppOracles = map[string]string{
	"similar_elements": scoring.OracleSet, "find_char_long": scoring.OracleSet, "common_in_nested_lists": scoring.OracleSet,
	"extract_singly": scoring.OracleSet, "larg_nnum": scoring.OracleSet, "intersection_array": scoring.OracleSet,
	"find_dissimilar": scoring.OracleSet, "Diff": scoring.OracleSet,
	"check_str": scoring.OracleNotNone, "text_match_three": scoring.OracleNotNone, "text_starta_endb": scoring.OracleNotNone,
	"are_equivalent": scoring.OracleAny, "sum_div": scoring.OracleOrZero,
}

// shapes say how JSON's lists become the tuples, sets and complex numbers that
// the tasks speak of (evalplus/data/mbpp.py); "a" is one argument list.
var shapes = []struct {
	tasks []string
	shape string
}{
	{[]string{"2", "116", "132", "143", "222", "261", "273", "394", "399", "421", "424", "429", "470", "560", "579", "596", "616", "630", "726", "740", "744", "809"},
		"[tuple(x) for x in a]"},
	{[]string{"63", "64", "70", "94", "120", "237", "272", "299", "400", "409", "417", "438", "473", "614", "780"},
		"[[tuple(y) for y in x] for x in a]"},
	{[]string{"75", "413", "444", "753"}, "[[tuple(x) for x in a[0]], a[1]]"},
	{[]string{"106", "750"}, "[a[0], tuple(a[1])]"},
	{[]string{"115"}, "[[set(x) if isinstance(x, list) and x else {} for x in a[0]]]"},
	{[]string{"124"}, "[float(a[0]), complex(a[1])]"},
	{[]string{"250", "405", "446", "617", "720", "763", "808"}, "[tuple(a[0]), a[1]]"},
	{[]string{"259", "401", "445"}, "[tuple(tuple(y) for y in x) for x in a]"},
	{[]string{"278"}, "[tuple(tuple(x) if isinstance(x, list) else x for x in a[0])]"},
	{[]string{"307"}, "[tuple(a[0]), a[1], a[2]]"},
	{[]string{"722"}, "[{k: tuple(v) for k, v in a[0].items()}] + a[1:]"},
	{[]string{"252"}, "[complex(a[0])]"},
	{[]string{"580", "615", "791"}, "list((lambda f: f(f, a))(lambda f, x: tuple(f(f, y) for y in x) if isinstance(x, list) else x))"},
}

// shaped gives the arguments of a task the types that it speaks of.
func shaped(task, args string) string {
	for _, s := range shapes {
		if slices.Contains(s.tasks, task) {
			return "[" + s.shape + " for a in " + args + "]"
		}
	}
	return args
}

// mbppGoogle is Google's release.
var mbppGoogle = dataset.Source{Folders: []string{"mbpp", "mbpp_google"}, Files: []string{"mbpp.jsonl"}}

// MBPPGoogle is Google's 974 tasks (Austin et al. 2021, arXiv 2108.07732) with
// their own three assertions, which the prompt shows.
func MBPPGoogle(t scoring.Tools) eval.Benchmark {
	return eval.Benchmark{
		Name: "mbpp_google", Domain: "code",
		About: eval.About{
			Summary: "Google's 974 short Python functions, with assertions", Source: "arXiv 2108.07732",
			License: "CC-BY-4.0", Dataset: "google-research-datasets/mbpp", Files: mbppGoogle.Files,
		},
		Load:   load(mbppGoogle, mbppTask),
		Prompt: writePrompt, Scorer: scoring.Program(t), Shots: mbppShots(),
	}
}

// mbppTask reads a row of Google's release.
func mbppTask(row dataset.Row) (eval.Problem, error) {
	f, err := fields(row, "text", "code")
	if err != nil {
		return eval.Problem{}, err
	}
	tests, err := row.Strings("test_list")
	if err != nil {
		return eval.Problem{}, err
	}
	shown := strings.Join(tests, "\n")
	return eval.Problem{
		ID: row.ID(), Text: f["text"] + "\nYour code should pass these tests:\n" + shown, Meta: map[string]string{"solution": f["code"]},
		Tests: &eval.Tests{Language: "python", Entry: calledFirst(f["code"], shown), Script: row.Text("test_setup_code") + "\n" + shown + "\n", Reference: f["code"]},
	}, nil
}

// prompting are the tasks set apart for prompts: the three that the paper shows
// come first (https://github.com/google-research/google-research/tree/master/mbpp).
var prompting = []string{"2", "3", "4", "1", "5", "6", "7", "8", "9", "10"}

// mbppShots are the tasks set apart for prompts, each with its own solution. They
// are problems too: task 2 is shown 3, 4 and 1.
func mbppShots() *eval.Shots {
	return &eval.Shots{
		Protocol: 3, Source: "https://github.com/google-research/google-research/tree/master/mbpp (README: task_ids 2, 3 and 4)",
		Files: mbppGoogle.Files, From: "https://github.com/google-research/google-research/tree/master/mbpp (mbpp.jsonl)",
		Among: true,
		Load: func(_ context.Context, from eval.Data) ([]eval.Example, []eval.File, error) {
			examples, file, err := dataset.Map(mbppGoogle, from.Dirs, from.Home, func(row dataset.Row) (eval.Example, bool, error) {
				if !slices.Contains(prompting, row.ID()) {
					return eval.Example{}, false, nil
				}
				p, err := mbppTask(row)
				solution := strings.TrimSpace(strings.ReplaceAll(p.Meta["solution"], "\r\n", "\n"))
				return eval.Example{Problem: p, Answer: "```python\n" + solution + "\n```"}, true, err
			})
			slices.SortStableFunc(examples, func(a, b eval.Example) int {
				return slices.Index(prompting, a.Problem.ID) - slices.Index(prompting, b.Problem.ID)
			})
			return examples, []eval.File{{Path: file.Path, SHA256: file.SHA256, Rows: len(file.Rows)}}, err
		},
	}
}

var defined = regexp.MustCompile(`(?m)^def\s+(\w+)`)

// calledFirst gives the function of a solution that its tests call first; empty
// if they call none.
func calledFirst(code, tests string) string {
	best, at := "", len(tests)
	for _, m := range defined.FindAllStringSubmatch(code, -1) {
		if i := regexp.MustCompile(`\b` + m[1] + `\s*\(`).FindStringIndex(tests); i != nil && i[0] < at {
			best, at = m[1], i[0]
		}
	}
	return best
}
