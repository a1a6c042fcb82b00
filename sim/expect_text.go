package sim

import (
	"fmt"

	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// named is a Subject of whom only the name is known: the client of a scenario's expect line.
type named string

// Name implements Subject.
func (n named) Name() string { return string(n) }

// ExpectationOf is the expectation of a scenario's expect line: `expect phone lost within 80s of
// 67s`.
func ExpectationOf(st *scenario.Statement) (Expectation, error) {
	e, err := st.Expectation()
	if err != nil {
		return Expectation{}, err
	}
	who := named(e.Client)
	switch e.What {
	case "lost":
		return LostWithin(who, e.Within, e.Of), nil
	case "back":
		return ConnectedWithin(who, e.Within, e.Of), nil
	case "dropped":
		return DroppedWithin(who, e.Within, e.Of), nil
	case "hears":
		return HearsWithin(who, e.Within, e.Of), nil
	case "notices":
		return NoticedWithin(who, e.Within), nil
	case "recovers":
		return BackWithin(who, e.Within), nil
	case "never":
		return NeverDeaf(who, e.Within), nil
	}
	counts := map[string]func(Subject) Count{"receives": received, "lost-messages": lostBy,
		"duplicates": duplicatedBy, "reconnects": Reconnects, "attempts": Attempts, "pings": Pings}
	of := counts[e.What]
	if of == nil {
		return Expectation{}, fmt.Errorf("nobody knows how to judge %q", st.Phrase())
	}
	switch c := of(who); e.Bound {
	case scenario.AtMost:
		return c.AtMost(e.N), nil
	case scenario.AtLeast:
		return c.AtLeast(e.N), nil
	default:
		return c.Exactly(e.N), nil
	}
}

// received counts the messages that a client's program got, copies included.
func received(who Subject) Count {
	return countEvents(who, "messages received", func(ev *trace.Event) bool {
		return ev.Kind == trace.ClientMessage
	})
}

// expectationsOf are the expectations of a scenario's expect lines.
func expectationsOf(s *scenario.Scenario) ([]Expectation, error) {
	var list []Expectation
	for i := range s.Statements {
		st := &s.Statements[i]
		if st.Verb != "expect" {
			continue
		}
		x, err := ExpectationOf(st)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", st.Line, err)
		}
		list = append(list, x)
	}
	return list, nil
}

// judge judges the expect lines of a scenario, and adds the verdicts to the trace.
func (w *World) judge(s *scenario.Scenario) error {
	list, err := expectationsOf(s)
	if err != nil {
		return err
	}
	return w.Check(list...)
}
