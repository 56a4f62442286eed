package stats_test

import (
	"fmt"

	"github.com/evalr/evalr/internal/stats"
)

func ExamplePassAtK() {
	p, _ := stats.PassAtK(16, 3, 4)
	_, err := stats.PassAtK(16, 3, 64)
	fmt.Printf("%.3f; %v\n", p, err)
	// Output: 0.607; k = 64 is not in 1 to 16, the number of trials
}

func ExampleMajAtK() {
	// Of eight trials four gave the right answer, three another, one a third.
	p, _ := stats.MajAtK([]int{4, 3, 1}, 0, 5)
	fmt.Printf("%.3f\n", p)
	// Output: 0.661
}

func ExampleNewProblems() {
	// 24 of 30 problems solved at one trial; then every problem at all of four.
	once, always := make([]stats.Unit, 30), make([]stats.Unit, 30)
	for i := range once {
		once[i] = stats.Unit{Mean: 1, Trials: 1}
		if i < 6 {
			once[i].Mean = 0
		}
		always[i] = stats.Unit{Mean: 1, Trials: 4}
	}
	for _, units := range [][]stats.Unit{once, always} {
		in, method := stats.NewProblems(units, 0.95)
		fmt.Printf("%.3f to %.3f (%s)\n", in.Low, in.High, method)
	}
	// Output:
	// 0.627 to 0.905 (wilson)
	// 0.886 to 1.000 (wilson)
}

func ExampleTwoSampleWithin() {
	last := [][]float64{{1, 1, 1, 1}, {1, 1, 1, 0}, {1, 1, 1, 1}}
	tonight := [][]float64{{1, 1, 0, 0}, {1, 0, 0, 0}, {1, 1, 0, 1}}
	diff, p := stats.TwoSampleWithin(tonight, last, 1)
	fmt.Printf("%+.3f, p = %.3f\n", diff, p)
	// Output: -0.417, p = 0.032
}

func ExampleMDE() {
	// What can 198 problems at four trials tell apart, four times in five?
	d := stats.Design{Omega2: 1.0 / 9, SigmaA2: 1.0 / 6, SigmaB2: 1.0 / 6, KA: 4, KB: 4, Alpha: 0.05, Power: 0.8}
	fmt.Printf("%.1f points\n", 100*stats.MDE(d, 198))
	// Output: 8.8 points
}
