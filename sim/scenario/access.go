package scenario

import (
	"strconv"
	"time"

	"halfopen/netmodel"
)

// Text returns a setting's text, or its default. The accessors below interpret it; on a scenario that
// Check accepts they cannot fail, and panic where the schema has no such key: that is our bug.
func (s *Statement) Text(key string) string {
	if v, ok := s.written(key); ok {
		return v
	}
	spec := s.Spec()
	if spec != nil {
		if k := spec.key(key); k != nil {
			return k.Default
		}
	}
	panic("scenario: " + s.Verb + " has no setting " + key)
}

// Has reports whether the setting is written out.
func (s *Statement) Has(key string) bool {
	_, ok := s.written(key)
	return ok
}

func (s *Statement) written(key string) (string, bool) {
	for i := range s.Keys {
		if s.Keys[i].Key == key {
			return s.Keys[i].Value, true
		}
	}
	return "", false
}

// Duration returns a setting of kind Duration; "off" is 0.
func (s *Statement) Duration(key string) time.Duration {
	d, _ := ParseDuration(s.Text(key))
	return d
}

// Int returns a setting of kind Int.
func (s *Statement) Int(key string) int64 {
	n, _ := strconv.ParseInt(s.Text(key), 10, 64)
	return n
}

// Bool returns a setting of kind Bool.
func (s *Statement) Bool(key string) bool { return s.Text(key) == "on" }

// Percent returns a setting of kind Percent.
func (s *Statement) Percent(key string) netmodel.PPM {
	p, _ := ParsePercent(s.Text(key))
	return p
}

// Rate returns a setting of kind Rate, and Size one of kind Size.
func (s *Statement) Rate(key string) int64 {
	n, _ := ParseRate(s.Text(key))
	return n
}

// Size returns a setting of kind Size.
func (s *Statement) Size(key string) int64 {
	n, _ := ParseSize(s.Text(key))
	return n
}

// Ends returns the ends of the link that the statement is about; oneWay: only from a to b.
func (s *Statement) Ends() (a, b string, oneWay bool) {
	if len(s.Args) > 2 && s.Args[1] == ">" {
		return s.Args[0], s.Args[2], true
	}
	return s.Args[0], s.Args[1], false
}

// Extra returns the argument behind the ends of a link.
func (s *Statement) Extra() string { return s.Args[len(s.Args)-1] }

// Payload is the text that a publish statement sends, placeholders and all.
func (s *Statement) Payload() string {
	if len(s.Args) < 2 {
		return ""
	}
	return s.Args[1]
}

// Seed is the scenario's seed: 1 unless it says otherwise.
func (s *Scenario) Seed() uint64 {
	n, err := strconv.ParseUint(s.first("seed", "1"), 10, 64)
	if err != nil {
		return 1
	}
	return n
}

// Length is the run's virtual length: 5 minutes unless the scenario says otherwise.
func (s *Scenario) Length() time.Duration {
	d, _ := ParseDuration(s.first("run", "5m"))
	return d
}

// Start is what clocks show at instant 0; the zero Time if the scenario does not say.
func (s *Scenario) Start() time.Time {
	t, _ := time.Parse(time.RFC3339, s.first("start", ""))
	return t
}

func (s *Scenario) first(verb, def string) string {
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Verb == verb && !st.IsStep() && len(st.Args) == 1 {
			return st.Args[0]
		}
	}
	return def
}
