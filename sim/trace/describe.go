package trace

import (
	"fmt"
	"strings"

	"halfopen/netmodel"
)

// Describe puts an event into one line, without its time: "client > broker PINGREQ, again, TLP".
func (t *Trace) Describe(ev *Event) string {
	if ev == nil {
		return ""
	}
	switch ev.Kind {
	case netmodel.SegmentSent:
		return t.describeSent(ev)
	case netmodel.SegmentArrived:
		return fmt.Sprintf("%s receives %s", t.hostName(ev.Host), t.SegmentLabel(ev))
	case netmodel.SegmentDropped:
		return fmt.Sprintf("%s is lost %s: %s", t.SegmentLabel(ev), t.lossPlace(ev),
			ReasonText(ev.Reason))
	case netmodel.StateChanged:
		return fmt.Sprintf("%s: %s to %s", t.socketName(ev.Socket), ev.From, ev.To)
	case netmodel.TimerArmed, netmodel.TimerStopped, netmodel.TimerFired:
		return t.describeTimer(ev)
	case netmodel.FaultBegan:
		return t.faultText(ev.Fault)
	case netmodel.FaultEnded:
		return "over: " + t.faultText(ev.Fault)
	case netmodel.SocketError:
		return fmt.Sprintf("%s: %s", t.socketName(ev.Socket), ev.Errno.Error())
	case netmodel.WouldBlock:
		return t.socketName(ev.Socket) + ": the send buffer is full"
	case netmodel.MappingMade:
		return t.hostName(ev.Host) + " maps " + mapping(ev.Seg)
	case netmodel.MappingForgotten:
		return t.hostName(ev.Host) + " forgets " + mapping(ev.Seg)
	}
	if ev.App == nil {
		return KindName(ev.Kind)
	}
	return t.describeApp(ev)
}

func (t *Trace) describeSent(ev *Event) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s > %s  %s", t.senderName(ev), t.targetName(ev), t.SegmentLabel(ev))
	origin := t.Origin(ev)
	if a := again(origin); a != "" {
		b.WriteString(", " + a)
	}
	fmt.Fprintf(&b, " (%s)", ReasonText(ev.Reason))
	return b.String()
}

func (t *Trace) describeTimer(ev *Event) string {
	what := map[netmodel.Kind]string{netmodel.TimerArmed: "armed", netmodel.TimerStopped: "stopped",
		netmodel.TimerFired: "fired"}[ev.Kind]
	s := fmt.Sprintf("%s: %s timer %s", t.socketName(ev.Socket), ev.Timer, what)
	if ev.Kind == netmodel.TimerArmed {
		s += fmt.Sprintf(" for %.6f", ev.Due.Seconds())
	}
	if ev.Limit > 0 {
		s += fmt.Sprintf(" (%d of %d)", ev.Attempt, ev.Limit)
	}
	return s
}

// describeApp is the actor and what it did; names that nobody needs are left out.
func (t *Trace) describeApp(ev *Event) string {
	a := ev.App
	parts := []string{a.Actor, KindName(ev.Kind)}
	if a.Actor == "" {
		parts = parts[1:]
	}
	for _, s := range []string{a.Name, a.Client, a.Topic} {
		if s != "" && s != a.Actor {
			parts = append(parts, s)
		}
	}
	if a.Text != "" {
		parts = append(parts, a.Text)
	}
	if a.Payload != nil {
		parts = append(parts, fmt.Sprintf("%.40q", a.Payload))
	}
	if a.Attempt > 0 {
		parts = append(parts, fmt.Sprintf("attempt %d", a.Attempt))
	}
	if ev.Kind == Wrote {
		parts = append(parts, t.wroteText(ev))
	}
	return strings.Join(parts, " ")
}

// wroteText names the packets of a write.
func (t *Trace) wroteText(ev *Event) string {
	s := fmt.Sprintf("%d bytes", ev.App.N)
	sock := t.Socket(ev.Socket)
	if sock == nil {
		return s
	}
	var names []string
	for i := range sock.Packets {
		if t.Event(sock.Packets[i].Event) == ev {
			names = append(names, sock.Packets[i].Name())
		}
	}
	if names == nil {
		return s
	}
	return strings.Join(names, " + ") + ", " + s
}

func (t *Trace) hostName(id netmodel.HostID) string {
	if h := t.Host(id); h != nil && int(id) <= len(t.Hosts) {
		return h.Name
	}
	return "the network"
}

// senderName is who put a segment on its way: for those made by a fault, the middle of a link.
func (t *Trace) senderName(ev *Event) string {
	if ev.Host == 0 && ev.Link > 0 {
		return "(on the way)"
	}
	return t.hostName(ev.Host)
}

// targetName is the host that a segment is for, or else the next one on its way.
func (t *Trace) targetName(ev *Event) string {
	if ev.Seg != nil && ev.Reason != netmodel.SendForward {
		for i := range t.Hosts {
			if t.Hosts[i].Addr == ev.Seg.Dst.Addr {
				return t.Hosts[i].Name
			}
		}
		if ev.Seg.Dst.Addr.IsLoopback() {
			return t.hostName(ev.Host)
		}
	}
	if ev.Peer > 0 {
		return t.hostName(ev.Peer)
	}
	if ev.Seg != nil {
		return ev.Seg.Dst.Addr.String()
	}
	return "?"
}

func (t *Trace) socketName(id netmodel.SocketID) string {
	if id <= 0 || int(id) > len(t.Sockets) {
		return "a socket"
	}
	s := &t.Sockets[id-1]
	return fmt.Sprintf("%s:%d", t.hostName(s.Host), s.Local.Port)
}

func (t *Trace) faultText(id netmodel.FaultID) string {
	if id > 0 && int(id) <= len(t.Faults) && t.Faults[id-1].Text != "" {
		return t.Faults[id-1].Text
	}
	return fmt.Sprintf("fault %d", id)
}

func mapping(s *netmodel.Segment) string {
	if s == nil {
		return "a flow"
	}
	return fmt.Sprintf("%s > %s as %s", s.Src, s.Dst, s.InnerSrc)
}
