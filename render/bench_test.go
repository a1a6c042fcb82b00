package render

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// inTheAir is a run with n PUBLISHes in flight at half a second.
func inTheAir(n int) *trace.Trace {
	t := newTale()
	t.rec.Trace.Links[0].Latency = time.Second
	t.rec.Trace.Length = ms(10_000)
	c, b := t.connection(40001)
	t.state(0, c, netmodel.Closed, netmodel.Established)
	t.state(0, b, netmodel.Closed, netmodel.Established)
	t.app(0, trace.BrokerStarted, 2, 0, trace.App{Actor: "broker"})
	t.app(0, trace.ClientConnected, 1, c, trace.App{Actor: "client"})
	for i := range n {
		from := c
		if i%2 == 0 {
			from = b
		}
		at := ms(500 * float64(i) / float64(n))
		t.at(at, func() { t.packet(from, 3, 40, 1) })
		t.send(at, from, netmodel.PSH|netmodel.ACK, 40, func(r *netmodel.Record) {
			r.Due = at.Add(time.Second)
		})
	}
	t.message("plant/7/temperature")
	return t.tell()
}

// A frame with 500 named segments must take less than 0.3 ms and allocate nothing per segment.
func BenchmarkFrame500(b *testing.B) {
	tr := inTheAir(500)
	for i := range tr.Events { // the tale lets them arrive after 10 ms: keep them in the air
		if tr.Events[i].Kind == netmodel.SegmentArrived {
			tr.Events[i].At = tr.Event(tr.Events[i].Of).At.Add(time.Second)
		}
	}
	ix := NewIndex(tr)
	v := screen()
	v.Panels = Stage
	var l List
	ix.At(ms(600), &v, &l)
	packets := 0
	for i := range l.Refs {
		if l.Refs[i].Role == RolePacket {
			packets++
		}
	}
	if packets != 500 {
		b.Fatalf("%d segments in the picture, want 500", packets)
	}
	b.ReportAllocs()
	for b.Loop() {
		ix.At(ms(600), &v, &l)
	}
}

// The whole screen of the story, at its busiest.
func BenchmarkFrameStory(b *testing.B) {
	ix := NewIndex(theTunnel())
	v := screen()
	var l List
	b.ReportAllocs()
	for b.Loop() {
		ix.At(ms(125_056), &v, &l)
	}
}

func BenchmarkIndex(b *testing.B) {
	tr := theTunnel()
	b.ReportAllocs()
	for b.Loop() {
		NewIndex(tr)
	}
}

// What a frame allocates does not depend on how much flies.
func TestSegmentsAllocateNothing(t *testing.T) {
	allocs := func(n int) float64 {
		ix := NewIndex(inTheAir(n))
		v := screen()
		var l List
		ix.At(ms(500), &v, &l) // the list's memory grows once
		return testing.AllocsPerRun(20, func() { ix.At(ms(500), &v, &l) })
	}
	few, many := allocs(2), allocs(500)
	if many > few {
		t.Errorf("a frame with 500 segments allocates %.0f times, one with 2 %.0f times", many, few)
	}
	if few > 4 {
		t.Errorf("a frame allocates %.0f times", few)
	}
}

// A thousand clients of one broker, all in sight.
func BenchmarkFrameCrowd1000(b *testing.B) {
	ix := NewIndex(aCrowd(1000))
	v := screen()
	v.Client = "sensor-1"
	var l List
	b.ReportAllocs()
	for b.Loop() {
		ix.At(ms(1900), &v, &l)
	}
}
