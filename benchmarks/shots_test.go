package benchmarks_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/scoring"
)

func one(t *testing.T, name string) eval.Benchmark {
	t.Helper()
	found, err := benchmarks.Select(scoring.Tools{}, []string{name})
	require.NoError(t, err)
	require.Len(t, found, 1)
	return found[0]
}

func TestEveryBenchmarkWithShotsKeepsTheContract(t *testing.T) {
	with := 0
	for _, b := range benchmarks.All(tools(t)) {
		if b.Shots == nil {
			continue
		}
		with++
		t.Run(b.Name, func(t *testing.T) { evaltest.ShotsContract(t, b, published(t)) })
	}
	assert.Equal(t, 4, with, "gsm8k, mbpp_google, mmlu_pro and mmlu_pro_science")
}

func TestThePublishedPromptTasksOfMBPPKeepTheContract(t *testing.T) {
	from := eval.Data{Dirs: []string{shared(t, "data")}}
	found, err := benchmarks.Select(tools(t), []string{"mbpp_google"})
	require.NoError(t, err)
	evaltest.ShotsContract(t, found[0], from)
	before, files, err := benchmarks.Examples(t.Context(), found[0], from, 3)
	require.NoError(t, err)
	assert.Equal(t, 974, files[0].Rows)
	set, err := found[0].Load(t.Context(), from)
	require.NoError(t, err)
	for _, p := range set.Problems {
		want := []string{"2", "3", "4"}
		switch p.ID {
		case "2":
			want = []string{"3", "4", "1"}
		case "3":
			want = []string{"2", "4", "1"}
		case "4":
			want = []string{"2", "3", "1"}
		}
		messages, err := before(p)
		require.NoError(t, err)
		require.Len(t, messages, 6)
		for i, id := range want {
			question := set.Problems[indexOf(set.Problems, id)]
			assert.Equal(t, found[0].Prompt(question), messages[2*i:2*i+1], p.ID)
			assert.Regexp(t, "(?s)^```python\n[^\r]*def [^\r]*[^\\s]\n```$", messages[2*i+1].Content, "Windows' ends of lines are not shown")
		}
	}
}

func indexOf(problems []eval.Problem, id string) int {
	for i, p := range problems {
		if p.ID == id {
			return i
		}
	}
	return -1
}

func TestGSM8KShowsTheFirstOfTheTrainSplit(t *testing.T) {
	from, b := published(t), one(t, "gsm8k")
	before, files, err := benchmarks.Examples(t.Context(), b, from, 8)
	require.NoError(t, err)
	require.Len(t, files, 1)
	assert.Equal(t, "train.jsonl", filepath.Base(files[0].Path))
	assert.Equal(t, 20, files[0].Rows)
	set, err := b.Load(t.Context(), from)
	require.NoError(t, err)
	messages, err := before(set.Problems[0]) // row 0 of its file, as is the first example of its own
	require.NoError(t, err)
	require.Len(t, messages, 16)
	assert.Equal(t, eval.Message{
		Role:    eval.User,
		Content: "A crate holds 100 jars and a shelf holds 3 crates. How many jars are on two shelves?\n\nPlease reason step by step, and put your final answer within \\boxed{}.",
	}, messages[0])
	assert.Equal(t, eval.Message{
		Role: eval.Assistant, Content: "A shelf holds 100*3=300 jars.\nTwo hold $600.\n\n\\boxed{600}",
	}, messages[1], "the published steps without the calculator's marks")
	for i, m := range messages {
		assert.Equal(t, []eval.Role{eval.User, eval.Assistant}[i%2], m.Role)
	}
}

// TestGSM8KsPublishedSolutionsWorkAsExamples reads the test split, which has the
// rows of the train split's shape, as if it were that.
func TestGSM8KsPublishedSolutionsWorkAsExamples(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(shared(t, "data"), "gsm8k", "test.jsonl"))
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "gsm8k"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "gsm8k", "train.jsonl"), text, 0o644))
	b, from := one(t, "gsm8k"), eval.Data{Dirs: []string{dir}}
	evaltest.ShotsContract(t, b, from)
	examples, _, err := b.Shots.Load(t.Context(), from)
	require.NoError(t, err)
	require.Len(t, examples, 1319)
	for _, e := range examples {
		assert.NotContains(t, e.Answer, "<<", e.Problem.ID)
		assert.NotContains(t, e.Answer, ">>", e.Problem.ID)
		assert.NotContains(t, e.Answer, "####", e.Problem.ID)
	}
}

func TestAProblemIsNeverItsOwnExample(t *testing.T) {
	dir := t.TempDir()
	place(t, dir, "gsm8k/train.jsonl", wordProblems(1, 4))
	b := one(t, "gsm8k")
	before, _, err := benchmarks.Examples(t.Context(), b, eval.Data{Dirs: []string{dir}}, 3)
	require.NoError(t, err)
	for _, row := range wordProblems(1, 4) {
		messages, err := before(eval.Problem{ID: "elsewhere", Text: row.Question + "\n"})
		require.NoError(t, err)
		require.Len(t, messages, 6)
		for _, m := range messages {
			assert.NotContains(t, m.Content, row.Question)
		}
	}
	all, _, err := benchmarks.Examples(t.Context(), b, eval.Data{Dirs: []string{dir}}, 4)
	require.NoError(t, err)
	_, err = all(eval.Problem{ID: "7", Text: wordProblems(1, 1)[0].Question})
	require.EqualError(t, err, "gsm8k/7: 4 worked examples are wanted, there are 3")
}

func TestMMLUProShowsExamplesOfTheQuestionsCategory(t *testing.T) {
	from := published(t)
	for name, read := range map[string]int{"mmlu_pro": 20, "mmlu_pro_science": 15, "mmlu_pro:law": 5} {
		b := one(t, name)
		examples, _, err := b.Shots.Load(t.Context(), from)
		require.NoError(t, err)
		assert.Len(t, examples, read, name)
	}
	before, _, err := benchmarks.Examples(t.Context(), one(t, "mmlu_pro"), from, 5)
	require.NoError(t, err)
	messages, err := before(eval.Problem{ID: "1", Text: "Which law?", Choices: []string{"a", "b"}, Subject: "law"})
	require.NoError(t, err)
	require.Len(t, messages, 10)
	for i := 0; i < 10; i += 2 {
		assert.Contains(t, messages[i].Content, "of law?")
		assert.Contains(t, messages[i].Content, "C. the third\n\nThink step by step", "no option N/A")
	}
	assert.Equal(t, "Let's think step by step. Of the others none fits. The answer is (B).\n\nAnswer: B", messages[3].Content)
	_, err = before(eval.Problem{ID: "9", Text: "When?", Subject: "history"})
	require.EqualError(t, err, `mmlu_pro/9: 5 worked examples are wanted, there are 0 of "history"`)
}

func TestMMLUProReadsTheHubsFiles(t *testing.T) {
	dir := t.TempDir()
	place(t, dir, "mmlu_pro/test-00000-of-00001.parquet", quizzes("law", "physics"))
	set, err := one(t, "mmlu_pro:physics").Load(t.Context(), eval.Data{Dirs: []string{dir}})
	require.NoError(t, err)
	require.Len(t, set.Problems, 5)
	assert.Equal(t, eval.Problem{
		ID: "6", Text: "Which is made-up fact 1 of physics?", Choices: []string{"the first", "the second", "the third"}, Answer: []string{"B"}, Subject: "physics",
	}, set.Problems[1])
}

func TestMMLUProTellsQuestionsOfOneTextApart(t *testing.T) {
	before, _, err := benchmarks.Examples(t.Context(), one(t, "mmlu_pro"), published(t), 5)
	require.NoError(t, err)
	text := quizzes("law")[0].Question
	_, err = before(eval.Problem{ID: "1", Text: text, Choices: []string{"of", "other", "options"}, Subject: "law"})
	require.NoError(t, err)
	_, err = before(eval.Problem{ID: "1", Text: text, Choices: []string{"the third", "the second", "the first"}, Subject: "law"})
	require.ErrorContains(t, err, "there are 4")
}

func TestShotsThatCannotBeHadAreErrorsWithARemedy(t *testing.T) {
	from, empty := published(t), eval.Data{Dirs: []string{t.TempDir()}}
	old := eval.Data{Dirs: []string{t.TempDir()}}
	bare := quizzes("law")
	bare[2].Thought = " "
	place(t, old.Dirs[0], "mmlu_pro/mmlu_pro_validation.jsonl", bare)
	place(t, old.Dirs[0], "gsm8k/train.jsonl", []wordProblem{{"How many?", "Four."}})
	for _, c := range []struct {
		name string
		from eval.Data
		n    int
		says []string
	}{
		{"gsm8k", empty, 8, []string{"gsm8k: --shots needs train.jsonl beside test.jsonl", "https://github.com/openai/grade-school-math", "folder gsm8k/"}},
		{"mmlu_pro", empty, 5, []string{"validation-00000-of-00001.parquet", "TIGER-Lab/MMLU-Pro", "folder mmlu_pro/"}},
		{"gsm8k", from, 21, []string{"gsm8k: --shots 21: there are 20: ask for at most 20"}},
		{"mmlu_pro", from, 6, []string{`there are 5 of "biology"`}},
		{"mbpp_google", from, 10, []string{"ask for at most 9"}},
		{"gsm8k", from, -1, []string{"from 0 up"}},
		{"humaneval", from, 1, []string{"humaneval: --shots 1: it has no worked examples"}},
		{"mmlu_pro", old, 5, []string{"mmlu_pro_validation.jsonl:3", "cot_content is empty"}},
		{"gsm8k", old, 1, []string{"train.jsonl:1", `no "####"`}},
	} {
		_, _, err := benchmarks.Examples(t.Context(), one(t, c.name), c.from, c.n)
		for _, says := range c.says {
			require.ErrorContains(t, err, says)
		}
	}
	before, files, err := benchmarks.Examples(t.Context(), one(t, "humaneval"), empty, 0)
	require.NoError(t, err)
	assert.Nil(t, before)
	assert.Nil(t, files)
}

func TestShotCountReadsANumberOrTheProtocol(t *testing.T) {
	for name, want := range map[string]int{"gsm8k": 8, "mmlu_pro": 5, "mmlu_pro:law": 5, "mbpp_google": 3, "humaneval": 0} {
		n, err := benchmarks.ShotCount(one(t, name), "protocol")
		require.NoError(t, err)
		assert.Equal(t, want, n, name)
	}
	n, err := benchmarks.ShotCount(one(t, "gsm8k"), "4")
	require.NoError(t, err)
	assert.Equal(t, 4, n)
	for _, asked := range []string{"", "-1", "some", "1.5"} {
		_, err := benchmarks.ShotCount(one(t, "gsm8k"), asked)
		require.ErrorContains(t, err, "--shots", asked)
	}
}
