package scenario

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func mustParse(t *testing.T, text string) *Scenario {
	t.Helper()
	s, err := Parse("f", text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSet(t *testing.T) {
	const text = "run 5m\nbroker hub\nclient phone keepalive=60s\nclient watch\n" +
		"link phone hub latency=10ms\nlink watch hub\nat 67s cut phone hub\n" +
		"at 80s latency phone hub 300ms\nevery 60s from 66s hub publish t \"{n}\"\n" +
		"at 90s cut phone > hub for 5s\n"
	for _, c := range []struct{ path, value, want string }{
		{"phone.keepalive", "30s", "client phone keepalive=30s\n"},
		{"phone.session", "kept", "client phone keepalive=60s session=kept\n"},
		{"client.keepalive", "9s", "client phone keepalive=9s\nclient watch keepalive=9s\n"},
		{"phone-hub.latency", "1s", "link phone hub latency=1s\n"},
		{"link.loss", "5%", "link phone hub latency=10ms loss=5%\nlink watch hub loss=5%\n"},
		{"cut.at", "60s", "at 60s cut phone hub\n"},
		{"cut.for", "10s", "at 67s cut phone hub for 10s\n"},
		{"cut.2.for", "1m", "at 90s cut phone > hub for 60s\n"},
		{"latency.by", "1s", "at 80s latency phone hub 1s\n"},
		{"hub.publish.every", "10s", "every 10s from 66s hub publish t \"{n}\"\n"},
		{"hub.publish.payload", "a b", "hub publish t \"a b\"\n"},
		{"run", "10m", "run 10m\n"},
		{"seed", "9", "seed 9\nrun 5m\n"},
		{"limit.events", "1000", "limit events=1000\nrun 5m\n"},
	} {
		s := mustParse(t, text)
		before := *s
		if err := s.Set(c.path, c.value); err != nil {
			t.Errorf("%s=%s: %v", c.path, c.value, err)
		} else if !strings.Contains(s.String(), c.want) {
			t.Errorf("%s=%s gave\n%swant in it\n%s", c.path, c.value, s, c.want)
		}
		if before.String() != mustParse(t, text).String() {
			t.Errorf("%s=%s changed a copy made before", c.path, c.value)
		}
	}
	for _, c := range []struct{ path, value, want string }{
		{"phone.keepalvie", "30s", `no setting "phone.keepalvie", did you mean "phone.keepalive"?`},
		{"phone.keepalive", "30", `phone.keepalive=30: "30" has no unit`},
		{"cut.at", "-1s", `cut.at=-1s: "-1s" is negative`},
		{"latency.by", "soon", `latency.by=soon: "soon" is not a duration`},
		{"hub.publish.every", "0s", `every 0s is too often`},
		{"seed", "x", `seed=x: "x" is not a whole number`},
		{"nothing", "x", `no setting "nothing"`},
	} {
		s := mustParse(t, text)
		err := s.Set(c.path, c.value)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: got %v, want %s", c.path, c.value, err, c.want)
		}
		if s.String() != mustParse(t, text).String() {
			t.Errorf("%s=%s: the failed change is there", c.path, c.value)
		}
	}
}

// Whatever Settings lists can be set to what it is.
func TestEverySettingCanBeSet(t *testing.T) {
	s := mustParse(t, tunnel)
	text := s.String()
	for _, set := range s.Settings() {
		if !set.Written {
			continue
		}
		if err := s.Set(set.Path, set.Value); err != nil {
			t.Errorf("%s=%s: %v", set.Path, set.Value, err)
		}
	}
	if s.String() != text {
		t.Errorf("setting everything to what it was gave\n%s", s)
	}
}

func TestJSON(t *testing.T) {
	s := mustParse(t, tunnel)
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var again Scenario
	if err := json.Unmarshal(b, &again); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s, &again, cmpopts.IgnoreUnexported(Scenario{})); d != "" {
		t.Error(d)
	}
	for _, bad := range []string{
		`{"statements":[{"verb":"clinet","args":["a"]}]}`,
		`{"statements":[{"verb":"seed","args":["7"],"comment":"broker hub\n"}]}`,
		`{"statements":[{"verb":"cut","args":["a","b"],"at":"soon"}]}`,
		`{"statements":[],"more":1}`,
	} {
		if err := json.Unmarshal([]byte(bad), new(Scenario)); err == nil {
			t.Errorf("accepted %s", bad)
		}
	}
}

func TestShareLink(t *testing.T) {
	s := mustParse(t, "seed 7\nbroker hub\nclient phone\nlink phone hub # the tunnel\n")
	f, err := Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Decode(f)
	if err != nil || again.String() != s.String() {
		t.Errorf("%v\n%s", err, again)
	}
	bomb := mustParse(t, strings.Repeat("# nothing\n", 40_000)+"broker hub\n")
	if _, err := Encode(bomb); err == nil {
		t.Error("a scenario of 400 kB fits into a link")
	}
	for _, bad := range []string{"", "2abc", f[:len(f)-2], "1" + f[2:], "1$$$",
		strings.Repeat("1", maxFragment+1), pack(strings.Repeat("#\n", maxShared)), pack("cut a b\n"),
		pack("broker hub\nat 1s cut hub b\n")} {
		if _, err := Decode(bad); err == nil {
			t.Errorf("accepted %.40q", bad)
		}
	}
}
