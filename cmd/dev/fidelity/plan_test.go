package fidelity

import (
	"strings"
	"testing"

	"halfopen/sim/scenario"
)

// A run as the testbed would have written it: one connection, a cut, a ping into it.
func sampleRun() *Run {
	arr, back := 0.0101, 0.0203
	r := &Run{Dir: "sample-GO", Meta: Meta{OneWayUS: 10000, FirstSYN: "1795447259.5",
		ClientCommand: "goclient -keepalive 10s -cleansession=false -maxreconnect 2m",
		Parameters: Parameters{Client: "G", Broker: "O", Duration: 40, Keepalive: 10,
			Pub: &Pub{First: 3, Period: 5}, Clean: new(bool)},
		Faults: []Action{{T: 9, Done: 9.01, Action: "cut b2c"},
			{T: 20, Done: 20.02, Action: "restore b2c"}, {T: 30, Done: 30.1, Action: "kill_broker"},
			{T: 35, Done: 35.1, Action: "start_broker"}}}}
	r.At[Client] = []Packet{
		{T: 0, Dir: "c>b", Flags: "SYN", Port: 5000, Arr: &arr},
		{T: 0.0203, Dir: "b>c", Flags: "SYN,ACK", Ack: 1, Port: 5000},
		{T: 0.0206, Dir: "c>b", Flags: "PSH,ACK", Seq: 1, Len: 22, Port: 5000, MQTT: []string{"CONNECT"}},
		{T: 0.0450, Dir: "b>c", Flags: "PSH,ACK", Seq: 1, Len: 4, Port: 5000},
		{T: 0.0455, Dir: "c>b", Flags: "PSH,ACK", Seq: 23, Len: 17, Port: 5000},
		{T: 10.05, Dir: "c>b", Flags: "PSH,ACK", Seq: 40, Len: 2, Port: 5000},
		{T: 10.28, Dir: "c>b", Flags: "PSH,ACK", Seq: 40, Len: 2, Port: 5000, Retx: true},
	}
	r.At[Broker] = []Packet{
		{T: 0.0101, Dir: "c>b", Flags: "SYN", Port: 5000},
		{T: 0.0102, Dir: "b>c", Flags: "SYN,ACK", Ack: 1, Port: 5000, Arr: &back},
		{T: 0.0307, Dir: "c>b", Flags: "PSH,ACK", Seq: 1, Len: 22, Port: 5000},
		{T: 0.0349, Dir: "b>c", Flags: "PSH,ACK", Seq: 1, Len: 4, Port: 5000},
	}
	r.Log = parseLog("  -0.3 broker    listening :1883\n  0.04 client    connected\n" +
		"  3.001 publisher published n=1 qos=0\n 20.06 client    lost reason=pingresp not received\n" +
		" 25.1 broker    disconnect id=goclient remote=10.77.1.2:5000 err=i/o timeout expire=true\n" +
		" 30.1 broker    process ended rc=-9\n 35.05 broker    listening :1883\n")
	return r
}

func TestPlanIsWhatTheProgramsDid(t *testing.T) {
	p := planOf(sampleRun())
	if len(p.conns) != 1 || len(p.listen) != 2 || p.listen[0].to != 30.1 || p.listen[1].from != 35.05 {
		t.Fatalf("%+v", p)
	}
	c := p.conns[0]
	var writes []int
	for _, o := range c.half[Client].ops {
		if o.kind == opWrite {
			writes = append(writes, o.bytes)
		}
	}
	if len(writes) != 3 || writes[0] != 22 || writes[1] != 17 || writes[2] != 2 {
		t.Errorf("the client wrote %v: a retransmission is no write", writes)
	}
	ops := c.half[Client].ops
	if o := ops[1]; !o.anchored || o.after != 4 {
		t.Errorf("SUBSCRIBE answers CONNACK, four bytes: %+v", o)
	}
	if o := ops[2]; o.anchored {
		t.Errorf("PINGREQ answers nothing: %+v", o)
	}
	if o := ops[len(ops)-1]; o.kind != opClose || o.at != 20.06 {
		t.Errorf("the client closed when it gave up: %+v", o)
	}
	if o := c.half[Broker].ops; len(o) != 2 || o[1].kind != opClose || o[1].at != 25.1 {
		t.Errorf("the broker closed at 25.1: %+v", o)
	}
}

func TestScenarioOfARun(t *testing.T) {
	text, err := scenarioText(sampleRun(), 7)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Parse("sample", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := scenario.Check(s); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, want := range []string{"seed 7", "session=kept", "max-reconnect-interval=2m",
		"keepalive=10s", "cut broker > client", "heal broker > client", "broker kill for 4.95s",
		"\"n=1 t={unix}.000000\""} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestOtherProgramsHaveNoStory(t *testing.T) {
	r := sampleRun()
	r.Meta.Parameters.Broker = "M"
	if _, err := scenarioText(r, 1); err == nil {
		t.Error("mosquitto cannot be played")
	}
}

func TestUnknownActionsAreErrors(t *testing.T) {
	r := sampleRun()
	r.Meta.Faults = append(r.Meta.Faults, Action{T: 1, Done: 2, Action: "swallow whole"})
	if _, err := Replay(r, 1); err == nil {
		t.Error("an action that nothing corresponds to was ignored")
	}
	if _, err := scenarioText(r, 1); err == nil {
		t.Error("an action without a statement was ignored")
	}
}

func TestReplayReproducesTheSample(t *testing.T) {
	r := sampleRun()
	at, err := Replay(r, 1)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, p := range at[Client] {
		if p.out(Client) {
			kinds[p.Flags]++
		}
	}
	if kinds["SYN"] != 1 || kinds["PSH,ACK"] < 4 {
		t.Errorf("the model's client sent %v", kinds)
	}
}
