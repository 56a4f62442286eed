package runners

// read reads the counts of a service.
func (u *usage) read(s *scan) {
	var seen int
	s.object(func(name []byte) {
		switch string(name) {
		case "prompt_tokens":
			s.once(&seen, 1)
			u.Prompt = s.count()
		case "completion_tokens":
			s.once(&seen, 2)
			u.Completion = s.count()
		case "total_tokens":
			s.skip()
		case "completion_tokens_details":
			s.once(&seen, 4)
			u.Details.Reasoning = s.detail("reasoning_tokens")
		case "prompt_tokens_details":
			s.once(&seen, 8)
			u.PromptDetails.Cached = s.detail("cached_tokens")
		default:
			s.fail()
		}
	})
}

// detail reads one count of an object of counts.
func (s *scan) detail(want string) (found *int) {
	var seen int
	s.object(func(name []byte) {
		switch string(name) {
		case want:
			s.once(&seen, 1)
			found = s.count()
		case "accepted_prediction_tokens", "rejected_prediction_tokens", "audio_tokens", "text_tokens", "image_tokens":
			s.count()
		default:
			s.fail()
		}
	})
	return found
}

// count reads a whole number from 0 up that is no longer than any count.
func (s *scan) count() *int {
	s.peek()
	start := s.i
	n := s.digits()
	if n == 0 || n > 15 || n > 1 && s.b[start] == '0' {
		s.fail()
		return nil
	}
	if c := s.peek(); c != ',' && c != '}' { // a fraction, or an exponent
		s.fail()
		return nil
	}
	v := 0
	for _, c := range s.b[start : start+n] {
		v = 10*v + int(c-'0')
	}
	return &v
}
