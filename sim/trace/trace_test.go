package trace_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/scenarios"
	"halfopen/sim/trace"
)

// run is the trace of a built-in scenario, with settings changed.
func run(t *testing.T, name string, set ...string) *trace.Trace {
	t.Helper()
	s, ok := scenarios.Get(name)
	if !ok {
		t.Fatalf("no scenario %s", name)
	}
	for _, x := range set {
		k, v, _ := strings.Cut(x, "=")
		if err := s.Set(k, v); err != nil {
			t.Fatal(err)
		}
	}
	tr, err := sim.RunScenario(s, sim.Options{})
	if tr == nil {
		t.Fatal(err)
	}
	return tr
}

func text(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A trace that was written as JSON and read back is the same trace, to the last bit: every view of
// it is, too.
func TestJSONKeepsEverything(t *testing.T) {
	for _, name := range scenarios.Names() {
		tr := run(t, name)
		doc := text(t, tr.JSON)
		back, err := trace.DecodeJSON(strings.NewReader(doc))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if back.Hash() != tr.Hash() {
			t.Errorf("%s: another hash; first difference: %v", name, trace.Diff(tr, back))
		}
		if again := text(t, back.JSON); again != doc {
			t.Errorf("%s: written again it is another document", name)
		}
		if back.Scenario != tr.Scenario || !cmp.Equal(back.Hosts, tr.Hosts) {
			t.Errorf("%s: the scenario or the hosts differ", name)
		}
	}
}

// Every line of JSONL is an object with the documented first keys, and times are exact.
func TestJSONL(t *testing.T) {
	tr := run(t, "seed")
	for i, line := range strings.Split(strings.TrimSpace(text(t, tr.JSONL)), "\n") {
		var o struct {
			ID   int
			T    json.Number
			Kind string
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("line %d: %v\n%s", i+1, err, line)
		}
		at := tr.Events[i].At
		want := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%09d", at/1e9, at%1e9), "0"), ".")
		if o.ID != i+1 || o.T.String() != want || o.Kind != trace.KindName(tr.Events[i].Kind) {
			t.Fatalf("line %d: id %d, t %s (want %s), kind %s", i+1, o.ID, o.T, want, o.Kind)
		}
	}
}

// What cannot be a trace is an error, not a trace that a view trips over.
func TestDecodeJSONRefuses(t *testing.T) {
	good := text(t, run(t, "goodbye").JSON)
	for _, change := range [][2]string{
		{`"version":1`, `"version":2`}, {`"cause":1,`, `"cause":99999,`},
		{`"kind":"start"`, `"kind":"x"`},
		{`"host":"client"`, `"host":"nobody"`}, {`"socket":1,`, `"socket":-1,`}, {`"seg":{`, `"gone":{`},
		{`"t":0.`, `"t":99.`}, {`"events":[`, `"events":[[`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Errorf("%s is not in the document", change[0])
		} else if _, err := trace.DecodeJSON(strings.NewReader(bad)); err == nil {
			t.Errorf("accepted a document with %s", change[1])
		}
	}
}

// The hash tells runs apart, and nothing else: not comments, nor names of files.
func TestHash(t *testing.T) {
	a, b := run(t, "goodbye"), run(t, "goodbye")
	if a.Hash() != b.Hash() {
		t.Error("two runs of one scenario have different hashes")
	}
	if c := run(t, "goodbye", "seed=8"); c.Hash() == a.Hash() {
		t.Error("another seed gives the same hash")
	}
	b.Events[len(b.Events)/2].At++
	if a.Hash() == b.Hash() {
		t.Error("a nanosecond does not change the hash")
	}
}

// On the platform of the simulated hosts errors are in its own words; elsewhere a trace must have
// the same, or its hash would be another one (in the browser it was).
func TestErrorsAreInLinuxWords(t *testing.T) {
	var r trace.Recorder
	err := &net.OpError{Op: "dial", Net: "tcp",
		Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	r.App(trace.Event{App: &trace.App{Text: err.Error()}})
	if got := r.Trace.Events[0].App.Text; got != "dial tcp: connect: connection refused" {
		t.Errorf("recorded as %q", got)
	}
}

// Diff finds the first difference, and names a tie where two things changed places.
func TestDiff(t *testing.T) {
	a, b := run(t, "goodbye"), run(t, "goodbye")
	if d := trace.Diff(a, b); d != nil {
		t.Fatalf("the same run differs: %v", d)
	}
	i := swappable(t, b)
	b.Events[i], b.Events[i+1] = b.Events[i+1], b.Events[i]
	d := trace.Diff(a, b)
	if d == nil || d.Event != trace.ID(i+1) || d.At != a.Events[i].At {
		t.Fatalf("swapped events %d and %d: %v", i+1, i+2, d)
	}
	if !strings.Contains(d.Tie, "two things were due at the same instant") {
		t.Errorf("no tie named:\n%v", d)
	}
	if c := run(t, "goodbye", "link.latency=20ms"); trace.Diff(a, c) == nil ||
		trace.Diff(a, c).Tie != "" {
		t.Errorf("a slower link: %v", trace.Diff(a, c))
	}
}

// Events that read the same are told apart by the bytes that they carry.
func TestDiffOfBytes(t *testing.T) {
	var two [2]*trace.Trace
	for i, payload := range []string{"k1", "k3"} {
		tr := new(trace.Trace)
		seg := &netmodel.Segment{Flags: netmodel.ACK, Payload: []byte(payload)}
		tr.Events = []trace.Event{{Record: netmodel.Record{Kind: netmodel.SegmentSent, Seg: seg}}}
		two[i] = tr
	}
	d := trace.Diff(two[0], two[1])
	if d == nil || !strings.Contains(d.String(), `what differs: byte 1: "1"; and: "3"`) {
		t.Errorf("%v", d)
	}
}

// swappable finds two neighbouring events of one kind, host and instant.
func swappable(t *testing.T, tr *trace.Trace) int {
	t.Helper()
	for i := range tr.Events[:len(tr.Events)-1] {
		x, y := &tr.Events[i], &tr.Events[i+1]
		if x.At == y.At && x.Host == y.Host && x.Kind == y.Kind && x.At > 0 &&
			tr.Describe(x) != tr.Describe(y) {
			return i
		}
	}
	t.Fatal("no two such events")
	return 0
}

// The capture is well formed, has each packet that crossed an interface with its nanosecond, and
// says where the lost ones died.
func TestPcapng(t *testing.T) {
	tr := run(t, "seed")
	blocks := readPcapng(t, []byte(text(t, func(w io.Writer) error { return tr.Pcapng(w, "") })))
	var names []string
	packets, lost := 0, 0
	for _, b := range blocks {
		switch b.kind {
		case 1:
			names = append(names, b.options[2])
		case 6:
			packets++
			at := time.Unix(0, int64(binary.LittleEndian.Uint32(b.body[4:]))<<32|
				int64(binary.LittleEndian.Uint32(b.body[8:])))
			if d := at.Sub(tr.Epoch); d < 0 || d > tr.Length.Duration() {
				t.Fatalf("packet %d at %v", packets, at)
			}
			if strings.Contains(b.options[1], "LOST on the link broker - client: the link is cut") ||
				strings.Contains(b.options[1], "LOST on the link client - broker: the link is cut") {
				lost++
			}
		}
	}
	if d := cmp.Diff([]string{"broker", "client", "broker lo"}, names); d != "" {
		t.Errorf("interfaces: %s", d)
	}
	want, dropped := 0, 0
	for i := range tr.Events {
		ev := &tr.Events[i]
		switch {
		case ev.Kind == netmodel.SegmentSent:
			want++
		case ev.Kind == netmodel.SegmentDropped && ev.Reason == netmodel.DropCut:
			dropped++
		}
	}
	if packets != want || lost != dropped || dropped == 0 {
		t.Errorf("%d packets, want %d; %d lost, want %d", packets, want, lost, dropped)
	}
	one := readPcapng(t, []byte(text(t, func(w io.Writer) error { return tr.Pcapng(w, "client") })))
	directions := map[byte]int{}
	for _, b := range one {
		if b.kind == 6 {
			directions[b.options[2][0]]++
		}
	}
	sent, received := traffic(tr, "client")
	if directions[1] != received || directions[2] != sent {
		t.Errorf("on the client's interface in and out: %v, want %d and %d", directions, received, sent)
	}
	if err := tr.Pcapng(io.Discard, "nobody"); err == nil {
		t.Error("a capture of a host that does not exist")
	}
}

// traffic counts what one host sent and received over links.
func traffic(tr *trace.Trace, host string) (sent, received int) {
	for i := range tr.Events {
		ev := &tr.Events[i]
		if h := tr.Host(ev.Host); h == nil || h.Name != host || ev.Link == 0 {
			continue
		}
		switch ev.Kind {
		case netmodel.SegmentSent:
			sent++
		case netmodel.SegmentArrived:
			received++
		}
	}
	return sent, received
}

type block struct {
	kind    uint32
	body    []byte
	options map[uint16]string
}

// readPcapng reads a capture by the format's description, not by our writer's.
func readPcapng(t *testing.T, b []byte) []block {
	t.Helper()
	le := binary.LittleEndian
	var out []block
	for len(b) > 0 {
		kind, n := le.Uint32(b), le.Uint32(b[4:])
		if n%4 != 0 || int(n) > len(b) || le.Uint32(b[n-4:]) != n {
			t.Fatalf("block %d: length %d", len(out), n)
		}
		k := block{kind: kind, body: b[8 : n-4], options: map[uint16]string{}}
		opts := k.body
		switch kind {
		case 0x0A0D0D0A:
			opts = opts[16:]
		case 1:
			opts = opts[8:]
		case 6:
			opts = opts[20+(le.Uint32(opts[12:])+3)/4*4:]
		}
		for len(opts) >= 4 && le.Uint16(opts) != 0 {
			size := le.Uint16(opts[2:])
			k.options[le.Uint16(opts)] = string(opts[4 : 4+size])
			opts = opts[4+(int(size)+3)/4*4:]
		}
		out = append(out, k)
		b = b[n:]
	}
	return out
}

// Segments that left an interface and arrived at the other are the same segments on both captures,
// and the relative numbers begin as on a real host.
func TestCapture(t *testing.T) {
	tr := run(t, "seed")
	type line struct {
		T              float64
		Dir, Flags     string
		Conn, Seq, Ack int
		Len, Win, Port int
		MQTT, Info     []string
		Retx           bool
		Arr            *float64
	}
	read := func(host string) (lines []line) {
		for _, s := range strings.Split(strings.TrimSpace(text(t, func(w io.Writer) error {
			return tr.Capture(w, host)
		})), "\n") {
			var l line
			if err := json.Unmarshal([]byte(s), &l); err != nil {
				t.Fatalf("%v\n%s", err, s)
			}
			lines = append(lines, l)
		}
		return lines
	}
	client, broker := read("client"), read("broker")
	for i, want := range []string{"c>b SYN 0 0", "b>c SYN,ACK 0 1", "c>b ACK 1 1", "c>b PSH,ACK 1 1"} {
		l := client[i]
		if got := fmt.Sprint(l.Dir, " ", l.Flags, " ", l.Seq, " ", l.Ack); got != want {
			t.Errorf("segment %d is %s, want %s", i, got, want)
		}
	}
	arrived := map[string]bool{}
	id := func(l *line, at float64) string {
		return fmt.Sprintf("%.6f %s %s %d %d %d", at, l.Dir, l.Flags, l.Seq, l.Len, l.Port)
	}
	for i := range broker {
		arrived[id(&broker[i], broker[i].T)] = true
	}
	n := 0
	for i := range client {
		if l := &client[i]; l.Dir == "c>b" && l.Arr != nil {
			n++
			if !arrived[id(l, *l.Arr)] {
				t.Errorf("%s is not in the broker's capture", id(l, *l.Arr))
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d segments from client to broker", n)
	}
}
