package belief

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// sessionTracker follows the client's session at the broker.
type sessionTracker struct {
	sock netmodel.SocketID // the connection that serves it, 0: none
	kept bool              // it outlives its connection
	subs map[string]bool
	was  bool // there is a session
}

// sessionEvent brings the broker session's lane up to date.
func (b *builder) sessionEvent(ev *trace.Event, id trace.ID) {
	s := &b.session
	if ev.Kind == trace.BrokerStopped {
		s.sock, s.was = 0, s.was && s.kept
		b.showSession(ev.At, id)
		return
	}
	if !b.ids[ev.App.Client] {
		return
	}
	switch ev.Kind {
	case trace.BrokerConnect:
		s.kept = cleanFlag(ev.App.Text) == '0'
		return
	case trace.BrokerSession:
		if !ev.App.SessionPresent {
			s.subs = make(map[string]bool)
		}
		s.sock, s.was = ev.Socket, true
		if b.mine[ev.Socket] == nil { // another client of the same id has it now
			s.sock, s.was = 0, false
		}
	case trace.BrokerSubscribed:
		if s.subs == nil {
			s.subs = make(map[string]bool)
		}
		s.subs[ev.App.Topic] = true
	case trace.BrokerUnsubscribed:
		delete(s.subs, ev.App.Topic)
	case trace.BrokerDisconnect:
		if ev.Socket != s.sock {
			return // of a connection that was taken over before
		}
		s.sock, s.was = 0, !ev.App.Expired && s.kept
	case trace.BrokerExpired:
		if s.sock != 0 {
			return // an older session of this client id
		}
		s.was = false
	default:
		return
	}
	b.showSession(ev.At, id)
}

func (b *builder) showSession(t netmodel.Time, id trace.ID) {
	s := &b.session
	k := &b.lane[BrokerSession]
	switch {
	case s.sock != 0 && len(s.subs) > 0:
		k.set(t, Session, true, id, s.sock)
	case s.sock != 0:
		k.set(t, Deaf, true, id, s.sock)
	case s.was:
		k.set(t, Kept, false, id, 0)
	default:
		k.set(t, None, false, id, 0)
	}
}

// cleanFlag reads the flag from the text of a BrokerConnect: "clean=1 keepalive=60".
func cleanFlag(text string) byte {
	const key = "clean="
	if len(text) <= len(key) || text[:len(key)] != key {
		return 0
	}
	return text[len(key)]
}
