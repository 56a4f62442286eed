package scoring

import (
	"math"

	"github.com/evalr/evalr/eval"
)

// The oracles of EvalPlus for functions with more than one right answer
// (evalplus/evaluate.py and evalplus/eval/__init__.py of evalplus/evalplus).
const (
	OracleSet     = "set"      // the elements count, not their order, number or container
	OracleOrder   = "order"    // the elements and their container count, not their order
	OracleNotNone = "not_none" // whether a value is returned counts
	OracleAny     = "any"      // any value will do
	OracleOrZero  = "or_zero"  // zero is right too
	OracleRoot    = "root"     // a root of the polynomial in the first argument
)

// oracle says whether a returned value is right; args are the call's arguments,
// which OracleRoot looks at.
func oracle(t *eval.Calls, w, got pyValue, args *pyValue) bool {
	tolerance := t.Tolerance
	switch t.Oracle {
	case OracleAny:
		return true
	case OracleOrZero:
		if got.number() && got.float() == 0 {
			return true
		}
	case OracleOrder:
		if elements(w) && w.kind == got.kind {
			return subset(w.items, got.items) && subset(got.items, w.items)
		}
	case OracleSet:
		if elements(w) && elements(got) {
			return subset(w.items, got.items) && subset(got.items, w.items)
		}
	case OracleNotNone:
		if got.kind != pyBool {
			got = pyBoolean(got.kind != pyNone)
		}
		if w.kind != pyBool {
			w = pyBoolean(w.kind != pyNone)
		}
		return pyEqual(w, got)
	case OracleRoot:
		return pyEqual(w, got) || root(args, got, tolerance)
	}
	if pyEqual(w, got) {
		return true
	}
	if tolerance == 0 && floats(w) {
		tolerance = 1e-6
	}
	return tolerance != 0 && w.kind == got.kind && close(w, got, tolerance)
}

func elements(v pyValue) bool {
	return v.kind == pyList || v.kind == pyTuple || v.kind == pySet || v.kind == pyFroz
}

// floats says whether a value is a float, or a list or tuple of floats alone.
func floats(v pyValue) bool {
	if v.kind == pyFloat {
		return true
	}
	if v.kind != pyList && v.kind != pyTuple {
		return false
	}
	for _, x := range v.items {
		if x.kind != pyFloat {
			return false
		}
	}
	return true
}

// close is numpy's allclose with a relative tolerance of 1e-7, on numbers and
// nested lists of one shape.
func close(want, got pyValue, tolerance float64) bool {
	if want.number() && got.number() {
		w, g := want.float(), got.float()
		if math.IsInf(w, 0) || math.IsInf(g, 0) {
			return w == g
		}
		return math.Abs(g-w) <= tolerance+1e-7*math.Abs(w)
	}
	if want.kind == pyCplx && got.kind == pyCplx {
		return math.Hypot(got.f-want.f, got.im-want.im) <= tolerance+1e-7*math.Hypot(want.f, want.im)
	}
	list := func(v pyValue) bool { return v.kind == pyList || v.kind == pyTuple }
	if !list(want) || !list(got) || len(want.items) != len(got.items) {
		return false
	}
	for i := range want.items {
		if !close(want.items[i], got.items[i], tolerance) {
			return false
		}
	}
	return true
}

// root says whether x is a root, within the tolerance, of the polynomial whose
// coefficients are the first argument, the constant one first.
func root(args *pyValue, x pyValue, tolerance float64) bool {
	if args == nil || len(args.items) == 0 || !x.number() {
		return false
	}
	sum, power := 0.0, 1.0
	for _, c := range args.items[0].items {
		if !c.number() {
			return false
		}
		sum += c.float() * power
		power *= x.float()
	}
	return math.Abs(sum) <= max(tolerance, 1e-4)
}
