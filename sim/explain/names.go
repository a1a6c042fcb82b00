package explain

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// This file finds the names of those that an event is about.

func (x *Explainer) who(ev *trace.Event, l Lang) string {
	if ev.App != nil && ev.App.Actor != "" {
		return ev.App.Actor
	}
	if ev.Host > 0 && int(ev.Host) <= len(x.tr.Hosts) {
		return x.tr.Hosts[ev.Host-1].Name
	}
	return say(l, "programs", nil)
}

// peerName is the host at the other end: of the link for a forwarded segment, else of the
// connection.
func (x *Explainer) peerName(ev *trace.Event) string {
	h := ev.Peer
	if s := x.tr.Socket(ev.Socket); ev.Socket > 0 && int(ev.Socket) <= len(x.tr.Sockets) {
		if p := x.tr.Socket(s.Peer); p != nil {
			h = p.Host
		}
	}
	if h <= 0 || int(h) > len(x.tr.Hosts) {
		if ev.Seg != nil {
			return x.hostAt(ev.Seg.Dst.Addr)
		}
		return "?"
	}
	return x.tr.Hosts[h-1].Name
}

func (x *Explainer) hostAt(a netmodel.Addr) string {
	for i := range x.tr.Hosts {
		if x.tr.Hosts[i].Addr == a {
			return x.tr.Hosts[i].Name
		}
	}
	return a.String()
}

func (x *Explainer) faultText(id netmodel.FaultID) string {
	if id <= 0 || int(id) > len(x.tr.Faults) {
		return "?"
	}
	return x.tr.Faults[id-1].Text
}
