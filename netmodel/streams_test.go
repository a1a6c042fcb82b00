package netmodel

import (
	"math/rand/v2"
	"testing"
)

// stream is one direction of a connection: byte i of it is pattern(i).
type stream struct {
	from, to *Socket
	wrote    int
	read     int
}

func pattern(i int) byte { return byte(i ^ i>>8 ^ i>>16) }

// streams is a chaos with programs: each client keeps a connection to the server open, and both
// ends write at random.
type streams struct {
	*testing.T
	*chaos
	seed     uint64
	listener *Socket
	clients  []*Socket
	pending  []*Socket // connected, not accepted yet
	all      []*stream
	total    int
	errors   map[Errno]int
}

func newStreams(t *testing.T, seed uint64, recorded bool) *streams {
	l := &ledger{t: t, open: map[EventID]Time{}, atHop: map[EventID]EventID{},
		waits: map[EventID]bool{}, dropped: map[Reason]int{}, routers: map[HostID]bool{}}
	w := &streams{T: t, chaos: newChaos(seed, l), seed: seed, errors: map[Errno]int{}}
	w.r = rand.New(rand.NewPCG(seed, 7))
	if !recorded {
		w.sink = nil
	}
	w.listener = w.server().NewSocket()
	w.listener.Bind(1883)
	w.listener.Listen(0, 16)
	w.clients = make([]*Socket, 3)
	return w
}

func (w *streams) server() *Host { return w.ends[len(w.ends)-1] }

// act lets one program do something.
func (w *streams) act() {
	now := w.Now()
	if k := w.r.IntN(30); k == 0 {
		w.fault()
	} else if k == 1 && len(w.now) > 0 {
		w.EndFault(now, w.now[w.r.IntN(len(w.now))])
	}
	i := w.r.IntN(len(w.clients))
	c := w.clients[i]
	switch {
	case c == nil || c.State() == Closed:
		if c != nil {
			w.errors[c.Err()]++ // OK if a read had it
			c.Close(now)
		}
		w.clients[i] = w.ends[i].NewSocket()
		w.clients[i].Connect(now, Endpoint{w.server().Addr(), 1883})
	case w.r.IntN(40) == 0:
		c.Abort(now)
		w.clients[i] = nil
	}
	for s, e := w.listener.Accept(now); e == OK; s, e = w.listener.Accept(now) {
		w.pending = append(w.pending, s)
	}
	w.pair()
	for _, s := range w.all {
		w.use(s)
	}
	w.chaos.Run(w.Now() + Time(w.r.IntN(300))*1e6)
}

// pair finds the client of each accepted connection. The server sees it by its port, and perhaps
// behind a NAT: the handshake's numbers tell.
func (w *streams) pair() {
	kept := w.pending[:0]
	for _, s := range w.pending {
		found := false
		for _, c := range w.clients {
			if c != nil && c.State() == Established && c.ISS() == s.IRS() {
				w.all = append(w.all, &stream{from: c, to: s}, &stream{from: s, to: c})
				found = true
			}
		}
		if !found && s.State() == Established {
			kept = append(kept, s)
		}
	}
	w.pending = kept
}

// use writes at one end and reads at the other.
func (w *streams) use(s *stream) {
	if w.r.IntN(3) == 0 {
		data := make([]byte, w.r.IntN(4000))
		for i := range data {
			data[i] = pattern(s.wrote + i)
		}
		if n, e := s.from.Write(w.Now(), data); e == OK {
			s.wrote += n
		}
	}
	buf := make([]byte, 3000)
	n, e := s.to.Read(w.Now(), buf)
	if e != OK {
		if e != EAGAIN {
			w.errors[e]++
		}
		return
	}
	for _, b := range buf[:n] {
		if b != pattern(s.read) {
			w.Fatalf("seed %d: byte %d of a stream is %d, want %d", w.seed, s.read, b, pattern(s.read))
		}
		s.read++
	}
	if s.read > s.wrote {
		w.Fatalf("seed %d: %d bytes read, %d written", w.seed, s.read, s.wrote)
	}
	w.total += n
}

// Whatever the network does, what a program reads is what the other wrote: all of it so far, in
// order, from the first byte on; and every segment has one end, those of the real stacks too.
// Recording changes nothing, although without a sink the room of acknowledged bytes is used again.
func TestStreamsThroughChaos(t *testing.T) {
	total, connections := 0, 0
	errors := map[Errno]int{}
	for seed := range uint64(60) {
		w, quiet := newStreams(t, seed, true), newStreams(t, seed, false)
		for range 500 {
			w.act()
			quiet.act()
		}
		if w.total != quiet.total || w.Now() != quiet.Now() || len(w.all) != len(quiet.all) {
			t.Errorf("seed %d: %d bytes over %d connections when recorded, else %d over %d", seed,
				w.total, len(w.all)/2, quiet.total, len(quiet.all)/2)
		}
		total += w.total
		connections += len(w.all) / 2
		for e, n := range w.errors {
			errors[e] += n
		}
	}
	if total < 1_000_000 || connections < 300 {
		t.Errorf("only %d bytes went over %d connections", total, connections)
	}
	for _, e := range []Errno{ECONNRESET, ECONNREFUSED, ECONNABORTED, EHOSTUNREACH} {
		if errors[e] == 0 {
			t.Errorf("no connection ended with %v: the test does not reach it (%v)", e, errors)
		}
	}
}
