package soak

import (
	"fmt"
	"time"

	"halfopen/netmodel"
)

// Limits of a case.
const (
	serverPort = 1883
	// settle is how long after healing a connection may take: tcp_retries2 gives up after 15 minutes,
	// and a retransmission may be two minutes away.
	settle   = 20 * time.Minute
	maxSteps = 5_000_000
)

// flowRun is a case that runs.
type flowRun struct {
	*Flow
	net      *netmodel.Network
	hosts    [2]*netmodel.Host
	listener *netmodel.Socket
	conns    []*pairOf
	ledger   ledger
	steps    int
}

// pairOf is a connection: both programs.
type pairOf struct {
	t    Traffic
	port uint16
	side [2]program
}

// program is one end: what it wrote, what it read, how it ended.
type program struct {
	sock    *netmodel.Socket
	pending int // bytes of a write that found the buffer full
	wrote   int
	read    int
	eof     bool
	err     netmodel.Errno
	closed  bool
	probed  bool // the last byte, after healing, is written
}

// pattern is the byte at an offset of a stream; each direction of each connection has its own.
func pattern(conn, side, offset int) byte {
	return byte(offset*7 + offset>>8 + offset>>16 + conn*31 + side*101)
}

// Run runs the case and returns what does not hold, or nil.
func (f *Flow) Run() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	r := &flowRun{Flow: f}
	r.net = netmodel.New(netmodel.Config{Seed: f.Seed, Sink: &r.ledger})
	for i, name := range [...]string{"client", "server"} {
		r.hosts[i] = r.net.AddHost(netmodel.HostConfig{Name: name})
	}
	link := r.net.AddLink(r.hosts[0], r.hosts[1], f.Link)
	r.listener = r.hosts[1].NewSocket()
	r.listener.Bind(serverPort)
	r.listener.Listen(0, 128)
	for i, t := range f.Conns {
		r.conns = append(r.conns, &pairOf{t: t, port: uint16(40_001 + i)})
	}
	agenda := r.agenda(link)
	for _, a := range agenda {
		if err := r.runTo(netmodel.Time(a.at)); err != nil {
			return err
		}
		a.do()
		if err := r.serve(); err != nil {
			return err
		}
	}
	if err := r.runTo(netmodel.Time(f.Heal + settle)); err != nil {
		return err
	}
	if err := r.ended(); err != nil {
		return err
	}
	return r.ledger.check(r.net.Now())
}

// runTo lets the network run up to t, and the programs after each of its events.
func (r *flowRun) runTo(t netmodel.Time) error {
	for r.net.Next() <= t {
		if r.steps++; r.steps > maxSteps {
			return fmt.Errorf("at %v: the network does not come to rest", r.net.Now().Duration())
		}
		r.net.Step()
		if len(r.net.Woken()) > 0 {
			if err := r.serve(); err != nil {
				return err
			}
		}
	}
	if t > r.net.Now() {
		r.net.AdvanceTo(t)
	}
	return nil
}

// serve lets all programs do what they can: accept, read, go on writing.
func (r *flowRun) serve() error {
	now := r.net.Now()
	for r.listener.Readable() {
		s, e := r.listener.Accept(now)
		if e != netmodel.OK {
			break
		}
		for _, c := range r.conns {
			if c.port == s.Remote().Port && c.side[1].sock == nil {
				c.side[1].sock = s
			}
		}
	}
	for i, c := range r.conns {
		for s := range c.side {
			if err := c.side[s].serve(now, i, s); err != nil {
				return fmt.Errorf("at %v, connection %d, %s: %w", now.Duration(), i+1,
					r.hosts[s].Name(), err)
			}
		}
	}
	return nil
}

func (p *program) serve(now netmodel.Time, conn, side int) error {
	if p.sock == nil || p.closed {
		return nil
	}
	var buf [4096]byte
	for !p.eof && p.err == netmodel.OK && p.sock.Readable() {
		n, e := p.sock.Read(now, buf[:])
		for i := range n {
			if want := pattern(conn, 1-side, p.read); buf[i] != want {
				return fmt.Errorf("byte %d is %d, not %d", p.read, buf[i], want)
			}
			p.read++
		}
		switch {
		case e == netmodel.EAGAIN:
			return fmt.Errorf("readable, but read says EAGAIN")
		case e != netmodel.OK:
			p.err = e
		case n == 0:
			p.eof = true
		}
	}
	if p.pending > 0 && p.err == netmodel.OK && p.sock.Writable() {
		p.write(now, conn, side, 0)
	}
	return nil
}

// write writes n more bytes, behind what could not be written before.
func (p *program) write(now netmodel.Time, conn, side, n int) {
	if p.sock == nil || p.closed || p.err != netmodel.OK {
		return
	}
	p.pending += n
	b := make([]byte, p.pending)
	for i := range b {
		b[i] = pattern(conn, side, p.wrote+i)
	}
	k, e := p.sock.Write(now, b)
	p.wrote += k
	p.pending -= k
	if e != netmodel.OK && e != netmodel.EAGAIN && e != netmodel.ENOTCONN {
		p.err = e
	}
}
