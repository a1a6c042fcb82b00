package paho5

import (
	"net"
)

// conn is what paho.golang wants of a connection: writers exclude each other by sync.Locker.
//
// A mutex would do, were it not for virtual time, which stands still while a goroutine waits for a
// mutex: the turn to write is a token in a channel, for which goroutines wait durably.
//
// paho.golang writes a packet in several pieces, through net.Buffers, which the kernel gets as one
// writev(2). So the pieces between Lock and Unlock are one write here, too: one segment.
type conn struct {
	net.Conn
	turn   chan struct{}
	pieces []byte
	locked bool
	err    error // of the last packet's write, reported with the next
}

func newConn(c net.Conn) *conn { return &conn{Conn: c, turn: make(chan struct{}, 1)} }

// Lock implements sync.Locker: it begins a packet.
func (c *conn) Lock() {
	c.turn <- struct{}{}
	c.locked = true
}

// Unlock implements sync.Locker: it sends the packet.
func (c *conn) Unlock() {
	if len(c.pieces) > 0 && c.err == nil {
		_, c.err = c.Conn.Write(c.pieces)
	}
	c.pieces, c.locked = c.pieces[:0], false
	<-c.turn
}

// Write implements net.Conn. It may be called without Lock, by the connection's only writer.
func (c *conn) Write(p []byte) (int, error) {
	switch {
	case c.err != nil:
		return 0, c.err
	case !c.locked:
		return c.Conn.Write(p)
	}
	c.pieces = append(c.pieces, p...)
	return len(p), nil
}
