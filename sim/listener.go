package sim

import (
	"net"
	"slices"
	"sync"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// backlog is the listen queue that Go asks for: net.core.somaxconn (Linux 5.4 and later: 4096).
const backlog = 4096

// listener is a net.Listener on a simulated port. The kernel completes handshakes by itself; Accept
// hands out what is complete.
type listener struct {
	w       *World
	host    *Host
	prog    *program
	sock    *netmodel.Socket
	cond    sync.Cond // L is &w.mu
	options SocketOptions
	waiting int // Accept calls without a connection yet
	ready   []*conn
	closed  bool
}

// Listen announces on a port of the host: address is ":1883", or one of the host's addresses and a
// port. It has net.Listen's signature.
func (h *Host) Listen(network, address string) (net.Listener, error) {
	l, err := h.listen(h.prog, h.sockets, network, address)
	if err != nil {
		return nil, err
	}
	return l, nil
}

func (h *Host) listen(p *program, so SocketOptions, network, address string) (*listener, error) {
	if len(address) > 0 && address[0] == ':' {
		address = h.net.Addr().String() + address
	}
	at, err := h.w.lookup(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	l := &listener{w: h.w, host: h, prog: p, options: so}
	l.cond.L = &h.w.mu
	errno := netmodel.EINVAL
	h.w.do(p, func(now netmodel.Time) {
		h.w.net.SetCause(max(p.lastEvent, h.w.start))
		l.sock = h.net.NewSocket()
		so.apply(l.sock)
		if errno = l.sock.Bind(at.Port); errno == 0 {
			errno = l.sock.Listen(now, backlog)
		}
		l.sock.User = l
		p.listeners = append(p.listeners, l)
		if at := (listening{h, l.sock.Local().Port}); errno == 0 && !slices.Contains(h.w.listened, at) {
			h.w.listened = append(h.w.listened, at)
		}
	})
	if errno != 0 {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: tcpAddr(at),
			Err: errnoError("bind", errno)}
	}
	return l, nil
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	asked := false
	for {
		if l.closed || l.w.closing || l.prog.dead {
			return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: net.ErrClosed}
		}
		if len(l.ready) > 0 {
			c := l.ready[0]
			l.ready = l.ready[1:]
			return c, nil
		}
		if !asked {
			asked = true
			l.w.push(op{kind: opCall, class: classRead, host: l.host.id, lane: int32(l.sock.ID()),
				fn: func(now netmodel.Time) { l.waiting++; l.serve(now) }})
		}
		l.cond.Wait()
	}
}

// woken is called by the driver when a connection is complete.
func (l *listener) woken(now netmodel.Time) { l.serve(now) }

// serve hands complete connections to the waiting calls of Accept.
func (l *listener) serve(now netmodel.Time) {
	for l.waiting > 0 && !l.closed && !l.prog.frozen {
		s, errno := l.sock.Accept(now)
		if errno != 0 {
			return
		}
		l.waiting--
		l.options.apply(s)
		c := newConn(l.host, l.prog, s)
		c.arrival = l.w.lastArrived
		c.record(trace.Accepted, s.Remote().String(), max(l.w.lastArrived, l.w.start))
		c.woken(now)
		l.ready = append(l.ready, c)
		l.w.woke = true
		l.cond.Signal()
	}
}

// Close implements net.Listener. Connections that were accepted stay; those that were not are
// reset.
func (l *listener) Close() error {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	if l.closed {
		return &net.OpError{Op: "close", Net: "tcp", Addr: l.Addr(), Err: net.ErrClosed}
	}
	l.closed = true
	if !l.w.closing {
		l.w.push(op{kind: opCall, class: classClose, host: l.host.id, lane: int32(l.sock.ID()),
			fn: func(now netmodel.Time) {
				l.w.net.SetCause(max(l.prog.lastEvent, l.w.start))
				l.sock.Close(now)
			}})
	}
	l.cond.Broadcast()
	return nil
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return tcpAddr(l.sock.Local()) }
