package scenario

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	const world = "broker hub\nclient phone\nclient feed host=hub\nlink phone hub\nhost far\n"
	for _, c := range []struct{ more, want string }{
		{"", ""},
		{"at 1s cut phone > hub for 5s\nexpect phone reconnects 1", ""},
		{"start 2014-12-30T08:02:55Z\nat 1s hub stop\nat 5s hub start", ""},
		{"at 1s   cut phnoe hub", `f:6:13: unknown host "phnoe", did you mean "phone"?`},
		{"at 1s cut phone far", `f:6:17: no link between phone and far; phone is linked with hub`},
		{"at 1s cut feed hub", `f:6:11: feed is no machine: it runs on hub`},
		{"at 1s hub subscribe x", `f:6:7: "hub" is a broker, not a client`},
		{"at 1s hbu publish x y", `f:6:7: unknown client or broker "hbu", did you mean "hub"?`},
		{"at 1s forget hub", `f:6:14: "hub" is a broker, not a nat`},
		{"expect phon pings 3", `f:6:8: unknown client "phon", did you mean "phone"?`},
		{"client phone", `f:6:8: "phone" is declared twice, first in line 2`},
		{"broker second", `f:2:8: which broker is that of client phone? Add broker=hub`},
		{"link hub phone", `f:6:1: a second link between hub and phone`},
		{"link hub hub", `f:6:6: a link from hub to itself`},
		{"seed 1\nseed 2", `f:7:1: seed twice`},
		{"host a addr=10.0.0.9\nhost b addr=10.0.0.9", `f:7:8: the address 10.0.0.9 is given twice`},
		{"client c broker=phone", `f:6:10: "phone" is a client, not a broker`},
		{"host a stack=linux sysctl.tcp_retries2=5\nlink a hub preset=gprs", ""},
		{"host a stack=linus", `f:6:8: stack: no preset is called "linus"`},
		{"link far hub preset=gprss",
			`f:6:14: preset: no preset is called "gprss", did you mean "gprs"?`},
		{"host a sysctl.tcp_retires2=5", `f:6:8: tcp_retires2=5 is no setting of the model's TCP`},
		{"limit hosts=2", `f:6:7: 3 hosts are declared, and limit hosts= allows 2`},
		{"every 5s cut phone hub for 5s", `f:6:24: it lasts until it begins again: for 5s, every 5s`},
	} {
		s, err := Parse("f", world+c.more)
		if err != nil {
			t.Errorf("%s: %v", c.more, err)
			continue
		}
		got := ""
		if err := Check(s); err != nil {
			got = err.Error()
		}
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.more, got, c.want)
		}
	}
}

// An editor or a program may put anything into a Statement; Check finds out as Parse would have.
func TestCheckProgramMadeStatements(t *testing.T) {
	s, err := Parse("f", "broker hub\nclient phone\nlink phone hub\n")
	if err != nil {
		t.Fatal(err)
	}
	s.Statements = append(s.Statements, Statement{Verb: "latency", HasAt: true,
		Args: []string{"phone", "hub", "soon"}})
	if err := Check(s); err == nil || !strings.Contains(err.Error(), `"soon" is not a duration`) {
		t.Errorf("got %v", err)
	}
	s.Statements[3] = Statement{Verb: "nonsense"}
	if err := Check(s); err == nil || !strings.Contains(err.Error(), `unknown statement "nonsense"`) {
		t.Errorf("got %v", err)
	}
}
