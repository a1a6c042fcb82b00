package fidelity

import (
	"slices"
	"testing"

	"halfopen/sim"
)

// In the sample the client sends SUBSCRIBE at once; here its machine lets it wait for 60 ms.
func TestStalls(t *testing.T) {
	r := sampleRun()
	if s := r.stalls(); len(s) != 0 {
		t.Errorf("nobody was late, but %+v", s)
	}
	r.At[Client][3].MQTT, r.At[Client][3].Ack = []string{"CONNACK"}, 23
	r.At[Client][4].MQTT = []string{"SUBSCRIBE"}
	r.At[Client][4].T += 0.060
	s := r.stalls()
	if len(s) != 1 || s[0].side != Client || s[0].from > 0.045 || s[0].from < 0.0206 ||
		s[0].to != 0.1055 {
		t.Errorf("the client was late once, from before 0.045 s to 0.1055 s: %+v", s)
	}
}

// Keepalive 10: pings 10.0 or 12.5 s after the write before them, the loss 10.0 s after the last.
func TestCourse(t *testing.T) {
	r := sampleRun()
	r.At[Client] = nil
	for i, w := range []struct {
		at   float64
		kind string
	}{{0.02, "CONNECT"}, {0.045, "SUBSCRIBE"}, {10.05, "PINGREQ"}, {22.55, "PINGREQ"}} {
		r.At[Client] = append(r.At[Client], Packet{T: w.at, Dir: "c>b", Flags: "PSH,ACK", Len: 2,
			Seq: int64(1 + 2*i), Port: 5000, MQTT: []string{w.kind}})
	}
	r.At[Client] = append([]Packet{{Dir: "c>b", Flags: "SYN", Port: 5000}}, r.At[Client]...)
	r.Log = parseLog(" 32.551 client    lost reason=pingresp not received, disconnecting\n")
	want := []sim.Cost{sim.CostNothing, sim.CostSomething, sim.CostNothing}
	if got := r.course(); !slices.Equal(got, want) {
		t.Errorf("the writes cost %v, not %v", got, want)
	}
}
