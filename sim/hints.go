package sim

import (
	"fmt"
	"slices"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// hints are the likely mistakes in a failed test's set-up: what somebody who is new to the kit has
// not done yet. A run without mistakes of this kind has none.
func (r *testRun) hints() []string {
	w := r.w
	var out []string
	if len(w.hosts) > 0 && len(r.wrong) == 0 && !dialled(&w.rec.Trace) {
		out = append(out, "no program has dialled anybody in this world. Yours comes in by "+
			"host.DialContext, a paho client by\nhost.Paho, which takes its options: net.Dial looks for "+
			w.hosts[0].name+" on the real network.")
	}
	for _, d := range w.futile {
		out = append(out, w.whyFutile(d))
	}
	return out
}

func dialled(tr *trace.Trace) bool {
	for i := range tr.Events {
		if tr.Events[i].Kind == trace.DialStarted {
			return true
		}
	}
	return false
}

// futileDial is a dial that could not have worked, whatever the network does.
type futileDial struct {
	from, to *Host
	port     uint16
	errno    netmodel.Errno
}

// listening is a port on which somebody has listened.
type listening struct {
	host *Host
	port uint16
}

// maxFutile is how many of them are remembered, for one hint each.
const maxFutile = 3

// noteFutile remembers a failed dial if the reason is the world's set-up. The driver calls it.
func (w *World) noteFutile(from *Host, to netmodel.Endpoint, errno netmodel.Errno) {
	d := futileDial{from: from, to: w.hostWith(from, to.Addr), port: to.Port, errno: errno}
	if d.to == nil || len(w.futile) == maxFutile || slices.Contains(w.futile, d) {
		return
	}
	unlinked := errno == netmodel.ENETUNREACH && !w.joined(from, d.to)
	nobody := errno == netmodel.ECONNREFUSED && !slices.Contains(w.listened, listening{d.to, d.port})
	if unlinked || nobody {
		w.futile = append(w.futile, d)
	}
}

// hostWith is the machine that an address leads to, or nil.
func (w *World) hostWith(from *Host, a netmodel.Addr) *Host {
	if a == netmodel.Loopback {
		return from
	}
	for _, h := range w.hosts {
		if h.net.Addr() == a {
			return h
		}
	}
	return nil
}

// joined reports whether links lead from a to b, directly or over routers.
func (w *World) joined(a, b *Host) bool {
	reached := []*Host{a}
	for i := 0; i < len(reached); i++ {
		if i > 0 && !w.rec.Trace.Hosts[reached[i].id-1].Router {
			continue
		}
		for _, l := range w.links {
			if l.a != reached[i] && l.b != reached[i] {
				continue
			}
			if other := l.other(reached[i]); !slices.Contains(reached, other) {
				reached = append(reached, other)
			}
		}
	}
	return slices.Contains(reached, b)
}

func (w *World) whyFutile(d futileDial) string {
	if d.errno == netmodel.ENETUNREACH {
		return fmt.Sprintf("no link (w.Link) leads from %s to %s, directly or over routers "+
			"(sim.AsRouter).", d.from.name, d.to.name)
	}
	text := fmt.Sprintf("%s dialled port %d of %s, where nobody has ever listened", d.from.name,
		d.port, d.to.name)
	for _, at := range w.listened {
		if at.host == d.to {
			return fmt.Sprintf("%s; somebody did on port %d.", text, at.port)
		}
	}
	return text + "."
}
