package speed

import (
	"testing"
	"time"

	"halfopen/netmodel"
)

// The yardstick is an event loop: it processes events in the order of their times, one after the
// other, and none is lost.
func TestLoopKeepsOrder(t *testing.T) {
	const flows = 50
	l := NewLoop(flows)
	last := event{due: -1}
	for range 10_000 {
		e := l.pop()
		if e.before(&last) {
			t.Fatalf("%d behind %d", e.due, last.due)
		}
		last = e
		l.push(l.next(e.flow, e.due))
	}
	if n := len(l.heap); n != perFlow*flows {
		t.Errorf("%d events are pending, want %d", n, perFlow*flows)
	}
}

// The MQTT workload survives its outages, and each hour is like the one before: what the benchmarks
// divide by is what they say it is.
func TestMQTTKeepsItsConnections(t *testing.T) {
	one, three := MQTT(nil, 1, time.Hour), MQTT(nil, 1, 3*time.Hour)
	if one < 600 || three < 3*one*95/100 || three > 3*one*105/100 {
		t.Errorf("%d segments in an hour, %d in three", one, three)
	}
	star := NewStar(nil, 2, netmodel.Conditions{})
	star.Transfer(1e6)
	if n := star.Segments(); n < 1_000_000/1460 {
		t.Errorf("a megabyte took %d segments", n)
	}
}
