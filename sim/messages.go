package sim

import (
	"bytes"

	"github.com/mochi-mqtt/server/v2/packets"

	"halfopen/sim/trace"
)

// messageTable recognises a message wherever it turns up: by content where it is new, by packet
// identifier where it is repeated. Two messages of equal topic and payload are told apart by their
// order.
type messageTable struct {
	w         *World
	byContent map[content]*equals
	recent    *equals // the last one found: a message passes its places in a row
	byID      map[flight]trace.MessageID
	broker    []trace.ID // BrokerReceived, by message
	asked     []trace.ID // ClientPublish, by message
}

type content struct{ topic, payload string }

// equals are the messages of one content, in order, and how many of them were seen at each place.
type equals struct {
	content
	ids  []trace.MessageID
	one  [1]trace.MessageID // room for ids: most contents are published once
	seen []sighting         // the first few places
	more map[place]*int     // the others
}

type sighting struct {
	place
	times int
}

// place is where a message is met: a client's publishing, a broker's reading, and so on.
type place struct {
	what   byte
	client string
}

// flight is a packet identifier in use on a session: towards the broker or from it.
type flight struct {
	client string
	down   bool
	id     uint16
}

func newMessageTable(w *World) messageTable {
	return messageTable{w: w, byContent: make(map[content]*equals),
		byID: make(map[flight]trace.MessageID)}
}

// find returns the messages of a content, nil if there are none.
func (m *messageTable) find(topic string, payload []byte) *equals {
	if q := m.recent; q != nil && q.topic == topic && q.payload == string(payload) {
		return q
	}
	q := m.byContent[content{topic, string(payload)}]
	if q != nil {
		m.recent = q
	}
	return q
}

// add makes a new message.
func (m *messageTable) add(msg trace.Message) trace.MessageID {
	t := &m.w.rec.Trace
	t.Messages = append(t.Messages, msg)
	id := trace.MessageID(len(t.Messages))
	q := m.find(msg.Topic, msg.Payload)
	if q == nil {
		q = &equals{content: content{msg.Topic, string(msg.Payload)}}
		q.ids = q.one[:0]
		m.byContent[q.content], m.recent = q, q
	}
	q.ids = append(q.ids, id)
	m.broker = append(m.broker, 0)
	m.asked = append(m.asked, 0)
	return id
}

// at finds the next message of a content at place what of client: the first time its first message,
// then its second, and so on; the last again when there are no more. 0 if there is none.
func (m *messageTable) at(what byte, client, topic string, payload []byte) trace.MessageID {
	q := m.find(topic, payload)
	if q == nil {
		return 0
	}
	n := q.timesAt(place{what, client})
	if *n == len(q.ids) {
		return q.ids[*n-1]
	}
	*n++
	return q.ids[*n-1]
}

// few is how many places are looked through one by one: most messages have one subscriber.
const few = 8

// timesAt is the counter of a place.
func (q *equals) timesAt(p place) *int {
	for i := range q.seen {
		if q.seen[i].place == p {
			return &q.seen[i].times
		}
	}
	if len(q.seen) < few {
		q.seen = append(q.seen, sighting{place: p})
		return &q.seen[len(q.seen)-1].times
	}
	n := q.more[p]
	if n == nil {
		if q.more == nil {
			q.more = make(map[place]*int)
		}
		n = new(int)
		q.more[p] = n
	}
	return n
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
	topic, payload := p.pk.TopicName, p.pk.Payload
	down := c.prog.broker != nil
	client := c.clientID()
	f := flight{client, down, p.ID}
	if p.ID != 0 {
		if id := m.byID[f]; id != 0 && m.is(id, topic, payload) {
			return id
		}
	}
	what := byte(placeWrite)
	if down {
		what = placeForward
	}
	id := m.at(what, client, topic, payload)
	if id == 0 {
		m.add(trace.Message{Publisher: c.prog.name, Topic: topic, Payload: bytes.Clone(payload),
			QoS: p.pk.FixedHeader.Qos, Retain: p.pk.FixedHeader.Retain})
		id = m.at(what, client, topic, payload)
	}
	if p.ID != 0 {
		m.byID[f] = id
	}
	return id
}

func (m *messageTable) is(id trace.MessageID, topic string, payload []byte) bool {
	msg := &m.w.rec.Trace.Messages[id-1]
	return msg.Topic == topic && bytes.Equal(msg.Payload, payload)
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
