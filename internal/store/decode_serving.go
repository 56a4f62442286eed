package store

import "github.com/evalr/evalr/eval"

func (s *scanner) judging() *eval.Judging {
	var j eval.Judging
	s.open()
	if s.has(`"cost_usd":`) {
		j.Cost = new(s.number())
	}
	if s.has(`"prompt":`) {
		j.Prompt = int(s.whole())
	}
	if s.has(`"output":`) {
		j.Output = int(s.whole())
	}
	s.must(`"calls":`)
	j.Calls = int(s.whole())
	if s.has(`"second":`) {
		j.Second = s.truth()
	}
	s.shut()
	return &j
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
	if s.has(`"first_answer_ms":`) {
		t.FirstAnswer = s.number()
	}
	if s.has(`"total_ms":`) {
		t.Total = s.number()
	}
	if s.has(`"gaps":`) {
		if s.lean {
			s.passOver()
		} else {
			t.Gaps = s.gaps()
		}
	}
	s.shut()
	return &t
}

func (s *scanner) gaps() *gaps {
	var g gaps
	s.open()
	s.must(`"n":`)
	g.N = int(s.whole())
	s.must(`"p50_ms":`)
	g.P50 = s.number()
	s.must(`"p99_ms":`)
	g.P99 = s.number()
	s.must(`"max_ms":`)
	g.Max = s.number()
	s.shut()
	return &g
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
	if s.has(`"status":`) {
		f.Status = int(s.whole())
	}
	if s.has(`"hint":`) {
		f.Hint = s.str()
	}
	s.shut()
	return &f
}
