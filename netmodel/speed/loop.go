package speed

// Loop is a bare event loop: the least that any discrete-event simulator does for an event. It
// takes the earliest from a 4-ary heap, touches the state of the flow that the event belongs to,
// and puts in another for some time later. No network, no program, no goroutine; and none of the
// model's own agenda, whose changes the yardstick must not follow.
type Loop struct {
	heap  []event
	flows []flow
	seq   uint64
}

type event struct {
	due  int64
	seq  uint64 // orders events of one instant
	flow *flow
}

// flow is 8 kB of state, of which an event touches three lines.
type flow struct {
	chance, events uint64
	_              [30]uint64
	at             int64
	_              [990]uint64
	last           uint64
}

// perFlow is how many events of each flow are pending: a connection has a segment under way and its
// acknowledgement, and a timer at each end.
const perFlow = 4

// NewLoop makes a loop over the given number of flows.
func NewLoop(flows int) *Loop {
	l := &Loop{flows: make([]flow, flows), heap: make([]event, 0, perFlow*flows)}
	for i := range l.flows {
		f := &l.flows[i]
		f.chance = uint64(i)
		for range perFlow {
			l.push(l.next(f, 0))
		}
	}
	return l
}

// Run processes a number of events.
func (l *Loop) Run(events int) {
	for range events {
		e := l.pop()
		l.push(l.next(e.flow, e.due))
	}
}

// next is the event that follows one of f at the instant now.
func (l *Loop) next(f *flow, now int64) event {
	f.chance = f.chance*6364136223846793005 + 1442695040888963407 // Knuth's MMIX
	f.events++
	f.at, f.last = now, l.seq
	l.seq++
	return event{now + 1 + int64(f.chance>>40), l.seq, f}
}

func (a *event) before(b *event) bool { return a.due < b.due || a.due == b.due && a.seq < b.seq }

func (l *Loop) push(e event) {
	i := len(l.heap)
	l.heap = append(l.heap, e)
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(&l.heap[parent]) {
			break
		}
		l.heap[i] = l.heap[parent]
		i = parent
	}
	l.heap[i] = e
}

func (l *Loop) pop() event {
	top := l.heap[0]
	n := len(l.heap) - 1
	e := l.heap[n]
	l.heap = l.heap[:n]
	i := 0
	for {
		least := 4*i + 1
		if least >= n {
			break
		}
		for c := least + 1; c < min(4*i+5, n); c++ {
			if l.heap[c].before(&l.heap[least]) {
				least = c
			}
		}
		if !l.heap[least].before(&e) {
			break
		}
		l.heap[i] = l.heap[least]
		i = least
	}
	if n > 0 {
		l.heap[i] = e
	}
	return top
}
