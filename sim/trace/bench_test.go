package trace

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/netmodel/speed"
)

// BenchmarkRecording compares the network alone with the network and the full trace, in processor
// time, on the workloads of package speed. The budget of the second is twice the first. "ratio" is
// the steady state, in which a trace that is done with makes room for the next; "ratio-fresh" has
// all memory come from the system.
func BenchmarkRecording(b *testing.B) {
	for _, w := range []struct {
		name string
		run  func(netmodel.Sink) int
	}{
		{"MQTT", func(s netmodel.Sink) int { return speed.MQTT(s, 1, 24*time.Hour) }},
		{"Bulk", speed.Bulk},
		{"Many", func(s netmodel.Sink) int { return speed.MQTT(s, 200, time.Hour) }},
	} {
		b.Run(w.name, func(b *testing.B) { compareRecording(b, w.run) })
	}
}

func compareRecording(b *testing.B, run func(netmodel.Sink) int) {
	var bare, traced, fresh time.Duration
	segments := 0
	var rec Recorder
	run(&rec)
	for b.Loop() {
		rec.Reset()
		t0 := speed.CPU()
		segments += run(nil)
		t1 := speed.CPU()
		run(&rec)
		t2 := speed.CPU()
		run(new(Recorder))
		bare, traced, fresh = bare+t1-t0, traced+t2-t1, fresh+speed.CPU()-t2
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
	day := func(s netmodel.Sink) { speed.MQTT(s, 1, 24*time.Hour) }
	var rec Recorder
	bare := testing.AllocsPerRun(4, func() { day(new(counter)) })
	traced := testing.AllocsPerRun(4, func() { day(&rec); rec.Reset() })
	if traced > bare+2 { // a trace of 60,000 events and 20,000 segments
		t.Fatalf("recording a day allocated %.0f times", traced-bare)
	}
}
