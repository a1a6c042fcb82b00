package parcel

import (
	"testing"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// aRun is n times what one message with QoS 1 leaves in a trace, roughly.
func aRun(n int) *trace.Trace {
	tr := new(trace.Trace)
	for i := range n {
		seg := &netmodel.Segment{Seq: uint32(i), Payload: make([]byte, 20), Window: 60000, TTL: 64}
		at := netmodel.Time(i) * 1e9
		tr.Events = append(tr.Events,
			trace.Event{Record: netmodel.Record{At: at, Kind: netmodel.SegmentSent, Host: 1, Peer: 2,
				Socket: 3, Link: 1, Cause: netmodel.EventID(i), Seg: seg, Due: at + 1e7}},
			trace.Event{Record: netmodel.Record{At: at + 1e7, Kind: netmodel.SegmentArrived, Host: 2,
				Socket: 4, Link: 1, Of: netmodel.EventID(i), Seg: seg}},
			trace.Event{Record: netmodel.Record{At: at + 1e7, Kind: netmodel.TimerArmed, Host: 2,
				Socket: 4, Timer: 1, Due: at + 1e9}},
			trace.Event{Record: netmodel.Record{At: at + 1e7, Kind: trace.ClientMessage, Host: 2},
				App: &trace.App{Actor: "phone", Topic: "home/temp", Payload: make([]byte, 4), QoS: 1}})
	}
	return tr
}

func BenchmarkUnpack(b *testing.B) {
	data := Pack(aRun(5000))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Unpack(data, func() {}); err != nil {
			b.Fatal(err)
		}
	}
}
