package sim

import (
	"strings"

	"halfopen/sim/trace"
)

// deliver notes that the program has read n more bytes. For a program of the user's own, of whose
// MQTT library only an Observer reports, a message counts as delivered when its PUBLISH has been
// read: what the library does with it then, nobody sees. The driver calls it.
func (c *conn) deliver(n int) {
	c.taken += uint64(n)
	if !c.prog.observed {
		return
	}
	t := &c.w.rec.Trace
	own := t.Socket(c.sock.ID())
	if own == nil || own.Peer == 0 {
		return
	}
	packets := t.Socket(own.Peer).Packets
	for ; c.delivered < len(packets); c.delivered++ {
		p := &packets[c.delivered]
		if p.Offset+uint64(p.Len) > c.taken {
			return
		}
		if p.Name() == "PUBLISH" && p.Message > 0 && !repeatedTwo(p) {
			c.gotMessage(p)
		}
	}
}

// repeatedTwo reports whether a PUBLISH is a repetition at QoS 2, which libraries do not hand on
// twice [MQTT-4.3.3-2].
func repeatedTwo(p *trace.Packet) bool {
	return strings.Contains(p.Info, " q2 ") && strings.HasSuffix(p.Info, " dup")
}

func (c *conn) gotMessage(p *trace.Packet) {
	m := &c.w.rec.Trace.Messages[p.Message-1]
	ev := trace.Event{App: &trace.App{Actor: c.prog.name, Message: p.Message, Topic: m.Topic,
		Payload: m.Payload, QoS: m.QoS, Dup: strings.HasSuffix(p.Info, " dup")}}
	ev.Kind, ev.At, ev.Host, ev.Socket = trace.ClientMessage, c.w.net.Now(), c.host.id, c.sock.ID()
	ev.Cause = c.arrival
	c.w.rec.App(ev)
}
