package fidelity

import (
	"strconv"

	"halfopen/netmodel"
)

// recorder is a netmodel.Sink that keeps what the interfaces of two hosts saw, as captures do.
type recorder struct {
	at     [2][]Packet
	zero   netmodel.Time // of the captures' clock
	ids    netmodel.EventID
	host   [2]netmodel.HostID
	broker netmodel.Addr
	isn    map[isnKey]uint32 // initial sequence numbers, as each interface came to know them
	conns  [2]map[int]int
}

// isnKey names one direction of a connection at an interface.
type isnKey struct {
	at       Side
	src, dst netmodel.Endpoint
}

func newRecorder() *recorder {
	return &recorder{zero: at(0), isn: map[isnKey]uint32{}, conns: [2]map[int]int{{}, {}}}
}

func (r *recorder) watch(client, broker *netmodel.Host) {
	r.host = [2]netmodel.HostID{client.ID(), broker.ID()}
	r.broker = broker.Addr()
}

// Record implements netmodel.Sink.
func (r *recorder) Record(rec *netmodel.Record) netmodel.EventID {
	r.ids++
	if rec.Kind == netmodel.SegmentDropped && rec.Reason == netmodel.DropInterface {
		r.unsee(rec)
	}
	if rec.Kind != netmodel.SegmentSent && rec.Kind != netmodel.SegmentArrived {
		return r.ids
	}
	for s, id := range r.host {
		if id != 0 && rec.Host == id {
			p := r.packet(Side(s), rec.Seg)
			p.T = float64(rec.At-r.zero) / 1e9
			p.id = r.ids
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

// unsee takes back what was sent into an interface that is down: no capture shows it.
func (r *recorder) unsee(rec *netmodel.Record) {
	for s := range r.at {
		n := len(r.at[s])
		if n > 0 && r.host[s] == rec.Host && r.at[s][n-1].id == rec.Of {
			r.at[s] = r.at[s][:n-1]
		}
	}
}

// packet writes a segment as a capture line; sequence numbers count from the sender's SYN.
func (r *recorder) packet(at Side, seg *netmodel.Segment) Packet {
	p := Packet{Dir: "b>c", Port: int(seg.Dst.Port), Len: len(seg.Payload), Flags: seg.Flags.String()}
	if seg.Dst.Addr == r.broker {
		p.Dir, p.Port = "c>b", int(seg.Src.Port)
	}
	if seg.ICMP != netmodel.NotICMP {
		p.Flags, p.ICMP = "ICMP", strconv.Itoa(int(seg.ICMP)-1)
		return p
	}
	mine := isnKey{at, seg.Src, seg.Dst}
	other := isnKey{at, seg.Dst, seg.Src}
	if _, known := r.isn[mine]; seg.Flags.Has(netmodel.SYN) {
		r.isn[mine] = seg.Seq
	} else if !known { // tshark then calls the first one 1
		r.isn[mine] = seg.Seq - 1
	}
	p.Seq = int64(seg.Seq - r.isn[mine])
	if seg.Flags.Has(netmodel.ACK) {
		p.Ack = int64(seg.Ack - r.isn[other])
	}
	return p
}
