package sim

import (
	"fmt"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// This file is the driver's side of a conn: w.mu is held throughout.

// apply carries out what the program asked for.
func (c *conn) apply(o *op) {
	now := o.at
	switch o.kind {
	case opRead:
		c.w.net.SetCause(c.arrival)
		c.sock.Consume(now, o.n)
		c.deliver(o.n)
	case opWrite:
		if o.tie != "" {
			c.w.rec.Trace.Ties++
			c.record(trace.Tie, o.tie, c.w.start)
		}
		wire := len(o.data) - o.n
		c.applyWrite(now, o.data[:wire:wire], o.data[wire:])
	case opShutdown:
		c.w.net.SetCause(c.record(trace.HalfClosed, "", c.closeCause()))
		c.endWith(now, func(now netmodel.Time) { c.sock.Shutdown(now) })
	case opClose:
		c.w.net.SetCause(c.record(trace.ClosedByApp, "", c.closeCause()))
		c.endWith(now, c.sock.Close)
	case opAbort:
		c.w.net.SetCause(c.record(trace.ClosedByApp, "abort", c.closeCause()))
		c.sock.Abort(now)
	}
}

// applyWrite hands data to the socket; plain is what of the program's own bytes it carries, if
// there is a veil.
func (c *conn) applyWrite(now netmodel.Time, data, plain []byte) {
	if c.parking {
		c.parked -= len(data)
		if c.writers > 0 {
			c.w.woke = true
			defer c.wake()
		}
	}
	cause := c.recordWrite(data, plain)
	c.w.net.SetCause(cause)
	if len(c.overflow) > 0 {
		c.overflow = append(c.overflow, data...)
	} else {
		n, errno := c.sock.Write(now, data)
		if errno != 0 && errno != netmodel.EAGAIN {
			return // the program learns of it by its next call
		}
		c.overflow = append(c.overflow, data[n:]...)
	}
	if len(c.overflow) > maxOverflow {
		c.w.fail(fmt.Errorf("%s wrote %d MiB to %s that could not be sent: a loop that writes until "+
			"an error? Set a write deadline, or use a host with parking writes",
			c.host.name, maxOverflow>>20, c.sock.Remote()))
	}
}

// flush hands overflow to the socket as far as it has room.
func (c *conn) flush(now netmodel.Time) {
	if len(c.overflow) == 0 {
		return
	}
	n, _ := c.sock.Write(now, c.overflow)
	rest := copy(c.overflow, c.overflow[n:])
	c.overflow = c.overflow[:rest]
}

// endWith ends the connection, or its sending side, behind what was written. What is in overflow
// the kernel would have made the program wait for, before it could go on to close.
func (c *conn) endWith(now netmodel.Time, end func(netmodel.Time)) {
	c.flush(now)
	if len(c.overflow) == 0 || c.sock.State() == netmodel.Closed {
		end(now)
		return
	}
	c.ending = end
}

// sessionPresent reports what the CONNACK on this connection said.
func (c *conn) sessionPresent() bool {
	peer := c.peer()
	return peer != nil && peer.presented
}

// woken is called when the socket's readiness has changed: data, room, the end, an error.
func (c *conn) woken(now netmodel.Time) {
	had := len(c.staged)
	if !c.closed {
		c.staged = c.sock.Receive(c.staged)
	}
	c.flush(now)
	if errno := c.sock.TakeError(); errno != 0 {
		c.err, c.failure = errno, c.w.lastError
		if !c.writing {
			c.overflow = nil // nobody will take it any more
		}
	}
	if c.ending != nil && len(c.overflow) == 0 {
		end := c.ending
		c.ending = nil
		end(now)
	}
	ended := c.sock.AtEOF() && !c.eof
	if ended {
		c.eof = true
	}
	if len(c.staged) > had || ended {
		c.arrival = c.w.lastArrived
	}
	if c.readers+c.writers > 0 {
		c.w.woke = true
		c.wake()
	}
}

// event puts an application event of this connection on the driver's list.
func (c *conn) event(kind netmodel.Kind, text string, class opClass) {
	ev := &appEvent{Event: trace.Event{App: &trace.App{Actor: c.prog.name, Text: text}}}
	ev.Kind = kind
	ev.fill = func(e *trace.Event) {
		if e.Cause == 0 {
			e.Cause = c.arrival
		}
	}
	c.push(op{kind: opEvent, class: class, event: ev})
}

// record adds an event of this connection to the trace at once.
func (c *conn) record(kind netmodel.Kind, text string, cause trace.ID) trace.ID {
	ev := trace.Event{App: &trace.App{Actor: c.prog.name, Text: text}}
	ev.Kind, ev.At, ev.Host, ev.Socket = kind, c.w.net.Now(), c.host.id, c.sock.ID()
	ev.Cause = cause
	return c.w.rec.App(ev)
}

// closeCause is why a program closes a connection: what it concluded last, or what arrived.
func (c *conn) closeCause() trace.ID {
	return max(c.prog.lastEvent, c.arrival, c.failure)
}
