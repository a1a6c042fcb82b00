package explain

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// ghost answers: what became of the old connection? It is the one that the client gave up first.
// Its two ends live on in two kernels, until a segment of one reaches the other, which knows it no
// more.
func (s *summary) ghost() []string {
	if s.lost == 0 {
		return []string{s.line("sum.ghost-none", nil)}
	}
	client := s.lostSocket(s.lost)
	broker := s.peer(client)
	var out []string
	reset := false
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		if ev.Kind != netmodel.SegmentSent || !ev.Seg.Flags.Has(netmodel.RST) || ev.At < s.at(s.lost) {
			continue
		}
		arrived := s.tr.Event(ev.Cause)
		from := s.flows.Sender(ev.Cause)
		if arrived == nil || arrived.Kind != netmodel.SegmentArrived || from == 0 ||
			(from != client && from != broker) {
			continue
		}
		reset = true
		what := say(s.l, "what.old", gaps{"what": s.what(ev.Cause, s.l)})
		out = append(out, s.line("sum.ghost-rst", gaps{"what": what, "t": ev.At.Clock(),
			"who": s.tr.Host(ev.Host).Name}))
		out = append(out, s.finOf(from)...)
		break // what follows are answers to the same ghost
	}
	if reset {
		return out
	}
	for _, sock := range [2]netmodel.SocketID{broker, client} {
		if what := s.unacked(sock, s.run.Lanes.End); what != "" && s.alive(sock) {
			return []string{s.line("sum.ghost-lives", gaps{"who": s.hostName(sock), "what": what})}
		}
	}
	return []string{s.line("sum.ghost-none", nil)}
}

// finOf says whether the old connection's FIN went out, and if not, what it waited behind.
func (s *summary) finOf(sock netmodel.SocketID) []string {
	closed := s.closedAt(sock)
	if closed < 0 {
		return nil
	}
	fins := 0
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		if ev.Kind == netmodel.SegmentSent && ev.Socket == sock && ev.Seg.Flags.Has(netmodel.FIN) {
			fins++
		}
	}
	g := gaps{"who": s.hostName(sock), "t": closed.Clock(), "copies": itoa(fins)}
	if fins > 0 {
		return []string{s.line("sum.ghost-fin", g)}
	}
	if g["what"] = s.unacked(sock, closed); g["what"] == "" {
		return nil
	}
	return []string{s.line("sum.ghost-nofin", g)}
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

// alive reports whether a socket was not yet CLOSED when the run ended.
func (s *summary) alive(sock netmodel.SocketID) bool {
	state := netmodel.Closed
	for i := range s.tr.Events {
		if ev := &s.tr.Events[i]; ev.Kind == netmodel.StateChanged && ev.Socket == sock {
			state = ev.To
		}
	}
	return state != netmodel.Closed
}

func (s *summary) hostName(sock netmodel.SocketID) string {
	if t := s.tr.Socket(sock); t != nil {
		return s.tr.Host(t.Host).Name
	}
	return "?"
}
