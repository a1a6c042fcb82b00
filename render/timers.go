package render

import (
	"slices"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// ring is what a countdown counts. Those of the kernel are netmodel's; those of programs follow.
type ring uint8

const (
	ringKeepalive ring = 64 + iota // client: silence until the next PINGREQ
	ringPing                       // client: patience for PINGRESP
	ringConnect                    // client: patience for a connection
	ringBackoff                    // client: pause before the next attempt
	ringBroker                     // broker: 1.5 times the keepalive (MQTT 3.1.1, 3.1.2.10)
)

// timer is one countdown, from being armed to firing or being stopped.
type timer struct {
	kind     ring
	host     netmodel.HostID
	socket   netmodel.SocketID
	actor    string        // programs: whose
	from, to netmodel.Time // it runs in [from, to)
	base     netmodel.Time // what it counts from; before from if that was a while ago
	nominal  netmodel.Time // when it is due as far as could be known when it was armed
	fired    bool          // at to: it reached zero
	attempt  int16
	limit    int16
	armed    trace.ID
	ended    trace.ID
}

// due is when the ring reaches zero. What fired later than the settings say (a client looks at its
// clock only now and then) is shown to be due then; if the future is hidden, the settings must do.
func (t *timer) due(hide netmodel.Time) netmodel.Time {
	if t.fired && (hide == 0 || t.to <= hide) {
		return t.to
	}
	return t.nominal
}

// kernelKey tells timers that replace each other when they are armed again.
type kernelKey struct {
	host   netmodel.HostID
	socket netmodel.SocketID
	timer  netmodel.Timer
	flow   flow // of a NAT's mapping
}

// timerFinder pairs the begins and ends of countdowns.
type timerFinder struct {
	ix      *Index
	timers  []timer
	kernel  map[kernelKey]int // to the running timer
	byArmed map[trace.ID]int
	clocks  map[string]*clock // of each client, by name
	brokers map[netmodel.SocketID]*brokerClock
	seq     []uint32
}

// findTimers collects all countdowns.
func (ix *Index) findTimers() {
	f := &timerFinder{ix: ix, kernel: map[kernelKey]int{}, byArmed: map[trace.ID]int{},
		clocks: map[string]*clock{}, brokers: map[netmodel.SocketID]*brokerClock{},
		seq: make([]uint32, len(ix.tr.Sockets))}
	for id, ev := range ix.events {
		f.kernelEvent(ev, id)
		f.programEvent(ev, id)
	}
	for i := range f.timers {
		if t := &f.timers[i]; t.to == netmodel.Never {
			t.to = ix.tr.Length + 1
		}
	}
	slices.SortStableFunc(f.timers, func(a, b timer) int { return int(sign(a.from - b.from)) })
	ix.timers = f.timers
	begin := make([]netmodel.Time, len(f.timers))
	end := make([]netmodel.Time, len(f.timers))
	for i := range f.timers {
		begin[i], end[i] = f.timers[i].from, f.timers[i].to
	}
	ix.ticking = newTree(begin, end)
}

func sign(t netmodel.Time) netmodel.Time {
	switch {
	case t < 0:
		return -1
	case t > 0:
		return 1
	}
	return 0
}

// arm adds a running timer and returns its place.
func (f *timerFinder) arm(t timer) int {
	t.to = netmodel.Never
	if t.base == 0 {
		t.base = t.from
	}
	f.timers = append(f.timers, t)
	return len(f.timers) - 1
}

// finish ends a timer; i is -1 if there is none.
func (f *timerFinder) finish(i int, at netmodel.Time, ended trace.ID, fired bool) {
	if i < 0 {
		return
	}
	t := &f.timers[i]
	if t.to == netmodel.Never || t.to == at && fired { // it may be armed again before it says so
		t.to, t.ended, t.fired = at, ended, fired
	}
}

func (f *timerFinder) kernelEvent(ev *trace.Event, id trace.ID) {
	switch ev.Kind {
	case netmodel.TimerArmed, netmodel.TimerStopped, netmodel.TimerFired:
	default:
		return
	}
	key := kernelKey{host: ev.Host, socket: ev.Socket, timer: ev.Timer}
	if ev.Seg != nil {
		key.flow = flow{ev.Seg.Src, ev.Seg.Dst}
	}
	running, ok := f.kernel[key]
	if i, named := f.byArmed[ev.Of]; named && ev.Of != 0 {
		running, ok = i, true
	}
	if ok {
		f.finish(running, ev.At, id, ev.Kind == netmodel.TimerFired)
	}
	delete(f.kernel, key)
	if ev.Kind == netmodel.TimerArmed {
		i := f.arm(timer{kind: ring(ev.Timer), host: ev.Host, socket: ev.Socket, from: ev.At,
			nominal: ev.Due, attempt: ev.Attempt, limit: ev.Limit, armed: id})
		f.kernel[key], f.byArmed[id] = i, i
	}
}
