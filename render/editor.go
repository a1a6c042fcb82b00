package render

import (
	"slices"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
)

// Edit is a change of a scenario: what a click on the picture means. Edits never touch a run; the
// changed scenario is run again from the start, and by the prefix rule nothing before the edit's
// instant changes.
type Edit struct {
	Key   string // catalogue key of its name, for the undo list: "edit.cut"
	Args  []string
	At    netmodel.Time // where it begins; 0 for what is about the whole run
	apply func(*scenario.Scenario)
}

// Apply returns the changed scenario; s stays as it is.
func (e Edit) Apply(s *scenario.Scenario) *scenario.Scenario {
	c := *s
	c.Statements = slices.Clone(s.Statements)
	c.Transcript = "" // it was another run's
	e.apply(&c)
	return &c
}

// editGrain is what the instants of edits are rounded down to: a scenario is read by people.
const editGrain = netmodel.Time(time.Millisecond)

// fault makes an edit that adds one statement at an instant.
func fault(key string, at netmodel.Time, st scenario.Statement, args ...string) Edit {
	st.At, st.HasAt = time.Duration(at-at%editGrain), true
	return Edit{Key: key, Args: args, At: netmodel.Time(st.At),
		apply: func(s *scenario.Scenario) { insert(s, st) }}
}

// insert puts a statement behind the last one that is not later, and before expectations.
func insert(s *scenario.Scenario, st scenario.Statement) {
	i := len(s.Statements)
	for i > 0 && (s.Statements[i-1].Verb == "expect" ||
		s.Statements[i-1].HasAt && s.Statements[i-1].At > st.At) {
		i--
	}
	s.Statements = slices.Insert(s.Statements, i, st)
}

// path is the arguments of a fault on a link: both directions, or from a to b only.
func path(a, b string, oneWay bool) []string {
	if oneWay {
		return []string{a, ">", b}
	}
	return []string{a, b}
}

// Cut takes a link down without telling anybody; oneWay: only from a to b.
func Cut(a, b string, oneWay bool, at netmodel.Time) Edit {
	return fault("edit.cut", at, scenario.Statement{Verb: "cut", Args: path(a, b, oneWay)}, a, b)
}

// Heal ends every fault of a link.
func Heal(a, b string, at netmodel.Time) Edit {
	return fault("edit.heal", at, scenario.Statement{Verb: "heal", Args: path(a, b, false)}, a, b)
}

// Fault adds any other fault of a link, for a time or, with 0, for good: verb "loss" with key
// "rate", or "latency" with the argument "300ms".
func Fault(verb string, args []string, keys []scenario.KeyValue, at netmodel.Time,
	length time.Duration) Edit {
	st := scenario.Statement{Verb: verb, Args: slices.Clone(args), Keys: slices.Clone(keys),
		For: length, HasFor: length > 0}
	return fault("edit.fault", at, st, verb)
}

// Act makes an actor do something: "kill", "freeze", "start", "stop", "connect", "disconnect".
func Act(actor, verb string, at netmodel.Time) Edit {
	return fault("edit."+verb, at, scenario.Statement{Actor: actor, Verb: verb}, actor)
}

// PowerOff takes a host's power: no FIN, no RST, nothing.
func PowerOff(host string, at netmodel.Time) Edit {
	return fault("edit.power-off", at,
		scenario.Statement{Verb: "power-off", Args: []string{host}}, host)
}

// Set changes a setting of the statement that declares a subject: Set("client", "phone",
// "keepalive", "30s"). An empty value takes the setting back to its default.
func Set(verb, subject, key, value string) Edit {
	return Edit{Key: "edit.set", Args: []string{subject, key, value},
		apply: func(s *scenario.Scenario) {
			for i := range s.Statements {
				st := &s.Statements[i]
				if st.Verb == verb && !st.HasAt && len(st.Args) > 0 && st.Args[0] == subject {
					st.Keys = setKey(st.Keys, key, value)
					return
				}
			}
		}}
}

func setKey(keys []scenario.KeyValue, key, value string) []scenario.KeyValue {
	keys = slices.Clone(keys)
	i := slices.IndexFunc(keys, func(kv scenario.KeyValue) bool { return kv.Key == key })
	switch {
	case value == "" && i >= 0:
		return slices.Delete(keys, i, i+1)
	case value == "":
		return keys
	case i >= 0:
		keys[i].Value = value
		return keys
	}
	return append(keys, scenario.KeyValue{Key: key, Value: value})
}

// Remove takes a statement away: a fault that somebody dragged off the picture.
func Remove(index int) Edit {
	return Edit{Key: "edit.remove", apply: func(s *scenario.Scenario) {
		if index >= 0 && index < len(s.Statements) {
			s.Statements = slices.Delete(s.Statements, index, index+1)
		}
	}}
}

// History is a scenario with the ones before and after it. The zero value is empty; it is a value:
// each step returns a new one.
type History struct {
	now          *scenario.Scenario
	past, future []step
}

type step struct {
	s *scenario.Scenario
	e Edit
}

// NewHistory begins with a scenario.
func NewHistory(s *scenario.Scenario) History { return History{now: s} }

// Now is the scenario as it stands.
func (h History) Now() *scenario.Scenario { return h.now }

// Do applies an edit. What had been undone is forgotten.
func (h History) Do(e Edit) History {
	return History{now: e.Apply(h.now), past: append(slices.Clone(h.past), step{h.now, e})}
}

// Undo takes the last edit back.
func (h History) Undo() History {
	if len(h.past) == 0 {
		return h
	}
	last := h.past[len(h.past)-1]
	return History{now: last.s, past: h.past[:len(h.past)-1],
		future: append(slices.Clone(h.future), step{h.now, last.e})}
}

// Redo does again what Undo took back.
func (h History) Redo() History {
	if len(h.future) == 0 {
		return h
	}
	next := h.future[len(h.future)-1]
	return History{now: next.s, future: h.future[:len(h.future)-1],
		past: append(slices.Clone(h.past), step{h.now, next.e})}
}

// Edits lists what was done, oldest first.
func (h History) Edits() []Edit {
	edits := make([]Edit, len(h.past))
	for i, s := range h.past {
		edits[i] = s.e
	}
	return edits
}
