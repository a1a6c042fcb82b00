package netmodel

import (
	"testing"
	"time"
)

// These stories were played on a real host (Linux 6.18, ip link set down, tcp_info): a segment that
// has no route was not sent. The figures are tcpi_unacked, tcpi_notsent_bytes, tcpi_retransmits,
// tcpi_probes, tcpi_backoff and tcpi_total_retrans.
func (p *tcpPair) wantInfo(what string, want ...int) {
	p.t.Helper()
	i := p.c.Info()
	got := []int{i.Unacked, i.NotSent, i.Retransmits, i.Probes, i.Backoff, i.TotalRetrans}
	for k := range want {
		if got[k] != want[k] {
			p.t.Errorf("%s: got %v, want %v", what, got, want)
			return
		}
	}
}

func (p *tcpPair) down() FaultID {
	return p.net.Begin(p.net.Now(), Fault{Kind: FaultInterfaceDown, Host: p.client})
}

// New data waits in the send queue, and the persist timer tries it (tcp_write_xmit,
// tcp_send_probe0).
func TestNewDataWithoutRouteIsNotSent(t *testing.T) {
	p := newTCPPair(t).connect()
	down := p.down()
	p.write(p.c, "unsent")
	p.wantInfo("at once", 0, 6, 0, 0, 0, 0)
	p.run(time.Second)
	p.wantInfo("after a second", 0, 6, 0, 2, 2, 0)
	p.net.EndFault(p.net.Now(), down)
	p.run(time.Second)
	p.wantInfo("with its route again", 0, 0, 0, 0, 0, 0)
	p.wantRead(p.s, "unsent")
}

// What was sent before is on its retransmission timer, and attempts without a route are timeouts,
// but no retransmissions (__tcp_retransmit_skb: EHOSTUNREACH).
func TestRetransmissionWithoutRoute(t *testing.T) {
	p := newTCPPair(t).connect()
	p.write(p.c, "lost")
	down := p.down()
	p.write(p.c, "unsent")
	p.wantInfo("at once", 1, 6, 0, 0, 0, 0)
	p.run(time.Second)
	p.wantInfo("after a second", 1, 6, 2, 0, 2, 0)
	p.net.EndFault(p.net.Now(), down)
	p.run(2 * time.Second)
	p.wantInfo("with its route again", 0, 0, 0, 0, 0, 1)
	p.wantRead(p.s, "lostunsent")
}
