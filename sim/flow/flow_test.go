package flow_test

import (
	"testing"

	"halfopen/netmodel"
	"halfopen/sim/flow"
	"halfopen/sim/internal/story"
)

// A packet that is lost, sent again and then arrives is one packet with two copies; what lies in
// front of it is not disturbed.
func TestRetransmittedPacket(t *testing.T) {
	s := story.New()
	c, b := s.Connect(1)
	s.Session(c, b, true)
	s.At(10).Cut()
	ping, drop := s.Write(c, 12, 0, story.Keepalive)
	s.At(10.1).Heal()
	got := s.At(10.3).Resend(c, ping, netmodel.SendRTO)
	f := flow.Of(s.End(20))
	ps := f.Packets(c)
	p := ps[len(ps)-1]
	if p.Copies != 2 || p.Dropped != drop || p.Arrived != got || p.Sent >= p.Last {
		t.Errorf("PINGREQ: %+v, want two copies, dropped by %d, arrived by %d", p, drop, got)
	}
	if first := ps[0]; first.Copies != 1 || first.Arrived == 0 || first.Acked == 0 {
		t.Errorf("CONNECT: %+v, want one copy that arrived and was acknowledged", first)
	}
}

// What overtakes a lost packet has not arrived for the program: streams have no gaps.
func TestBehindTheGap(t *testing.T) {
	s := story.New()
	c, _ := s.Connect(1)
	s.At(10).Cut()
	first, _ := s.Write(c, 3, 0, 1)
	s.At(10.1).Heal()
	_, early := s.At(10.2).Write(c, 3, 0, 1)
	late := s.At(10.3).Resend(c, first, netmodel.SendFast)
	f := flow.Of(s.End(20))
	for i, p := range f.Packets(c) {
		if p.Arrived != late {
			t.Errorf("packet %d arrived by event %d, want %d (not %d)", i, p.Arrived, late, early)
		}
	}
}

// A packet that reaches a host whose socket is gone is refused, not received.
func TestRefused(t *testing.T) {
	s := story.New()
	c, b := s.Connect(1)
	s.At(5).State(c, netmodel.Closed, 1)
	_, got := s.At(6).Write(b, 3, 0, 1)
	f := flow.Of(s.End(20))
	if p := f.Packets(b)[0]; p.Arrived != 0 || p.Refused != got {
		t.Errorf("%+v, want refused by %d", p, got)
	}
}
