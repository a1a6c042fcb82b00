package fidelity

import "testing"

// On a busy machine a killed process's sockets close a while after the kill, and the log line of a
// server that listens again comes after its first SYN,ACK.
func TestProcessesOnABusyMachine(t *testing.T) {
	r := sampleRun()
	r.At[Broker] = append(r.At[Broker],
		Packet{T: 30.105, Dir: "b>c", Flags: "RST,ACK", Seq: 5, Port: 5000},
		Packet{T: 35.04, Dir: "b>c", Flags: "SYN,ACK", Port: 5001})
	r.Log = parseLog(" -0.3 broker    listening :1883\n 30.12 broker    process ended rc=-9\n" +
		" 35.05 broker    listening :1883\n")
	p := planOf(r)
	ops := p.conns[0].half[Broker].ops
	if o := ops[len(ops)-1]; o.kind != opClose || o.at != 30.105 {
		t.Errorf("the broker's last call is %+v, not the close that its RST shows", o)
	}
	if h := p.conns[0].half[Broker]; h.readUntil != 30.1 {
		t.Errorf("it reads until %v: a killed process reads nothing", h.readUntil)
	}
	if from := p.listen[1].from; from > 35.04 || from < 35 {
		t.Errorf("it listens again from %v on", from)
	}
}

// A Go client that reconnects at once says that it lost the old connection after it has dialled.
func TestLostIsSaidOfTheOldConnection(t *testing.T) {
	r := sampleRun()
	r.At[Client] = append(r.At[Client],
		Packet{T: 20.059, Dir: "c>b", Flags: "SYN", Port: 5001},
		Packet{T: 20.08, Dir: "b>c", Flags: "SYN,ACK", Port: 5001})
	p := planOf(r)
	for i, want := range []bool{true, false} {
		ops := p.conns[i].half[Client].ops
		if n := len(ops); (n > 0 && ops[n-1].kind == opClose) != want {
			t.Errorf("connection %d closed: not %v: %+v", i, want, ops)
		}
	}
}

// Applying a rule takes a while: the packets on both sides of the instant say when it took effect.
func TestEffective(t *testing.T) {
	arr := 1.0
	r := &Run{}
	r.At[Client] = []Packet{{T: 10.02, Dir: "c>b", Arr: &arr}, {T: 10.04, Dir: "c>b", lost: true},
		{T: 20.04, Dir: "c>b", lost: true}, {T: 20.06, Dir: "c>b", Arr: &arr}}
	r.At[Broker] = []Packet{{T: 20.02, Dir: "b>c", Arr: &arr}}
	for _, c := range []struct {
		action   string
		from, to float64
	}{
		{"cut", 10.02, 10.04}, {"cut c2b", 10.02, 10.04}, {"reject tcp-reset", 10.02, 10.04},
		{"restore c2b", 20.04, 20.06}, {"unreject tcp-reset", 20, 20.02}, {"restore", 20, 20.02},
	} {
		a := Action{T: 10, Done: 10.1, Action: c.action}
		if heals(c.action) {
			a.T, a.Done = 20, 20.1
		}
		if at := r.effective(a); at <= c.from || at >= c.to {
			t.Errorf("%s took effect at %v, not between %v and %v", c.action, at, c.from, c.to)
		}
	}
}

// What left late was written when its cause came, if unacknowledged data held it back.
func TestWritesThatWaited(t *testing.T) {
	r := sampleRun()
	r.Log = parseLog("  5.0 publisher published n=1 qos=0\n  6.0 publisher published n=2 qos=0\n" +
		" 12.0 publisher published n=3 qos=0\n")
	publish := func(at float64, seq int64, kinds, info []string, n int) Packet {
		return Packet{T: at, Dir: "b>c", Flags: "PSH,ACK", Seq: seq, Len: n, Port: 5000, MQTT: kinds,
			Info: info}
	}
	size := len("n=1 t=5") + 14
	r.At[Broker] = append(r.At[Broker], Packet{T: 0.06, Dir: "c>b", Flags: "ACK", Ack: 5, Port: 5000},
		publish(5.001, 5, []string{"PUBLISH"}, []string{"q0 n=1 t=5"}, size),
		Packet{T: 7, Dir: "c>b", Flags: "PSH,ACK", Len: 2, Seq: 40, Ack: 5, Port: 5000,
			MQTT: []string{"PINGREQ"}},
		Packet{T: 9.02, Dir: "c>b", Flags: "ACK", Ack: int64(5 + size), Port: 5000},
		publish(9.021, int64(5+size), []string{"PUBLISH", "PINGRESP"}, []string{"q0 n=2 t=6"}, size+2),
		Packet{T: 9.04, Dir: "c>b", Flags: "ACK", Ack: int64(7 + 2*size), Port: 5000},
		publish(12.2, int64(7+2*size), []string{"PUBLISH"}, []string{"q0 n=3 t=9"}, size))
	var at []float64
	for _, o := range planOf(r).conns[0].half[Broker].ops[1:] {
		if o.kind == opWrite {
			at = append(at, o.at)
		}
	}
	want := []float64{5.001, 6 + brokerDelay, 7 + brokerDelay, 12.2}
	if len(at) != len(want) {
		t.Fatalf("the broker wrote at %v, not at %v", at, want)
	}
	for i := range want {
		if d := at[i] - want[i]; d > 0.001 || d < -0.001 {
			t.Errorf("the broker wrote at %v, not at %v", at, want)
		}
	}
}
