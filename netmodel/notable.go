package netmodel

// NextNotable is a lower bound of when the network next does anything but look at its own watch:
// events due before it are keepalive timers that will find a living connection, and start again.
// Their owner may leave them for later, as long as it processes them, in order, before it calls
// into the network for anything else. With Go's keepalive of 15 s they are a third of all events
// of a connection that has little to say, and waking somebody costs more than they do.
func (n *Network) NextNotable() Time { return n.queue.notable(0, Never) }

// notable returns the earliest notable instant in the part of the heap under place i, or limit if
// that is earlier. It looks at entries before limit only, and few of these are not notable.
func (q *queue) notable(i int, limit Time) Time {
	if i >= len(q.entries) || q.entries[i].due >= limit {
		return limit
	}
	e := &q.entries[i]
	if t := e.t; t.held == e.seq && t.seq != 0 { // else it is stale, or disarmed
		at := t.due
		if t.kind == TimerKeepalive {
			at = max(at, t.owner.(*Socket).keepaliveBound())
		}
		limit = min(limit, at)
	}
	for c := 4*i + 1; c <= 4*i+4; c++ {
		limit = q.notable(c, limit)
	}
	return limit
}

// keepaliveBound is when the keepalive timer can at the earliest do more than start again.
func (s *Socket) keepaliveBound() Time {
	if !s.opt.keepAlive || s.queue.n > 0 || s.state == FinWait2 {
		return 0
	}
	return max(s.lastRecv, s.keep.rcvStamp).Add(s.opt.keepIdle)
}
