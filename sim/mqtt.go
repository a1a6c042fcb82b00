package sim

import (
	"halfopen/sim/trace"

	"github.com/mochi-mqtt/server/v2/packets"
)

// recordWrite adds the event of a write to the trace, with the MQTT packets in it and the reason
// for it, and returns its number.
func (c *conn) recordWrite(data, plain []byte) trace.ID {
	if c.out.version == 0 {
		if peer := c.peer(); peer != nil {
			c.out.version = peer.out.version
		}
	}
	found := c.packetsIn(data, plain)
	cause := c.arrival
	for i := range found {
		found[i].Message = c.messageIn(&found[i])
		if i == 0 {
			cause = c.writeCause(&found[0])
		}
	}
	if c.w.rec.Lean {
		for i := range found { // who speaks here, and whether a session was kept
			c.w.messages.wrote(c, &found[i], 0)
		}
		return 0
	}
	if cause == 0 {
		cause = max(c.prog.lastEvent, c.w.start)
	}
	ev := trace.Event{App: &trace.App{Actor: c.prog.name, N: len(data)}}
	ev.Kind, ev.At, ev.Host, ev.Socket = trace.Wrote, c.w.net.Now(), c.host.id, c.sock.ID()
	ev.Cause = cause
	if len(found) > 0 {
		ev.App.Message = found[0].Message
	}
	id := c.w.rec.App(ev)
	t := c.w.rec.Trace.Socket(c.sock.ID())
	for i := range found {
		found[i].Event = id
		t.Packets = append(t.Packets, found[i].Packet)
		c.w.messages.wrote(c, &found[i], id)
	}
	return id
}

// writeCause says why a program wrote a packet: an answer answers what arrived; a PINGREQ is due to
// the keepalive setting; a PUBLISH is due to the program, or the message, behind it.
func (c *conn) writeCause(p *control) trace.ID {
	w := c.w
	switch p.Type {
	case packets.Connack, packets.Puback, packets.Pubrec, packets.Pubrel, packets.Pubcomp,
		packets.Suback, packets.Unsuback, packets.Pingresp:
		return c.arrival
	case packets.Pingreq:
		return c.prog.settings["keepalive"]
	case packets.Publish:
		if id := w.messages.reason(c, p); id != 0 {
			return id
		}
	}
	if c.prog.client == nil && c.prog.broker != nil {
		return max(c.arrival, c.prog.lastEvent)
	}
	return c.prog.lastEvent
}

// peer is the connection's other end, if a program of this world holds it.
func (c *conn) peer() *conn {
	t := c.w.rec.Trace.Socket(c.sock.ID())
	if t == nil || t.Peer == 0 {
		return nil
	}
	s := c.w.net.Socket(t.Peer)
	if s == nil {
		return nil // its kernel has forgotten it
	}
	other, _ := s.User.(*conn)
	return other
}

// messageIn says which message a PUBLISH, or an acknowledgement of one, is about.
func (c *conn) messageIn(p *control) trace.MessageID {
	switch p.Type {
	case packets.Publish:
		return c.w.messages.published(c, p)
	case packets.Puback, packets.Pubrec, packets.Pubrel, packets.Pubcomp:
		return c.w.messages.acknowledged(c, p)
	}
	return 0
}

// clientID is the MQTT client id that the connection's CONNECT carried, on either end.
func (c *conn) clientID() string {
	if c.mqttID == "" {
		if peer := c.peer(); peer != nil {
			c.mqttID = peer.mqttID
		}
	}
	return c.mqttID
}
