package netmodel

import "time"

// Linux limits the ICMP errors it sends to one destination by a bucket of tokens: one a second
// (sysctl net.ipv4.icmp_ratelimit, 1000 ms), six at once (XRLIM_BURST_FACTOR in
// net/ipv4/inetpeer.c). Its limit over all destinations (icmp_msgs_per_sec) is not modelled.
const (
	icmpInterval = time.Second
	icmpBurst    = 6
)

// icmpLimit is the buckets of one sender of ICMP errors.
type icmpLimit struct {
	buckets map[Addr]icmpBucket // looked up, never iterated
}

type icmpBucket struct {
	tokens time.Duration // as in Linux, in units of time
	last   Time
}

// allow takes a token for an error to the given address.
func (l *icmpLimit) allow(now Time, to Addr) bool {
	if l.buckets == nil {
		l.buckets = map[Addr]icmpBucket{}
	}
	b, known := l.buckets[to]
	if !known {
		b.tokens = icmpBurst * icmpInterval
	}
	b.tokens = min(b.tokens+now.Sub(b.last), icmpBurst*icmpInterval)
	b.last = now
	ok := b.tokens >= icmpInterval
	if ok {
		b.tokens -= icmpInterval
	}
	l.buckets[to] = b
	return ok
}

// unreachable makes the ICMP message that tells the sender of seg that it could not be delivered.
// There is none about an ICMP error (RFC 1122, 3.2.2).
func unreachable(seg *Segment, code Unreachable, from Addr) (Segment, bool) {
	if seg.ICMP != NotICMP {
		return Segment{}, false
	}
	return Segment{Src: Endpoint{Addr: from}, Dst: Endpoint{Addr: seg.Src.Addr}, TTL: defaultTTL,
		ICMP: code, InnerSrc: seg.Src, InnerDst: seg.Dst, InnerSeq: seg.Seq}, true
}

// defaultTTL is Linux's, for what routers make.
const defaultTTL = 64

// resetFor makes the RST that answers a segment as if its destination had sent it (RFC 9293,
// 3.10.7.1; nf_reject_ip_tcphdr_put in net/ipv4/netfilter). A RST is not answered.
func resetFor(seg *Segment) (Segment, bool) {
	if seg.ICMP != NotICMP || seg.Flags.Has(RST) {
		return Segment{}, false
	}
	r := Segment{Src: seg.Dst, Dst: seg.Src, Flags: RST, TTL: defaultTTL}
	if seg.Flags.Has(ACK) {
		r.Seq = seg.Ack
	} else {
		r.Flags |= ACK
		r.Ack = seg.Seq + seg.SeqLen()
	}
	return r, true
}

// answer is what a fault says to the sender of a segment that it took.
func (a *activeFault) answer(seg *Segment, from Addr, limit *icmpLimit) (Segment, Reason, bool) {
	if a.Kind == FaultReset {
		r, ok := resetFor(seg)
		return r, SendRouterReset, ok
	}
	code := a.Code
	if code == NotICMP {
		code = HostUnreachable
	}
	m, ok := unreachable(seg, code, from)
	return m, SendUnreachable, ok && limit.allow(a.net.now, m.Dst.Addr)
}
