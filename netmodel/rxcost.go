package netmodel

// rxCost is the memory that a received packet takes (skb->truesize), and in which form.
type rxCost struct {
	truesize int
	room     int  // behind the data of a linear buffer
	linear   bool // else in pages
}

// rxCost is what the packet costs: its payload in pages and the overhead of a buffer, as on veth
// and with most drivers, or, with RxLinear, a linear buffer of a power of two.
func (s *Socket) rxCost(seg *Segment) rxCost {
	p := s.host.profile
	if !p.RxLinear {
		return rxCost{truesize: len(seg.Payload) + p.SkbOverhead}
	}
	return linearCost(wireSize(seg), p.SkbOverhead)
}

// linearCost is what tun_alloc_skb and alloc_skb_with_frags make of a packet of n bytes: the head
// with room in front and the shared info behind it, rounded up to what the allocator has, and
// blocks of up to eight pages for what does not fit into one page. small is the cost of the
// smallest head.
func linearCost(n, small int) rxCost {
	const (
		page   = 4096
		front  = 64  // NET_SKB_PAD
		shared = 320 // skb_shared_info
		meta   = 256 // sk_buff
	)
	linear := min(n, page-front-shared)
	size := small - meta
	if need := (front+linear+63)&^63 + shared; need > size {
		size = max(nextPow2(need), 1024)
	}
	c := rxCost{truesize: meta + size, room: max(size-shared-front-n, 0), linear: true}
	for rest := n - linear; rest > 0; {
		block := 8 * page
		for block > page && (rest+page-1)&^(page-1) < block {
			block /= 2
		}
		c.truesize += block
		rest -= block
	}
	return c
}
