package netmodel

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	for _, c := range []struct {
		at   time.Duration
		want string
	}{
		{0, "0:00.000"},
		{125042 * time.Millisecond, "2:05.042"},
		{140040600 * time.Microsecond, "2:20.041"}, // rounded, not cut off
		{59*time.Minute + 59999600*time.Microsecond, "1:00:00.000"},
		{62*time.Minute + 5*time.Second + 42*time.Millisecond, "1:02:05.042"},
		{50 * time.Hour, "50:00:00.000"},
	} {
		if got := Time(c.at).Clock(); got != c.want {
			t.Errorf("%v reads %s, want %s", c.at, got, c.want)
		}
	}
}
