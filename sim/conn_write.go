package sim

import (
	"os"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"halfopen/netmodel"
)

// Write implements net.Conn.
func (c *conn) Write(p []byte) (int, error) {
	began := c.w.clock()
	var sites uint64
	if c.writeCost != nil {
		sites = callSites()
		c.spend(p, began)
	}
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

// spend lets a write of p that begins now take its time. One that will fail takes none: whether a
// program that ends tries to say goodbye is chance, and must not move the dice of the next one.
func (c *conn) spend(p []byte, now netmodel.Time) {
	c.w.mu.Lock()
	if c.usable() != nil {
		c.w.mu.Unlock()
		return
	}
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
	case c.w.clock() >= c.writeDeadline &&
		(c.parking || len(c.overflow) > 0 || c.past(c.writeDeadline)):
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
	if c.veil != nil {
		plain := c.veil.carried(len(p))
		o.data, o.n = append(o.data, plain...), len(plain)
	}
	if c.writeCost != nil {
		o.tie = c.tied(sites, began)
	}
	if began-c.w.lastWoken[c.host.id] > 2 { // no arrival began this instant
		if sites == 0 {
			sites = callSites()
		}
		o.sites = sites
	}
	c.push(o)
}

// writeParking is Write as the kernel has it: it returns when the send buffer has taken everything.
// What has no room waits in overflow, and its writer with it; one writer at a time, as with the
// write lock of a net.TCPConn.
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
