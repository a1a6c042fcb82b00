package scenario

import (
	"time"
)

// Warnings are remarks about a scenario that is correct and yet probably not meant so: steps and
// expectations after the end of the run, and clients that no links join with their broker. The
// scenario has passed Check.
func Warnings(s *Scenario) []*Error {
	c := &checker{s: s}
	end := s.Length()
	for i := range s.Statements {
		st := &s.Statements[i]
		if at := st.begins(); at >= end && at > 0 {
			c.fail(st, st.Verb, "never happens: the run ends at %s", FormatDuration(end))
		}
	}
	c.islands()
	return c.errs
}

// begins is when a statement has its first effect.
func (st *Statement) begins() time.Duration {
	switch {
	case st.HasAt:
		return st.At
	case st.Every > 0:
		return st.From
	case st.Verb == "expect":
		if e, err := st.Expectation(); err == nil {
			return e.Of
		}
	case st.Verb == "client":
		return st.Duration("start")
	}
	return 0
}

// islands finds clients from whose machine no links lead to that of their broker.
func (c *checker) islands() {
	island := make(map[string]string) // a machine that stands for all that links join with one
	head := func(h string) string {
		for island[h] != "" {
			h = island[h]
		}
		return h
	}
	var broker string
	for i := range c.s.Statements {
		switch st := &c.s.Statements[i]; {
		case st.Verb == "link":
			if a, b := head(st.Args[0]), head(st.Args[1]); a != b {
				island[a] = b
			}
		case st.Verb == "broker" && broker == "":
			broker = st.Args[0]
		}
	}
	for i := range c.s.Statements {
		st := &c.s.Statements[i]
		if st.Verb != "client" {
			continue
		}
		to, at := broker, st.Args[0]
		if b, ok := st.Lookup("broker"); ok {
			to = b
		}
		if h, ok := st.Lookup("host"); ok {
			at = h
		}
		if head(at) != head(to) {
			c.fail(st, st.Args[0], "no links lead from %s to %s: link %s %s", at, to, at, to)
		}
	}
}
