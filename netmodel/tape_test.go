package netmodel

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// tape is a sink that keeps everything.
type tape struct {
	records []Record
}

func (t *tape) Record(r *Record) EventID {
	c := *r
	if r.Seg != nil {
		s := *r.Seg
		c.Seg = &s
	}
	t.records = append(t.records, c)
	return EventID(len(t.records))
}

// lines renders the records that a test looks at, one a line.
func (t *tape) lines(keep func(*Record) bool) []string {
	var out []string
	for i := range t.records {
		if r := &t.records[i]; keep == nil || keep(r) {
			out = append(out, line(EventID(i+1), r))
		}
	}
	return out
}

func line(id EventID, r *Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %d kind=%d why=%d host=%d peer=%d link=%d cause=%d of=%d fault=%d due=%d",
		id, r.At, r.Kind, r.Reason, r.Host, r.Peer, r.Link, r.Cause, r.Of, r.Fault, r.Due)
	if r.Seg != nil {
		fmt.Fprintf(&b, " %s>%s %s seq=%d len=%d icmp=%d", r.Seg.Src, r.Seg.Dst, r.Seg.Flags, r.Seg.Seq,
			len(r.Seg.Payload), r.Seg.ICMP)
	}
	return b.String()
}

func (t *tape) count(keep func(*Record) bool) int { return len(t.find(keep)) }

func (t *tape) find(keep func(*Record) bool) []Record {
	var out []Record
	for _, r := range t.records {
		if keep(&r) {
			out = append(out, r)
		}
	}
	return out
}

func arrivedAt(h *Host) func(*Record) bool {
	return func(r *Record) bool { return r.Kind == SegmentArrived && r.Host == h.ID() }
}

func droppedFor(why Reason) func(*Record) bool {
	return func(r *Record) bool { return r.Kind == SegmentDropped && r.Reason == why }
}

// cable is two hosts and a link, for tests that put segments on it by hand.
type cable struct {
	*testing.T
	net  *Network
	tape *tape
	a, b *Host
	link *Link
	sent uint32
}

func newCable(t *testing.T, seed uint64, c Conditions) *cable {
	p := &cable{T: t, tape: &tape{}}
	p.net = New(Config{Seed: seed, Sink: p.tape})
	p.a = p.net.AddHost(HostConfig{Name: "a"})
	p.b = p.net.AddHost(HostConfig{Name: "b"})
	p.link = p.net.AddLink(p.a, p.b, c)
	return p
}

// send puts a segment with n bytes of payload on its way. It carries a RST, which no stack answers,
// so that nothing else is on the link; its sequence numbers count up from 1.
func (p *cable) send(from, to *Host, n int) { p.sendFlags(from, to, RST, n) }

func (p *cable) sendFlags(from, to *Host, f Flags, n int) EventID {
	p.sent++
	id, _ := p.net.transmit(from, &Segment{Src: Endpoint{from.Addr(), 1000}, Dst: Endpoint{to.Addr(),
		1883},
		Seq: p.sent, Flags: f, Window: 500, TTL: defaultTTL, Payload: make([]byte, n)}, SendInjected, 0,
		0, 0, 0)
	return id
}

func (p *cable) arrivals(h *Host) []Record { return p.tape.find(arrivedAt(h)) }

// seqs names the segments that arrived at h, in order.
func (p *cable) seqs(h *Host) []uint32 {
	var s []uint32
	for _, r := range p.arrivals(h) {
		s = append(s, r.Seg.Seq)
	}
	return s
}

func (p *cable) wantSeqs(what string, h *Host, want ...uint32) {
	p.Helper()
	if got := p.seqs(h); !slices.Equal(got, want) {
		p.Errorf("%s: %s got segments %v, want %v", what, h.Name(), got, want)
	}
}

func ms(n int) Time { return Time(n) * Time(time.Millisecond) }

func sec(n int) Time { return Time(n) * Time(time.Second) }

// near reports whether t is at want or less than slack later.
func near(t, want Time, slack time.Duration) bool { return t >= want && t < want.Add(slack) }
