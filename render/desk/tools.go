package desk

import (
	"slices"
	"time"

	"halfopen/netmodel"
	"halfopen/render"
	"halfopen/sim/scenario"
)

// resetFor is how long a path answers with RST: until the kernels' next probes (Go's default is
// every 15 s) have met it.
const resetFor = 20 * time.Second

// tool makes a fault of the chosen link, whose ends are a and b, or of an actor, at an instant.
type tool func(d *Desk, a, b string, at netmodel.Time) render.Edit

// tools are the faults by name: the three ways to end a connection first, then those of a link,
// then those of an actor. needs is the statement that a scenario must have for it, or "".
var tools = []struct {
	name, needs string
	make        tool
}{
	{"cut", "", func(d *Desk, a, b string, at netmodel.Time) render.Edit {
		if d.IsCut() {
			return render.Heal(a, b, at)
		}
		return render.Cut(a, b, false, at)
	}},
	{"kill-broker", "broker", func(d *Desk, _, _ string, at netmodel.Time) render.Edit {
		return render.Act(d.declared("broker"), "kill", at)
	}},
	{"reset", "", func(_ *Desk, a, b string, at netmodel.Time) render.Edit {
		return render.Fault("reset", []string{a, b}, nil, at, resetFor)
	}},
	{"cut-out", "", func(_ *Desk, a, b string, at netmodel.Time) render.Edit {
		return render.Cut(a, b, true, at)
	}},
	{"cut-back", "", func(_ *Desk, a, b string, at netmodel.Time) render.Edit {
		return render.Cut(b, a, true, at)
	}},
	{"delay", "", func(_ *Desk, a, b string, at netmodel.Time) render.Edit {
		return render.Fault("latency", []string{a, b, "500ms"}, nil, at, 0)
	}},
	{"loss", "", func(_ *Desk, a, b string, at netmodel.Time) render.Edit {
		return render.Fault("loss", []string{a, b}, []scenario.KeyValue{{Key: "rate", Value: "30%"}},
			at, 0)
	}},
	{"heal", "", func(_ *Desk, a, b string, at netmodel.Time) render.Edit {
		return render.Heal(a, b, at)
	}},
	{"kill", "client", func(d *Desk, _, _ string, at netmodel.Time) render.Edit {
		return render.Act(d.client(), "kill", at)
	}},
	{"freeze", "client", func(d *Desk, _, _ string, at netmodel.Time) render.Edit {
		return render.Act(d.client(), "freeze", at)
	}},
	{"power-off", "client", func(d *Desk, _, _ string, at netmodel.Time) render.Edit {
		return render.PowerOff(d.client(), at)
	}},
	{"forget", "nat", func(d *Desk, _, _ string, at netmodel.Time) render.Edit {
		return render.Fault("forget", []string{d.declared("nat")}, nil, at, 0)
	}},
}

// Tools are the names of the faults that can be done to the scenario.
func (d *Desk) Tools() []string {
	out := []string{}
	if _, _, ok := d.Ends(); !ok {
		return out
	}
	for _, t := range tools {
		if t.needs == "" || d.declared(t.needs) != "" {
			out = append(out, t.name)
		}
	}
	return out
}

// Tool does one of the Tools at the playhead, and reports whether it could. Cutting what is cut
// heals it.
func (d *Desk) Tool(name string) bool {
	if !slices.Contains(d.Tools(), name) {
		return false
	}
	a, b, _ := d.Ends()
	for _, t := range tools {
		if t.name == name {
			d.now(t.make(d, a, b, d.Player.At))
		}
	}
	return true
}

// client is the client whose belief is shown: the view's, or the first of the scenario.
func (d *Desk) client() string {
	if d.View.Client != "" {
		return d.View.Client
	}
	return d.declared("client")
}

// declared is the name of the first thing that a verb of the scenario declares.
func (d *Desk) declared(verb string) string {
	for _, st := range d.History.Now().Statements {
		if st.Verb == verb && !st.HasAt && len(st.Args) > 0 {
			return st.Args[0]
		}
	}
	return ""
}
