package netmodel

import (
	"bytes"
	"testing"
	"time"
)

// The wheel of kernel/time/timer.c: 64 slots a level, each level eight times as coarse; a timer
// fires at the end of its slot, never early.
func TestTimerWheel(t *testing.T) {
	for _, c := range []struct{ clock, at, want int64 }{
		{1000, 1000 + 10, 1000 + 11}, // level 0: one tick late
		{1000, 1000 + 62, 1000 + 63}, // the last of level 0
		{1000, 1000 + 63, 1064},      // level 1: slots of 8 ticks
		{1024, 1024 + 250, 1280},     // a SYN's second from a slot's edge: 1024 ms
		{0, 504, 512},                // level 2: slots of 64 ticks
		{50, 40, 50},                 // in the past: now
	} {
		if got := wheelExpiry(c.clock, c.at); got != c.want {
			t.Errorf("armed at tick %d for %d: fires at %d, want %d", c.clock, c.at, got, c.want)
		}
	}
	h := newHost(nil)
	h.net = New(Config{})
	h.start()
	for d := time.Millisecond; d < time.Hour; d = d*9/8 + 1 {
		due := h.expiry(12345678, d).Sub(12345678)
		if due < d || due > d+d/7+2*h.profile.Tick {
			t.Errorf("a timer of %v fires after %v", d, due)
		}
	}
}

// What arrives out of order is kept as blocks; overlaps are found, and all joins in the end.
func TestRecvQueueBlocks(t *testing.T) {
	var q recvQueue
	for _, b := range []Block{{20, 30}, {40, 50}, {10, 15}} {
		if w, dup := q.addOutOfOrder(b); w != b || dup {
			t.Errorf("%v became %v, %v", b, w, dup)
		}
	}
	if w, _ := q.addOutOfOrder(Block{25, 42}); w != (Block{20, 50}) || len(q.ooo) != 2 {
		t.Errorf("joined to %v: %v", w, q.ooo)
	}
	if _, dup := q.addOutOfOrder(Block{21, 49}); !dup {
		t.Error("a block inside another is not new")
	}
	if o, ok := q.overlaps(Block{12, 18}); !ok || o != (Block{12, 15}) {
		t.Errorf("overlap %v %v", o, ok)
	}
}

// The ring keeps its bytes when it grows and wraps.
func TestRecvQueueRing(t *testing.T) {
	var q recvQueue
	read := ^uint32(0) - 100
	for i, n := range []int{100, 150, 300, 2000, 5000} {
		data := bytes.Repeat([]byte{byte(i + 1)}, n)
		q.fit(read, read+uint32(n))
		q.put(read, data)
		got := make([]byte, n)
		q.get(read, got)
		if !bytes.Equal(got, data) {
			t.Errorf("%d bytes at %d came back wrong", n, read)
		}
		read += uint32(n)
	}
}

// A split piece keeps its bytes in order, and FIN and PSH at its end (tcp_fragment).
func TestSendQueueSplit(t *testing.T) {
	var q sendQueue
	for i := range 5 {
		p := q.push()
		p.seq, p.end = uint32(10*i), uint32(10*i+10)
		p.data = []byte("0123456789")
	}
	p := q.at(2)
	p.flags, p.end = FIN|PSH, 31
	q.sent = 3
	q.split(2, 4)
	a, b := q.at(2), q.at(3)
	if string(a.data) != "0123" || string(b.data) != "456789" || a.end != 24 || b.seq != 24 ||
		a.flags != 0 || b.flags != FIN|PSH || b.end != 31 || q.sent != 4 || q.n != 6 {
		t.Errorf("split into %+v and %+v, %d of %d sent", a, b, q.sent, q.n)
	}
	if i := q.search(25); i != 3 {
		t.Errorf("25 found in piece %d, want 3", i)
	}
}
