package stats_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/stats"
)

// vector reads the cases of one kind from the shared reference values, which were
// computed elsewhere by other means.
func vector[T any](t *testing.T, kind, list string) []T {
	t.Helper()
	path := filepath.Join(os.Getenv("EVALR_SHARED"), "reference", "stats_vectors.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("%s is absent: set EVALR_SHARED to the shared reference data to run this test", path)
	}
	var file struct {
		Vectors map[string]map[string]json.RawMessage
	}
	require.NoError(t, json.Unmarshal(data, &file))
	var cases []T
	require.NoError(t, json.Unmarshal(file.Vectors[kind][list], &cases))
	require.NotEmpty(t, cases)
	return cases
}

// near holds to a relative 1e-9, as the vectors ask.
func near(t *testing.T, want, got float64, about ...any) {
	t.Helper()
	assert.InDelta(t, want, got, 1e-9*math.Max(math.Abs(want), 1e-6), about...)
}

func nearAll(t *testing.T, want, got []float64, about ...any) {
	t.Helper()
	if assert.Len(t, got, len(want), about...) {
		for i := range want {
			near(t, want[i], got[i], about...)
		}
	}
}

func (p pair) near(t *testing.T, got stats.Interval, about ...any) {
	t.Helper()
	nearAll(t, p[:], []float64{got.Low, got.High}, about...)
}

type pair [2]float64

func TestEstimatorsAgreeWithTheVectors(t *testing.T) {
	type draw struct {
		N, C, K   int
		Tau, Want float64
	}
	for _, c := range vector[draw](t, "pass_at_k", "cases") {
		got, err := stats.PassAtK(c.N, c.C, c.K)
		require.NoError(t, err)
		near(t, c.Want, got, c)
	}
	for _, c := range vector[draw](t, "pass_hat_k", "cases") {
		got, err := stats.PassHatK(c.N, c.C, c.K)
		require.NoError(t, err)
		near(t, c.Want, got, c)
	}
	for _, c := range vector[draw](t, "g_pass_at_k", "cases") {
		got, err := stats.GPassAtK(c.N, c.C, c.K, c.Tau)
		require.NoError(t, err)
		near(t, c.Want, got, c)
	}
	for _, c := range vector[draw](t, "g_pass_at_k", "mg_cases") {
		got, err := stats.MGPassAtK(c.N, c.C, c.K)
		require.NoError(t, err)
		near(t, c.Want, got, c)
	}
	type vote struct {
		Counts  []int `json:"answer_counts"`
		Correct int   `json:"correct_index"`
		K       int
		Want    float64
	}
	for _, c := range vector[vote](t, "maj_at_k", "cases") {
		got, err := stats.MajAtK(c.Counts, c.Correct, c.K)
		require.NoError(t, err)
		near(t, c.Want, got, c)
	}
}

func TestIntervalsAndQuantilesAgreeWithTheVectors(t *testing.T) {
	type binomial struct {
		X, N             int
		Conf             float64
		Wilson, Jeffreys pair
		CP               pair `json:"clopper_pearson"`
		Beta             pair `json:"beta_uniform"`
	}
	for _, c := range vector[binomial](t, "binomial_ci", "cases") {
		c.Wilson.near(t, stats.Wilson(c.X, c.N, c.Conf), c)
		c.Jeffreys.near(t, stats.Jeffreys(c.X, c.N, c.Conf), c)
		c.CP.near(t, stats.ClopperPearson(c.X, c.N, c.Conf), c)
		c.Beta.near(t, stats.UniformBeta(c.X, c.N, c.Conf), c)
	}
	type quantile struct{ P, Z, A, B, Df, Want float64 }
	for _, c := range vector[quantile](t, "normal_quantile", "cases") {
		near(t, c.Z, stats.NormalQuantile(c.P), c)
	}
	for _, c := range vector[quantile](t, "beta_quantile", "cases") {
		near(t, c.Want, stats.BetaQuantile(c.P, c.A, c.B), c)
	}
	for _, c := range vector[quantile](t, "student_t", "cases") {
		near(t, c.Want, stats.StudentTQuantile(c.P, c.Df), c)
		near(t, -c.Want, stats.StudentTQuantile(1-c.P, c.Df), c)
	}
	type sample struct {
		X       []float64
		P, Want float64
	}
	for _, c := range vector[sample](t, "quantile_type7", "cases") {
		near(t, c.Want, stats.Quantile(c.X, c.P), c)
	}
}

func TestErrorsAgreeWithTheVectors(t *testing.T) {
	type scored struct {
		Scores     []float64
		Clusters   []string
		Mean, SE   float64
		CR1        float64 `json:"se_cr1"`
		Miller     float64 `json:"se_miller"`
		Singletons float64 `json:"singleton_clusters_miller_equals_clt"`
		Paired     float64 `json:"se_paired"`
		A, B       []float64
		MeanDiff   float64 `json:"mean_diff"`
		Corr       float64
	}
	for _, c := range vector[scored](t, "clt_se", "cases") {
		near(t, c.Mean, stats.Mean(c.Scores))
		near(t, c.SE, stats.ClusteredSE(c.Scores, make([]string, len(c.Scores))))
	}
	for _, c := range vector[scored](t, "clustered_se", "cases") {
		near(t, c.CR1, stats.ClusteredSE(c.Scores, c.Clusters))
		near(t, c.Miller, stats.MillerSE(c.Scores, c.Clusters))
		near(t, c.Singletons, stats.MillerSE(c.Scores, make([]string, len(c.Scores))))
	}
	for _, c := range vector[scored](t, "paired_diff", "cases") {
		mean, se, corr := stats.PairedDifference(c.A, c.B, make([]string, len(c.A)))
		near(t, c.MeanDiff, mean)
		near(t, c.Paired, se)
		near(t, c.Corr, corr)
	}
	type split struct {
		Scores  [][]float64
		SE      float64
		Within  float64 `json:"sigma2_within"`
		Between float64 `json:"omega2_between"`
	}
	for _, c := range vector[split](t, "variance_decomposition", "cases") {
		u := units(c.Scores)
		between, within, known := stats.Split(u)
		assert.True(t, known)
		near(t, c.Within, within)
		near(t, c.Between, between)
		near(t, c.SE, stats.SE(u))
	}
}

// units sums up the trials of each problem.
func units(scores [][]float64) []stats.Unit {
	out := make([]stats.Unit, len(scores))
	for i, s := range scores {
		out[i] = stats.Unit{Mean: stats.Mean(s), Variance: stats.Variance(s), Trials: len(s)}
	}
	return out
}

func TestComparisonsAgreeWithTheVectors(t *testing.T) {
	type counts struct {
		B, C  int
		Exact float64 `json:"exact_p"`
		MidP  float64 `json:"mid_p"`
	}
	for _, c := range vector[counts](t, "mcnemar", "cases") {
		near(t, c.Exact, stats.McNemarExact(c.B, c.C), c)
		near(t, c.MidP, stats.McNemarMidP(c.B, c.C), c)
	}
	type signs struct {
		D []float64
		P float64
	}
	for _, c := range vector[signs](t, "paired_permutation", "cases") {
		near(t, c.P, stats.PairedPermutation(c.D, 1), c)
	}
	type many struct{ P, Holm, BH []float64 }
	for _, c := range vector[many](t, "multiple_comparisons", "cases") {
		nearAll(t, c.Holm, stats.Holm(c.P), c)
		nearAll(t, c.BH, stats.BenjaminiHochberg(c.P), c)
	}
	type power struct {
		stats.Design
		Delta, N, MDE float64
	}
	for _, c := range vector[power](t, "power", "cases") {
		near(t, c.N, stats.SampleSize(c.Design, c.Delta), c)
	}
	for _, c := range vector[power](t, "power", "mde_cases") {
		near(t, c.MDE, stats.MDE(c.Design, c.N), c)
	}
}

func TestRanksAndRatingsAgreeWithTheVectors(t *testing.T) {
	type elo struct{ RA, RB, Want float64 }
	for _, c := range vector[elo](t, "elo_expected", "cases") {
		near(t, c.Want, stats.EloExpected(c.RA, c.RB), c)
	}
	type wins struct {
		Wins        [][]float64
		LogStrength []float64 `json:"log_strength"`
	}
	for _, c := range vector[wins](t, "bradley_terry", "cases") {
		got, ok := stats.BradleyTerry(c.Wins)
		assert.True(t, ok)
		nearAll(t, c.LogStrength, got)
	}
	type contest struct {
		Opponents []float64 `json:"opponent_ratings"`
		Rank      float64
		Ahead     float64  `json:"solve_sum_P_eq_rank"`
		Strict    *float64 `json:"solve_sum_P_eq_rank_minus_1"`
	}
	for _, c := range vector[contest](t, "codeforces_performance", "cases") {
		near(t, c.Ahead, stats.Performance(c.Opponents, c.Rank+1), c)
		if c.Strict == nil {
			assert.True(t, math.IsInf(stats.Performance(c.Opponents, c.Rank), 1))
		} else {
			near(t, *c.Strict, stats.Performance(c.Opponents, c.Rank), c)
		}
	}
	type solved struct {
		Difficulty, Solved []float64
		SE                 float64
		MLE                float64 `json:"rating_mle"`
		MAP                float64 `json:"map_mu1500_sd500"`
	}
	for _, c := range vector[solved](t, "rating_from_difficulty", "cases") {
		rating, se := stats.Rating(c.Difficulty, c.Solved, stats.Prior{SD: math.Inf(1)})
		near(t, c.MLE, rating, c)
		near(t, c.SE, se, c)
		rating, _ = stats.Rating(c.Difficulty, c.Solved, stats.Prior{Mean: 1500, SD: 500})
		near(t, c.MAP, rating, c)
	}
	type spread struct {
		Lo, Hi []float64
		Best   []int `json:"rank_best"`
		Worst  []int `json:"rank_worst"`
	}
	for _, c := range vector[spread](t, "rank_spread", "cases") {
		best, worst := stats.RankSpread(c.Lo, c.Hi)
		assert.Equal(t, c.Best, best)
		assert.Equal(t, c.Worst, worst)
	}
	type scale struct{ Raw, Base, Want float64 }
	for _, c := range vector[scale](t, "normalise", "cases") {
		near(t, c.Want, stats.Normalise(c.Raw, c.Base), c)
	}
}
