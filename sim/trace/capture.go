package trace

import (
	"bufio"
	"fmt"
	"io"

	"halfopen/netmodel"
)

// Capture writes the segments that one host's interfaces saw, as one JSON object a line, in the
// form of the recordings of real hosts that the model is compared with:
//
//	t      seconds since the first SYN that any host sent over a link: one zero for all hosts
//	dir    c>b from the connection's client, b>c from its server
//	conn   by 4-tuple, in order of appearance at this interface; port is the client's port
//	flags seq ack len win   sequence numbers relative to the connection's, the window scaled
//	mqtt   the MQTT packets that begin in the segment; info: what is in them
//	retx   the interface had seen these sequence numbers before; an: what Wireshark would remark
//	sack   relative; arr: of outgoing segments, when it arrived at the other end (null: never)
//	from_router   nobody at the other end sent this; icmp: type and code of an ICMP error
//
// Loopback traffic is not included.
func (t *Trace) Capture(w io.Writer, host string) error {
	c := &capture{t: t, flows: make(map[[2]netmodel.Endpoint]*flowView)}
	for i := range t.Hosts {
		if t.Hosts[i].Name == host {
			c.host = netmodel.HostID(i + 1)
		}
	}
	if c.host == 0 {
		return fmt.Errorf("no host is called %q; there are %s", host, t.hostNames())
	}
	c.zero, c.clients = t.opened()
	c.arrivals = t.finalArrivals()
	out := bufio.NewWriterSize(w, 1<<16)
	for i := range t.Events {
		ev := &t.Events[i]
		if ev.Host != c.host || ev.Link == 0 || ev.Seg == nil ||
			ev.Kind != netmodel.SegmentSent && ev.Kind != netmodel.SegmentArrived ||
			ev.Kind == netmodel.SegmentSent && ev.Reason == netmodel.SendLinkCopy {
			continue // a copy that the link made was never on its sender's interface
		}
		c.line(ID(i+1), ev)
		if _, err := out.Write(append(c.buf, '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}

// opened finds the instant of the first SYN on a link, and the client's end of each connection: the
// one that sent the first SYN.
func (t *Trace) opened() (zero netmodel.Time, clients map[[2]netmodel.Endpoint]bool) {
	clients, zero = make(map[[2]netmodel.Endpoint]bool), -1
	for i := range t.Events {
		ev := &t.Events[i]
		if ev.Kind != netmodel.SegmentSent || ev.Seg == nil || ev.Link == 0 ||
			!ev.Seg.Flags.Has(netmodel.SYN) || ev.Seg.Flags.Has(netmodel.ACK) {
			continue
		}
		if zero < 0 {
			zero = ev.At
		}
		if !clients[[2]netmodel.Endpoint{ev.Seg.Dst, ev.Seg.Src}] {
			clients[[2]netmodel.Endpoint{ev.Seg.Src, ev.Seg.Dst}] = true
		}
	}
	return max(zero, 0), clients
}

// finalArrivals gives the arrival at its destination for each segment that got there, by the
// SegmentSent of its maker and of those that passed it on.
func (t *Trace) finalArrivals() []ID {
	passedOn := make([]bool, len(t.Events)+1)
	for i := range t.Events {
		ev := &t.Events[i]
		if ev.Kind == netmodel.SegmentSent && ev.Reason == netmodel.SendForward {
			passedOn[ev.Cause] = true
		}
	}
	final := make([]ID, len(t.Events)+1)
	for i := range t.Events {
		ev := &t.Events[i]
		if ev.Kind != netmodel.SegmentArrived || passedOn[i+1] {
			continue
		}
		if h := t.Host(ev.Host); h != nil && h.Router && ev.Seg != nil && ev.Seg.Dst.Addr != h.Addr {
			continue // it ended in the middle
		}
		for id := ev.Of; id > 0 && final[id] == 0; {
			final[id] = ID(i + 1)
			switch sent := t.Event(id); sent.Reason {
			case netmodel.SendForward:
				id = t.Event(sent.Cause).Of
			case netmodel.SendLinkCopy:
				id = sent.Of
			default:
				id = 0
			}
		}
	}
	return final
}
