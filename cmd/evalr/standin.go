package main

import "github.com/evalr/evalr/eval"

const standInSpec = "standin:"

func openStandIn() ([]eval.Runner, error) { return nil, nil }
