package render

import (
	"strconv"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// describe gives a segment its shape, colour and names.
func (ix *Index) describe(f *flight, ev *trace.Event) {
	seg := ev.Seg
	f.shape, f.color = shapeOf(ev)
	switch {
	case seg.ICMP != netmodel.NotICMP:
		f.text, f.name = "ICMP", "ICMP unreachable"
	case seg.Flags.Has(netmodel.RST), seg.Flags.Has(netmodel.SYN):
		f.name = seg.Flags.String()
		f.text = f.name
	default:
		ix.describeData(f, ev)
	}
	if f.again && f.name != "" {
		n := " ×" + strconv.Itoa(int(ev.Copies)+1)
		f.text += n
		f.name += n
	}
}

// describeData names a segment by the MQTT packets that begin in it.
func (ix *Index) describeData(f *flight, ev *trace.Event) {
	seg := ev.Seg
	first, n := ix.packets(ev)
	if first != nil {
		f.shape, f.color = mqttShape(first.Type)
		f.text, f.name = ix.packetNames(first)
		if n > 1 {
			more := " +" + strconv.Itoa(n-1)
			f.text += more
			f.name += more
		}
	} else if len(seg.Payload) > 0 {
		f.name = strconv.Itoa(len(seg.Payload)) + " B"
		f.text = f.name
	}
	if seg.Flags.Has(netmodel.FIN) {
		if f.name == "" {
			f.text, f.name = "FIN", "FIN"
			f.shape, f.color = shapeFin, Fin
		} else {
			f.text += ",FIN"
			f.name += ", FIN"
		}
	}
	if f.name == "" {
		f.name = ackName(ev.Reason)
	}
}

// ackName is what a segment without data is called, in full: the stage shows no text for it.
func ackName(r netmodel.Reason) string {
	switch r {
	case netmodel.SendKeepalive:
		return "keepalive probe"
	case netmodel.SendKeepaliveAck:
		return "keepalive ACK"
	case netmodel.SendWindowProbe:
		return "window probe"
	case netmodel.SendWindow:
		return "window update"
	case netmodel.SendChallenge:
		return "challenge ACK"
	case netmodel.SendDuplicateAck:
		return "duplicate ACK"
	}
	return "ACK"
}

// packets finds the MQTT packets that begin in a segment: the first, and how many.
func (ix *Index) packets(ev *trace.Event) (first *trace.Packet, n int) {
	s := ix.tr.Socket(ev.Socket)
	if s == nil || len(ev.Seg.Payload) == 0 {
		return nil, 0
	}
	// Sequence numbers wrap, offsets do not; streams longer than 4 GiB are not named.
	from := uint64(ev.Seg.Seq - s.ISS - 1)
	to := from + uint64(len(ev.Seg.Payload))
	i := searchPackets(s.Packets, from)
	for ; i < len(s.Packets) && s.Packets[i].Offset < to; i++ {
		if first == nil {
			first = &s.Packets[i]
		}
		n++
	}
	return first, n
}

// packetNames are a packet's short and full name.
func (ix *Index) packetNames(p *trace.Packet) (text, name string) {
	name = p.Name()
	switch p.Type {
	case 3: // PUBLISH, MQTT 3.1.1, 2.2.1
		if p.Message > 0 && int(p.Message) <= len(ix.tr.Messages) {
			m := &ix.tr.Messages[p.Message-1]
			text = m.Topic + " #" + strconv.Itoa(int(p.Message))
			return text, name + " " + text
		}
	case 12:
		return "PING?", name
	case 13:
		return "PING!", name
	}
	return name, name
}
