package sim

import (
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

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
	blocked  bool                    // overflow was not empty since writeBlocked
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

// Write implements net.Conn.
func (c *conn) Write(p []byte) (int, error) {
	sites, began := callSites(), c.w.clock()
	c.spend(p, began)
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if err := c.writable(); err != nil {
		return 0, c.opError("write", err)
	}
	if len(p) == 0 {
		return 0, nil
	}
	if c.parking {
		return c.writeParking(p, sites, began)
	}
	if len(c.overflow) > maxOverflow {
		return 0, c.opError("write", os.ErrDeadlineExceeded)
	}
	c.pushWrite(p, sites, began)
	return len(p), nil
}

// spend lets a write of p that begins now take its time.
func (c *conn) spend(p []byte, now netmodel.Time) {
	if c.writeCost == nil {
		return
	}
	c.w.mu.Lock()
	since := now.Sub(c.w.lastWoken[c.host.id])
	matters := len(p) > 0 && p[0]>>4 != packets.Connect
	d := c.writeCost.next(since < answerTime, matters)
	c.w.mu.Unlock()
	if d > 0 {
		time.Sleep(d)
	}
}

// answerTime is how soon after an arrival a write counts as due to it: far more than a few writes
// take, far less than a timer of a program.
const answerTime = time.Millisecond

// writable says why the program may not write now, or nil.
func (c *conn) writable() error {
	switch {
	case c.usable() != nil:
		return c.usable()
	case c.writeClosed:
		return errnoError("write", netmodel.EPIPE)
	case c.w.clock() >= c.writeDeadline && (c.parking || len(c.overflow) > 0 || c.past(c.writeDeadline)):
		return os.ErrDeadlineExceeded
	case c.err != 0:
		return errnoError("write", c.end())
	case c.failure != 0:
		return errnoError("write", netmodel.EPIPE)
	}
	return nil
}

// past reports whether a deadline had passed already when it was set, which real connections report
// at the next call even though nothing would block.
func (c *conn) past(d netmodel.Time) bool { return d < 0 }

func (c *conn) pushWrite(p []byte, sites uint64, began netmodel.Time) {
	o := op{kind: opWrite, class: classWrite, data: append([]byte(nil), p...)}
	if c.writeCost != nil {
		o.tie = c.tied(sites, began)
	}
	if began-c.w.lastWoken[c.host.id] > 2 {
		o.sites = sites // no arrival began this instant
	}
	c.push(o)
}

// writeParking is Write as the kernel has it: it returns when the send buffer has taken everything.
// What has no room waits in overflow, and its writer with it; one writer at a time, as with the write
// lock of a net.TCPConn.
func (c *conn) writeParking(p []byte, sites uint64, began netmodel.Time) (int, error) {
	for c.writing {
		if err := c.waitToWrite(); err != nil {
			return 0, c.opError("write", err)
		}
	}
	c.writing = true
	defer func() {
		c.writing = false
		c.wake()
	}()
	room := c.sock.SendSpace() - c.parked
	c.parked += len(p)
	c.pushWrite(p, sites, began)
	if len(p) <= room && !c.prog.frozen {
		return len(p), nil
	}
	for c.parked > 0 || len(c.overflow) > 0 {
		if err := c.waitToWrite(); err != nil {
			unsent := min(len(c.overflow)+c.parked, len(p))
			c.overflow = nil
			return len(p) - unsent, c.opError("write", err)
		}
	}
	return len(p), nil
}

func (c *conn) waitToWrite() error {
	if err := c.writable(); err != nil {
		return err
	}
	c.writers++
	c.cond.Wait()
	c.writers--
	return nil
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
