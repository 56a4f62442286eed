package leaderboard

import (
	"encoding/json"
	"io"
)

// JSON writes the board for other programs; the names are a contract. Scores
// are in [0, 1]; what is unknown is null or absent.
func JSON(w io.Writer, b Board, _ Layout) error {
	return indented(w, b)
}

// indented writes any value of the contracts as people can read it too.
func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
