package trace

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"

	"halfopen/netmodel"
)

// Hash is a fingerprint of everything that happened: 32 hexadecimal digits. Runs of one scenario
// with one seed have the same, on every platform, unless the trace reports ties. The scenario's
// text and the versions of the programs are left out: they are not what happened.
func (t *Trace) Hash() string {
	h := &hasher{sum: sha256.New()}
	h.w = bufio.NewWriterSize(h.sum, 1<<16)
	h.tables(t)
	for i := range t.Events {
		h.event(&t.Events[i])
	}
	_ = h.w.Flush() // writing to a hash never fails
	return hex.EncodeToString(h.sum.Sum(nil)[:16])
}

// formatVersion is hashed first: traces of formats that say different things never have the same
// hash.
const formatVersion = 1

// hasher writes the canonical bytes: numbers as variable-length integers, texts behind their
// length, in the order of the types' fields.
type hasher struct {
	sum hash.Hash
	w   *bufio.Writer
	buf [binary.MaxVarintLen64]byte
}

func (h *hasher) num(ns ...int64) {
	for _, n := range ns {
		_, _ = h.w.Write(h.buf[:binary.PutVarint(h.buf[:], n)])
	}
}

func (h *hasher) flag(b bool) {
	if b {
		h.num(1)
	} else {
		h.num(0)
	}
}

func (h *hasher) text(s string) {
	h.num(int64(len(s)))
	_, _ = io.WriteString(h.w, s)
}

func (h *hasher) bytes(b []byte) {
	h.num(int64(len(b)))
	_, _ = h.w.Write(b)
}

func (h *hasher) tables(t *Trace) {
	h.num(formatVersion, int64(t.Seed), t.Epoch.UnixNano(), int64(t.Length), int64(t.Ties))
	h.num(int64(len(t.Hosts)), int64(len(t.Links)), int64(len(t.Sockets)), int64(len(t.Faults)),
		int64(len(t.Messages)), int64(len(t.Events)))
	for i := range t.Hosts {
		o := &t.Hosts[i]
		h.text(o.Name)
		h.num(int64(o.Addr))
		h.text(o.Profile)
		h.flag(o.Router)
	}
	for _, l := range t.Links {
		h.num(int64(l.A), int64(l.B), int64(l.Latency))
	}
	for i := range t.Sockets {
		h.socket(&t.Sockets[i])
	}
	for i := range t.Faults {
		f := &t.Faults[i]
		h.text(f.Text)
		h.num(int64(f.Link), int64(f.From), int64(f.Host), int64(f.Begin), int64(f.End))
	}
	for i := range t.Messages {
		m := &t.Messages[i]
		h.text(m.Publisher)
		h.text(m.Topic)
		h.bytes(m.Payload)
		h.num(int64(m.QoS), int64(m.Published))
		h.flag(m.Retain)
	}
}

func (h *hasher) socket(s *Socket) {
	h.num(int64(s.Host), int64(s.Local.Addr), int64(s.Local.Port), int64(s.Remote.Addr),
		int64(s.Remote.Port), int64(s.Peer), int64(s.ISS), int64(len(s.Packets)))
	h.text(s.Actor)
	for i := range s.Packets {
		p := &s.Packets[i]
		h.num(int64(p.Event), int64(p.Offset), int64(p.Len), int64(p.Type), int64(p.ID),
			int64(p.Message))
		h.text(p.Info)
	}
}

func (h *hasher) event(ev *Event) {
	r := &ev.Record
	h.num(int64(r.At), int64(r.Kind), int64(r.Reason), int64(r.Host), int64(r.Peer), int64(r.Socket),
		int64(r.Link), int64(r.Cause), int64(r.Of), int64(r.Fault), int64(r.Copies), int64(r.Timer),
		int64(r.Due), int64(r.Period), int64(r.Attempt), int64(r.Limit), int64(r.From), int64(r.To),
		int64(r.Errno))
	// An arrival's segment is that of its sending.
	if r.Seg != nil && (r.Kind == netmodel.SegmentSent || r.Of == 0) {
		h.segment(r.Seg)
	}
	if a := ev.App; a != nil {
		for _, s := range [...]string{a.Actor, a.Name, a.Text, a.Client, a.Topic} {
			h.text(s)
		}
		h.bytes(a.Payload)
		h.num(int64(a.Message), int64(a.QoS), int64(a.Attempt), int64(a.N))
		h.flag(a.Dup)
		h.flag(a.SessionPresent)
		h.flag(a.Expired)
	}
}

func (h *hasher) segment(s *netmodel.Segment) {
	o := &s.Options
	h.num(int64(s.Src.Addr), int64(s.Src.Port), int64(s.Dst.Addr), int64(s.Dst.Port), int64(s.Seq),
		int64(s.Ack), int64(s.Flags), int64(s.Window), int64(s.IPID), int64(s.TTL), int64(o.MSS),
		int64(o.WindowScale), int64(o.TSVal), int64(o.TSEcr), int64(o.NSACK), int64(s.ICMP),
		int64(s.InnerSrc.Addr), int64(s.InnerSrc.Port), int64(s.InnerDst.Addr),
		int64(s.InnerDst.Port), int64(s.InnerSeq))
	h.flag(o.HasScale)
	h.flag(o.SACKPermitted)
	h.flag(o.HasTimestamps)
	for _, b := range o.SACK[:min(int(o.NSACK), len(o.SACK))] {
		h.num(int64(b.Left), int64(b.Right))
	}
	h.bytes(s.Payload)
}
