package netmodel

import (
	"testing"
	"time"
)

// bulkRun sends n bytes as fast as the sockets take them, and returns how long it took.
func (p *tcpPair) bulkRun(from, to *Socket, n int) time.Duration {
	buf := make([]byte, 1<<16)
	got := 0
	left := n
	start := p.net.Now()
	for got < n {
		for left > 0 {
			k, e := from.Write(p.net.Now(), buf[:min(left, len(buf))])
			if e != OK {
				break
			}
			left -= k
		}
		if p.net.Next() == Never {
			p.t.Fatalf("nothing happens any more after %d of %d bytes", got, n)
		}
		p.net.Step()
		for {
			k, e := to.Read(p.net.Now(), buf)
			if k == 0 || e != OK {
				break
			}
			got += k
		}
	}
	return p.net.Now().Sub(start)
}

// Slow start fills a fat path in few round trips, as in the capture tcp-j-bulk: bursts of 10, 20,
// 40 ... segments, because the receive window grows in step (tcp_rcv_space_adjust).
func TestBulkDoublesEachRound(t *testing.T) {
	p := newTCPPair(t).connect()
	took := p.bulkRun(p.s, p.c, 1000000)
	if took > 160*time.Millisecond {
		t.Errorf("1 MB took %v; the capture needed 120 ms", took)
		n, at := 0, Time(0)
		for _, s := range p.segs {
			if s.host == p.server.ID() && len(s.seg.Payload) > 0 {
				if s.at.Sub(at) > 5*time.Millisecond {
					t.Logf("%v: %d", at, n)
					n = 0
				}
				n, at = n+1, s.at
			}
		}
		t.Logf("%+v", p.c.Info())
	}
}

// A pause before the transfer is no round trip: the first segment's echo is then a second old. A
// receiver that took it for the round-trip time would not enlarge its buffer for many rounds. In a
// capture of Linux 6.18, after a pause of a second, the window was 81,536 bytes until the second
// round ended, and 200,320 at the end of the third; the megabyte took 143 ms from its first segment
// to its last acknowledgement.
func TestWindowGrowsAfterPause(t *testing.T) {
	p := newTCPPair(t).connect()
	p.link.SetConditions(p.net.Now(), nil, Conditions{Latency: 10 * time.Millisecond, Rate: 3e9})
	p.run(time.Second)
	start := p.net.Now()
	if took := p.bulkRun(p.s, p.c, 1000000); took > 160*time.Millisecond {
		t.Errorf("1 MB took %v after a pause", took)
	}
	widest := func(beyond uint32) (w uint32) {
		for _, s := range p.segs {
			if s.host == p.client.ID() && s.at >= start && s.seg.Ack-p.s.iss < beyond {
				w = max(w, uint32(s.seg.Window)<<7)
			}
		}
		return w
	}
	if second, third := widest(43441), widest(101361); third < 2*second {
		t.Errorf("the window was %d bytes in the second round, and %d in the third", second, third)
	}
}
