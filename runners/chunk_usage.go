package runners

// counted takes the usual last piece of a stream, which has no choice and counts the
// tokens; false means that it is something else.
func (a *chatAnswer) counted(data []byte) bool {
	s := &a.scan
	s.start(data)
	var model, fingerprint []byte
	var u usage
	var seen int
	s.object(func(name []byte) {
		switch string(name) {
		case "model":
			s.once(&seen, 1)
			model = s.text()
		case "system_fingerprint":
			s.once(&seen, 2)
			fingerprint = s.text()
		case "choices":
			s.once(&seen, 4)
			s.need('[')
			s.need(']')
		case "usage":
			s.once(&seen, 8)
			u.read(s)
		case "id", "object", "created", "service_tier", "obfuscation", "provider":
			s.skip()
		default:
			s.fail()
		}
	})
	if !s.done() || seen&12 != 12 {
		return false
	}
	if len(model) > 0 {
		a.Out.Model = string(model)
	}
	if len(fingerprint) > 0 {
		a.Out.Fingerprint = string(fingerprint)
	}
	a.Out.Usage = u.words()
	return true
}

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
