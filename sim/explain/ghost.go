package explain

import (
	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// ghost answers: what became of the old connection? Its two ends live on in two kernels, until a
// segment of one reaches the other, which knows it no more, or until a kernel gives up, too.
func (s *summary) ghost() []string {
	ends, since := s.oldConnection()
	if ends[1] == 0 {
		return []string{s.line("sum.ghost-none", nil)}
	}
	if met := s.reset(ends, since); met > 0 {
		what := say(s.l, "what.old", gaps{"what": s.what(met, s.l)})
		out := []string{s.line("sum.ghost-rst", gaps{"what": what, "t": s.at(met).Clock(),
			"who": s.tr.Host(s.tr.Event(met).Host).Name})}
		return append(out, s.finOf(s.flows.Sender(met), met)...)
	}
	for _, sock := range ends {
		if s.alive(sock) {
			return []string{s.survivor(sock)}
		}
	}
	for _, sock := range ends {
		if last := s.lastCopy(sock, since); last > 0 {
			return []string{s.line("sum.ghost-gaveup", gaps{"who": s.hostName(sock),
				"what": s.unacked(sock, s.run.Lanes.End), "t": s.at(last).Clock()})}
		}
	}
	return []string{s.apart(ends)}
}

// oldConnection is the one that the client gave up first, or, if it never did, the one on which the
// broker first waited for a client that was gone: the broker's end, the client's end, and since
// when.
func (s *summary) oldConnection() (ends [2]netmodel.SocketID, since netmodel.Time) {
	if s.lost > 0 {
		client := s.lostSocket(s.lost)
		return [2]netmodel.SocketID{s.peer(client), client}, s.at(s.lost)
	}
	if n, ok := s.run.Noticed(metrics.BrokerProgram); ok {
		return [2]netmodel.SocketID{n.Socket, s.peer(n.Socket)}, n.At - netmodel.Time(n.After)
	}
	return ends, 0
}

// reset is the arrival of a segment of the old connection that was answered with RST because nobody
// knew it any more; 0: there was none. What follows it are answers to the same ghost.
func (s *summary) reset(ends [2]netmodel.SocketID, since netmodel.Time) trace.ID {
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		if ev.Kind != netmodel.SegmentSent || !ev.Seg.Flags.Has(netmodel.RST) || ev.At < since {
			continue
		}
		arrived := s.tr.Event(ev.Cause)
		from := s.flows.Sender(ev.Cause)
		if arrived != nil && arrived.Kind == netmodel.SegmentArrived && from > 0 &&
			(from == ends[0] || from == ends[1]) {
			return ev.Cause
		}
	}
	return 0
}

// finOf says whether the segment of the old connection that met the RST carried a FIN, and if not,
// what the FIN waited behind, or that its sender had not closed at all.
func (s *summary) finOf(sock netmodel.SocketID, met trace.ID) []string {
	at := s.at(met)
	closed := s.closedAt(sock)
	g := gaps{"who": s.hostName(sock)}
	if closed < 0 || closed > at {
		return []string{s.line("sum.ghost-open", g)}
	}
	fins, shown := 0, s.tr.Event(met).Seg.Flags.Has(netmodel.FIN)
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		if ev.Kind == netmodel.SegmentSent && ev.Socket == sock && ev.Seg.Flags.Has(netmodel.FIN) {
			fins++
		}
	}
	g["t"], g["times"] = closed.Clock(), s.times(fins)
	switch {
	case shown:
		return []string{s.line("sum.ghost-fin", g)}
	case fins > 0:
		return nil
	}
	if g["what"] = s.unacked(sock, closed); g["what"] == "" {
		return nil
	}
	return []string{s.line("sum.ghost-nofin", g)}
}

// survivor is about an end that was still there when the run ended.
func (s *summary) survivor(sock netmodel.SocketID) string {
	g := gaps{"who": s.hostName(sock), "what": s.unacked(sock, s.run.Lanes.End)}
	if g["what"] == "" {
		return s.line("sum.ghost-idle", g)
	}
	return s.line("sum.ghost-lives", g)
}

// lastCopy is the last retransmission of an end from an instant on, if what it repeated was never
// acknowledged; else 0.
func (s *summary) lastCopy(sock netmodel.SocketID, since netmodel.Time) (last trace.ID) {
	if s.unacked(sock, s.run.Lanes.End) == "" {
		return 0
	}
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		if ev.Kind == netmodel.SegmentSent && ev.Socket == sock && sock > 0 && ev.Copies > 0 &&
			ev.At > since {
			last = trace.ID(i + 1)
		}
	}
	return last
}

// apart says for how long one end stood when the other was gone already.
func (s *summary) apart(ends [2]netmodel.SocketID) string {
	first, second := ends[0], ends[1]
	a, b := s.left(first), s.left(second)
	if a > b {
		first, second, a, b = second, first, b, a
	}
	if a < 0 || b.Sub(a) <= belief.Blink {
		return s.line("sum.ghost-none", nil)
	}
	return s.line("sum.ghost-apart", gaps{"gap": lasting(b.Sub(a)), "first": s.hostName(first),
		"t": a.Clock(), "second": s.hostName(second), "until": b.Clock()})
}

// left is when a socket stopped being a whole end of a connection; -1: never.
func (s *summary) left(sock netmodel.SocketID) netmodel.Time {
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		if ev.Kind == netmodel.StateChanged && ev.Socket == sock && ev.From == netmodel.Established {
			return ev.At
		}
	}
	return -1
}

// closedAt is when a program closed a socket; -1: never.
func (s *summary) closedAt(sock netmodel.SocketID) netmodel.Time {
	for i := range s.tr.Events {
		if ev := &s.tr.Events[i]; ev.Kind == trace.ClosedByApp && ev.Socket == sock {
			return ev.At
		}
	}
	return -1
}

// unacked names the first packet that a socket had written before t and that was not acknowledged.
func (s *summary) unacked(sock netmodel.SocketID, t netmodel.Time) string {
	ps := s.flows.Packets(sock)
	for i := range ps {
		p := &ps[i]
		if p.Acked == 0 && s.tr.Event(p.Event) != nil && s.at(p.Event) <= t {
			return p.Name()
		}
	}
	return ""
}

// alive reports whether a socket was not yet CLOSED when the run ended. TIME_WAIT is the way in
// which connections are meant to end.
func (s *summary) alive(sock netmodel.SocketID) bool {
	state := netmodel.Closed
	for i := range s.tr.Events {
		if ev := &s.tr.Events[i]; ev.Kind == netmodel.StateChanged && ev.Socket == sock {
			state = ev.To
		}
	}
	return state != netmodel.Closed && state != netmodel.TimeWait
}

func (s *summary) hostName(sock netmodel.SocketID) string {
	if t := s.tr.Socket(sock); t != nil {
		return s.tr.Host(t.Host).Name
	}
	return "?"
}
