package sim

import (
	"halfopen/netmodel"
	"halfopen/sim/trace"

	"github.com/mochi-mqtt/server/v2/packets"
)

// recordWrite adds the event of a write to the trace, with the MQTT packets in it and the reason
// for it, and returns its number.
func (c *conn) recordWrite(data []byte) trace.ID {
	if c.out.version == 0 {
		if peer := c.peer(); peer != nil {
			c.out.version = peer.out.version
		}
	}
	found := c.out.feed(data)
	cause := c.arrival
	for i := range found {
		found[i].Message = c.messageIn(&found[i])
		if i == 0 {
			cause = c.writeCause(&found[0])
		}
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

// messageTable recognises a message wherever it turns up: by content where it is new, by packet
// identifier where it is repeated. Two messages of equal topic and payload are told apart by their
// order.
type messageTable struct {
	w         *World
	byContent map[content][]trace.MessageID
	byID      map[flight]trace.MessageID
	seen      map[place]int // how many messages of a content were seen at a place
	broker    []trace.ID    // BrokerReceived, by message
	asked     []trace.ID    // ClientPublish, by message
}

type content struct{ topic, payload string }

// flight is a packet identifier in use on a session: towards the broker or from it.
type flight struct {
	client string
	down   bool
	id     uint16
}

// place is where a message is met: a client's publishing, a broker's reading, and so on.
type place struct {
	what   byte
	client string
	c      content
}

func newMessageTable(w *World) messageTable {
	return messageTable{w: w, byContent: make(map[content][]trace.MessageID),
		byID: make(map[flight]trace.MessageID), seen: make(map[place]int)}
}

// add makes a new message.
func (m *messageTable) add(msg trace.Message) trace.MessageID {
	t := &m.w.rec.Trace
	t.Messages = append(t.Messages, msg)
	id := trace.MessageID(len(t.Messages))
	k := content{msg.Topic, string(msg.Payload)}
	m.byContent[k] = append(m.byContent[k], id)
	m.broker = append(m.broker, 0)
	m.asked = append(m.asked, 0)
	return id
}

// at finds the next message of content k at place what of client: the first time its first message,
// then its second, and so on; repeats the last when there are no more. 0 if there is none.
func (m *messageTable) at(what byte, client string, k content) trace.MessageID {
	ids := m.byContent[k]
	if len(ids) == 0 {
		return 0
	}
	p := place{what, client, k}
	i := m.seen[p]
	if i < len(ids)-1 || i == 0 {
		m.seen[p] = i + 1
	}
	return ids[min(i, len(ids)-1)]
}

const (
	placeWrite    = 'w' // a client's PUBLISH on its way out
	placeForward  = 'f' // the broker's PUBLISH to a subscriber
	placeDelivery = 'd' // a subscriber's program
	placeReceive  = 'r' // the broker
	placeDrop     = 'x' // dropped before a subscriber
)

// published identifies the message of a PUBLISH that c writes.
func (m *messageTable) published(c *conn, p *control) trace.MessageID {
	k := content{p.pk.TopicName, string(p.pk.Payload)}
	down := c.prog.broker != nil
	client := c.clientID()
	f := flight{client, down, p.ID}
	if p.ID != 0 {
		if id := m.byID[f]; id != 0 && m.is(id, k) {
			return id
		}
	}
	what := byte(placeWrite)
	if down {
		what = placeForward
	}
	id := m.at(what, client, k)
	if id == 0 {
		id = m.add(trace.Message{Publisher: c.prog.name, Topic: k.topic,
			Payload: []byte(k.payload), QoS: p.pk.FixedHeader.Qos, Retain: p.pk.FixedHeader.Retain})
		m.seen[place{what, client, k}] = 1
	}
	if p.ID != 0 {
		m.byID[f] = id
	}
	return id
}

func (m *messageTable) is(id trace.MessageID, k content) bool {
	msg := &m.w.rec.Trace.Messages[id-1]
	return msg.Topic == k.topic && string(msg.Payload) == k.payload
}

// acknowledged identifies the message that an acknowledgement written by c is about. PUBREL travels
// with the message, the others against it.
func (m *messageTable) acknowledged(c *conn, p *control) trace.MessageID {
	down := c.prog.broker == nil
	if p.Type == packets.Pubrel {
		down = !down
	}
	return m.byID[flight{c.clientID(), down, p.ID}]
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

// wrote notes what a packet tells about its connection and message.
func (m *messageTable) wrote(c *conn, p *control, id trace.ID) {
	switch p.Type {
	case packets.Connect:
		c.mqttID = p.pk.Connect.ClientIdentifier
	case packets.Connack:
		c.presented = p.pk.SessionPresent
	case packets.Pingreq:
		c.pinged = id
	case packets.Publish:
		msg := &m.w.rec.Trace.Messages[p.Message-1]
		if msg.Published == 0 {
			msg.Published = id
		}
	}
}

// reason is the event that made c write a PUBLISH: the broker's receiving it, or the program's
// asking for it; a repetition after a new connection is due to the acknowledgement of that
// connection.
func (m *messageTable) reason(c *conn, p *control) trace.ID {
	if p.Message == 0 {
		return 0
	}
	if p.pk.FixedHeader.Dup {
		return c.arrival
	}
	if c.prog.broker != nil {
		return m.broker[p.Message-1]
	}
	return m.asked[p.Message-1]
}

// brokerReceived notes the broker's reading, or making, of a message.
func (m *messageTable) brokerReceived(msg trace.MessageID, id trace.ID) {
	if msg > 0 && m.broker[msg-1] == 0 {
		m.broker[msg-1] = id
		if t := &m.w.rec.Trace.Messages[msg-1]; t.Published == 0 {
			t.Published = id
		}
	}
}

// clientPublished notes a program's asking to publish a message.
func (m *messageTable) clientPublished(msg trace.MessageID, id trace.ID) {
	m.asked[msg-1] = id
	m.w.rec.Trace.Messages[msg-1].Published = id
}

var _ = netmodel.Never
