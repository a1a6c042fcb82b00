package parcel

import (
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Pack makes bytes of a trace.
func Pack(t *trace.Trace) []byte {
	c := coder{rest: func() {}, known: map[*netmodel.Segment]int{}, words: map[string]int{}}
	whole(&c, t)
	c.flush()
	return c.data
}

// Unpack makes a trace of bytes, which it keeps: payloads point into them. It calls rest now and
// then, so that whoever shares the thread gets a turn.
func Unpack(data []byte, rest func()) (*trace.Trace, error) {
	c := coder{unpack: true, data: data, rest: rest}
	t := new(trace.Trace)
	whole(&c, t)
	if c.bad || c.left() > 0 || c.zeros > 0 {
		return nil, errShort
	}
	return t, nil
}

func whole(c *coder, t *trace.Trace) {
	c.str(&t.Scenario)
	num(c, &t.Seed)
	sec, nsec := t.Epoch.Unix(), t.Epoch.Nanosecond()
	num(c, &sec)
	num(c, &nsec)
	if c.unpack {
		t.Epoch = time.Unix(sec, int64(nsec)).UTC()
	}
	num(c, &t.Length)
	list(c, &t.Hosts, host)
	list(c, &t.Links, link)
	list(c, &t.Sockets, socket)
	list(c, &t.Faults, fault)
	list(c, &t.Messages, message)
	list(c, &t.Events, event)
	num(c, &t.Ties)
}

func host(c *coder, h *trace.Host) {
	c.str(&h.Name)
	num(c, &h.Addr)
	c.str(&h.Profile)
	c.flag(&h.Router)
	c.str(&h.Real)
}

func link(c *coder, l *trace.Link) {
	num(c, &l.A)
	num(c, &l.B)
	num(c, &l.Latency)
}

func endpoint(c *coder, e *netmodel.Endpoint) {
	num(c, &e.Addr)
	num(c, &e.Port)
}

func socket(c *coder, s *trace.Socket) {
	num(c, &s.Host)
	endpoint(c, &s.Local)
	endpoint(c, &s.Remote)
	num(c, &s.Peer)
	num(c, &s.ISS)
	c.str(&s.Actor)
	list(c, &s.Packets, packet)
}

func packet(c *coder, p *trace.Packet) {
	num(c, &p.Event)
	num(c, &p.Offset)
	num(c, &p.Len)
	num(c, &p.Type)
	c.str(&p.Info)
	num(c, &p.ID)
	num(c, &p.Message)
}

func fault(c *coder, f *trace.Fault) {
	c.str(&f.Text)
	num(c, &f.Link)
	num(c, &f.From)
	num(c, &f.Host)
	num(c, &f.Begin)
	num(c, &f.End)
}

func message(c *coder, m *trace.Message) {
	c.str(&m.Publisher)
	c.str(&m.Topic)
	c.bytes(&m.Payload)
	num(c, &m.QoS)
	c.flag(&m.Retain)
	num(c, &m.Published)
}
