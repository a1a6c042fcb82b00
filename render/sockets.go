package render

import (
	"sort"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// life is the states that one socket went through.
type life struct {
	at    []netmodel.Time
	state []netmodel.State
	event []trace.ID
}

// findLives collects the states of all sockets, and which sockets a host has.
func (ix *Index) findLives() {
	ix.lives = make([]life, len(ix.tr.Sockets))
	for i := range ix.tr.Events {
		ev := &ix.tr.Events[i]
		if ev.Kind != netmodel.StateChanged || ev.Socket <= 0 || int(ev.Socket) > len(ix.lives) {
			continue
		}
		l := &ix.lives[ev.Socket-1]
		l.at = append(l.at, ev.At)
		l.state = append(l.state, ev.To)
		l.event = append(l.event, trace.ID(i+1))
	}
	ix.sockets = make([][]netmodel.SocketID, len(ix.tr.Hosts))
	for i := range ix.tr.Sockets {
		s := &ix.tr.Sockets[i]
		if s.Host > 0 && int(s.Host) <= len(ix.sockets) {
			ix.sockets[s.Host-1] = append(ix.sockets[s.Host-1], netmodel.SocketID(i+1))
		}
	}
}

// stateAt is the state of a socket, and the event that brought it there.
func (ix *Index) stateAt(id netmodel.SocketID, t netmodel.Time) (netmodel.State, trace.ID) {
	l := &ix.lives[id-1]
	i := sort.Search(len(l.at), func(i int) bool { return l.at[i] > t }) - 1
	if i < 0 {
		return netmodel.Closed, 0
	}
	return l.state[i], l.event[i]
}

// remote reports whether a socket talks, or tries to talk, to another host: listeners and loopback
// connections are not drawn.
func (ix *Index) remote(id netmodel.SocketID) bool {
	s := ix.tr.Socket(id)
	if s.Remote.Addr == 0 || s.Remote.Addr.IsLoopback() {
		return false
	}
	h := ix.tr.Host(s.Host)
	return h == nil || h.Addr != s.Remote.Addr
}

// open appends the sockets of a host that are not closed at t, the newest first, at most n of them,
// and says how many there are.
func (ix *Index) open(ids []int32, h netmodel.HostID, t netmodel.Time, n int) ([]int32, int) {
	all := 0
	list := ix.sockets[h-1]
	for i := len(list) - 1; i >= 0; i-- {
		id := list[i]
		if st, _ := ix.stateAt(id, t); st == netmodel.Closed || st == netmodel.Listen ||
			!ix.remote(id) {
			continue
		}
		if all++; all <= n {
			ids = append(ids, int32(id))
		}
	}
	return ids, all
}

// old reports whether a socket belongs to a connection whose client has a newer one at t.
func (ix *Index) old(id netmodel.SocketID, t netmodel.Time) bool {
	s := ix.tr.Socket(id)
	c := ix.conns[flow{s.Local, s.Remote}]
	return c != nil && t >= c.end
}
