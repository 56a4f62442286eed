package stats

// BetaQuantile lets the tests hold the quantile behind three intervals against
// its own reference values.
var BetaQuantile = betaQuantile
