package sim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Host is a machine. Programs on it reach the network through Dial and Listen.
type Host struct {
	w       *World
	id      netmodel.HostID
	name    string
	net     *netmodel.Host
	prog    *program // what Dial and Listen belong to
	sockets SocketOptions
	parking bool
}

// SocketOptions are what a program's standard library sets on each TCP socket. The zero value is
// the kernel's defaults, with TCP_NODELAY.
type SocketOptions struct {
	KeepAlive         bool          // SO_KEEPALIVE: probe a silent connection
	KeepAliveIdle     time.Duration // TCP_KEEPIDLE: silence before the first probe
	KeepAliveInterval time.Duration // TCP_KEEPINTVL: between probes
	KeepAliveCount    int           // TCP_KEEPCNT: unanswered probes before giving up
	Nagle             bool          // no TCP_NODELAY: small writes wait for acknowledgements
	UserTimeout       time.Duration // TCP_USER_TIMEOUT: how long data may be unacknowledged; 0: off
}

// GoSockets is what net.Dialer and net.ListenConfig set: TCP_NODELAY, and keepalive probes after
// 15 s of silence, every 15 s, 9 times (GOROOT/src/net/dial.go and tcpsock_unix.go, Go 1.26).
var GoSockets = SocketOptions{KeepAlive: true, KeepAliveIdle: 15 * time.Second,
	KeepAliveInterval: 15 * time.Second, KeepAliveCount: 9}

// Host adds a machine named name, which no other has. Without options it runs Linux and has the
// next free address.
func (w *World) Host(name string, opts ...HostOption) *Host {
	c := hostConfig{HostConfig: netmodel.HostConfig{Name: name}}
	for _, o := range opts {
		o(&c)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.addHost(c)
}

type hostConfig struct {
	netmodel.HostConfig
	parking bool
}

// A HostOption changes a machine from the default.
type HostOption func(*hostConfig)

// WithProfile gives the machine another TCP stack than Linux's.
func WithProfile(p *netmodel.Profile) HostOption {
	return func(c *hostConfig) { c.Profile = p }
}

// WithAddr gives the machine an address.
func WithAddr(a netmodel.Addr) HostOption { return func(c *hostConfig) { c.Addr = a } }

// WithNAT makes the machine a router that translates the addresses of what is behind it.
func WithNAT(n netmodel.NATConfig) HostOption {
	return func(c *hostConfig) { c.Router, c.NAT = true, &n }
}

// AsRouter makes the machine a plain router.
func AsRouter() HostOption { return func(c *hostConfig) { c.Router = true } }

// WithParkingWrites gives the machine's connections the real send buffer: Write parks when it is
// full. Never use it for programs that write under a mutex (mochi, paho.golang, crypto/tls): a
// writer that parks with a mutex held, which another wants, stops virtual time.
func WithParkingWrites() HostOption { return func(c *hostConfig) { c.parking = true } }

func (w *World) addHost(c hostConfig) *Host {
	if len(w.hosts) >= w.limits.Hosts {
		w.fail(fmt.Errorf("the world has more than %d hosts: raise Limits.Hosts (`limit hosts=` of a "+
			"scenario)", w.limits.Hosts))
	}
	if w.byName[c.Name] != nil {
		panic("sim: there is a host named " + c.Name + " already; ClientConfig.Host and OnHost put " +
			"programs on a host that exists")
	}
	h := &Host{w: w, name: c.Name, parking: c.parking, sockets: GoSockets}
	h.net = w.net.AddHost(c.HostConfig)
	h.id = h.net.ID()
	h.prog = w.newProgram(c.Name, h)
	w.hosts = append(w.hosts, h)
	w.lastWoken = append(w.lastWoken, -1)
	w.byName[c.Name] = h
	w.rec.Trace.Hosts = append(w.rec.Trace.Hosts, trace.Host{Name: c.Name, Addr: h.net.Addr(),
		Profile: h.net.Profile().Name, Router: c.Router})
	return h
}

// Name is the machine's name.
func (h *Host) Name() string { return h.name }

// Addr is its present address.
func (h *Host) Addr() netmodel.Addr { return h.net.Addr() }

// lookup finds the endpoint for "host:port", where host is a machine's name or an address.
func (w *World) lookup(network, address string) (netmodel.Endpoint, error) {
	if network != "tcp" && network != "tcp4" {
		return netmodel.Endpoint{}, net.UnknownNetworkError(network)
	}
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return netmodel.Endpoint{}, err
	}
	p, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netmodel.Endpoint{}, &net.AddrError{Err: "invalid port", Addr: port}
	}
	if a, err := netmodel.ParseAddr(name); err == nil {
		return netmodel.Endpoint{Addr: a, Port: uint16(p)}, nil
	}
	if name == "localhost" {
		return netmodel.Endpoint{Addr: netmodel.Loopback, Port: uint16(p)}, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if h := w.byName[name]; h != nil {
		return netmodel.Endpoint{Addr: h.net.Addr(), Port: uint16(p)}, nil
	}
	return netmodel.Endpoint{}, &net.DNSError{Err: "no such host in this world" + w.knownHosts(),
		Name: name, IsNotFound: true}
}

// knownHosts names the first of the world's machines, for an error. w.mu is held.
func (w *World) knownHosts() string {
	const enough = 5
	names := ""
	for i, h := range w.hosts {
		if i == enough {
			names += " ..."
			break
		}
		names += " " + h.name
	}
	if names == "" {
		return ""
	}
	return ", which has" + names
}

// Dial connects to address ("hub:1883", or an IPv4 address and port). It has net.Dial's signature.
func (h *Host) Dial(network, address string) (net.Conn, error) {
	return h.DialContext(context.Background(), network, address)
}

// DialContext is Dial with a context, for http.Transport and the like. Errors are those of package
// net: *net.OpError around ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, a time-out or a cancellation.
func (h *Host) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := h.dial(ctx, h.prog, h.sockets, network, address)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// errTimeout is what package net reports when a dial's time is over; it is also a deadline error.
type errTimeout struct{}

func (errTimeout) Error() string   { return "i/o timeout" }
func (errTimeout) Timeout() bool   { return true }
func (errTimeout) Temporary() bool { return true }
func (errTimeout) Is(e error) bool {
	return e == context.DeadlineExceeded || e == os.ErrDeadlineExceeded
}

func (h *Host) dial(ctx context.Context, p *program, so SocketOptions, network, address string) (
	*conn, error) {
	to, err := h.w.lookup(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	d := &dialing{h: h, p: p, to: to, options: so, result: make(chan netmodel.Errno, 1)}
	h.w.call(p, classDial, d.begin)
	fail := func(err error) (*conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Addr: tcpAddr(to), Err: err}
	}
	select {
	case errno := <-d.result:
		if errno != 0 {
			return fail(errnoError("connect", errno))
		}
		return d.conn, nil
	case <-h.w.over:
		return fail(net.ErrClosed)
	case <-ctx.Done():
		text, err := "canceled", error(context.Canceled)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			text, err = "i/o timeout", errTimeout{}
		}
		h.w.call(p, classClose, func(now netmodel.Time) { d.abandon(now, text) })
		return fail(err)
	}
}

// dialing is one connect(2) under way. Its methods run on the driver.
type dialing struct {
	h       *Host
	p       *program
	to      netmodel.Endpoint
	options SocketOptions
	conn    *conn
	started trace.ID
	done    bool
	result  chan netmodel.Errno
}

func (d *dialing) begin(now netmodel.Time) {
	w := d.h.w
	s := d.h.net.NewSocket()
	d.options.apply(s)
	d.conn = newConn(d.h, d.p, s)
	s.User = d
	d.started = d.record(trace.DialStarted, d.to.String(), max(d.p.lastEvent, w.start))
	w.net.SetCause(d.started)
	if d.h.net.PoweredOff() {
		d.finish(netmodel.ENETUNREACH) // nobody is there to ask; see PowerOff
	} else if errno := s.Connect(now, d.to); errno != 0 {
		d.finish(errno)
	}
}

func (d *dialing) record(kind netmodel.Kind, text string, cause trace.ID) trace.ID {
	return d.conn.record(kind, text, cause)
}

// woken is called when the socket's readiness has changed.
func (d *dialing) woken(now netmodel.Time) {
	s := d.conn.sock
	if errno := s.TakeError(); errno != 0 {
		d.finish(errno)
	} else if s.State() != netmodel.SynSent && s.State() != netmodel.SynReceived {
		d.finish(0)
		d.conn.woken(now)
	}
}

func (d *dialing) finish(errno netmodel.Errno) {
	if d.done {
		return
	}
	d.done = true
	w := d.h.w
	if errno != 0 {
		w.noteFutile(d.h, d.to, errno)
		d.p.lastEvent = d.record(trace.DialFailed, errnoError("connect", errno).Error(),
			max(w.lastError, d.started))
		d.conn.closed = true
		d.conn.sock.Close(w.net.Now())
	} else {
		d.conn.sock.User = d.conn
		d.conn.arrival = w.lastArrived
		d.record(trace.DialDone, d.to.String(), max(w.lastArrived, d.started))
	}
	w.woke = true
	d.result <- errno
}

// abandon closes a socket that nobody waits for any more.
func (d *dialing) abandon(now netmodel.Time, why string) {
	if d.conn == nil {
		return
	}
	if !d.done {
		d.done = true
		d.p.lastEvent = d.record(trace.DialFailed, why, d.started)
		d.h.w.net.SetCause(d.p.lastEvent)
	}
	if !d.conn.closed {
		d.conn.closed = true
		d.conn.sock.Close(now)
	}
}

func (o SocketOptions) apply(s *netmodel.Socket) {
	s.SetNoDelay(!o.Nagle)
	s.SetKeepAlive(o.KeepAlive, o.KeepAliveIdle, o.KeepAliveInterval, o.KeepAliveCount)
	if o.UserTimeout > 0 {
		s.SetUserTimeout(o.UserTimeout)
	}
}
