package belief

import "halfopen/netmodel"

// Whole is when at least one of the client's connections was whole: see Lie.
func (l *Lanes) Whole() Set {
	var s Set
	for _, c := range l.conns {
		s = s.Union(c.whole)
	}
	return s
}

// Hearing is when a message for the client could have reached its program at once: a whole
// connection, in which the program believes, and which serves a session with a subscription.
func (l *Lanes) Hearing() Set { return l.served(Session) }

// Serving is when a session of the client's was served at all, with a subscription or without.
func (l *Lanes) Serving() Set { return l.served(Session).Union(l.served(Deaf)) }

// Deafness is when the same is true but for the subscription: connected, and nothing will come.
// A client that has never subscribed is not deaf.
func (l *Lanes) Deafness() Set {
	s := l.served(Deaf)
	for _, sp := range l.Lane[BrokerSession] {
		if sp.State == Session {
			return s.Intersect(Set{{sp.Begin, netmodel.Never}})
		}
	}
	return nil
}

func (l *Lanes) served(state State) Set {
	var s Set
	for _, c := range l.conns {
		var at Set
		for _, sp := range l.Lane[BrokerSession] {
			if sp.State == state && sp.Socket == c.broker && c.broker != 0 {
				at = append(at, Interval{sp.Begin, sp.End})
			}
		}
		s = s.Union(at.Intersect(c.whole).Intersect(l.believed(ClientApp, c)))
	}
	return s
}

// DeadSince returns when the connection of a socket, either end, stopped being whole, as seen at t:
// false if it is whole at t, or never was.
func (l *Lanes) DeadSince(sock netmodel.SocketID, t netmodel.Time) (netmodel.Time, bool) {
	var since netmodel.Time
	dead := false
	for _, c := range l.conns {
		if sock == 0 || (c.client != sock && c.broker != sock) {
			continue
		}
		for _, i := range c.whole {
			if i.Begin <= t {
				since, dead = i.End, i.End < t
			}
		}
	}
	return since, dead
}

// Believed returns the connection in which the client's program believed last, at t or before; the
// client's end of it, 0 if there is none.
func (l *Lanes) Believed(t netmodel.Time) netmodel.SocketID {
	var sock netmodel.SocketID
	for _, sp := range l.Lane[ClientApp] {
		if sp.Begin <= t && sp.Up {
			sock = sp.Socket
		}
	}
	return sock
}
