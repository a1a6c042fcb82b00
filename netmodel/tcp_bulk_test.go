package netmodel

import (
	"testing"
	"time"
)

// bulkRun sends n bytes from a to b as fast as the sockets take them.
func (p *tcpPair) bulkRun(from, to *Socket, n int) {
	buf := make([]byte, 1<<16)
	got := 0
	left := n
	for got < n && p.net.Next() != Never {
		for left > 0 {
			k, e := from.Write(p.net.Now(), buf[:min(left, len(buf))])
			if e != OK {
				break
			}
			left -= k
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
}

// Slow start fills a fat path in few round trips, as in the capture tcp-j-bulk: bursts of 10, 20,
// 40 ... segments, because the receive window grows in step (tcp_rcv_space_adjust).
func TestBulkDoublesEachRound(t *testing.T) {
	p := newTCPPair(t).connect()
	start := p.net.Now()
	p.bulkRun(p.s, p.c, 1000000)
	took := p.net.Now().Sub(start)
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
