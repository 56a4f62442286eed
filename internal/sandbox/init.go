package sandbox

// Init must be the first thing that main does. A process that was started as a
// part of the sandbox does its work and never returns from here.
func Init() {}
