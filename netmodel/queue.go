package netmodel

// firer is what a timer wakes: a socket, one direction of a link, a mapping of a NAT.
type firer interface {
	fire(now Time, t *timer)
}

// timer is one entry of the network's agenda. It lives inside the thing that it wakes, so that
// arming it allocates nothing. The zero value is not armed; owner and kind are set once.
type timer struct {
	due   Time   // valid while armed
	seq   uint64 // of the last arming; 0: not armed
	queue int32  // place in the heap plus one; 0: not in it
	kind  Timer  // for TCP's timers and NAT's; others tell their timers apart by address
	owner firer
}

func (t *timer) armed() bool { return t.seq != 0 }

// queue is a 4-ary heap of timers ordered by (due, seq): four children share a cache line or two,
// and the tree is half as deep as a binary one.
//
// Most timers of TCP are pushed back or stopped long before they fire: each acknowledgement
// restarts the retransmission timer. So the key of an entry is only a lower bound. A timer that is
// armed again for later, or disarmed, stays where it is, and is moved or dropped when it reaches
// the top.
type queue struct {
	entries []entry
	seq     uint64
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
	e := entry{due, seq, t}
	switch {
	case t.queue != 0:
		if i := int(t.queue) - 1; e.before(&q.entries[i]) {
			q.up(i, e)
		}
	case len(q.entries) > 0 && q.entries[0].t.seq == 0:
		q.entries[0].t.queue = 0 // it has fired: its place is free
		q.down(e)
	default:
		q.entries = append(q.entries, entry{})
		q.up(len(q.entries)-1, e)
	}
}

func (q *queue) disarm(t *timer) { t.seq = 0 }

// next returns the due time of the earliest armed timer, or Never.
func (q *queue) next() Time {
	for len(q.entries) > 0 {
		top := &q.entries[0]
		switch {
		case top.t.seq == top.seq:
			return top.due
		case top.t.seq == 0:
			q.removeTop()
		default:
			q.down(entry{top.t.due, top.t.seq, top.t})
		}
	}
	return Never
}

// pop disarms and returns the earliest timer; next must have returned a time before. Its entry stays
// at the top until the next call: what fires mostly arms something, itself or another, and that can
// have the place at the cost of one walk through the heap instead of two.
func (q *queue) pop() *timer {
	t := q.entries[0].t
	t.seq = 0
	return t
}

func (q *queue) removeTop() {
	n := len(q.entries) - 1
	q.entries[0].t.queue = 0
	last := q.entries[n]
	q.entries[n].t = nil // let the collector have it
	q.entries = q.entries[:n]
	if n > 0 {
		q.down(last)
	}
}

// up writes e at or above place i, moving later entries down.
func (q *queue) up(i int, e entry) {
	for i > 0 {
		parent := (i - 1) / 4
		p := &q.entries[parent]
		if !e.before(p) {
			break
		}
		q.entries[i] = *p
		p.t.queue = int32(i) + 1
		i = parent
	}
	q.entries[i] = e
	e.t.queue = int32(i) + 1
}

// down writes e at the top or below, moving earlier entries up.
func (q *queue) down(e entry) {
	i, n := 0, len(q.entries)
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
		m := &q.entries[least]
		if !m.before(&e) {
			break
		}
		q.entries[i] = *m
		m.t.queue = int32(i) + 1
		i = least
	}
	q.entries[i] = e
	e.t.queue = int32(i) + 1
}

// flight is a segment on its way.
type flight struct {
	seg     Segment
	due     Time
	seq     uint64
	sent    EventID // its SegmentSent
	fault   FaultID // what corrupted it
	corrupt bool
}

// fifo is a ring of flights whose due times never decrease. Flights are values: a link in steady
// state allocates nothing. One place always stays free, so that the flight that was popped last is
// not overwritten by what its delivery sends.
type fifo struct {
	ring []flight // length a power of two, or none
	head int
	n    int
}

// push returns a place at the end. It is valid until the next push.
func (f *fifo) push() *flight {
	if f.n+1 >= len(f.ring) {
		f.grow()
	}
	p := &f.ring[(f.head+f.n)&(len(f.ring)-1)]
	f.n++
	return p
}

func (f *fifo) first() *flight { return &f.ring[f.head] }

// pop takes the first flight out. It is valid until the next pop.
func (f *fifo) pop() *flight {
	p := &f.ring[f.head]
	f.head = (f.head + 1) & (len(f.ring) - 1)
	f.n--
	return p
}

func (f *fifo) grow() {
	ring := make([]flight, max(4, 2*len(f.ring)))
	for i := range f.n {
		ring[i] = f.ring[(f.head+i)&(len(f.ring)-1)]
	}
	f.ring, f.head = ring, 0
}
