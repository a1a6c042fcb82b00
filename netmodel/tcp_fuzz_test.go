package netmodel

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// storm drives one connection through random conditions: both sides write random amounts at random
// times, read at random times, and the path loses, duplicates, delays, reorders and cuts.
type storm struct {
	rng   *rand.Rand
	net   *Network
	link  *Link
	ends  [2]*Socket
	wrote [2][]byte
	got   [2][]byte
	errs  [2]Errno
	eof   [2]bool
	done  [2]bool
	// aborted: this side closed without reading on.
	aborted [2]bool
}

func newStorm(seed uint64) *storm {
	w := &storm{rng: rand.New(rand.NewPCG(seed, 77))}
	w.net = New(Config{Seed: seed})
	a := w.net.AddHost(HostConfig{Name: "a"})
	b := w.net.AddHost(HostConfig{Name: "b"})
	w.tune(a.Profile())
	w.tune(b.Profile())
	w.link = w.net.AddLink(a, b, Conditions{Latency: w.ms(1, 80)})
	l := b.NewSocket()
	l.Bind(1883)
	l.Listen(0, 5)
	c := a.NewSocket()
	if w.rng.IntN(3) == 0 {
		c.SetRecvBuffer(2000 + w.rng.IntN(20000))
	}
	c.SetNoDelay(w.rng.IntN(2) == 0)
	c.Connect(0, Endpoint{b.Addr(), 1883})
	w.net.Run(Time(5 * time.Second))
	s, e := l.Accept(w.net.Now())
	if e != OK {
		panic("no connection on a clean link")
	}
	s.SetNoDelay(w.rng.IntN(2) == 0)
	w.ends = [2]*Socket{c, s}
	return w
}

func (w *storm) tune(p *Profile) {
	p.SACK = w.rng.IntN(4) > 0
	p.Timestamps = w.rng.IntN(4) > 0
	p.WindowScaling = w.rng.IntN(4) > 0
	p.RACK = w.rng.IntN(4) > 0
	p.Wheel = w.rng.IntN(4) > 0
	if w.rng.IntN(4) == 0 {
		p.Congestion = Reno
	}
	if w.rng.IntN(4) == 0 {
		p.MTU = 200 + w.rng.IntN(1300)
	}
}

func (w *storm) ms(lo, hi int) time.Duration {
	return time.Duration(lo+w.rng.IntN(hi-lo+1)) * time.Millisecond
}

// weather changes the link's conditions.
func (w *storm) weather() {
	c := Conditions{Latency: w.ms(1, 80)}
	if w.rng.IntN(2) == 0 {
		c.Loss = PPM(w.rng.IntN(300000))
	}
	if w.rng.IntN(3) == 0 {
		c.Duplicate = PPM(w.rng.IntN(300000))
	}
	if w.rng.IntN(3) == 0 {
		c.Corrupt = PPM(w.rng.IntN(100000))
	}
	if w.rng.IntN(2) == 0 {
		c.Jitter, c.Reorder = w.ms(1, 60), w.rng.IntN(2) == 0
	}
	w.link.SetConditions(w.net.Now(), nil, c)
	if w.rng.IntN(4) == 0 {
		f := Fault{Kind: FaultCut, Link: w.link}
		if w.rng.IntN(2) == 0 {
			f.From = w.ends[w.rng.IntN(2)].Host()
		}
		id := w.net.Begin(w.net.Now(), f)
		w.net.Run(w.net.Now().Add(w.ms(1, 20000)))
		w.net.EndFault(w.net.Now(), id)
	}
}

// act lets one side do something. What is written says where it belongs.
func (w *storm) act(i int) {
	s := w.ends[i]
	now := w.net.Now()
	switch w.rng.IntN(40) {
	case 0:
		w.forge(s)
	case 1:
		if w.rng.IntN(8) == 0 {
			w.done[i] = true
			s.Shutdown(now)
		}
	case 2:
		if w.rng.IntN(40) == 0 { // the end of this side; what it would have read does not matter
			w.done[i], w.aborted[i] = true, true
			w.errs[i] = ECONNABORTED
			if w.rng.IntN(2) == 0 {
				s.Abort(now)
			} else {
				s.Close(now)
			}
		}
	case 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18:
		if w.done[i] || w.errs[i] != OK {
			return
		}
		p := make([]byte, 1+w.rng.IntN(1<<w.rng.IntN(15)))
		for k := range p {
			at := len(w.wrote[i]) + k
			p[k] = byte(at>>8) ^ byte(at) ^ byte(i*85)
		}
		n, e := s.Write(now, p)
		w.wrote[i] = append(w.wrote[i], p[:n]...)
		if e != OK && e != EAGAIN {
			w.errs[i] = e
		}
	default:
		w.read(i, 1+w.rng.IntN(30000))
	}
}

// forge injects a segment that an attacker off the path could send: the right ports, and numbers
// that are wrong. None of it may be believed (RFC 5961).
func (w *storm) forge(s *Socket) {
	g := Segment{Src: s.Remote(), Dst: s.Local(), Seq: w.rng.Uint32(), Ack: w.rng.Uint32(),
		Flags: Flags(w.rng.IntN(64)), Window: uint16(w.rng.IntN(65536)), TTL: 64,
		Payload: make([]byte, w.rng.IntN(100))}
	if in := g.Seq - s.rcvNxt; in < 1<<24 || -in < 1<<24 {
		return // a lucky guess
	}
	w.net.Inject(w.net.Now(), s.Host(), &g)
}

func (w *storm) read(i, most int) {
	if w.aborted[i] {
		return
	}
	buf := make([]byte, most)
	n, e := w.ends[i].Read(w.net.Now(), buf)
	w.got[i] = append(w.got[i], buf[:n]...)
	switch {
	case e == OK && n == 0:
		w.eof[i] = true
	case e != OK && e != EAGAIN:
		w.errs[i] = e
	}
}

// run plays the storm, heals the path, and lets both sides finish.
func (w *storm) run() {
	for range 30 + w.rng.IntN(60) {
		if w.rng.IntN(8) == 0 {
			w.weather()
		}
		for range w.rng.IntN(4) {
			w.act(w.rng.IntN(2))
		}
		w.net.Run(w.net.Now().Add(w.ms(0, 400)))
	}
	w.link.SetConditions(w.net.Now(), nil, Conditions{Latency: 10 * time.Millisecond})
	for i, s := range w.ends {
		w.done[i] = true
		if !w.aborted[i] {
			s.Shutdown(w.net.Now())
		}
	}
	for range 3000 {
		w.net.Run(w.net.Now().Add(200 * time.Millisecond))
		w.read(0, 1<<20)
		w.read(1, 1<<20)
		if w.over(0) && w.over(1) {
			return
		}
	}
}

func (w *storm) over(i int) bool { return w.eof[i] || w.errs[i] != OK }

func (w *storm) check() error {
	for i := range w.ends {
		want, got := w.wrote[1-i], w.got[i]
		if w.aborted[i] {
			continue
		}
		if !bytes.HasPrefix(want, got) {
			return fmt.Errorf("side %d read %d bytes that are not what was written", i, len(got))
		}
		switch {
		case w.errs[i] != OK:
		case !w.eof[i]:
			return fmt.Errorf("side %d hangs in %v with %d of %d bytes: %+v", i, w.ends[i].State(),
				len(got), len(want), w.ends[1-i].Info())
		case len(got) != len(want) && !w.aborted[1-i]:
			return fmt.Errorf("side %d read EOF after %d of %d bytes", i, len(got), len(want))
		}
		if err := w.ends[i].consistent(); err != nil {
			return err
		}
	}
	return nil
}

// consistent compares the counts of the scoreboard with the queue.
func (s *Socket) consistent() error {
	var sacked, lost, retrans int
	for i := range s.queue.n {
		p := s.queue.at(i)
		if i >= s.queue.sent && p.marks != 0 {
			return fmt.Errorf("unsent piece has marks %b", p.marks)
		}
		if p.marks&markSacked != 0 {
			sacked++
		}
		if p.marks&markLost != 0 {
			lost++
		}
		if p.marks&markRetrans != 0 {
			retrans++
		}
	}
	if s.sackOK && sacked != s.sackedOut || lost != s.lostOut || retrans != s.retransOut {
		return fmt.Errorf("counts %d %d %d, marks %d %d %d", s.sackedOut, s.lostOut, s.retransOut,
			sacked, lost, retrans)
	}
	return nil
}

// Whatever the path does, exactly the bytes written arrive, in order, or there is an error; and
// when the path heals, both sides come to an end.
func TestStorm(t *testing.T) {
	n := uint64(300)
	if testing.Short() {
		n = 50
	}
	for seed := range n {
		w := newStorm(seed)
		w.run()
		if err := w.check(); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

func FuzzStorm(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		w := newStorm(seed)
		w.run()
		if err := w.check(); err != nil {
			t.Error(err)
		}
	})
}
