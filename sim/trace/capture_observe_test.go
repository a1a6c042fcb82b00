package trace

import (
	"slices"
	"testing"
	"time"

	"halfopen/netmodel"
)

// Three ACKs that repeat one another, and at once the segment that they ask for: Wireshark calls
// that a fast retransmission. Much later, or after one repetition only, it is a plain one.
func TestFastRetransmissionIsRemarked(t *testing.T) {
	for _, c := range []struct {
		repeats int
		after   time.Duration
		want    bool
	}{{3, time.Millisecond, true}, {2, time.Millisecond, true}, {1, time.Millisecond, false},
		{3, 30 * time.Millisecond, false}} {
		var data, acks sideView
		segment := func(seq uint32) *netmodel.Segment {
			return &netmodel.Segment{Seq: seq, Ack: 1, Flags: netmodel.ACK, Window: 9,
				Payload: make([]byte, 100)}
		}
		ack := &netmodel.Segment{Seq: 1, Ack: 201, Flags: netmodel.ACK, Window: 9}
		for seq := uint32(101); seq < 1000; seq += 100 {
			observe(segment(seq), 0, &data, &acks)
		}
		for range 1 + c.repeats {
			observe(ack, 0, &acks, &data)
		}
		got := observe(segment(201), netmodel.Time(c.after), &data, &acks)
		if !got.retx || slices.Contains(got.an, "fast_retransmission") != c.want {
			t.Errorf("%d repetitions, %v later: %v, want a fast one: %v", c.repeats, c.after, got.an,
				c.want)
		}
	}
}
