package sim

import (
	"fmt"
	"time"

	"halfopen/netmodel"
)

// drive owns the network: it is the only goroutine that steps it. See DESIGN.md, "The driver".
//
// Its one trick is to sleep until one nanosecond after the instant it wants to handle. In a bubble
// the clock moves only when every goroutine is durably blocked, so when the driver wakes, that
// instant is over: whatever programs wanted to do in it is on the list.
func (w *World) drive() {
	defer close(w.driverDone)
	defer func() { w.timer.Stop() }() // the last one, not the first
	for {
		w.mu.Lock()
		switch {
		case w.stopped:
			w.mu.Unlock()
			return
		case w.woke || len(w.ops) > 0 || len(w.batch) > w.applied:
			// Programs have something to do, or have done it: let this instant come to its end. A
			// plain sleep is cheaper than a timer that others may change.
			w.woke, w.sleeping = false, 0
			w.mu.Unlock()
			time.Sleep(time.Nanosecond)
		default:
			w.sleep()
		}
		w.turn()
	}
}

// sleep waits for the next instant of the network or of a deadline, or for a program that wants
// something earlier. It releases w.mu, which is held.
func (w *World) sleep() {
	now := w.clock()
	at := max(min(w.nextEvent(), w.deadlines.next(), w.lastInstant()), now)
	w.sleeping, w.crowded = at, len(w.programs) > w.crowd
	if w.nudged {
		w.timer, w.nudged = time.NewTimer(at.Sub(now)+1), false
	} else {
		w.timer.Reset(at.Sub(now) + 1)
	}
	rung, crowded := w.timer.C, w.crowded
	w.mu.Unlock()
	if !crowded {
		<-rung
		return
	}
	select {
	case <-rung:
	case <-w.nudge:
	}
}

// nextEvent is when the driver has to turn the network at the latest. What nobody notices can wait
// until then, or until a program wants something: turn handles all that is due in its order.
func (w *World) nextEvent() netmodel.Time {
	if w.prompt {
		return w.net.Next()
	}
	return w.net.NextNotable()
}

// wakeDriver has the driver wake when the instant at is over, if it would sleep longer. w.mu is
// held.
func (w *World) wakeDriver(at netmodel.Time) {
	now := w.clock()
	at = max(at, now)
	if at >= w.sleeping {
		return
	}
	w.sleeping = at
	if !w.crowded {
		w.timer.Reset(at.Sub(now) + 1)
		return
	}
	w.sleeping, w.nudged = 0, true // once is enough until it sleeps again
	w.nudge <- struct{}{}
}

// crowd is the number of programs from which on nobody changes a timer that the driver waits for:
// the runtime would look through all timers of the bubble when it is due (runtime/time.go, adjust),
// which was half of all time with 8,000 clients. Instead the driver is told to look, and takes a
// new timer: one more switch of goroutines, a tenth of the time of a small world.
const crowd = 200

// turn handles all that lies before the present instant, in order of time, until a program was
// woken: what it does then comes before anything later.
func (w *World) turn() {
	w.mu.Lock()
	defer w.mu.Unlock()
	horizon := w.clock() - 1
	w.takeOps(horizon)
	for !w.stopped {
		due := min(w.net.Next(), w.deadlines.next())
		opAt := netmodel.Never
		if len(w.batch) > w.applied {
			opAt = w.batch[w.applied].at
		}
		switch {
		case due <= opAt && due <= horizon:
			w.stepNetwork(due)
		case opAt <= horizon:
			w.applyNext()
		default:
			w.alive.progress.Store(int64(horizon))
			w.checkLength(horizon)
			return
		}
		if w.woke {
			return
		}
	}
}

// lastInstant is when the run gets too long, or never, if it has failed already.
func (w *World) lastInstant() netmodel.Time {
	if w.err != nil {
		return netmodel.Never
	}
	return netmodel.Time(w.limits.Length)
}

func (w *World) checkLength(now netmodel.Time) {
	if now >= w.lastInstant() {
		w.fail(fmt.Errorf("the run is longer than %v of virtual time: raise Limits.Length, or look for "+
			"a test that never ends", w.limits.Length))
	}
}

func (w *World) stepNetwork(due netmodel.Time) {
	if w.net.Next() <= w.deadlines.next() {
		w.net.Step()
		w.serveWoken()
	} else {
		w.expireDeadlines(due)
	}
	w.checkLimits()
}

func (w *World) applyNext() {
	o := w.batch[w.applied]
	w.batch[w.applied] = op{}
	w.applied++
	if w.applied == len(w.batch) {
		w.batch, w.applied = w.batch[:0], 0
	}
	w.net.AdvanceTo(o.at)
	w.apply(&o)
	w.serveWoken()
	w.checkLimits()
}

func (w *World) apply(o *op) {
	if o.prog != nil && o.prog.frozen && o.kind != opRead {
		o.prog.held = append(o.prog.held, *o)
		return
	}
	switch o.kind {
	case opCall:
		o.fn(o.at)
	case opEvent:
		w.applyEvent(o)
	default:
		o.conn.apply(o)
	}
}

// push appends an op of the present instant and wakes the driver. w.mu is held.
func (w *World) push(o op) {
	if w.closing {
		return
	}
	o.at = w.clock()
	w.ops = append(w.ops, o)
	w.alive.operations.Add(1)
	w.wakeDriver(o.at)
}

// clock is the bubble's time. It is asked several times for each operation, and time.Since is slow
// without a monotonic reading, which a bubble's times do not have (they need none).
func (w *World) clock() netmodel.Time {
	if w.virtual {
		return netmodel.Time(time.Now().UnixNano() - w.epochNano)
	}
	return netmodel.Time(time.Since(w.epoch))
}

// serveWoken hands what the network has for programs to their connections. w.mu is held.
func (w *World) serveWoken() {
	for _, s := range w.net.Woken() {
		if u, ok := s.User.(interface{ woken(netmodel.Time) }); ok {
			u.woken(w.net.Now())
		}
	}
}

// checkLimits ends the run with an error when it outgrows its limits: a program that reconnects
// without pause, say, would otherwise fill the memory.
func (w *World) checkLimits() {
	if n := len(w.rec.Trace.Events); n > w.limits.Events {
		w.fail(fmt.Errorf("the run has more than %d events by %v: look for a loop, or raise "+
			"Limits.Events (`limit events=` of a scenario)", w.limits.Events, w.net.Now().Duration()))
	}
}

// fail ends the run with err; the first error stays. w.mu is held.
func (w *World) fail(err error) {
	if w.err == nil {
		w.err = err
		close(w.failed)
	}
}
