package sim

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Run runs f in a world of its own, in virtual time, and returns when everything in it has ended.
// It works in any program, not only in tests. f is ordinary blocking Go: time.Sleep costs nothing.
// An error says what went wrong with the world: a limit, programs that never end, ErrStuck.
func Run(f func(*World)) error {
	return RunWith(Options{}, func(w *World) error {
		f(w)
		return nil
	})
}

// RunWith is Run with options, and an error of f's own.
func RunWith(o Options, f func(*World) error) error {
	_, err := run(o, f)
	return err
}

// run also returns the trace, which is complete even if there is an error: it shows what led to it.
func run(o Options, f func(*World) error) (*trace.Trace, error) {
	alive := new(pulse)
	var w *World
	err := bubble(func() error {
		before := runtime.NumGoroutine()
		w = newWorld(o, alive)
		return errors.Join(w.run(f), awaitQuiet(before))
	}, alive)
	if w == nil {
		return nil, err
	}
	return &w.rec.Trace, err
}

// run runs f, and ends the world behind it.
func (w *World) run(f func(*World) error) error {
	result := make(chan error, 1)
	go func() {
		var err error
		defer func() { result <- err }() // also if FailNow of some test ends this goroutine
		err = protect(w, f)
	}()
	var err error
	select {
	case err = <-result:
	case <-w.failed:
		// f may go on for a while; the network refuses it everything from here on.
	}
	w.Close()
	return errors.Join(w.err, err)
}

// endWhenFailed ends the world of a test that outgrows its limits. The test's function may go on
// for a while; the network refuses it everything from here on.
func (w *World) endWhenFailed() {
	select {
	case <-w.failed:
		w.Close()
	case <-w.over:
	}
}

// awaitQuiet lets virtual time run on until the world's programs have ended: time stops with the
// bubble's first goroutine. Their number tells when it is worth looking at the goroutines
// themselves; it alone does not tell, because others come and go in this process.
func awaitQuiet(before int) error {
	b := thisBubble()
	for _, d := range []time.Duration{time.Millisecond, time.Second, time.Minute} {
		time.Sleep(d)
		if runtime.NumGoroutine() <= before && len(b.goroutines()) == 0 {
			return nil
		}
	}
	if left := b.wait(); len(left) > 0 {
		return errors.New(leakText(left))
	}
	return nil
}

// protect runs f and turns a panic into an error: on the bubble's zero T nobody else could.
func protect(w *World, f func(*World) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New(w.recovered(p))
		}
	}()
	return f(w)
}

// Close ends the world: the trace is complete, the network refuses everything, clients and brokers
// are told to stop. Virtual time runs on, at no cost, until their goroutines have ended: paho's
// back-off is a plain sleep of up to MaxReconnectInterval that nothing interrupts.
func (w *World) Close() {
	w.settle()
	w.mu.Lock()
	if w.closing {
		w.mu.Unlock()
		return
	}
	w.finishTrace()
	w.closing = true
	close(w.over)
	for _, p := range w.programs {
		for _, c := range p.conns {
			c.wake()
		}
		for _, l := range p.listeners {
			l.cond.Broadcast()
		}
	}
	clients, brokers := w.clients, w.brokers
	w.stopped = true
	w.wakeDriver(0)
	w.mu.Unlock()
	<-w.driverDone
	for _, c := range clients {
		go c.MQTT().Disconnect(250)
	}
	for _, b := range brokers {
		if s := b.server.Load(); s != nil {
			_ = s.Close()
		}
	}
}

// finishTrace adds the last event and completes the tables.
func (w *World) finishTrace() {
	t := &w.rec.Trace
	t.Length = max(w.net.Now(), w.clock()-1)
	ev := trace.Event{App: &trace.App{}}
	ev.Kind, ev.At, ev.Cause = trace.End, t.Length, w.start
	w.rec.App(ev)
	for _, s := range w.net.Sockets() {
		i := int(s.ID()) - 1
		for i >= len(t.Sockets) {
			t.Sockets = append(t.Sockets, trace.Socket{Host: s.Host().ID()})
		}
		e := &t.Sockets[i]
		if e.Local == (netmodel.Endpoint{}) {
			e.Local, e.Remote = s.Local(), s.Remote()
		}
	}
}

// Log puts a line into the trace.
func (w *World) Log(format string, args ...any) {
	w.director().event(trace.Note, trace.App{Text: fmt.Sprintf(format, args...)}, nil)
}

// sleepUntil sleeps until a virtual instant, or the end of the world.
func (w *World) sleepUntil(at time.Duration) bool {
	select {
	case <-time.After(at - w.Now()):
		return true
	case <-w.over:
		return false
	}
}
