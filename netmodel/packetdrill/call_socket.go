package packetdrill

import (
	"fmt"
	"time"

	"halfopen/netmodel"
)

func (r *runner) callSocket(c *Call) (attempt, error) {
	kind, err := r.intOf(c.arg(1))
	if err != nil {
		return nil, err
	}
	fd, err := r.intOf(c.Result)
	if err != nil {
		return nil, err
	}
	if kind&0xf != sockStream {
		return nil, fmt.Errorf("sockets that are not SOCK_STREAM: %w", ErrUnsupported)
	}
	f := &file{sock: r.host.NewSocket(), conn: &conn{}, nonblock: kind&oNonblock != 0}
	r.open(fd, f)
	r.conn = f.conn
	return done(outcome{result: fd}), nil
}

// endpoint reads a socket address; "..." stands for the usual one.
func (r *runner) endpoint(e *Expr, usual netmodel.Endpoint) (netmodel.Endpoint, error) {
	if e == nil || e.Kind == ExprEllipsis {
		return usual, nil
	}
	port, err := r.intOf(e.field("sin_port"))
	if err != nil {
		return usual, err
	}
	usual.Port = uint16(port)
	if a := e.field("sin_addr"); a != nil && a.Kind == ExprCall && len(a.List) == 1 {
		addr, err := netmodel.ParseAddr(a.List[0].Text)
		if err != nil {
			return usual, err
		}
		if addr != 0 {
			usual.Addr = addr
		}
	}
	return usual, nil
}

func (r *runner) callBind(f *file, c *Call) (attempt, error) {
	to, err := r.endpoint(c.arg(1), r.local)
	if err != nil {
		return nil, err
	}
	return once(func() outcome {
		if e := f.sock.Bind(to.Port); e != netmodel.OK {
			return fail(e)
		}
		f.conn.local = to
		return outcome{}
	}), nil
}

func (r *runner) callListen(f *file, c *Call) (attempt, error) {
	backlog, err := r.intOf(c.arg(1))
	return once(func() outcome {
		if e := f.sock.Listen(r.net.Now(), int(backlog)); e != netmodel.OK {
			return fail(e)
		}
		f.conn.role = roleListen
		if f.conn.local.Port == 0 {
			f.conn.local = f.sock.Local()
		}
		return outcome{}
	}), err
}

// callConnect starts once and then waits for the handshake, unless the socket does not block.
func (r *runner) callConnect(f *file, c *Call) (attempt, error) {
	to, err := r.endpoint(c.arg(1), r.remote)
	if err != nil {
		return nil, err
	}
	started := false
	return func() (outcome, error) {
		if started {
			return connected(f.sock), nil
		}
		started = true
		fresh := f.sock.State() == netmodel.Closed
		if fresh {
			f.conn.role, f.conn.remote = roleActive, to
			f.conn.known, f.conn.opened = false, false
			r.conn = f.conn
		}
		if e := f.sock.Connect(r.net.Now(), to); e != netmodel.OK && e != netmodel.EINPROGRESS {
			return fail(e), nil
		}
		if f.nonblock {
			return failName("EINPROGRESS"), nil
		}
		return connected(f.sock), nil
	}, nil
}

// connected is the state of a connect(2) that was started before.
func connected(s *netmodel.Socket) outcome {
	switch s.State() {
	case netmodel.SynSent, netmodel.SynReceived:
		return outcome{blocked: true}
	case netmodel.Closed:
		if e := s.TakeError(); e != netmodel.OK {
			return fail(e)
		}
		return fail(netmodel.ECONNABORTED)
	}
	return outcome{}
}

func (r *runner) callAccept(f *file, c *Call) (attempt, error) {
	fd, err := r.intOf(c.Result)
	if err != nil {
		return nil, err
	}
	var flags int64
	if c.Name == "accept4" {
		if flags, err = r.intOf(c.arg(3)); err != nil {
			return nil, err
		}
	}
	return func() (outcome, error) {
		s, e := f.sock.Accept(r.net.Now())
		if e == netmodel.EAGAIN && !f.nonblock {
			return outcome{blocked: true}, nil
		}
		if e != netmodel.OK {
			return fail(e), nil
		}
		got := &file{sock: s, conn: r.conn, nonblock: flags&oNonblock != 0}
		if r.conn.role != rolePassive || s.Remote() != r.conn.remote {
			got.conn = &conn{role: rolePassive, known: true, local: s.Local(), remote: s.Remote()}
		}
		r.open(max(fd, 0), got)
		return outcome{result: max(fd, 0)}, nil
	}, nil
}

// callClose returns at once, except with SO_LINGER: it then waits for the FIN to be acknowledged,
// no longer than asked for (sk_stream_wait_close).
func (r *runner) callClose(f *file, c *Call) (attempt, error) {
	var until time.Duration
	closed := false
	return func() (outcome, error) {
		if !closed {
			closed, until = true, r.now()+f.linger
			r.closeFile(f)
		}
		if f.sock == nil || !closing[f.sock.State()] || r.now() >= until {
			return outcome{}, nil
		}
		r.wakeAt(until)
		return outcome{blocked: true}, nil
	}, nil
}

// closing are the states in which the FIN is not acknowledged.
var closing = map[netmodel.State]bool{netmodel.FinWait1: true, netmodel.Closing: true,
	netmodel.LastAck: true}

func (r *runner) closeFile(f *file) {
	delete(r.fds, f.fd)
	if f.sock == nil {
		return
	}
	f.sock.Close(r.net.Now())
	if f.conn.role == roleNone || f.conn.role == roleListen {
		f.conn.role = roleNone
	}
}

func (r *runner) callShutdown(f *file, c *Call) (attempt, error) {
	how, err := r.intOf(c.arg(1))
	return once(func() outcome {
		e := netmodel.OK
		if how == shutRead || how == shutBoth {
			e = f.sock.ShutdownRead(r.net.Now())
		}
		if e == netmodel.OK && how != shutRead {
			e = f.sock.Shutdown(r.net.Now())
		}
		if e != netmodel.OK {
			return fail(e)
		}
		return outcome{}
	}), err
}

func (r *runner) callFcntl(f *file, c *Call) (attempt, error) {
	cmd := c.arg(1)
	if cmd == nil {
		return nil, fmt.Errorf("no command")
	}
	switch cmd.Text {
	case "F_GETFL":
		flags := int64(oRDWR)
		if f.nonblock {
			flags |= oNonblock
		}
		return done(outcome{result: flags}), nil
	case "F_SETFL":
		flags, err := r.intOf(c.arg(2))
		f.nonblock = flags&oNonblock != 0
		return done(outcome{}), err
	}
	return nil, fmt.Errorf("%s: %w", cmd.Text, ErrUnsupported)
}

// callIoctl answers SIOCINQ (bytes that can be read; one more stands for a FIN behind nothing) and
// SIOCOUTQ (bytes not acknowledged).
func (r *runner) callIoctl(f *file, c *Call) (attempt, error) {
	cmd := c.arg(1)
	if cmd == nil {
		return nil, fmt.Errorf("no command")
	}
	var n int
	switch cmd.Text {
	case "SIOCINQ", "FIONREAD":
		n = f.sock.Buffered()
	case "SIOCOUTQ":
		n = f.sock.Unacked() + f.sock.Unsent()
	case "SIOCOUTQNSD":
		n = f.sock.Unsent()
	default:
		return nil, fmt.Errorf("%s: %w", cmd.Text, ErrUnsupported)
	}
	if err := r.same(c.arg(2), int64(n)); err != nil {
		return nil, err
	}
	return done(outcome{}), nil
}

// same compares a value that a call stores with the script's [value].
func (r *runner) same(e *Expr, got int64) error {
	if e == nil || e.Kind == ExprEllipsis {
		return nil
	}
	if e.Kind == ExprList && len(e.List) == 1 {
		e = e.List[0]
	}
	if e.Kind == ExprEllipsis {
		return nil
	}
	want, err := r.intOf(e)
	if err == nil && want != got {
		err = &mismatch{what: "another value", expected: fmt.Sprint(want), actual: fmt.Sprint(got)}
	}
	return err
}
