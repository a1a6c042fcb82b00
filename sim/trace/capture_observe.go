package trace

import (
	"slices"
	"time"

	"halfopen/netmodel"
)

// observe updates what is known of a connection, and says what is remarkable about a segment, in
// the way of Wireshark's sequence analysis (epan/dissectors/packet-tcp.c).
func observe(seg *netmodel.Segment, at netmodel.Time, s, other *sideView) (r remarks) {
	n, f := seg.SeqLen(), seg.Flags
	plain := f&(netmodel.SYN|netmodel.FIN|netmodel.RST) == 0
	if !s.begun {
		s.begin(seg)
	}
	if f.Has(netmodel.ACK) && !other.begun {
		other.isn, other.next, other.begun, other.scale = seg.Ack-1, seg.Ack, true, -1
	}
	late := int32(seg.Seq-s.next) < 0
	probe := plain && n <= 1 && seg.Seq == s.next-1
	switch {
	case probe:
		r.an = append(r.an, "keep_alive")
	case n > 0 && late:
		r.retx = true
		r.an = append(r.an, "retransmission")
		if other.acked && int32(seg.Seq+n-other.lastAck) <= 0 {
			r.an = append(r.an, "spurious_retransmission")
		} else if other.repeats >= 2 && other.lastAck == seg.Seq && at.Sub(other.ackedAt) < fastWithin {
			r.an = append(r.an, "fast_retransmission")
		}
	case int32(seg.Seq-s.next) > 0 && !f.Has(netmodel.RST):
		r.an = append(r.an, "lost_segment")
	case plain && n == 0 && f.Has(netmodel.ACK):
		if a := ackRemark(seg, s, other); a != "" {
			r.an = append(r.an, a)
		}
	}
	if plain && seg.Window == 0 && f.Has(netmodel.ACK) && len(r.an) == 0 {
		r.an = append(r.an, "zero_window")
	}
	s.keepAlive = probe
	if f.Has(netmodel.ACK) {
		s.acknowledge(seg, at, &r)
	}
	if end := seg.Seq + n; int32(end-s.next) > 0 {
		s.next = end
	}
	return r
}

// fastWithin is how soon after the last ACK a retransmission is taken for a fast one.
const fastWithin = 20 * time.Millisecond

// acknowledge notes an ACK, and how often it has been repeated.
func (s *sideView) acknowledge(seg *netmodel.Segment, at netmodel.Time, r *remarks) {
	switch {
	case seg.Ack != s.lastAck:
		s.repeats = 0
	case slices.Contains(r.an, "duplicate_ack"):
		s.repeats++
	}
	s.lastAck, s.lastWin, s.acked, s.ackedAt = seg.Ack, seg.Window, true, at
}

func (s *sideView) begin(seg *netmodel.Segment) {
	s.begun, s.isn, s.next, s.scale = true, seg.Seq, seg.Seq, -1
	if !seg.Flags.Has(netmodel.SYN) {
		s.isn-- // the first byte that was seen counts as the stream's first
	} else if seg.Options.HasScale {
		s.scale = seg.Options.WindowScale
	}
}

// ackRemark is about a pure ACK that repeats the one before it.
func ackRemark(seg *netmodel.Segment, s, other *sideView) string {
	if !s.acked || seg.Ack != s.lastAck {
		return ""
	}
	switch {
	case seg.Window == 0:
		return "zero_window"
	case seg.Window != s.lastWin:
		return "window_update"
	case other.keepAlive:
		return "keep_alive_ack"
	}
	return "duplicate_ack"
}

// scaled is the window in bytes (RFC 7323, 2.3): SYNs are never scaled, and nothing is unless both
// sides offered it.
func scaled(seg *netmodel.Segment, s, other *sideView) uint64 {
	if seg.Flags.Has(netmodel.SYN) || s.scale < 0 || other.scale < 0 {
		return uint64(seg.Window)
	}
	return uint64(seg.Window) << s.scale
}
