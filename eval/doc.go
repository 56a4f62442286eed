// Package eval is the vocabulary of evalr: the nouns that every room of the
// house speaks, and the two interfaces (Runner, Scorer) by which rooms meet.
//
// It stands on the ground floor: it imports the standard library only and
// knows nothing of files, networks, terminals or particular benchmarks.
package eval
