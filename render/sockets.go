package render

import (
	"slices"
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

// hostSockets are the sockets of a host that talk to other hosts, by their first change of state.
type hostSockets struct {
	ids  []netmodel.SocketID
	open tree // from that change until they are closed
}

// findLives collects the states of all sockets, and which sockets a host has.
func (ix *Index) findLives() {
	ix.lives = make([]life, len(ix.tr.Sockets))
	for id, ev := range ix.events {
		if ev.Kind != netmodel.StateChanged || ev.Socket <= 0 || int(ev.Socket) > len(ix.lives) {
			continue
		}
		l := &ix.lives[ev.Socket-1]
		l.at = append(l.at, ev.At)
		l.state = append(l.state, ev.To)
		l.event = append(l.event, id)
	}
	ix.sockets = make([]hostSockets, len(ix.tr.Hosts))
	for i := range ix.lives {
		id := netmodel.SocketID(i + 1)
		h := ix.tr.Sockets[i].Host
		if h > 0 && int(h) <= len(ix.sockets) && len(ix.lives[i].at) > 0 && ix.remote(id) {
			ix.sockets[h-1].ids = append(ix.sockets[h-1].ids, id)
		}
	}
	for i := range ix.sockets {
		ix.sockets[i].plant(ix)
	}
}

// plant builds the tree of the times in which a host's sockets are open.
func (s *hostSockets) plant(ix *Index) {
	slices.SortStableFunc(s.ids, func(a, b netmodel.SocketID) int {
		return int(sign(ix.lives[a-1].at[0] - ix.lives[b-1].at[0]))
	})
	begin := make([]netmodel.Time, len(s.ids))
	end := make([]netmodel.Time, len(s.ids))
	for i, id := range s.ids {
		l := &ix.lives[id-1]
		begin[i], end[i] = l.at[0], netmodel.Never
		if last := len(l.at) - 1; l.state[last] == netmodel.Closed {
			end[i] = l.at[last]
		}
	}
	s.open = newTree(begin, end)
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
	s := &ix.sockets[h-1]
	found := s.open.touching(ids, t, t)
	kept := 0
	for i := len(found) - 1; i >= len(ids); i-- { // in place: the newest come first
		id := s.ids[found[i]]
		if st, _ := ix.stateAt(id, t); st != netmodel.Closed && st != netmodel.Listen {
			kept++
			found = append(found, int32(id))
		}
	}
	copy(found[len(ids):], found[len(found)-kept:])
	return found[:len(ids)+min(kept, n)], kept
}

// old reports whether a socket belongs to a connection whose client has a newer one at t.
func (ix *Index) old(id netmodel.SocketID, t netmodel.Time) bool {
	s := ix.tr.Socket(id)
	c := ix.conns[flow{s.Local, s.Remote}]
	return c != nil && t >= c.end
}
