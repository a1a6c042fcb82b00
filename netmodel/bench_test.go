package netmodel_test

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/netmodel/speed"
)

// BenchmarkMQTT: one client for 24 hours a round.
func BenchmarkMQTT(b *testing.B) {
	speed.Bench(b, 1, func() int { return speed.MQTT(nil, 1, 24*time.Hour) })
}

// BenchmarkMany: 200 clients for an hour a round.
func BenchmarkMany(b *testing.B) {
	speed.Bench(b, 200, func() int { return speed.MQTT(nil, 200, time.Hour) })
}

// BenchmarkBulk: 100 MB a round.
func BenchmarkBulk(b *testing.B) {
	speed.Bench(b, 1, func() int { return speed.Bulk(nil) })
}

// BenchmarkIdle: 10,000 connections for an hour a round.
func BenchmarkIdle(b *testing.B) {
	speed.Bench(b, 10_000, func() int { return speed.Idle(nil, 10_000) })
}

// In steady state neither a bulk transfer nor a conversation of small messages allocates, without a
// sink.
func TestNoAllocationPerSegment(t *testing.T) {
	star := speed.NewStar(nil, 1, netmodel.Conditions{Latency: 10 * time.Millisecond, Rate: 100e6,
		Queue: 1e6})
	star.Transfer(40e6)
	n, c, s := star.Net, star.Conns[0][0], star.Conns[0][1]
	msg := make([]byte, 60)
	for what, f := range map[string]func(){
		"1 MB in bulk": func() { star.Transfer(1e6) },
		"a message": func() {
			c.Write(n.Now(), msg)
			n.Run(n.Now().Add(time.Second))
			s.Read(n.Now(), msg)
			n.Woken()
		},
	} {
		f()
		most := 8.0 // for 700 segments: Transfer's own buffers, and chunks now and then
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
		conditions netmodel.Conditions
		size       int
		least      float64 // Mbit/s
	}{
		{"a small buffer", netmodel.Conditions{Rate: 20e6, Queue: 50000}, 20e6, 18},
		{"a huge buffer", netmodel.Conditions{Rate: 20e6, Queue: 500000}, 20e6, 18},
		{"reordering", netmodel.Conditions{Jitter: 5 * time.Millisecond, Reorder: true}, 10e6, 100},
		{"0.1 % loss", netmodel.Conditions{Loss: netmodel.Percent(0, 10)}, 10e6, 10},
		{"1 % loss", netmodel.Conditions{Loss: netmodel.Percent(1, 0)}, 10e6, 4},
		{"20 % loss", netmodel.Conditions{Loss: netmodel.Percent(20, 0)}, 1e5, .1},
	} {
		star := speed.NewStar(nil, 1, netmodel.Conditions{Latency: 10 * time.Millisecond})
		c.conditions.Latency = 10 * time.Millisecond
		star.Links[0].SetConditions(star.Net.Now(), nil, c.conditions)
		at := star.Net.Now()
		star.Transfer(c.size)
		if got := float64(c.size) * 8e3 / float64(star.Net.Now().Sub(at)); got < c.least {
			t.Errorf("%s: %.2f Mbit/s, want at least %.2f: %+v", c.what, got, c.least,
				star.Conns[0][0].Info())
		}
	}
}
