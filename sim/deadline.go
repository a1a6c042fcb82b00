package sim

import "halfopen/netmodel"

// A deadlineHeap holds the instants at which a connection's read or write deadline passes. They are
// the driver's, not timers of the bubble, so that their order against the network's events is
// designed. Entries are lazy: MQTT brokers push the deadline back with each packet, and an entry
// that comes too early is just moved.
type deadlineHeap []deadline

type deadline struct {
	at  netmodel.Time
	seq uint64
	c   *conn
}

func (h deadlineHeap) next() netmodel.Time {
	if len(h) == 0 {
		return netmodel.Never
	}
	return h[0].at
}

func (h deadlineHeap) less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].seq < h[j].seq
}

func (h *deadlineHeap) push(d deadline) {
	*h = append(*h, d)
	a := *h
	for i := len(a) - 1; i > 0; {
		p := (i - 1) / 2
		if !a.less(i, p) {
			return
		}
		a[i], a[p] = a[p], a[i]
		i = p
	}
}

func (h *deadlineHeap) pop() deadline {
	a := *h
	top := a[0]
	last := len(a) - 1
	a[0] = a[last]
	a[last] = deadline{}
	a = a[:last]
	*h = a
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			return top
		}
		if c+1 < last && a.less(c+1, c) {
			c++
		}
		if !a.less(c, i) {
			return top
		}
		a[i], a[c] = a[c], a[i]
		i = c
	}
}

// armDeadline makes sure that the driver looks at c no later than its earlier deadline. w.mu is
// held.
func (w *World) armDeadline(c *conn) {
	at := min(c.readDeadline, c.writeDeadline)
	if at >= c.armed {
		return
	}
	c.armed = at
	w.deadlineSeq++
	w.deadlines.push(deadline{at, w.deadlineSeq, c})
	w.wakeDriver(at)
}

// expireDeadlines wakes the readers and writers whose deadline is due. w.mu is held.
func (w *World) expireDeadlines(due netmodel.Time) {
	for w.deadlines.next() <= due {
		d := w.deadlines.pop()
		if d.at != d.c.armed {
			continue // an earlier one was armed since
		}
		d.c.armed = netmodel.Never
		if d.c.closed {
			continue
		}
		if d.c.readDeadline <= due && d.c.readers > 0 || d.c.writeDeadline <= due && d.c.writers > 0 {
			d.c.wake()
		}
		if at := nextDeadline(d.c, due); at < netmodel.Never {
			d.c.armed = at
			w.deadlineSeq++
			w.deadlines.push(deadline{at, w.deadlineSeq, d.c})
		}
	}
}

// nextDeadline is the earliest deadline of c after now.
func nextDeadline(c *conn, now netmodel.Time) netmodel.Time {
	at := netmodel.Never
	if c.readDeadline > now {
		at = c.readDeadline
	}
	if c.writeDeadline > now {
		at = min(at, c.writeDeadline)
	}
	return at
}
