package netmodel

import (
	"slices"
	"testing"
	"time"
)

// stackPair is a client with a preset's stack and a Linux server, 10 ms apart.
type stackPair struct {
	*cable
	c, s *Socket
}

func newStackPair(t *testing.T, preset string) *stackPair {
	p := &stackPair{cable: &cable{T: t, tape: &tape{}}}
	profile, err := FindPreset(preset).Profile()
	if err != nil {
		t.Fatal(err)
	}
	p.net = New(Config{Seed: 1, Sink: p.tape})
	p.a = p.net.AddHost(HostConfig{Name: "a", Profile: profile})
	p.b = p.net.AddHost(HostConfig{Name: "b"})
	p.link = p.net.AddLink(p.a, p.b, Conditions{Latency: 10 * time.Millisecond})
	p.c = p.a.NewSocket()
	return p
}

// connect opens the connection.
func (p *stackPair) connect() *stackPair {
	l := p.b.NewSocket()
	l.Bind(1883)
	l.Listen(0, 16)
	p.c.Connect(0, Endpoint{p.b.Addr(), 1883})
	p.net.Run(ms(100))
	var e Errno
	if p.s, e = l.Accept(ms(100)); e != OK {
		p.Fatalf("no connection: %v", e)
	}
	return p
}

func (p *stackPair) cut() { p.net.Begin(p.net.Now(), Fault{Kind: FaultCut, Link: p.link}) }

// sentAt gives the seconds, rounded, at which a sent what keep chooses.
func (p *stackPair) sentAt(keep func(*Record) bool) []int {
	var at []int
	for _, r := range p.tape.records {
		if r.Kind == SegmentSent && r.Host == p.a.ID() && keep(&r) {
			at = append(at, int((r.At+sec(1)/2)/sec(1)))
		}
	}
	return at
}

func isSYN(r *Record) bool { return r.Seg.Flags.Has(SYN) }

// runUntilError runs until the client's socket fails, and returns when.
func (p *stackPair) runUntilError(limit Time) Time {
	for p.net.Next() <= limit && p.c.Err() == OK {
		p.net.Step()
	}
	return p.net.Now()
}

// A connect into the void, by stack: when the SYNs leave, and when the program is told.
func TestConnectIntoTheVoidByStack(t *testing.T) {
	for _, c := range []struct {
		preset string
		syns   []int
		end    time.Duration
		slack  time.Duration
	}{
		{"linux", []int{0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67}, 131 * time.Second, 4 * time.Second},
		{"linux-old", []int{0, 1, 3, 7, 15, 31, 63}, 127 * time.Second, 6 * time.Second},
		{"windows", []int{0, 1, 3, 7, 15}, 21 * time.Second, 100 * time.Millisecond},
		{"macos", []int{0, 1, 3, 7, 15, 31, 63}, 75 * time.Second, 200 * time.Millisecond},
		{"windows-2000", []int{0, 3, 9}, 21 * time.Second, time.Second},
	} {
		p := newStackPair(t, c.preset)
		p.cut()
		p.c.Connect(0, Endpoint{p.b.Addr(), 1883})
		end := p.runUntilError(sec(1000))
		if e := p.c.Err(); e != ETIMEDOUT || !near(end, Time(c.end), c.slack) {
			t.Errorf("%s: connect fails with %v at %v, want ETIMEDOUT at %v", c.preset, e,
				end.Duration(), c.end)
		}
		got := p.sentAt(isSYN)
		if same := func(a, b int) bool { return a-b <= b/16 && b-a <= b/16 }; !slices.EqualFunc(got,
			c.syns, same) {
			t.Errorf("%s: SYNs at %v s, want %v", c.preset, got, c.syns) // a timer wheel is 6 % late
		}
	}
}

// Data into the void: Linux looks at the time, others count, and give up long before or after.
func TestDataIntoTheVoidByStack(t *testing.T) {
	for _, c := range []struct {
		preset  string
		retries int
		low     time.Duration
		high    time.Duration
	}{
		{"zephyr", 9, 100 * time.Second, 210 * time.Second}, // its help text: 1 min 42 s
		{"windows", 5, 9 * time.Second, 25 * time.Second},
		{"macos", 12, 400 * time.Second, 700 * time.Second},
	} {
		p := newStackPair(t, c.preset).connect()
		p.cut()
		mark := p.net.Now()
		p.c.Write(mark, []byte("hello"))
		end := p.runUntilError(sec(10_000))
		sent := p.sentAt(func(r *Record) bool { return len(r.Seg.Payload) > 0 && r.Reason == SendRTO })
		if p.c.Err() != ETIMEDOUT || len(sent) != c.retries {
			t.Errorf("%s: %v after %d retransmissions, want ETIMEDOUT after %d", c.preset, p.c.Err(),
				len(sent), c.retries)
		}
		if took := end.Sub(mark); took < c.low || took > c.high {
			t.Errorf("%s: gave up after %v, want %v to %v", c.preset, took, c.low, c.high)
		}
	}
}

// The retransmission timeout for small data with a round trip of 20 ms, by stack: Linux adds 200 ms
// to the round trip, XNU 200 ms of slop to the estimate, others wait their minimum; all in whole
// ticks.
func TestSmallestRTOByStack(t *testing.T) {
	for preset, want := range map[string][2]time.Duration{
		"linux":   {220 * time.Millisecond, 272 * time.Millisecond}, // the peer may delay its ACK
		"windows": {300 * time.Millisecond, 300 * time.Millisecond},
		"zephyr":  {200 * time.Millisecond, 200 * time.Millisecond},
		"macos":   {230 * time.Millisecond, 400 * time.Millisecond},
		"esp-idf": {500 * time.Millisecond, 1000 * time.Millisecond},
	} {
		p := newStackPair(t, preset).connect()
		for i := range 100 { // let the estimate settle
			p.c.Write(p.net.Now(), []byte("x"))
			p.net.Run(ms(1000 + 200*i))
		}
		if got := p.c.rto; got < want[0] || got > want[1] {
			t.Errorf("%s: the RTO is %v, want %v to %v", preset, got, want[0], want[1])
		}
	}
}

// Zephyr ends its connections when the interface goes down; Linux does not look.
func TestInterfaceDownByStack(t *testing.T) {
	for preset, want := range map[string]Errno{"zephyr": ECONNABORTED, "linux": OK, "esp-idf": OK} {
		p := newStackPair(t, preset).connect()
		p.net.Begin(p.net.Now(), Fault{Kind: FaultInterfaceDown, Host: p.a})
		if got := p.c.Err(); got != want {
			t.Errorf("%s: the interface goes down, the socket says %v, want %v", preset, got, want)
		}
	}
}

// The address changes, as from Wi-Fi to the mobile network: lwIP aborts the connection, and the
// peer hears of it; on Linux the socket lives on with an address that leads nowhere.
func TestAddressChangeByStack(t *testing.T) {
	for preset, want := range map[string][2]Errno{"esp-idf": {ECONNABORTED, ECONNRESET},
		"linux": {OK, OK}} {
		p := newStackPair(t, preset).connect()
		p.net.ChangeAddr(p.net.Now(), p.a, AddrFrom4(100, 64, 0, 9))
		p.net.Run(p.net.Now() + ms(50))
		if got := [2]Errno{p.c.Err(), p.s.Err()}; got != want {
			t.Errorf("%s: the ends say %v, want %v", preset, got, want)
		}
	}
}
