package scenario

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const tunnel = `# The tunnel. Who notices first, the phone or the hub?
seed 7
run  5m
start 2014-12-30T08:02:55Z

broker hub
client phone  ping-timeout=10s keepalive=60s session=clean   # a phone
link phone hub  latency=10ms
host far sysctl.tcp_retries2=5 addr=10.0.0.9
at 1s    phone subscribe home/# qos=0
every 60s from 66s  hub publish home/temp "{unix}"
at 67s   cut phone > hub for 116s
at 70s latency phone hub 300ms for 5s
at 71s jitter phone 5ms reorder=on
expect phone lost within 80s of 67s
expect phone pings at most 7
# the end
----
   0.000000  phone:1 > hub      SYN
`

func TestParse(t *testing.T) {
	s, err := Parse("tunnel.sim", tunnel)
	if err != nil {
		t.Fatal(err)
	}
	want := `# The tunnel. Who notices first, the phone or the hub?
seed 7
run 5m
start 2014-12-30T08:02:55Z

broker hub
client phone keepalive=60s ping-timeout=10s session=clean  # a phone
link phone hub latency=10ms
host far addr=10.0.0.9 sysctl.tcp_retries2=5
at 1s phone subscribe home/# qos=0
every 60s from 66s hub publish home/temp "{unix}"
at 67s cut phone > hub for 116s
at 70s latency phone hub 300ms for 5s
at 71s jitter phone 5ms reorder=on
expect phone lost within 80s of 67s
expect phone pings at most 7
# the end
`
	if d := cmp.Diff(want, s.String()); d != "" {
		t.Errorf("canonical text (-want +got):\n%s", d)
	}
	again, err := Parse(s.Name, s.Document())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s, again, cmpopts.IgnoreUnexported(Scenario{})); d != "" {
		t.Errorf("Parse(s.Document()) is not s:\n%s", d)
	}
	phone, cut, slow := &s.Statements[4], &s.Statements[9], &s.Statements[10]
	if phone.Duration("keepalive") != time.Minute ||
		phone.Duration("connect-timeout") != 30*time.Second {
		t.Errorf("keepalive %v, connect-timeout %v", phone.Duration("keepalive"),
			phone.Duration("connect-timeout"))
	}
	if a, b, oneWay := cut.Path(); a != "phone" || b != "hub" || !oneWay ||
		cut.For != 116*time.Second {
		t.Errorf("cut: %q %q one way %v for %v", a, b, oneWay, cut.For)
	}
	if a, b, oneWay := slow.Path(); a != "phone" || b != "hub" || oneWay ||
		slow.ArgDuration("by") != 300*time.Millisecond {
		t.Errorf("latency: %q %q one way %v by %v", a, b, oneWay, slow.ArgDuration("by"))
	}
	if a, b, _ := s.Statements[11].Path(); a != "phone" || b != "" {
		t.Errorf("jitter: %q %q", a, b)
	}
	e, err := s.Statements[13].Expectation()
	if err != nil || e != (Expectation{Client: "phone", What: "pings", Bound: AtMost, N: 7}) {
		t.Errorf("expectation %+v, %v", e, err)
	}
}

// What is wrong is said with its place, what was expected, and what may have been meant.
func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{`brocker hub`, `f:1:1: unknown statement "brocker", did you mean "broker"?`},
		{`client phone keepalvie=60s`,
			`f:1:14: client has no setting "keepalvie", did you mean "keepalive"?`},
		{`client phone keepalive=-5s`,
			`f:1:14: keepalive: "-5s" is negative; no duration is shorter than 0s`},
		{`client phone keepalive=60`,
			`f:1:14: keepalive: "60" has no unit: 60s, or 60ms?`},
		{`client phone keepalive=20.5s`, `f:1:14: keepalive: "20.5s" is not a multiple of 1s`},
		{`client phone keepalive=18h12m16s`,
			`f:1:14: keepalive: "18h12m16s" is more than 18h12m15s, the most that it can be`},
		{`client phone session=cleen`,
			`f:1:14: session: "cleen" is not clean or kept, did you mean "clean"?`},
		{`client phone qos=0 qos=1`, `f:1:14: client has no setting "qos"`},
		{`client phone order=on order=on`, `f:1:23: order= twice`},
		{`at 67s cutt a b`, `f:1:8: unknown step "cutt", did you mean "cut"?`},
		{`at 67s phone subscibe x`,
			`f:1:14: "subscibe" is nothing that "phone" can do, did you mean "subscribe"?`},
		{`at 67s subscribe x`,
			`f:1:8: who? A step of a program begins with its name: at 5s NAME subscribe`},
		{`cut a b`, `f:1:1: when? cut is a step: at 67s cut ...`},
		{`at -1s cut a b`,
			`f:1:4: the time behind at: "-1s" is negative; no duration is shorter than 0s`},
		{`at 200000h cut a b`, `the longest duration is 87600h, ten years`},
		{`at 1s cut a >`, `f:1:14: expected the host behind cut`},
		{`at 1s cut a b c`, `f:1:15: unexpected "c"; the form is: at TIME cut A [>] B [for TIME]`},
		{`at 1s heal a b for 5s`, `f:1:16: heal does not last, so it takes no for`},
		{`every 1us a publish t "x"`, `every 1µs is too often`},
		{`at 1s a publish home/# "x"`, `f:1:17: "home/#" is not a topic`},
		{`at 1s a publish t "x`, `f:1:19: quotes that are not closed`},
		{`link a b loss=120%`, `f:1:10: loss: "120%" is not a percentage from 0% to 100%`},
		{`link a b loss=5`, `f:1:10: loss: "5" is not a percentage from 0% to 100%, with at most four ` +
			`decimals, did you mean "5%"?`},
		{`at 1s a publish t x size=2MiB`, `size: "2MiB" is more than 1 MiB, the most that it can be`},
		{`at 1s cut a b for 5s for 6s`, `f:1:22: for twice`},
		{`seed -1`, `f:1:6: "-1" is not a whole number from 0 to 18446744073709551615`},
		{`link a b rate=64`, `f:1:10: rate: "64" is not a rate such as 64kbit/s`},
		{`broker cut`, `f:1:8: "cut" is not free to be a name: it is a word of the language`},
		{`expect phone vanishes`, `f:1:14: no client does "vanishes"`},
		{`expect phone lost within 5s`, `f:1:28: expected: lost within D of T`},
		{`expect phone pings at 5`, `f:1:23: expected: at most N, or at least N`},
		{`seed`, `f:1:5: expected the number behind seed`},
		{"seed \x00", `f:1:6: the character '\x00' may stand in quotes only`},
		{strings.Repeat("#", MaxText+1), `f: 4 MB of text; a scenario has at most 4 MiB`},
		{"seed \xff", `f: not a scenario: the text is not UTF-8`},
	} {
		_, err := Parse("f", c.line)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s\n got %v\nwant %s", c.line, err, c.want)
		}
	}
}

// What people and their editors write is read: a mark in front, ends of lines as on Windows, and
// for behind the keys.
func TestParseForgives(t *testing.T) {
	s, err := Parse("f", "\ufeffseed 1\r\nat 1s loss a b rate=5% for 5s\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := "seed 1\nat 1s loss a b for 5s rate=5%\n"; s.String() != want {
		t.Errorf("got %q, want %q", s.String(), want)
	}
}
