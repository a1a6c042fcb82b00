package sim

import (
	"io"
	"net"
	"os"
	"sync"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// maxOverflow is how many bytes a connection whose Write does not park accepts beyond the socket's
// send buffer, before the run ends with an error: a loop that writes until it fails would otherwise
// never become idle.
const maxOverflow = 16 << 20

// conn is a net.Conn over a simulated TCP connection. Its methods are safe for concurrent use, as
// those of net.TCPConn are.
//
// Received bytes wait in staged, where the driver puts them when they arrive; the kernel is told
// that they were read when the program has read them. Written bytes go to the driver's list. By
// default Write does not park when the send buffer is full, because brokers hold a mutex around it,
// which would stop virtual time: it accepts the bytes into overflow.
type conn struct {
	w    *World
	host *Host
	prog *program
	sock *netmodel.Socket
	cond sync.Cond // L is &w.mu; readers, writers and dialers of this connection wait on it

	staged   []byte
	readPos  int
	eof      bool
	sawEnd   bool // the trace knows that the program saw the end
	err      netmodel.Errno
	overflow []byte
	ending   func(now netmodel.Time) // what the program did after writing: for when overflow is empty
	parking  bool
	parked   int  // bytes of writes that the driver has not taken yet
	writing  bool // a writer waits until the send buffer has taken everything

	closed, writeClosed         bool
	readers, writers            int
	readDeadline, writeDeadline netmodel.Time
	armed                       netmodel.Time
	writeCost                   *writeCosts

	arrival   trace.ID // the last segment with data, or the end, that arrived
	failure   trace.ID // what broke the connection
	out       stream
	veil      *veil  // nil: what is on the wire is what the program wrote
	written   uint64 // bytes that the driver has taken
	taken     uint64 // bytes that the program has read: see deliver
	delivered int    // packets of the other side that are whole in them
	presented bool   // a CONNACK with session present was written here
	mqttID    string // the client id of this connection's session
	last      lastWrite
	pinged    trace.ID // the last PINGREQ written here
}

func newConn(h *Host, p *program, s *netmodel.Socket) *conn {
	c := &conn{w: h.w, host: h, prog: p, sock: s, parking: h.parking,
		readDeadline: netmodel.Never, writeDeadline: netmodel.Never, armed: netmodel.Never}
	c.cond.L = &h.w.mu
	s.User = c
	p.add(c)
	h.w.socketEntry(s.ID(), h.id).Actor = p.name
	return c
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	for {
		if err := c.usable(); err != nil {
			return 0, c.opError("read", err)
		}
		if c.w.clock() >= c.readDeadline {
			return 0, c.opError("read", os.ErrDeadlineExceeded)
		}
		switch {
		case len(p) == 0:
			return 0, nil
		case c.prog.frozen:
		case c.readPos < len(c.staged):
			return c.take(p), nil
		case c.err != 0:
			return 0, c.opError("read", errnoError("read", c.end()))
		case c.eof:
			c.end()
			return 0, io.EOF
		}
		c.readers++
		c.cond.Wait()
		c.readers--
	}
}

func (c *conn) take(p []byte) int {
	n := copy(p, c.staged[c.readPos:])
	c.readPos += n
	if c.readPos == len(c.staged) {
		c.staged, c.readPos = c.staged[:0], 0
	}
	c.push(op{kind: opRead, class: classRead, n: n})
	return n
}

// end consumes the pending error, as the kernel does: it is reported once, then reads give EOF.
func (c *conn) end() netmodel.Errno {
	errno := c.err
	c.err, c.eof = 0, true
	if !c.sawEnd {
		c.sawEnd = true
		text := "EOF"
		if errno != 0 {
			text = errnoError("read", errno).Error()
		}
		c.event(trace.ReadFailed, text, classRead)
	}
	return errno
}

// Close implements net.Conn: close(2), which sends FIN, or RST if received data was not read.
func (c *conn) Close() error {
	return c.closeWith(op{kind: opClose, class: classClose})
}

func (c *conn) closeWith(o op) error {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if c.closed {
		return c.opError("close", net.ErrClosed)
	}
	c.closed = true
	if !c.w.closing {
		c.push(o)
	}
	c.wake()
	return nil
}

// CloseWrite sends FIN after what was written: the other side reads EOF and may go on sending.
func (c *conn) CloseWrite() error {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if err := c.usable(); err != nil {
		return c.opError("close", err)
	}
	if !c.writeClosed {
		c.writeClosed = true
		c.push(op{kind: opShutdown, class: classClose})
	}
	return nil
}

// LocalAddr and RemoteAddr implement net.Conn.
func (c *conn) LocalAddr() net.Addr  { return tcpAddr(c.sock.Local()) }
func (c *conn) RemoteAddr() net.Addr { return tcpAddr(c.sock.Remote()) }

// SetDeadline, SetReadDeadline and SetWriteDeadline implement net.Conn.
func (c *conn) SetDeadline(t time.Time) error      { return c.setDeadline(t, true, true) }
func (c *conn) SetReadDeadline(t time.Time) error  { return c.setDeadline(t, true, false) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(t, false, true) }

func (c *conn) setDeadline(t time.Time, read, write bool) error {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if err := c.usable(); err != nil {
		return c.opError("set", err)
	}
	now := c.w.clock()
	at := netmodel.Never
	if !t.IsZero() {
		at = netmodel.Time(t.Sub(c.w.epoch))
		if at <= now {
			at = -1
		}
	}
	if read {
		c.readDeadline = at
	}
	if write {
		c.writeDeadline = at
	}
	if at < now && c.readers+c.writers > 0 {
		c.wake()
	}
	if at >= 0 {
		c.w.armDeadline(c)
	}
	return nil
}

// usable says why no call on c makes sense any more, or nil. After the end of the world the network
// refuses everything, so that programs' goroutines come to an end.
func (c *conn) usable() error {
	if c.closed || c.w.closing || c.prog.dead {
		return net.ErrClosed
	}
	return nil
}

func (c *conn) wake() { c.cond.Broadcast() }

func (c *conn) push(o op) {
	o.host, o.lane, o.conn, o.prog = c.host.id, int32(c.sock.ID()), c, c.prog
	c.w.push(o)
}
