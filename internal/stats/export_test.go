package stats

import "gonum.org/v1/gonum/mathext"

// BetaQuantile lets the tests hold the quantile behind three intervals against
// its own reference values.
var BetaQuantile = betaQuantile

// BetaCDF is what BetaQuantile inverts.
func BetaCDF(x, a, b float64) float64 { return mathext.RegIncBeta(a, b, x) }

// AtMost is the bound of PairedPermutation.
func AtMost(d []float64) float64 { return newFlips(d).atMost() }
