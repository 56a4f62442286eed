package store

import (
	"bytes"
	"encoding/json"

	"github.com/evalr/evalr/eval"
)

// A decoder reads lines of attempts.jsonl: those that evalr wrote quickly, and
// whatever else is a record by encoding/json. Both give the same record, which
// shares no memory with the line.
type decoder struct {
	known    *interner
	measured []string // how the names of the measures stood in the line before
	lean     bool     // measures and gaps are passed over
}

func newDecoder() *decoder { return &decoder{known: newInterner()} }

// record reads a whole line.
func (d *decoder) record(line []byte, r *record) error {
	if d.quick(line, r) {
		return nil
	}
	*r = record{}
	return json.Unmarshal(line, r)
}

// A head is what tells whether a record counts, and its line.
type head struct {
	key    eval.Key
	failed bool
	line   []byte
}

// head reads the key at the beginning of a line and looks whether there is an
// error, without reading the rest.
func (d *decoder) head(line []byte, h *head) error {
	s := scanner{text: line, known: d.known}
	*h = head{key: s.key(), line: line}
	if !s.gaveUp && !bytes.Contains(line[s.at:], []byte(`"error":`)) {
		return nil
	}
	var r record
	if err := d.record(line, &r); err != nil {
		return err
	}
	h.key, h.failed = r.key(), r.Error != nil
	return nil
}

// quick reads a line as Append writes it. If it says no, the record is rubbish.
func (d *decoder) quick(line []byte, r *record) bool {
	s := scanner{text: line, known: d.known, lean: d.lean}
	k := s.key()
	r.Benchmark, r.Problem, r.Model, r.Trial = k.Benchmark, k.Problem, k.Model, k.Trial
	s.judgement(r)
	s.generation(r)
	if s.has(`"cost_usd":`) {
		r.Cost = new(s.number())
	}
	if s.has(`"measures":`) {
		if d.lean {
			s.passOver()
		} else {
			r.Measures = d.measures(&s)
		}
	}
	if s.has(`"error":`) {
		r.Error = s.failure()
	}
	s.must(`"started":`)
	if text, _ := s.quoted(); s.gaveUp || r.Started.UnmarshalJSON(text) != nil {
		return false
	}
	if s.has(`"served_as":`) {
		r.ServedAs = s.str()
	}
	if s.has(`"fingerprint":`) {
		r.Fingerprint = s.str()
	}
	s.must(`"transcript":`)
	s.open()
	s.must(`"offset":`)
	r.Transcript.Offset = s.whole()
	s.must(`"length":`)
	r.Transcript.Length = s.whole()
	s.shut()
	s.shut()
	s.want('\n')
	return !s.gaveUp && s.at == len(line)
}

func (s *scanner) key() (k eval.Key) {
	s.open()
	s.must(`"benchmark":`)
	k.Benchmark = s.str()
	s.must(`"problem":`)
	k.Problem = s.str()
	s.must(`"model":`)
	k.Model = s.str()
	s.must(`"trial":`)
	k.Trial = int(s.whole())
	return k
}

func (s *scanner) judgement(r *record) {
	if s.has(`"outcome":`) {
		r.Outcome = eval.Outcome(s.str())
	}
	if s.has(`"score":`) {
		r.Score = new(s.number())
	}
	if s.has(`"answer":`) {
		r.Answer = s.str()
	}
	if s.has(`"canonical":`) {
		r.Canonical = s.str()
	}
	if s.has(`"why":`) {
		r.Why = s.str()
	}
	if s.has(`"warnings":`) {
		r.Warnings = s.strs()
	}
	if s.has(`"checks":`) {
		r.Checks = s.checks()
	}
	if s.has(`"judging":`) {
		r.Judging = s.judging()
	}
}

// checks reads a list of tests; an empty list is never written.
func (s *scanner) checks() []eval.Check {
	var out []eval.Check
	s.want('[')
	for !s.gaveUp {
		var c eval.Check
		s.open()
		s.must(`"name":`)
		c.Name = s.str()
		s.must(`"ok":`)
		c.OK = s.truth()
		if s.has(`"note":`) {
			c.Note = s.str()
		}
		s.shut()
		out = append(out, c)
		if s.next(']') {
			break
		}
		s.want(',')
	}
	return out
}

// generation reads how the answer came about.
func (s *scanner) generation(r *record) {
	if s.has(`"stop":`) {
		r.Stop = eval.Stop(s.str())
	}
	if s.has(`"thought":`) {
		r.Thought = eval.ThoughtState(s.str())
	}
	if s.has(`"usage":`) {
		r.Usage = s.usage()
	}
	if s.has(`"timing":`) {
		r.Timing = s.timing()
	}
	if s.has(`"tries":`) {
		r.Tries = int(s.whole())
	}
	if s.has(`"cached":`) {
		r.Cached = s.truth()
	}
}

// passOver passes over an object of numbers. A brace in a name would end it too
// early; what follows is then nothing that is known.
func (s *scanner) passOver() {
	end := bytes.IndexByte(s.text[s.at:], '}')
	if end < 0 {
		s.gaveUp = true
		return
	}
	s.at += end + 1
}

// measures reads a map of numbers; an empty map is never written.
func (d *decoder) measures(s *scanner) map[string]float64 {
	out := make(map[string]float64, len(d.measured))
	s.want('{')
	for i := 0; !s.gaveUp; i++ {
		if i == len(d.measured) {
			d.measured = append(d.measured, "")
		}
		name := s.name(&d.measured[i])
		out[name] = s.number()
		if s.next('}') {
			d.measured = d.measured[:i+1]
			break
		}
		s.want(',')
	}
	return out
}
