package netmodel

import (
	"testing"
	"time"
)

// tcp_retries2=5: data that is never acknowledged is given up when the last timer before
// (2^6-1)*200 ms has expired, with ETIMEDOUT and without a RST (tcp_write_timeout).
func TestGiveUpAfterRetries2(t *testing.T) {
	p := newTCPPair(t)
	p.client.Profile().Retries2 = 5
	p.connect()
	p.net.Begin(p.net.Now(), Fault{Kind: FaultCut, Link: p.link})
	p.write(p.c, "lost")
	sent := p.net.Now()
	p.run(time.Minute)
	if e := p.c.Err(); e != ETIMEDOUT {
		t.Errorf("error %v, want ETIMEDOUT", e)
	}
	n := 0
	for _, s := range p.segs {
		if s.at >= sent {
			n++
			if s.seg.Flags&RST != 0 {
				t.Error("a RST was sent")
			}
		}
	}
	if n != 7 {
		p.dump()
		t.Errorf("%d transmissions, want the original, a probe, and five retransmissions", n)
	}
}

// With LateTicks some timers fire a tick late and none more: the delayed ACKs of a capture came 40
// to 44 ms after the data, and one in seven 44 to 48 ms.
func TestLateTicks(t *testing.T) {
	n := New(Config{Seed: 1, OneMachine: true, LateTicks: 7})
	h := n.AddHost(HostConfig{Name: "host"})
	late, all := 0, 7000
	for i := range all {
		now := ms(i * 5)
		switch d := h.expiry(now, 40*time.Millisecond).Sub(now); {
		case d <= 40*time.Millisecond || d > 48*time.Millisecond:
			t.Fatalf("a timer of 40 ms fires after %v", d)
		case d > 44*time.Millisecond:
			late++
		}
	}
	if late < all/8 || late > all/6 {
		t.Errorf("%d of %d timers were late", late, all)
	}
}

// A known uptime puts the slots of the timer wheel where they were: timers of 16 to 129 s fire when
// the tick counter is a multiple of 512.
func TestUptime(t *testing.T) {
	const slot = 512 * 4 * time.Millisecond
	n := New(Config{Seed: 1, OneMachine: true, Uptime: 1000*slot - 700*time.Millisecond})
	h := n.AddHost(HostConfig{Name: "host"})
	at := h.expiry(0, 30*time.Second)
	if d := at.Sub(ms(700)) % slot; d != 0 || at < sec(30) || at > sec(30).Add(slot) {
		t.Errorf("a timer of 30 s fires at %v, %v behind a slot's end", at, d)
	}
}
