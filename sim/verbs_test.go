package sim_test

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

// verbCase is what a dial over a link meets while a fault lasts.
type verbCase struct {
	name  string
	fault func(l *sim.Link, client, server *sim.Host) *sim.Fault
	err   error
	took  time.Duration // to within a tenth of a second: timers are coarse
	heard bool          // the SYN reaches the server
}

var slow = netmodel.Conditions{Latency: time.Second}

var verbCases = []verbCase{
	{"cut", func(l *sim.Link, _, _ *sim.Host) *sim.Fault { return l.Cut() },
		os.ErrDeadlineExceeded, 20 * time.Second, false},
	{"cut, there", func(l *sim.Link, c, _ *sim.Host) *sim.Fault { return l.CutFrom(c) },
		os.ErrDeadlineExceeded, 20 * time.Second, false},
	{"cut, back", func(l *sim.Link, _, s *sim.Host) *sim.Fault { return l.CutFrom(s) },
		os.ErrDeadlineExceeded, 20 * time.Second, true},
	{"reset", func(l *sim.Link, _, _ *sim.Host) *sim.Fault { return l.Reset() },
		syscall.ECONNREFUSED, 0, false},
	{"unreachable", func(l *sim.Link, _, _ *sim.Host) *sim.Fault { return l.Unreachable() },
		syscall.EHOSTUNREACH, 0, false},
	{"latency", func(l *sim.Link, _, _ *sim.Host) *sim.Fault { return l.Worsen(nil, slow) },
		nil, 2 * time.Second, true},
	{"latency, there", func(l *sim.Link, c, _ *sim.Host) *sim.Fault { return l.Worsen(c, slow) },
		nil, time.Second, true},
	{"latency, back", func(l *sim.Link, _, s *sim.Host) *sim.Fault { return l.Worsen(s, slow) },
		nil, time.Second, true},
	{"drop a SYN", func(l *sim.Link, c, _ *sim.Host) *sim.Fault {
		return l.Drop(c, sim.Match{Packet: "SYN", Next: 1})
	}, nil, time.Second, true},
	{"drop nothing that is sent", func(l *sim.Link, _, s *sim.Host) *sim.Fault {
		return l.Drop(s, sim.Match{Packet: "FIN", Next: 1})
	}, nil, 0, true},
	{"interface down, client", func(_ *sim.Link, c, _ *sim.Host) *sim.Fault {
		return c.InterfaceDown()
	},
		syscall.ENETUNREACH, 0, false},
	{"interface down, server", func(_ *sim.Link, _, s *sim.Host) *sim.Fault {
		return s.InterfaceDown()
	},
		os.ErrDeadlineExceeded, 20 * time.Second, false},
}

// Each verb, in each direction it has; and all is well when its handle is removed.
func TestFaultVerbs(t *testing.T) {
	for _, c := range verbCases {
		t.Run(c.name, func(t *testing.T) {
			sim.Test(t, func(t *testing.T, w *sim.World) { c.run(t, w) })
		})
	}
}

func (c *verbCase) run(t *testing.T, w *sim.World) {
	server, client := w.Host("server"), w.Host("client")
	l := w.Link(client, server, netmodel.Conditions{Latency: 30 * time.Millisecond})
	if _, err := server.Listen("tcp", ":7"); err != nil {
		t.Fatal(err)
	}
	f := c.fault(l, client, server)
	began := w.Now()
	took, err := timedDial(client)
	if !errors.Is(err, c.err) {
		t.Errorf("the dial gave %v, want %v", err, c.err)
	}
	if d := took - c.took; d < 0 || d > 200*time.Millisecond {
		t.Errorf("it took %v, want %v", took, c.took)
	}
	if got := heard(w, server, began); got != c.heard {
		t.Errorf("the server heard of it: %t, want %t", got, c.heard)
	}
	f.Remove()
	f.Remove()                  // twice is as good as once
	time.Sleep(5 * time.Second) // nothing overtakes what is still under way
	took, err = timedDial(client)
	if err != nil || took.Round(10*time.Millisecond) != 60*time.Millisecond {
		t.Errorf("when the fault was over: %v, %v", took, err)
	}
}

// timedDial dials for 20 s at most, and closes what it gets.
func timedDial(from *sim.Host) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	began := time.Now()
	c, err := from.DialContext(ctx, "tcp", "server:7")
	if err == nil {
		defer c.Close()
	}
	return time.Since(began), err
}

// heard reports whether a segment has reached the host since.
func heard(w *sim.World, h *sim.Host, since time.Duration) bool {
	tr := w.Snapshot()
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind == netmodel.SegmentArrived && ev.At.Duration() >= since &&
			tr.Host(ev.Host).Name == h.Name() {
			return true
		}
	}
	return false
}
