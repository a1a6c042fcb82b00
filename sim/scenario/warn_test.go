package scenario

import (
	"strings"
	"testing"
)

func TestWarnings(t *testing.T) {
	const world = "run 60s\nbroker hub\nclient phone\nrouter r\nlink phone r\nlink r hub\n"
	for _, c := range []struct{ more, want string }{
		{"", ""},
		{"at 59s cut phone r\nclient feed host=hub", ""},
		{"at 60s cut phone r", "f:7:8: never happens: the run ends at 60s"},
		{"every 5s from 2m hub publish t x", "f:7:22: never happens"},
		{"expect phone lost within 5s of 61s", "f:7:1: never happens"},
		{"client late start=2m\nlink late r", "f:7:1: never happens"},
		{"client far", "f:7:8: no links lead from far to hub: link far hub"},
	} {
		s, err := Parse("f", world+c.more)
		if err == nil {
			err = Check(s)
		}
		if err != nil {
			t.Errorf("%s: %v", c.more, err)
			continue
		}
		got := ""
		for _, w := range Warnings(s) {
			got += w.Error() + "\n"
		}
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.more, got, c.want)
		}
	}
}
