package netmodel

import (
	"math/bits"
	"time"
)

// serialise returns when the last bit of a packet of the given size will have been sent at rate
// bits a second, or false if the queue has no room for it.
func (d *direction) serialise(size int, rate int64, limit int) (Time, bool) {
	start := max(d.net.now, d.busy)
	if limit > 0 && start > d.net.now {
		waiting := bytesIn(start.Sub(d.net.now), rate)
		if waiting+int64(size) > int64(limit) {
			return 0, false
		}
	}
	d.busy = start.Add(sendingTime(size, rate))
	return d.busy, true
}

// sendingTime is size*8/rate in nanoseconds, rounded up. An IP packet has at most 65,535 bytes, so
// that nothing overflows.
func sendingTime(size int, rate int64) time.Duration {
	bits := uint64(size) * 8 * uint64(time.Second)
	return time.Duration((bits + uint64(rate) - 1) / uint64(rate))
}

// bytesIn is what a link of the given rate sends in d.
func bytesIn(d time.Duration, rate int64) int64 {
	hi, lo := bits.Mul64(uint64(d), uint64(rate))
	if hi >= 8*uint64(time.Second) {
		return 1 << 62
	}
	q, _ := bits.Div64(hi, lo, 8*uint64(time.Second))
	return int64(q)
}

// wireSize is the size of the IP packet: headers of IP and TCP, options as Linux pads them
// (tcp_options_write in net/ipv4/tcp_output.c), payload. An ICMP error carries the IP header and at
// least 8 bytes of the packet that it is about (RFC 792); Linux sends as much as fits in 576 bytes,
// which for the small packets of the model is most of it; 28 bytes of it are counted.
func wireSize(s *Segment) int {
	const ip, tcp, icmp = 20, 20, 8
	if s.ICMP != NotICMP {
		return ip + icmp + ip + 8
	}
	o := &s.Options
	size := ip + tcp + len(s.Payload)
	if o.MSS != 0 {
		size += 4
	}
	if o.HasTimestamps {
		size += 12 // with the SACK-permitted option in its padding
	} else if o.SACKPermitted {
		size += 4
	}
	if o.HasScale {
		size += 4
	}
	if o.NSACK > 0 {
		size += 4 + 8*int(o.NSACK)
	}
	return size
}
