package fidelity

import (
	"maps"
	"slices"
	"strings"
	"time"

	"halfopen/netmodel"
)

// nextCall finds the next thing that a program does, and when.
func (rp *replay) nextCall() (netmodel.Time, func() error) {
	due, do := at(rp.run.last())+1, func() error { return nil }
	consider := func(t netmodel.Time, f func()) {
		if t < due {
			due, do = t, func() error { f(); return nil }
		}
	}
	if spans := rp.plan.listen; len(spans) > 0 {
		if rp.server == nil {
			consider(max(at(spans[0].from), rp.net.Now()), rp.listen)
		} else {
			consider(max(at(spans[0].to), rp.net.Now()), rp.stopListening)
		}
	}
	for _, c := range rp.conns {
		if c.end[Client].sock == nil {
			consider(max(at(c.dial), rp.net.Now()), func() { rp.dial(c) })
		}
		for _, s := range []Side{Client, Broker} {
			if e := &c.end[s]; e.sock != nil && !e.closed {
				if t := rp.readTime(c, s); t != netmodel.Never {
					consider(t, func() { e.read(rp.net.Now()) })
				}
				if t := rp.opTime(c, s); t != netmodel.Never {
					consider(t, func() { rp.perform(c, s) })
				}
			}
		}
	}
	return due, do
}

func (rp *replay) listen() {
	s := rp.broker.NewSocket()
	if n := rp.run.optionsOf(Broker).rcvBuf; n > 0 {
		s.SetRecvBuffer(n)
	}
	s.Bind(rp.run.Meta.port())
	s.Listen(rp.net.Now(), 4096)
	rp.server = s
}

func (rp *replay) stopListening() {
	rp.server.Close(rp.net.Now())
	rp.server = nil
	rp.plan.listen = rp.plan.listen[1:]
}

func (rp *replay) dial(c *live) {
	s := rp.client.NewSocket()
	c.end[Client].sock = s
	s.Bind(c.port)
	rp.setOptions(s, Client)
	s.Connect(rp.net.Now(), netmodel.Endpoint{Addr: rp.broker.Addr(), Port: rp.run.Meta.port()})
}

// thawed returns when the side's program runs again at or after t.
func (rp *replay) thawed(s Side, t netmodel.Time) netmodel.Time {
	for _, f := range rp.plan.frozen[s] {
		if t >= at(f.from) && t < at(f.to) {
			t = at(f.to)
		}
	}
	return t
}

// readTime is when the program reads what there is.
func (rp *replay) readTime(c *live, s Side) netmodel.Time {
	e := &c.end[s]
	if !c.half[s].reads || e.readable == netmodel.Never {
		return netmodel.Never
	}
	t := rp.thawed(s, max(e.readable, at(c.half[s].readFrom), rp.net.Now()))
	if until := c.half[s].readUntil; until > 0 && t > at(until) {
		return netmodel.Never
	}
	return t
}

// read takes everything, as the programs do; EOF and errors end the reading.
func (e *end) read(now netmodel.Time) {
	var buf [65536]byte
	e.readable = netmodel.Never
	for {
		n, err := e.sock.Read(now, buf[:])
		e.got += int64(n)
		if err == netmodel.EAGAIN {
			return
		}
		if n == 0 {
			e.got++ // EOF, or the connection's error
			e.readable = netmodel.Never - 1
			return
		}
	}
}

// opTime is when the program makes its next call: at its time, or its delay after what it answers.
func (rp *replay) opTime(c *live, s Side) netmodel.Time {
	e := &c.end[s]
	if e.left > 0 {
		if e.sock.Writable() {
			return rp.net.Now()
		}
		return netmodel.Never
	}
	ops := c.half[s].ops
	if e.next == len(ops) {
		return netmodel.Never
	}
	o := ops[e.next]
	t := at(o.at)
	if o.anchored {
		since, ok := e.since(o.after)
		switch {
		case ok:
			t = since.Add(time.Duration(o.delay * 1e9))
		case o.kind == opClose:
			t = at(o.at + patience)
		default:
			return netmodel.Never
		}
	}
	if o.kind != opClose {
		if !e.up {
			return netmodel.Never
		}
		t = rp.thawed(s, t)
	}
	return max(t, rp.net.Now())
}

// patience is how long a close waits for the arrival that it answered in the capture.
const patience = 2.0

// since is when the connection had first received so many bytes.
func (e *end) since(bytes int64) (netmodel.Time, bool) {
	first := netmodel.Never
	for n, t := range e.reached {
		if n >= bytes && t < first {
			first = t
		}
	}
	return first, first != netmodel.Never
}

// perform makes the next call.
func (rp *replay) perform(c *live, s Side) {
	e := &c.end[s]
	now := rp.net.Now()
	if e.left > 0 {
		e.write(now)
		return
	}
	o := c.half[s].ops[e.next]
	e.next++
	switch o.kind {
	case opWrite:
		e.left, e.unit = o.bytes, o.unit
		e.write(now)
	case opShutdown:
		e.sock.Shutdown(now)
	case opKeepalive:
		e.sock.SetKeepAlive(true, time.Duration(o.idle)*time.Second,
			time.Duration(o.interval)*time.Second, o.count)
	case opClose:
		e.sock.Close(now)
		e.closed = true
	}
}

// write makes the calls of a write in progress, until the send buffer is full.
func (e *end) write(now netmodel.Time) {
	for e.left > 0 {
		n := e.left
		if e.unit > 0 {
			n = min(n, e.unit)
		}
		k, err := e.sock.Write(now, make([]byte, n))
		e.left -= k
		if err != netmodel.OK && err != netmodel.EAGAIN {
			e.left = 0 // the connection is gone; the program learns it here
		}
		if k < n {
			return
		}
	}
}

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// cutSysctl takes the prefix off a name that the model may know.
func cutSysctl(name string) (string, bool) {
	for _, p := range []string{"net.ipv4.", "net.core."} {
		if s, ok := strings.CutPrefix(name, p); ok {
			return s, true
		}
	}
	return "", false
}
