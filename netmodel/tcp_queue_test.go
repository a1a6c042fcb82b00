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

// In steady state neither a bulk transfer nor a conversation of small messages allocates, without a
// sink.
func TestNoAllocationPerSegment(t *testing.T) {
	n := New(Config{Seed: 1})
	server, l := benchServer(n)
	_, c, s := benchPair(n, server, l, "client", Conditions{Latency: 10 * time.Millisecond,
		Rate: 100e6, Queue: 1e6})
	transfer(n, c, s, 40e6)
	msg := make([]byte, 60)
	for what, f := range map[string]func(){
		"1 MB in bulk": func() { transfer(n, c, s, 1e6) },
		"a message": func() {
			c.Write(n.Now(), msg)
			n.Run(n.Now().Add(time.Second))
			s.Read(n.Now(), msg)
			n.Woken()
		},
	} {
		f()
		most := 8.0 // for 700 segments: transfer's own buffers, and chunks now and then
		if what == "a message" {
			most = 0
		}
		if got := testing.AllocsPerRun(5, f); got > most {
			t.Errorf("%s allocates %v times", what, got)
		}
	}
}

// Congestion control of a path with a queue: the link is full, whatever its buffer, and random loss
// costs what the models say, within a factor of two (RFC 9438, 5.1).
func TestThroughput(t *testing.T) {
	for _, c := range []struct {
		what       string
		conditions Conditions
		size       int
		least      float64 // Mbit/s
	}{
		{"a small buffer", Conditions{Rate: 20e6, Queue: 50000}, 20e6, 18},
		{"a huge buffer", Conditions{Rate: 20e6, Queue: 500000}, 20e6, 18},
		{"reordering", Conditions{Jitter: 5 * time.Millisecond, Reorder: true}, 10e6, 100},
		{"0.1 % loss", Conditions{Loss: Percent(0, 10)}, 10e6, 10},
		{"1 % loss", Conditions{Loss: Percent(1, 0)}, 10e6, 4},
		{"20 % loss", Conditions{Loss: Percent(20, 0)}, 1e5, .1},
	} {
		n := New(Config{Seed: 3})
		server, l := benchServer(n)
		c.conditions.Latency = 10 * time.Millisecond
		link, a, s := benchPair(n, server, l, "client", Conditions{Latency: 10 * time.Millisecond})
		link.SetConditions(n.Now(), nil, c.conditions)
		at := n.Now()
		transfer(n, a, s, c.size)
		if got := float64(c.size) * 8e3 / float64(n.Now().Sub(at)); got < c.least {
			t.Errorf("%s: %.2f Mbit/s, want at least %.2f: %+v", c.what, got, c.least, a.Info())
		}
	}
}
