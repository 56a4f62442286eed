package eval

// An Isolation says what held the programs of a run, so that a reader of its
// scores can judge it. It is recorded with the run.
type Isolation struct {
	// Tier is the kind of isolation: "native", "none", …
	Tier string `json:"tier"`
	// Guards are what was in force, Weaknesses what was not.
	Guards     []string      `json:"guards,omitempty"`
	Weaknesses []string      `json:"weaknesses,omitempty"`
	Limits     ProgramLimits `json:"limits,omitzero"`
}

// ProgramLimits are the limits within which the programs of a run ran.
type ProgramLimits struct {
	CPUSeconds  Range `json:"cpu_seconds,omitzero"`
	WallSeconds Range `json:"wall_seconds,omitzero"`
	MemoryBytes Range `json:"memory_bytes,omitzero"`
	OutputBytes Range `json:"output_bytes,omitzero"`
	Processes   Range `json:"processes,omitzero"`
}

// A Range is the least and the most of positive numbers; its zero value is of
// none.
type Range struct {
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
}

// Widen makes the range hold x.
func (r *Range) Widen(x float64) {
	if *r == (Range{}) {
		r.Least, r.Most = x, x
	}
	r.Least, r.Most = min(r.Least, x), max(r.Most, x)
}

// Widen makes the limits hold those of other programs.
func (l *ProgramLimits) Widen(other ProgramLimits) {
	for _, pair := range [...][2]*Range{
		{&l.CPUSeconds, &other.CPUSeconds}, {&l.WallSeconds, &other.WallSeconds}, {&l.MemoryBytes, &other.MemoryBytes},
		{&l.OutputBytes, &other.OutputBytes}, {&l.Processes, &other.Processes},
	} {
		if *pair[1] != (Range{}) {
			pair[0].Widen(pair[1].Least)
			pair[0].Widen(pair[1].Most)
		}
	}
}
