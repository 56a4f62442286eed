package math

import (
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

// AIME24 is the American Invitational Mathematics Examination of 2024, both
// papers: 30 problems with integer answers.
func AIME24(t scoring.Tools) eval.Benchmark {
	return aime(t, "aime24", "2024", "HuggingFaceH4/aime_2024", "test.jsonl", "aime24.parquet")
}

// AIME25 is the same examination of 2025.
func AIME25(t scoring.Tools) eval.Benchmark {
	return aime(t, "aime25", "2025", "opencompass/AIME2025", "aime25.json", "aime25.parquet", "test.jsonl")
}

func aime(t scoring.Tools, name, year, hub string, files ...string) eval.Benchmark {
	return eval.Benchmark{
		Name: name, Domain: "math",
		About: eval.About{
			Summary: "AIME " + year + ", both papers", Source: "https://maa.org/maa-invitational-competitions/",
			License: "(c) MAA", Dataset: hub, Files: files,
		},
		Load: load(dataset.Source{Folders: []string{name}, Files: files}, func(row dataset.Row) (eval.Problem, error) {
			if row.Has("reward_model") {
				return verl(row)
			}
			return plain(row, "problem", "answer")
		}),
		Prompt: prompt, Scorer: scoring.Math(t),
	}
}
