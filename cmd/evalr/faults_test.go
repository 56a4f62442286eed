package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/evalr/evalr/eval/evaltest"
)

// failOn refuses requests whose question begins with a word.
func failOn(word string) func(http.ResponseWriter, *http.Request, evaltest.Body) bool {
	return refuse(func(b evaltest.Body) bool { return strings.HasPrefix(b.Messages[0].Content, word) })
}

func refuse(when func(evaltest.Body) bool) func(http.ResponseWriter, *http.Request, evaltest.Body) bool {
	return func(w http.ResponseWriter, _ *http.Request, b evaltest.Body) bool {
		if !when(b) {
			return false
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, `{"error":{"message":"no such model"}}`)
		return true
	}
}
