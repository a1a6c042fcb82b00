package sim

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Link joins two hosts. Its verbs inject faults; each returns a handle that takes the fault away
// again. Faults compose: netmodel.Fault says in which order.
type Link struct {
	w    *World
	a, b *Host
	net  *netmodel.Link
	cuts []*Fault // what Heal removes
}

// Link joins hosts a and b, which are two. Hosts that no link joins reach each other over hosts
// that are routers. Conditions that no link can have are a panic.
func (w *World) Link(a, b *Host, c netmodel.Conditions) *Link {
	if a == b {
		panic("sim: a link joins two hosts, and both are " + a.name)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	l := &Link{w: w, a: a, b: b, net: w.net.AddLink(a.net, b.net, c)}
	w.links = append(w.links, l)
	w.rec.Trace.Links = append(w.rec.Trace.Links, trace.Link{A: a.id, B: b.id, Latency: c.Latency})
	return l
}

// Fault is a handle of an injected fault.
type Fault struct {
	w       *World
	id      netmodel.FaultID
	text    string
	removed bool
	restore func() // what its end sets going, or nil
}

// Remove ends the fault. Removing it again does nothing.
func (f *Fault) Remove() {
	ended := false
	f.w.do(f.w.director(), func(now netmodel.Time) { ended = f.end(now) })
	if ended && f.restore != nil {
		f.restore()
	}
}

// For ends the fault by itself after d, and returns it.
func (f *Fault) For(d time.Duration) *Fault {
	go func() {
		select {
		case <-time.After(d):
			f.Remove()
		case <-f.w.over:
		}
	}()
	return f
}

// end reports whether the fault was still in force.
func (f *Fault) end(now netmodel.Time) bool {
	if f.removed {
		return false
	}
	f.removed = true
	f.w.net.SetCause(f.w.action)
	f.w.net.EndFault(now, f.id)
	return true
}

// director is the program in whose name faults and steps happen. w.mu need not be held.
func (w *World) director() *program { return w.chief }

// begin starts a fault now, in the name of p, and tells the trace what it is in the words of a
// scenario.
func (w *World) begin(p *program, text string, f netmodel.Fault) *Fault {
	h := &Fault{w: w, text: text}
	w.do(p, func(now netmodel.Time) { h.start(now, f) })
	return h
}

func (h *Fault) start(now netmodel.Time, f netmodel.Fault) {
	w := h.w
	t := &w.rec.Trace
	entry := trace.Fault{Text: h.text, Begin: now, End: netmodel.Never}
	if f.Link != nil {
		entry.Link = f.Link.ID()
	}
	if f.From != nil {
		entry.From = f.From.ID()
	}
	if f.Host != nil {
		entry.Host = f.Host.ID()
	}
	t.Faults = append(t.Faults, entry)
	w.net.SetCause(w.action)
	h.id = w.net.Begin(now, f)
	w.woke = true
}

// fault begins a fault on the link; from is the sending end of the direction meant, nil for both.
func (l *Link) fault(verb string, from *Host, f netmodel.Fault) *Fault {
	return l.faultKeys(verb, from, "", f)
}

// faultKeys is fault with what follows the ends in a scenario's statement.
func (l *Link) faultKeys(verb string, from *Host, keys string, f netmodel.Fault) *Fault {
	f.Link = l.net
	text := fmt.Sprintf("%s %s %s", verb, l.a.name, l.b.name)
	if from != nil {
		f.From = from.net
		text = fmt.Sprintf("%s %s > %s", verb, from.name, l.other(from).name)
	}
	return l.w.begin(l.w.director(), text+keys, f)
}

// other is the link's other end.
func (l *Link) other(h *Host) *Host {
	if h == l.a {
		return l.b
	}
	return l.a
}

// Cut drops everything, both ways, and tells nobody: the cable is out. What is under way arrives.
func (l *Link) Cut() *Fault {
	return l.keep(l.fault("cut", nil, netmodel.Fault{Kind: netmodel.FaultCut}))
}

// CutFrom is Cut for what from sends over the link only.
func (l *Link) CutFrom(from *Host) *Fault {
	return l.keep(l.fault("cut", from, netmodel.Fault{Kind: netmodel.FaultCut}))
}

func (l *Link) keep(f *Fault) *Fault {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	l.cuts = append(l.cuts, f)
	return f
}

// Heal removes all faults of the link that have a handle still in force.
func (l *Link) Heal() {
	l.w.mu.Lock()
	cuts := l.cuts
	l.cuts = nil
	l.w.mu.Unlock()
	l.w.do(l.w.director(), func(now netmodel.Time) {
		for _, f := range cuts {
			f.end(now)
		}
	})
}

// Reset answers each segment with RST, as a firewall that rejects does.
func (l *Link) Reset() *Fault {
	return l.keep(l.fault("reset", nil, netmodel.Fault{Kind: netmodel.FaultReset}))
}

// Unreachable answers each segment with ICMP host unreachable, as a router without a path does.
func (l *Link) Unreachable() *Fault {
	return l.keep(l.fault("unreachable", nil, netmodel.Fault{Kind: netmodel.FaultUnreachable}))
}

// SetConditions changes latency, loss, rate and so on: both ways, or, if from is given, for what it
// sends.
func (l *Link) SetConditions(c netmodel.Conditions, from *Host) {
	var f *netmodel.Host
	if from != nil {
		f = from.net
	}
	l.w.do(l.w.director(), func(now netmodel.Time) { l.net.SetConditions(now, f, c) })
}

// InterfaceDown takes the host's network interface down: nothing leaves or enters, and new
// connections fail at once with ENETUNREACH.
func (h *Host) InterfaceDown() *Fault {
	return h.w.begin(h.w.director(), "interface-down "+h.name,
		netmodel.Fault{Kind: netmodel.FaultInterfaceDown, Host: h.net})
}
