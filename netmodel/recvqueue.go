package netmodel

// recvQueue holds received bytes until the application reads them: a ring indexed by sequence
// number, so that data that arrives out of order has its place at once. Which stretches beyond the
// in-order part are filled is kept in ooo, sorted by sequence.
//
// Memory is counted as Linux counts it: each kernel buffer costs its overhead; neighbours that
// arrive in order are joined (tcp_try_coalesce): pages, up to the 17 fragments that one buffer can
// have, or what fits into the room behind a linear one.
type recvQueue struct {
	ring   []byte // length a power of two
	skbs   []rxBuffer
	mem    int // bytes charged to the socket (sk_rmem_alloc)
	ooo    []Block
	oooMem int // the part of mem that is out of order
}

type rxBuffer struct {
	end   uint32
	mem   int
	parts int
	room  int // behind the data of a linear buffer
}

const maxFragments = 17

// fit makes the ring large enough for the bytes from read to end.
func (q *recvQueue) fit(read, end uint32) {
	need := int(end - read)
	if need <= len(q.ring) {
		return
	}
	size := max(256, len(q.ring))
	for size < need {
		size *= 2
	}
	ring := make([]byte, size)
	for i := 0; i < len(q.ring); i++ {
		seq := read + uint32(i)
		ring[int(seq)&(size-1)] = q.ring[int(seq)&(len(q.ring)-1)]
	}
	q.ring = ring
}

// put copies data, whose first byte has number seq, to its place.
func (q *recvQueue) put(seq uint32, data []byte) {
	at := int(seq) & (len(q.ring) - 1)
	n := copy(q.ring[at:], data)
	copy(q.ring, data[n:])
}

// get copies n bytes from number seq on to p.
func (q *recvQueue) get(seq uint32, p []byte) {
	at := int(seq) & (len(q.ring) - 1)
	n := copy(p, q.ring[at:])
	copy(p[n:], q.ring)
}

// charge counts the memory of in-order data that now reaches up to end.
func (q *recvQueue) charge(end uint32, length int, c rxCost) {
	if k := len(q.skbs); k > 0 {
		b := &q.skbs[k-1]
		switch {
		case !c.linear && b.parts < maxFragments:
			b.end, b.mem, b.parts = end, b.mem+length, b.parts+1
			q.mem += length
			return
		case c.linear && length <= b.room:
			b.end, b.room = end, b.room-length
			return
		}
	}
	q.skbs = append(q.skbs, rxBuffer{end, c.truesize, 1, c.room})
	q.mem += c.truesize
}

// discharge frees the buffers that were read to their end.
func (q *recvQueue) discharge(read uint32) {
	i := 0
	for i < len(q.skbs) && !after(q.skbs[i].end, read) {
		q.mem -= q.skbs[i].mem
		i++
	}
	if i > 0 {
		n := copy(q.skbs, q.skbs[i:])
		q.skbs = q.skbs[:n]
	}
}

// addOutOfOrder notes that the bytes of b are in the ring, and returns the block that now holds
// them, and whether nothing of b was new.
func (q *recvQueue) addOutOfOrder(b Block) (whole Block, duplicate bool) {
	i := 0
	for i < len(q.ooo) && before(q.ooo[i].Right, b.Left) {
		i++
	}
	if i < len(q.ooo) && !after(q.ooo[i].Left, b.Left) && !before(q.ooo[i].Right, b.Right) {
		return q.ooo[i], true
	}
	j := i
	for j < len(q.ooo) && !after(q.ooo[j].Left, b.Right) {
		if before(q.ooo[j].Left, b.Left) {
			b.Left = q.ooo[j].Left
		}
		if after(q.ooo[j].Right, b.Right) {
			b.Right = q.ooo[j].Right
		}
		j++
	}
	if i == j {
		q.ooo = append(q.ooo, Block{})
		copy(q.ooo[i+1:], q.ooo[i:])
	} else {
		q.ooo = append(q.ooo[:i+1], q.ooo[j:]...)
	}
	q.ooo[i] = b
	return b, false
}

// overlaps reports what of b is held already, and whether anything is.
func (q *recvQueue) overlaps(b Block) (Block, bool) {
	for _, o := range q.ooo {
		if before(o.Left, b.Right) && after(o.Right, b.Left) {
			if after(b.Left, o.Left) {
				o.Left = b.Left
			}
			if before(b.Right, o.Right) {
				o.Right = b.Right
			}
			return o, true
		}
	}
	return Block{}, false
}

// takeBlock takes the first block out, with its share of the memory.
func (q *recvQueue) takeBlock() (Block, int) {
	b := q.ooo[0]
	total := 0
	for _, o := range q.ooo {
		total += int(o.Right - o.Left)
	}
	mem := q.oooMem
	if total > 0 {
		mem = int(int64(q.oooMem) * int64(b.Right-b.Left) / int64(total))
	}
	q.ooo = append(q.ooo[:0], q.ooo[1:]...)
	q.oooMem -= mem
	q.mem -= mem
	return b, mem
}
