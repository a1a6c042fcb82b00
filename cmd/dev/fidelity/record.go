package fidelity

import (
	"strconv"

	"halfopen/netmodel"
)

// recorder is a netmodel.Sink that keeps what the interfaces of two hosts saw, as captures do.
type recorder struct {
	at     [2][]Packet
	ids    netmodel.EventID
	host   [2]netmodel.HostID
	broker netmodel.Addr
	isn    map[string]uint32 // sender's initial sequence number, by direction and port
	conns  [2]map[int]int
}

func newRecorder() *recorder {
	return &recorder{isn: map[string]uint32{}, conns: [2]map[int]int{{}, {}}}
}

func (r *recorder) watch(client, broker *netmodel.Host) {
	r.host = [2]netmodel.HostID{client.ID(), broker.ID()}
	r.broker = broker.Addr()
}

// Record implements netmodel.Sink.
func (r *recorder) Record(rec *netmodel.Record) netmodel.EventID {
	r.ids++
	if rec.Kind != netmodel.SegmentSent && rec.Kind != netmodel.SegmentArrived {
		return r.ids
	}
	for s, id := range r.host {
		if id != 0 && rec.Host == id {
			p := r.packet(rec.Seg)
			p.T = float64(rec.At)/1e9 - lead
			p.FromRouter = rec.Kind == netmodel.SegmentArrived && p.ICMP != ""
			if r.conns[s][p.Port] == 0 {
				r.conns[s][p.Port] = len(r.conns[s]) + 1
			}
			p.Conn = r.conns[s][p.Port]
			r.at[s] = append(r.at[s], p)
		}
	}
	return r.ids
}

// packet writes a segment as a capture line; sequence numbers count from the sender's SYN.
func (r *recorder) packet(seg *netmodel.Segment) Packet {
	p := Packet{Dir: "b>c", Port: int(seg.Dst.Port), Len: len(seg.Payload), Flags: seg.Flags.String()}
	if seg.Dst.Addr == r.broker {
		p.Dir, p.Port = "c>b", int(seg.Src.Port)
	}
	if seg.ICMP != netmodel.NotICMP {
		p.Flags, p.ICMP = "ICMP", strconv.Itoa(int(seg.ICMP)-1)
		return p
	}
	mine, other := p.Dir+strconv.Itoa(p.Port), reverse[p.Dir]+strconv.Itoa(p.Port)
	if seg.Flags.Has(netmodel.SYN) {
		r.isn[mine] = seg.Seq
	}
	p.Seq = int64(seg.Seq - r.isn[mine])
	if seg.Flags.Has(netmodel.ACK) {
		p.Ack = int64(seg.Ack - r.isn[other])
	}
	return p
}

var reverse = map[string]string{"c>b": "b>c", "b>c": "c>b"}
