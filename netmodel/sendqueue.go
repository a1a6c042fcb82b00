package netmodel

// Marks on a sent piece (tcp_skb_cb.sacked in Linux).
const (
	markSacked      uint8 = 1 << iota // the receiver has it
	markRetrans                       // its last transmission is a retransmission
	markLost                          // believed lost
	markEverRetrans                   // was retransmitted at some time
)

// piece is what goes into one segment: a stretch of the send queue.
type piece struct {
	seq, end  uint32 // end includes SYN and FIN
	data      []byte
	sent      Time    // last transmission
	first     EventID // its first transmission
	delivered uint32  // the connection's count of delivered pieces when this was sent
	flags     Flags   // SYN, FIN, PSH
	marks     uint8
	copies    uint8 // transmissions so far
	starts    bool  // begins a kernel buffer: costs SkbOverhead
	record    bool  // ends a record (MSG_EOR): nothing is joined to it
}

// sendQueue is a ring of pieces in order of sequence: first those that were sent and are not yet
// acknowledged (Linux' retransmission queue), then those that wait (its write queue).
type sendQueue struct {
	ring []piece // length a power of two
	head int
	n    int
	sent int // how many of them were sent
}

func (q *sendQueue) at(i int) *piece { return &q.ring[(q.head+i)&(len(q.ring)-1)] }

// unsent returns the first piece that waits, or nil.
func (q *sendQueue) unsent() *piece {
	if q.sent == q.n {
		return nil
	}
	return q.at(q.sent)
}

// tail returns the last piece that waits, or nil.
func (q *sendQueue) tail() *piece {
	if q.sent == q.n {
		return nil
	}
	return q.at(q.n - 1)
}

func (q *sendQueue) push() *piece {
	if q.n == len(q.ring) {
		q.grow()
	}
	p := q.at(q.n)
	*p = piece{}
	q.n++
	return p
}

func (q *sendQueue) grow() {
	ring := make([]piece, max(4, 2*len(q.ring)))
	for i := range q.n {
		ring[i] = *q.at(i)
	}
	q.ring, q.head = ring, 0
}

// popFront drops the oldest piece.
func (q *sendQueue) popFront() {
	q.at(0).data = nil
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.n--
	if q.sent > 0 {
		q.sent--
	}
}

// insert makes room for a piece at place i.
func (q *sendQueue) insert(i int) *piece {
	q.push()
	for j := q.n - 1; j > i; j-- {
		*q.at(j) = *q.at(j - 1)
	}
	if i < q.sent {
		q.sent++
	}
	p := q.at(i)
	*p = piece{}
	return p
}

// remove drops the piece at place i.
func (q *sendQueue) remove(i int) {
	for j := i; j < q.n-1; j++ {
		*q.at(j) = *q.at(j + 1)
	}
	q.n--
	if i < q.sent {
		q.sent--
	}
	q.at(q.n).data = nil
}

// split cuts the piece at place i after length bytes (tcp_fragment): FIN, PSH and the end of a
// record go to the rear.
func (q *sendQueue) split(i, length int) {
	wasSent := i < q.sent
	rear := q.insert(i + 1)
	if wasSent && i+1 == q.sent {
		q.sent++ // insert took the rear for the first that waits
	}
	front := q.at(i)
	*rear = *front
	rear.starts = false
	rear.seq = front.seq + uint32(length)
	rear.data = front.data[length:]
	front.end = rear.seq
	front.data = front.data[:length]
	front.flags &^= FIN | PSH
	front.record = false
}

// search returns the place of the first sent piece whose end lies behind seq.
func (q *sendQueue) search(seq uint32) int {
	lo, hi := 0, q.sent
	for lo < hi {
		mid := (lo + hi) / 2
		if after(q.at(mid).end, seq) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// before and after compare sequence numbers (RFC 9293, 3.4).
func before(a, b uint32) bool { return int32(a-b) < 0 }
func after(a, b uint32) bool  { return int32(a-b) > 0 }

// arena holds the bytes of written data. Segments under way and records point into it, so bytes
// are only ever appended. Without a sink a chunk is used again once all in it is acknowledged: what
// may still be under way then is old, and receivers look at nothing of it.
type arena struct {
	chunks []chunk
	spares [][]byte // of the largest size, to be used again
	reuse  bool
}

type chunk struct {
	mem   []byte // len: used
	end   uint32 // sequence number behind the last byte in it
	ended bool   // end is set
}

const (
	arenaFirst = 1 << 10
	arenaLast  = 64 << 10
)

// extend appends add to p without moving it, if p is what was placed last and there is room.
func (a *arena) extend(p []byte, add []byte) ([]byte, bool) {
	if len(a.chunks) == 0 || len(p) == 0 {
		return nil, false
	}
	c := &a.chunks[len(a.chunks)-1]
	used := len(c.mem)
	if used == 0 || &c.mem[used-1] != &p[len(p)-1] || used+len(add) > cap(c.mem) {
		return nil, false
	}
	c.mem = append(c.mem, add...)
	return c.mem[used-len(p) : used+len(add)], true
}

// place copies x and y, one behind the other, into the arena.
func (a *arena) place(x, y []byte) []byte {
	need := len(x) + len(y)
	if k := len(a.chunks); k == 0 || cap(a.chunks[k-1].mem)-len(a.chunks[k-1].mem) < need {
		a.addChunk(need)
	}
	c := &a.chunks[len(a.chunks)-1]
	at := len(c.mem)
	c.mem = append(append(c.mem, x...), y...)
	return c.mem[at : at+need]
}

// addChunk makes room for need bytes. Chunks grow with what is waiting: most connections never have
// more than a few messages under way.
func (a *arena) addChunk(need int) {
	if n := len(a.spares); n > 0 && need <= arenaLast {
		a.chunks = append(a.chunks, chunk{mem: a.spares[n-1][:0]})
		a.spares = a.spares[:n-1]
		return
	}
	size := arenaFirst
	for _, c := range a.chunks {
		size = min(size+cap(c.mem), arenaLast)
	}
	a.chunks = append(a.chunks, chunk{mem: make([]byte, 0, max(size, need))})
}

// ends notes that data up to seq was put into the last chunk.
func (a *arena) ends(seq uint32) {
	if len(a.chunks) == 0 {
		return
	}
	if c := &a.chunks[len(a.chunks)-1]; !c.ended || after(seq, c.end) {
		c.end, c.ended = seq, true
	}
}

// release lets go of chunks whose data is acknowledged up to una.
func (a *arena) release(una uint32) {
	i := 0
	for i < len(a.chunks)-1 && !after(a.chunks[i].end, una) {
		if m := a.chunks[i].mem; a.reuse && cap(m) == arenaLast && len(a.spares) <= len(a.chunks) {
			a.spares = append(a.spares, m)
		}
		i++
	}
	if i > 0 {
		n := copy(a.chunks, a.chunks[i:])
		clear(a.chunks[n:])
		a.chunks = a.chunks[:n]
	}
	if a.reuse && len(a.chunks) == 1 && !after(a.chunks[0].end, una) {
		a.chunks[0].mem = a.chunks[0].mem[:0]
	}
}
