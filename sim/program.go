package sim

import (
	"slices"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// A program is a process of a host: what it opened is closed when it is killed. While it is frozen
// it neither reads nor accepts, and what it does is held back until it goes on: its goroutines
// cannot be stopped, so its own timers run, but nobody hears of that before.
type program struct {
	w         *World
	name      string
	host      *Host // nil: the scenario or test itself
	lane      int32 // negative: see op.lane
	conns     []*conn
	listeners []*listener
	frozen    bool
	dead      bool
	compactAt int
	held      []op // what it asked of the network while frozen
	lastEvent trace.ID
	settings  map[string]trace.ID // the Setting events that explain what it does
	client    *Client             // whose program it is, or nil
	observed  bool                // an Observer reports for it
	broker    *Broker
}

// newProgram makes a program. w.mu is held, or the driver does not run yet.
func (w *World) newProgram(name string, h *Host) *program {
	p := &program{w: w, name: name, host: h, lane: -int32(len(w.programs)) - 1}
	w.programs = append(w.programs, p)
	return p
}

func (p *program) hostID() netmodel.HostID {
	if p.host == nil {
		return 0
	}
	return p.host.id
}

// event puts an application event of the program on the driver's list. w.mu must not be held.
func (p *program) event(kind netmodel.Kind, app trace.App, fill func(*trace.Event)) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	p.eventLocked(kind, app, 0, fill)
}

// eventLocked is event with w.mu held. order puts events of one kind and instant, which goroutines
// report that the runtime wakes in any order, into the order of what they are about.
func (p *program) eventLocked(kind netmodel.Kind, app trace.App, order int,
	fill func(*trace.Event)) {
	if p.w.closing {
		return
	}
	app.Actor = p.name
	ev := &appEvent{Event: trace.Event{App: &app}, fill: fill}
	ev.Kind = kind
	ev.done = func(id trace.ID) { p.lastEvent = id }
	class := classEvent
	switch kind {
	case trace.ClientPublished:
		class = classWritten
	case trace.ClientRefused:
		class = classDial
	}
	p.w.push(op{kind: opEvent, class: class, rank: eventRank[kind], prog: p,
		host: p.hostID(), lane: p.lane, n: order, event: ev})
}

// kill ends the program as SIGKILL does: the kernel closes its sockets. It is called by the driver.
func (p *program) kill(now netmodel.Time, cause trace.ID) {
	p.dead, p.frozen, p.held = true, false, nil
	p.w.net.SetCause(cause)
	for _, l := range p.listeners {
		if !l.closed {
			l.closed = true
			l.sock.Close(now)
			l.cond.Broadcast()
		}
	}
	for _, c := range p.conns {
		if !c.closed {
			c.closed = true
			c.sock.Close(now)
			c.wake()
		}
	}
	p.conns, p.listeners = nil, nil
	p.w.woke = true
}

// thaw lets a frozen program go on (SIGCONT). It is called by the driver.
func (p *program) thaw(now netmodel.Time) {
	if !p.frozen {
		return
	}
	p.frozen = false
	held := p.held
	p.held = nil
	for i := range held {
		held[i].at = now
		p.w.apply(&held[i])
	}
	for _, c := range p.conns {
		c.wake()
	}
	for _, l := range p.listeners {
		l.serve(now)
	}
	p.w.woke = true
}

// add remembers a connection, and drops closed ones now and then, so that a client that reconnects
// for years does not grow. A connection and its socket are 3 kB: a fleet that dials in vain for ten
// minutes would keep half of all its memory in them.
func (p *program) add(c *conn) {
	if len(p.conns) >= p.compactAt {
		p.conns = slices.DeleteFunc(p.conns, func(c *conn) bool { return c.closed })
		p.compactAt = 2*len(p.conns) + 8
	}
	p.conns = append(p.conns, c)
}
