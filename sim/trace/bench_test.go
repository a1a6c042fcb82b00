package trace

import (
	"testing"
	"time"

	"halfopen/netmodel"
)

// day is a day of an idle MQTT connection as the network sees it: 60 bytes each 10 s, answered by
// an acknowledgement, and 2 bytes each way each minute.
func day(sink netmodel.Sink) int {
	n := netmodel.New(netmodel.Config{Seed: 1, Sink: sink})
	server := n.AddHost(netmodel.HostConfig{Name: "server"})
	client := n.AddHost(netmodel.HostConfig{Name: "client"})
	n.AddLink(client, server, netmodel.Conditions{Latency: 10 * time.Millisecond, Rate: 10e6})
	l := server.NewSocket()
	l.Bind(1883)
	l.Listen(0, 16)
	c := client.NewSocket()
	c.SetNoDelay(true)
	c.Connect(0, netmodel.Endpoint{Addr: server.Addr(), Port: 1883})
	n.Run(netmodel.Time(time.Second))
	s, _ := l.Accept(n.Now())
	s.SetNoDelay(true)
	buf, in := make([]byte, 60), make([]byte, 4096)
	for i := range 8640 {
		n.Run(netmodel.Time(time.Duration(i+1) * 10 * time.Second))
		s.Write(n.Now(), buf)
		if i%6 == 0 {
			c.Write(n.Now(), buf[:2])
		}
		n.Run(n.Now().Add(50 * time.Millisecond))
		c.Read(n.Now(), in)
		s.Read(n.Now(), in)
	}
	a, b := c.Info(), s.Info()
	return int(a.SegsIn + b.SegsIn)
}

// BenchmarkRecording compares the network alone with the network and the full trace, in processor
// time. The budget of the second is twice the first. "ratio" is the steady state, in which a trace
// that is done with makes room for the next; "ratio-fresh" has all memory come from the system.
func BenchmarkRecording(b *testing.B) {
	var bare, traced, fresh time.Duration
	segments := 0
	var rec Recorder
	for b.Loop() {
		t0 := cpuTime()
		segments += day(nil)
		t1 := cpuTime()
		day(&rec)
		rec.Reset()
		t2 := cpuTime()
		day(new(Recorder))
		bare, traced, fresh = bare+t1-t0, traced+t2-t1, fresh+cpuTime()-t2
	}
	b.ReportMetric(float64(bare.Nanoseconds())/float64(segments), "ns/segment")
	b.ReportMetric(float64(traced.Nanoseconds())/float64(segments), "ns/segment-traced")
	b.ReportMetric(float64(traced)/float64(bare), "ratio")
	b.ReportMetric(float64(fresh)/float64(bare), "ratio-fresh")
}

// counter is a sink that keeps nothing.
type counter struct{ n netmodel.EventID }

func (c *counter) Record(*netmodel.Record) netmodel.EventID { c.n++; return c.n }

// TestRecordingAllocatesNothing: in steady state a segment costs no allocation, not even on record.
// The network's own allocations with a sink (it gives up the buffers of payloads that a trace may
// look at) are those with a sink that keeps nothing.
func TestRecordingAllocatesNothing(t *testing.T) {
	var rec Recorder
	bare := testing.AllocsPerRun(4, func() { day(new(counter)) })
	traced := testing.AllocsPerRun(4, func() { day(&rec); rec.Reset() })
	if traced > bare+2 { // a trace of 60,000 events and 20,000 segments
		t.Fatalf("recording a day allocated %.0f times", traced-bare)
	}
}
