package store

import (
	"bytes"
	"encoding/json"

	"github.com/evalr/evalr/eval"
)

// A decoder reads lines of attempts.jsonl: those that evalr wrote quickly, and
// whatever else is a record by encoding/json. Both give the same record, which
// shares no memory with the line.
type decoder struct{ known *interner }

func newDecoder() *decoder { return &decoder{newInterner()} }

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
	var r record
	if s.key(&r); s.gaveUp || bytes.Contains(line[s.at:], []byte(`"error":`)) {
		if err := d.record(line, &r); err != nil {
			return err
		}
	}
	*h = head{key: r.key(), failed: r.Error != nil, line: line}
	return nil
}

// quick reads a line as Append writes it. If it says no, the record is rubbish.
func (d *decoder) quick(line []byte, r *record) bool {
	s := scanner{text: line, known: d.known}
	s.key(r)
	s.judgement(r)
	s.generation(r)
	if s.has(`"cost_usd":`) {
		r.Cost = new(s.number())
	}
	if s.has(`"measures":`) {
		r.Measures = s.measures()
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

func (s *scanner) key(r *record) {
	s.open()
	s.must(`"benchmark":`)
	r.Benchmark = s.str()
	s.must(`"problem":`)
	r.Problem = s.str()
	s.must(`"model":`)
	r.Model = s.str()
	s.must(`"trial":`)
	r.Trial = int(s.whole())
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
}

func (s *scanner) usage() *eval.Usage {
	var u eval.Usage
	s.open()
	if s.has(`"prompt":`) {
		u.Prompt = new(int(s.whole()))
	}
	if s.has(`"output":`) {
		u.Output = new(int(s.whole()))
	}
	if s.has(`"reasoning":`) {
		u.Reasoning = new(int(s.whole()))
	}
	if s.has(`"cached":`) {
		u.Cached = new(int(s.whole()))
	}
	if s.has(`"estimated":`) {
		u.Estimated = s.truth()
	}
	s.shut()
	return &u
}

func (s *scanner) timing() *timing {
	var t timing
	s.open()
	if s.has(`"queue_ms":`) {
		t.Queue = s.number()
	}
	if s.has(`"first_token_ms":`) {
		t.FirstToken = s.number()
	}
	if s.has(`"total_ms":`) {
		t.Total = s.number()
	}
	s.shut()
	return &t
}

// measures reads a map of numbers; an empty map is never written.
func (s *scanner) measures() map[string]float64 {
	rest := s.text[s.at:]
	out := make(map[string]float64, bytes.Count(rest[:bytes.IndexByte(rest, '}')+1], []byte{':'}))
	s.want('{')
	for !s.gaveUp {
		name := s.str()
		s.want(':')
		out[name] = s.number()
		if s.next('}') {
			break
		}
		s.want(',')
	}
	return out
}

func (s *scanner) failure() *eval.Failure {
	var f eval.Failure
	s.open()
	s.must(`"kind":`)
	f.Kind = s.str()
	s.must(`"message":`)
	f.Message = s.str()
	if s.has(`"tries":`) {
		f.Tries = int(s.whole())
	}
	s.shut()
	return &f
}
