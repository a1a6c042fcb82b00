package sweep

import (
	"strings"
	"testing"
	"time"

	"halfopen/sim"
	"halfopen/sim/metrics"
)

// A run that notices later than its rules allow is reported, whichever rule it breaks.
func TestOutsideItsBound(t *testing.T) {
	s := Explore()
	if err := Apply(s, "outage", "5m"); err != nil {
		t.Fatal(err)
	}
	tr, err := sim.RunScenario(s, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	run := metrics.Of(tr, "device", metrics.Options{})
	right := BoundsOf(s, "device")
	if why := outside(tr, &run, right); why != "" {
		t.Errorf("a run within its bounds: %s", why)
	}
	for want, alter := range map[string]func(*Bounds){
		"the line had died":     func(b *Bounds) { b.Client = 20 * time.Second },
		"after its PINGREQ":     func(b *Bounds) { b.PingTimeout = 25 * time.Second },
		"after the last packet": func(b *Bounds) { b.Broker = 40 * time.Second },
	} {
		b := right
		alter(&b)
		if why := outside(tr, &run, b); !strings.Contains(why, want) {
			t.Errorf("want something about %q: %q", want, why)
		}
	}
}
