package netmodel

// firer is what a timer wakes: a socket, one direction of a link, a mapping of a NAT.
type firer interface {
	fire(now Time, t *timer)
}

// timer is something that may be on the network's agenda. It lives inside the thing that it wakes,
// so that arming it allocates nothing. The zero value is not armed; owner and kind are set once.
type timer struct {
	due   Time   // valid while armed
	seq   uint64 // of the last arming; 0: not armed
	kind  Timer  // for TCP's timers and NAT's; others tell their timers apart by address
	owner firer

	heldDue Time   // of its entry in the heap
	held    uint64 // the entry's seq; 0: it has none
}

func (t *timer) armed() bool { return t.seq != 0 }

// queue is a 4-ary heap of entries for timers, ordered by (due, seq): four children share a cache
// line or two, and the tree is half as deep as a binary one. Moving an entry touches nothing but
// the heap: with thousands of connections, each look at a timer is a cache miss.
//
// Most timers of TCP are pushed back or stopped long before they fire: each acknowledgement
// restarts the retransmission timer. So the entry of a timer is only a lower bound. If the timer is
// armed for later, or disarmed, the entry stays, and is moved or dropped when it reaches the top.
// If it is armed for earlier, it gets another entry, and the old one is stale.
type queue struct {
	entries []entry
	seq     uint64
	stale   int
}

type entry struct {
	due Time
	seq uint64
	t   *timer
}

func (a *entry) before(b *entry) bool {
	return a.due < b.due || a.due == b.due && a.seq < b.seq
}

// nextSeq gives the place of something scheduled now among all that falls due in the same instant.
func (q *queue) nextSeq() uint64 {
	q.seq++
	return q.seq
}

func (q *queue) arm(t *timer, due Time, seq uint64) {
	t.due, t.seq = due, seq
	if t.held != 0 {
		if t.heldDue <= due {
			return
		}
		q.stale++
	}
	t.held, t.heldDue = seq, due
	e := entry{due, seq, t}
	if len(q.entries) > 0 {
		if top := q.entries[0].t; top.seq == 0 && top.held == q.entries[0].seq {
			top.held = 0 // it has fired: its place is free
			q.down(0, e)
			return
		}
	}
	if q.stale > 64 && q.stale > len(q.entries)/2 {
		q.sweep()
	}
	q.entries = append(q.entries, e)
	q.up(len(q.entries) - 1)
}

func (q *queue) disarm(t *timer) { t.seq = 0 }

// next returns the due time of the earliest armed timer, or Never.
func (q *queue) next() Time {
	for len(q.entries) > 0 {
		top := &q.entries[0]
		t := top.t
		switch {
		case t.seq == top.seq:
			return top.due
		case t.held != top.seq:
			q.stale--
			q.removeTop()
		case t.seq == 0:
			t.held = 0
			q.removeTop()
		default:
			t.held, t.heldDue = t.seq, t.due
			q.down(0, entry{t.due, t.seq, t})
		}
	}
	return Never
}

// pop disarms and returns the earliest timer; next must have returned a time before. Its entry
// stays at the top until the next call: what fires mostly arms something, itself or another, and
// that can have the place at the cost of one walk through the heap instead of two.
func (q *queue) pop() *timer {
	t := q.entries[0].t
	t.seq = 0
	return t
}

func (q *queue) removeTop() {
	n := len(q.entries) - 1
	last := q.entries[n]
	q.entries[n].t = nil // let the collector have it
	q.entries = q.entries[:n]
	if n > 0 {
		q.down(0, last)
	}
}

// sweep drops the stale entries, and those of disarmed timers, and builds the heap anew.
func (q *queue) sweep() {
	kept := q.entries[:0]
	for _, e := range q.entries {
		switch {
		case e.t.held != e.seq:
		case e.t.seq == 0:
			e.t.held = 0
		default:
			kept = append(kept, e)
		}
	}
	clear(q.entries[len(kept):])
	q.entries, q.stale = kept, 0
	for i := (len(kept) - 2) / 4; i >= 0 && len(kept) > 1; i-- {
		q.down(i, q.entries[i])
	}
}

// up moves the entry at place i towards the top.
func (q *queue) up(i int) {
	e := q.entries[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(&q.entries[parent]) {
			break
		}
		q.entries[i] = q.entries[parent]
		i = parent
	}
	q.entries[i] = e
}

// down writes e at place i or below, moving earlier entries up.
func (q *queue) down(i int, e entry) {
	n := len(q.entries)
	for {
		first := 4*i + 1
		if first >= n {
			break
		}
		least := first
		for c := first + 1; c < first+4 && c < n; c++ {
			if q.entries[c].before(&q.entries[least]) {
				least = c
			}
		}
		if !q.entries[least].before(&e) {
			break
		}
		q.entries[i] = q.entries[least]
		i = least
	}
	q.entries[i] = e
}

// flight is a segment on its way. Flights are taken from a pool of the network and go back to it:
// in steady state a segment allocates nothing, and with thousands of links the few flights there
// are stay in the processor's cache.
type flight struct {
	seg     Segment
	due     Time
	seq     uint64
	sent    EventID // its SegmentSent
	fault   FaultID // what corrupted it
	corrupt bool
	next    *flight // in its queue, or in the pool
}

// flightPool is a stack of free flights: the one that was used last is the first to be used again.
type flightPool struct {
	free *flight
}

func (p *flightPool) take() *flight {
	f := p.next()
	p.free = f.next
	return f
}

// next is the flight that will be taken next. A host writes its segment there, and the flight that
// takes off with it needs no copy.
func (p *flightPool) next() *flight {
	if p.free == nil {
		block := make([]flight, 16)
		for i := range block {
			p.give(&block[i])
		}
	}
	return p.free
}

// give takes a flight back. Its payload is let go, so that the collector may have it.
func (p *flightPool) give(f *flight) {
	f.seg.Payload = nil
	f.next, p.free = p.free, f
}

// fifo is a queue of flights whose due times never decrease.
type fifo struct {
	head, tail *flight
	n          int
}

func (q *fifo) push(f *flight) {
	f.next = nil
	if q.n == 0 {
		q.head = f
	} else {
		q.tail.next = f
	}
	q.tail = f
	q.n++
}

func (q *fifo) pop() *flight {
	f := q.head
	q.head = f.next
	q.n--
	return f
}
