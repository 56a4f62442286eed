package sandbox

// A Probe is one thing that isolation needs, and whether it is there.
type Probe struct {
	Name, Detail string
	OK           bool
	Remedy       string
}
