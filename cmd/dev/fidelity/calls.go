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
	due, do := at(rp.last())+1, func() error { return nil }
	consider := func(t netmodel.Time, f func()) {
		if t < due {
			due, do = t, func() error { f(); return nil }
		}
	}
	for _, s := range rp.plan.listen {
		if rp.server == nil && rp.net.Now() < at(s.to) {
			consider(max(at(s.from), rp.net.Now()), rp.listen)
		}
		if rp.server != nil && rp.net.Now() < at(s.to) && at(s.from) <= rp.net.Now() {
			consider(at(s.to), func() { rp.server.Close(rp.net.Now()); rp.server = nil })
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
	t := max(e.readable.Add(readDelay), at(c.half[s].readFrom), rp.net.Now())
	return rp.thawed(s, t)
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
	if o.anchored && e.up {
		if since, ok := e.since(o.after); ok {
			t = since.Add(time.Duration(o.delay * 1e9))
		}
	}
	if !e.up && o.kind != opClose {
		return netmodel.Never
	}
	return max(t, rp.net.Now())
}

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
		e.left = o.bytes
		e.write(now)
	case opShutdown:
		e.sock.Shutdown(now)
	case opKeepalive:
		e.sock.SetKeepAlive(now, true, time.Duration(o.idle)*time.Second,
			time.Duration(o.interval)*time.Second, o.count)
	case opClose:
		e.sock.Close(now)
		e.closed = true
	}
}

func (e *end) write(now netmodel.Time) {
	n, err := e.sock.Write(now, make([]byte, e.left))
	e.left -= n
	if err != netmodel.OK && err != netmodel.EAGAIN {
		e.left = 0 // the connection is gone; the program learns it here
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
