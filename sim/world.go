package sim

import (
	"fmt"
	"math"
	"sync"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// World is one simulated world: hosts, links, programs, and the trace of what they do. Its methods,
// and those of its hosts, links, faults, brokers and clients, are safe for concurrent use, from
// goroutines of its own bubble only.
type World struct {
	mu    sync.Mutex // guards all below; never held across a wait
	net   *netmodel.Network
	rec   *trace.Recorder
	epoch time.Time // what the bubble's clock shows at instant 0
	seed  uint64

	virtual   bool  // there is a bubble: else the world's clock is the real one
	epochNano int64 // epoch as UnixNano

	ops      []op
	batch    []op // taken from ops, sorted; those before applied are done
	applied  int
	timer    *time.Timer   // the driver's
	nudge    chan struct{} // tells the driver to look, in a crowded world
	nudged   bool          // it was told while its timer ran
	crowd    int           // see driver.go
	crowded  bool
	sleeping netmodel.Time // the instant that the driver sleeps for
	woke     bool          // the last event woke a program
	prompt   bool          // every event is handled at once, also what nobody notices

	deadlines   deadlineHeap
	deadlineSeq uint64

	hosts      []*Host
	byName     map[string]*Host // looked up, never iterated
	links      []*Link
	programs   []*program
	chief      *program // the first of them: see director
	clients    []*Client
	brokers    []*Broker
	messages   messageTable
	watchers   []*watcher
	limits     Limits
	ideal      bool
	oneMachine bool
	course     []Cost

	start     trace.ID        // the event every chain of causes ends in
	lastError trace.ID        // the last SocketError: see conn.woken
	lastWoken []netmodel.Time // by host: the last arrival

	alive      *pulse
	err        error
	failed     chan struct{}
	stopped    bool          // the driver has ended, or shall
	closing    bool          // the network refuses everything
	over       chan struct{} // closed with closing
	driverDone chan struct{}

	action      trace.ID // the step of the scenario or test that is under way
	lastArrived trace.ID
	failures    failures     // of expectations: see failure.go
	listened    []listening  // where anybody has ever listened, in order
	futile      []futileDial // see hints.go
}

// Limits bound a run. Zero values mean the defaults.
type Limits struct {
	Events int           // of the trace; default 4,000,000, about 1 GiB
	Hosts  int           // default 60,000
	Length time.Duration // virtual; default 10 years
}

func (l Limits) withDefaults() Limits {
	if l.Events == 0 {
		l.Events = 4_000_000
	}
	if l.Hosts == 0 {
		l.Hosts = 60_000
	}
	if l.Length == 0 {
		l.Length = 10 * 365 * 24 * time.Hour
	}
	return l
}

// Options say how to run a world. The zero value is ready to use.
type Options struct {
	Seed   uint64    // of everything that is left to chance; 0 is a seed like any other
	Start  time.Time // what programs' clocks show at the start; default: DefaultStart
	Limits Limits    // beyond which the run ends with an error
	// OneMachine: the hosts are network namespaces of one kernel, as in a test bed, and share its
	// ticks; and a client that waits for the end of a dial, and for nothing else, notices it as late
	// as that kernel wakes it.
	OneMachine bool
	Uptime     time.Duration // of that machine at the start; 0: the seed says
	LateTicks  int           // one in so many ticks has its timers served a tick late; 0: none
	// Course says of the first client's writes, in order, what the seed else decides: whether a
	// write takes any time. See DESIGN.md, "Zero-cost time lies".
	Course []Cost

	Ideal    bool   // programs take no time at all: see DESIGN.md, "Zero-cost time lies"
	NoTrace  bool   // record nothing but what clients and brokers say of themselves
	Scenario string // the text of the scenario that is played, for the trace; or empty

	// Alive is called now and then from outside the bubble, for progress.
	Alive func(virtual time.Duration)
}

// DefaultStart is what the clock of a world shows at its start, unless told otherwise: recent, so
// that certificates of today are valid.
var DefaultStart = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// newWorld makes a world and starts its driver. It is called inside the bubble.
func newWorld(o Options, alive *pulse) *World {
	alive.bubble.Store(int64(thisBubble()))
	start := o.Start
	if start.IsZero() {
		start = DefaultStart
	}
	if d := time.Until(start); d > 0 {
		time.Sleep(d) // free: the bubble begins in the year 2000
	}
	epoch := time.Now()
	w := &World{
		rec: &trace.Recorder{Lean: o.NoTrace}, seed: o.Seed, limits: o.Limits.withDefaults(),
		ideal: o.Ideal, oneMachine: o.OneMachine, course: o.Course,
		epoch: epoch, epochNano: epoch.UnixNano(), virtual: epoch == epoch.Round(0),
		timer: time.NewTimer(time.Hour), nudge: make(chan struct{}, 1), crowd: crowd,
		failed:     make(chan struct{}),
		driverDone: make(chan struct{}), over: make(chan struct{}), sleeping: netmodel.Never,
		alive:  alive,
		byName: make(map[string]*Host), lastWoken: make([]netmodel.Time, 1),
	}
	w.net = netmodel.New(netmodel.Config{Seed: o.Seed, Sink: (*sink)(w), OneMachine: o.OneMachine,
		Uptime: o.Uptime, LateTicks: o.LateTicks})
	t := &w.rec.Trace
	t.Scenario, t.Seed, t.Epoch = o.Scenario, o.Seed, w.epoch
	w.messages = newMessageTable(w)
	w.chief = w.newProgram("world", nil)
	w.start = w.record(trace.Start, 0, trace.App{Text: fmt.Sprintf("seed %d", o.Seed)}, 0)
	go w.drive()
	return w
}

// Seed is the world's seed.
func (w *World) Seed() uint64 { return w.seed }

// Now is the virtual time since the world's start.
func (w *World) Now() time.Duration { return w.clock().Duration() }

// Trace returns what has happened so far. It grows until the world ends; programs must not change
// it.
func (w *World) Trace() *trace.Trace { return &w.rec.Trace }

// record adds an event of the run itself, at the network's present instant. w.mu is held, or the
// driver does not run yet.
func (w *World) record(kind netmodel.Kind, host netmodel.HostID, app trace.App,
	cause trace.ID) trace.ID {
	ev := trace.Event{App: &app}
	ev.Kind, ev.At, ev.Host, ev.Cause = kind, w.net.Now(), host, cause
	return w.rec.App(ev)
}

// call has the driver run fn, at the present instant, in the order of program p's operations.
func (w *World) call(p *program, class opClass, fn func(now netmodel.Time)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closing {
		return
	}
	w.push(op{kind: opCall, class: class, prog: p, host: p.hostID(), lane: p.lane, fn: fn})
}

// do is call, and waits until it is done.
func (w *World) do(p *program, fn func(now netmodel.Time)) {
	w.await(op{kind: opCall, class: classEvent, host: p.hostID(), lane: p.lane, fn: fn})
}

// settle waits until everything that was asked for so far is done, and in the trace: it comes
// behind all that hosts do in this instant.
func (w *World) settle() {
	w.await(op{kind: opCall, host: math.MaxInt32, fn: func(netmodel.Time) {}})
}

// await has the driver run o.fn, and waits until it is done.
func (w *World) await(o op) {
	done := make(chan struct{})
	fn := o.fn
	var wrong any
	o.fn = func(now netmodel.Time) {
		defer close(done)
		defer func() { wrong = recover() }()
		w.woke = true
		fn(now)
	}
	w.mu.Lock()
	if w.closing {
		w.mu.Unlock()
		return
	}
	w.push(o)
	w.mu.Unlock()
	select {
	case <-done:
		if wrong != nil { // the caller's mistake, not the driver's
			panic(wrong)
		}
	case <-w.over:
	}
}

// applyEvent puts an application's event into the trace.
func (w *World) applyEvent(o *op) {
	ev := &o.event.Event
	ev.At, ev.Host = o.at, o.host
	if o.conn != nil {
		ev.Socket = o.conn.sock.ID()
	}
	if o.event.fill != nil {
		o.event.fill(ev)
	}
	if ev.Cause == 0 {
		ev.Cause = w.start
	}
	id := w.rec.App(*ev)
	if o.event.done != nil {
		o.event.done(id)
	}
}
