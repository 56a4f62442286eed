// Package local starts inference engines on this machine, keeps them running
// while a run needs them, and finds out what a model server is.
//
// Launch starts llama-server, vLLM, SGLang or Ollama and waits until it answers.
// A Server is started again when it dies, and is ended with the run, however the
// run ends: a keeper process watches over it (see Keeper). Probe asks any server
// what it serves; Check sends three tiny requests.
//
// It must not know how requests are worded for a provider, what they cost, or
// what a benchmark is: it sees other runners only as eval.Runner.
package local
