package netmodel

import (
	"testing"
	"time"
)

func TestSysctlsSetWhatTheirNamesSay(t *testing.T) {
	p := Linux()
	for _, s := range [][2]string{{"tcp_retries2", "5"}, {"tcp_rmem", "4096 540000 15728640"},
		{"tcp_rto_min_us", "100000"}, {"tcp_sack", "0"}, {"tcp_congestion_control", "reno"},
		{"tcp_keepalive_time", "30"}, {"tcp_recovery", "0"}} {
		if !p.SetSysctl(s[0], s[1]) {
			t.Errorf("%s=%s was refused", s[0], s[1])
		}
	}
	if p.Retries2 != 5 || p.RcvBuf != [3]int{4096, 540000, 15728640} || p.SACK || p.RACK ||
		p.RTOMin != 100*time.Millisecond || p.Congestion != Reno || p.KeepIdle != 30*time.Second {
		t.Errorf("the profile is now %+v", p)
	}
}

// In a capture with tcp_rto_min_us=50000, HZ=250 and round trips of 20.3 ms the RTO was 76 ms, and
// fired 79 ms after the segment: 13 ticks, not 12.5, and the round trip make 72.3 ms, 19 ticks.
func TestRTOMinIsInTicks(t *testing.T) {
	p := Linux()
	p.SetHZ(250)
	if p.SetSysctl("tcp_rto_min_us", "50000"); p.RTOMin != 52*time.Millisecond {
		t.Errorf("50 ms became %v", p.RTOMin)
	}
}

func TestUnknownSysctlsAndValuesChangeNothing(t *testing.T) {
	p, before := Linux(), Linux()
	for _, s := range [][2]string{{"tcp_nonsense", "1"}, {"tcp_rmem", "1 2"}, {"tcp_retries2", "x"},
		{"tcp_congestion_control", "bbr"}} {
		if p.SetSysctl(s[0], s[1]) {
			t.Errorf("%s=%s was taken", s[0], s[1])
		}
	}
	if *p != *before {
		t.Errorf("the profile changed: %+v", p)
	}
}
