package fleet

import (
	_ "embed"
	"fmt"
	"slices"
	"time"

	"halfopen/sim/scenario"
)

//go:embed fleet.sim
var builtin string

// Base is the scenario of a fleet when nobody names one.
func Base() *scenario.Scenario {
	s, err := scenario.Parse("fleet", builtin)
	if err != nil {
		panic(err) // ours, and tested
	}
	return s
}

// Most is how many clients a fleet may have. A scenario holds as many: three statements for each,
// where a device has no more than its link and a subscription (scenario.MaxStatements).
const Most = 50_000

// spread is the time over which the fleet connects first: a fleet in service did not start at once.
const spread = 60 * time.Second

// Scenario makes the first device of a scenario into n of them: its statement, its link, and its
// steps are repeated under numbered names. Their first connects are spread over a minute. jitter is
// the random wait before each attempt to reconnect.
func Scenario(base *scenario.Scenario, n int, jitter time.Duration) (*scenario.Scenario, error) {
	if n < 1 || n > Most {
		return nil, fmt.Errorf("a fleet of %d: from 1 to %d clients", n, Most)
	}
	d := slices.IndexFunc(base.Statements, func(st scenario.Statement) bool {
		return st.Verb == "client" && st.Text("host") == ""
	})
	if d < 0 {
		return nil, fmt.Errorf("the scenario has no client on a machine of its own")
	}
	name := base.Statements[d].Args[0]
	s := &scenario.Scenario{Name: base.Name}
	var own []scenario.Statement // of the device: repeated
	for i, st := range base.Statements {
		switch {
		case st.Verb == "expect":
		case i == d || st.Actor == name || st.Verb == "link" && slices.Contains(st.Args, name):
			own = append(own, st)
		case slices.Contains(st.Args, name):
			return nil, fmt.Errorf("line %d: %s %v is about one device: a fleet's outage has to be between "+
				"what all of them share", st.Line, st.Verb, st.Args)
		default:
			s.Statements = append(s.Statements, st)
		}
	}
	for i := range n {
		start := spread * time.Duration(i) / time.Duration(n)
		for _, st := range own {
			s.Statements = append(s.Statements, rename(st, name, fmt.Sprintf("%s%05d", name, i+1), start,
				jitter))
		}
	}
	return s, scenario.Check(s)
}

// Restart has the broker stop for a while, and start again, in place of the scenario's outages: at
// the time of the first of these, or after a quarter of the run.
func Restart(base *scenario.Scenario, d time.Duration) (*scenario.Scenario, error) {
	s := &scenario.Scenario{Name: base.Name}
	stop := scenario.Statement{Verb: "stop", HasAt: true, At: base.Length() / 4, HasFor: true, For: d}
	found := false
	for _, st := range base.Statements {
		switch {
		case st.HasAt && st.HasFor:
			if !found {
				stop.At, found = st.At, true
			}
			continue
		case st.Verb == "broker" && stop.Actor == "":
			stop.Actor = st.Args[0]
		}
		s.Statements = append(s.Statements, st)
	}
	if stop.Actor == "" {
		return nil, fmt.Errorf("the scenario has no broker that could stop")
	}
	s.Statements = append(s.Statements, stop)
	return scenario.Parse(s.Name, s.String())
}

// rename makes a device's statement into that of a numbered one.
func rename(st scenario.Statement, from, to string,
	start, jitter time.Duration) scenario.Statement {
	st.Args, st.Keys = slices.Clone(st.Args), slices.Clone(st.Keys)
	st.Comment, st.Trail = "", ""
	if st.Actor == from {
		st.Actor = to
		st.At += start
		return st
	}
	for i := range st.Args {
		if st.Args[i] == from {
			st.Args[i] = to
		}
	}
	if st.Verb == "client" {
		st.Keys = append(st.Keys, scenario.KeyValue{Key: "start",
			Value: scenario.FormatDuration(start.Truncate(time.Microsecond))})
		if jitter > 0 {
			st.Keys = append(st.Keys, scenario.KeyValue{Key: "reconnect-jitter",
				Value: scenario.FormatDuration(jitter)})
		}
	}
	return st
}
