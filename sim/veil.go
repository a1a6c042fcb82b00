package sim

import "net"

// This file sees through TLS and WebSockets where this package has put them between a program and
// its connection: by Host.Paho, Host.Open or Broker.Serve. What goes over the wire is the real
// thing; which of its bytes carry which MQTT packets is accounted for here, so that faults find
// them by name, and traces and expectations know them.

// veil is the account of one connection's sending side. w.mu guards it.
type veil struct {
	pending []byte // what the program has written, and no write on the wire has carried yet
	plain   uint64 // how much was carried
	pieces  []piece
}

// piece says that some bytes of the program's stream went in some bytes on the wire.
type piece struct {
	plain, wire       uint64 // where they begin
	plainLen, wireLen int
}

// hide makes c a connection whose bytes are not the program's own.
func (c *conn) hide() {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if c.veil == nil {
		c.veil, c.out = new(veil), stream{}
	}
}

// under writes p by a function that brings it to the connection in another form.
func (c *conn) under(p []byte, write func([]byte) (int, error)) (int, error) {
	c.w.mu.Lock()
	c.veil.pending = append(c.veil.pending, p...)
	c.w.mu.Unlock()
	n, err := write(p)
	if err != nil {
		c.w.mu.Lock()
		c.veil.pending = nil
		c.w.mu.Unlock()
	}
	return n, err
}

// thinnest is the least that a veil adds to what it carries: a WebSocket frame's header (RFC 6455,
// 5.2). A TLS record adds more; if it takes several to carry a packet, the account is some bytes
// early, which nobody notices.
const thinnest = 2

// carried is what of the program's bytes goes in a write of n bytes.
func (v *veil) carried(n int) []byte {
	k := min(len(v.pending), max(n-thinnest, 0))
	p := v.pending[:k:k]
	v.pending = v.pending[k:]
	return p
}

// packetsIn finds the packets that a write completes. plain is what of the program's bytes it
// carries, if there is a veil.
func (c *conn) packetsIn(wire, plain []byte) []control {
	at := c.written
	c.written += uint64(len(wire))
	if c.veil == nil {
		return c.out.feed(wire)
	}
	if len(plain) == 0 { // a handshake, an alert
		return nil
	}
	v := c.veil
	v.pieces = append(v.pieces, piece{v.plain, at, len(plain), len(wire)})
	v.plain += uint64(len(plain))
	found := c.out.feed(plain)
	for i := range found {
		p := &found[i].Packet
		begin, end := v.onWire(p.Offset), v.onWire(p.Offset+uint64(p.Len))
		p.Offset, p.Len = begin, int(end-begin)
	}
	for len(v.pieces) > 1 && v.pieces[1].plain <= c.out.offset {
		v.pieces = v.pieces[1:]
	}
	return found
}

// onWire is where a byte of the program's stream is on the wire. The end of what a write carries is
// the end of the write.
func (v *veil) onWire(at uint64) uint64 {
	for i := range v.pieces {
		p := &v.pieces[i]
		switch end := p.plain + uint64(p.plainLen); {
		case at < end:
			return p.wire + min(at-p.plain, uint64(p.wireLen-1))
		case at == end && i == len(v.pieces)-1:
			return p.wire + uint64(p.wireLen)
		}
	}
	return 0
}

// veiledConn is a TLS connection of which the connection below is known.
type veiledConn struct {
	net.Conn
	raw *conn
}

// Write implements net.Conn.
func (c *veiledConn) Write(p []byte) (int, error) { return c.raw.under(p, c.Conn.Write) }

// NetConn is the connection below, as with tls.Conn.
func (c *veiledConn) NetConn() net.Conn { return c.raw }

// seeThrough returns a connection that does what c does, and whose packets the trace knows if c
// lies over a connection of this world.
func seeThrough(c net.Conn) net.Conn {
	switch c.(type) {
	case *conn, *veiledConn, *webSocketConn:
		return c
	}
	raw := rawConn(c)
	if raw == nil {
		return c
	}
	raw.hide()
	return &veiledConn{c, raw}
}

// rawConn is the connection of this world below c, or nil.
func rawConn(c net.Conn) *conn {
	for {
		switch x := c.(type) {
		case *conn:
			return x
		case *veiledConn:
			return x.raw
		case *webSocketConn:
			return x.raw
		case interface{ NetConn() net.Conn }: // *tls.Conn
			c = x.NetConn()
		default:
			return nil
		}
	}
}

// seeingListener is a listener whose connections are seen through.
type seeingListener struct{ net.Listener }

// Accept implements net.Listener.
func (l seeingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return seeThrough(c), nil
}
