package benchmarks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
)

// The rows are made up, in the shape of the published files.

// wordProblem is a row of GSM8K.
type wordProblem struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// quiz is a row of MMLU-Pro, in the columns of the hub's Parquet file.
type quiz struct {
	ID       int64    `json:"question_id" parquet:"question_id"`
	Question string   `json:"question" parquet:"question"`
	Options  []string `json:"options" parquet:"options,list"`
	Answer   string   `json:"answer" parquet:"answer"`
	Index    int64    `json:"answer_index" parquet:"answer_index"`
	Thought  string   `json:"cot_content" parquet:"cot_content"`
	Category string   `json:"category" parquet:"category"`
	Src      string   `json:"src" parquet:"src"`
}

// task is a row of Google's MBPP.
type task struct {
	Text  string   `json:"text"`
	Code  string   `json:"code"`
	ID    int      `json:"task_id"`
	Setup string   `json:"test_setup_code"`
	Tests []string `json:"test_list"`
}

func wordProblems(from, n int) (out []wordProblem) {
	for i := from; i < from+n; i++ {
		out = append(out, wordProblem{
			Question: fmt.Sprintf("A crate holds %d jars and a shelf holds %d crates. How many jars are on two shelves?", 100*i, i+2),
			Answer:   fmt.Sprintf("A shelf holds %d*%d=<<%d*%d=%d>>%d jars.\nTwo hold $<<2*%d=%d>>%d.\n#### %d", 100*i, i+2, 100*i, i+2, 100*i*(i+2), 100*i*(i+2), 100*i*(i+2), 200*i*(i+2), 200*i*(i+2), 200*i*(i+2)),
		})
	}
	return out
}

func quizzes(categories ...string) (out []quiz) {
	for _, category := range categories {
		for i := range 5 {
			gold := string(rune('A' + i%3))
			out = append(out, quiz{
				ID: int64(len(out)), Question: fmt.Sprintf("Which is made-up fact %d of %s?", i, category),
				Options: []string{"the first", "the second", "the third", "N/A", "N/A"}, Answer: gold, Index: int64(i % 3),
				Thought:  fmt.Sprintf("A: Let's think step by step. Of the others none fits. The answer is (%s).", gold),
				Category: category, Src: "made-up",
			})
		}
	}
	return out
}

func tasks(n int) (out []task) {
	for i := 1; i <= n; i++ {
		out = append(out, task{
			ID: i, Text: fmt.Sprintf("Write a function to add %d to a number.", i),
			Code:  fmt.Sprintf("def add_%d(x):\r\n    return x + %d ", i, i),
			Tests: []string{fmt.Sprintf("assert add_%d(1) == %d", i, i+1), fmt.Sprintf("assert add_%d(5) == %d", i, i+5)},
		})
	}
	return out
}

// place writes rows as JSON lines or, by the name, as Parquet.
func place[T any](t *testing.T, dir, name string, rows []T) {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	if strings.HasSuffix(name, ".parquet") {
		require.NoError(t, parquet.WriteFile(path, rows))
		return
	}
	var b strings.Builder
	for _, row := range rows {
		line, err := json.Marshal(row)
		require.NoError(t, err)
		b.Write(append(line, '\n'))
	}
	require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
}

// published are made-up files of all benchmarks that have shots.
func published(t *testing.T) eval.Data {
	dir := t.TempDir()
	place(t, dir, "gsm8k/test.jsonl", wordProblems(50, 3))
	place(t, dir, "gsm8k/train.jsonl", wordProblems(1, 20))
	place(t, dir, "mmlu_pro/mmlu_pro_test.jsonl", quizzes("history", "law", "physics", "chemistry", "biology"))
	place(t, dir, "mmlu_pro/validation-00000-of-00001.parquet", quizzes("law", "physics", "chemistry", "biology"))
	place(t, dir, "mbpp/mbpp.jsonl", tasks(14))
	return eval.Data{Dirs: []string{dir}}
}
