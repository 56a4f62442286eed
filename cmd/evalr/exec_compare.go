package main

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	plainNumber = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`)
	notANumber  = regexp.MustCompile(`(?i)^[+-]?nan$`)
)

// sameTokens says whether two outputs have the same words between white space.
// With a tolerance, numbers may differ by that much, relative or absolute, and
// NaN equals nothing.
func sameTokens(want, got string, tolerance float64) bool {
	a, b := strings.Fields(want), strings.Fields(got)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if tolerance == 0 && a[i] != b[i] || tolerance > 0 && !closeTokens(a[i], b[i], tolerance) {
			return false
		}
	}
	return true
}

func closeTokens(want, got string, tolerance float64) bool {
	if !plainNumber.MatchString(want) || !plainNumber.MatchString(got) {
		return want == got && !notANumber.MatchString(want)
	}
	x, errX := strconv.ParseFloat(want, 64)
	y, errY := strconv.ParseFloat(got, 64)
	if errX != nil || errY != nil { // beyond a float
		return want == got
	}
	return math.Abs(x-y) <= tolerance*max(1, math.Abs(x))
}
