package sim

import (
	"testing"

	"halfopen/sim/trace"
)

// A step that is repeated and lasts ends each time after its own length.
func TestRepeatedFreeze(t *testing.T) {
	tr := runText(t, `seed 1
run 10m
broker broker
client client keepalive=10s
link client broker
every 4m from 1m broker freeze for 45s
`)
	lost, connected := 0, 0
	for i := range tr.Events {
		switch tr.Events[i].Kind {
		case trace.ClientLost:
			lost++
		case trace.ClientConnected:
			connected++
		}
	}
	if lost < 3 || connected < 3 {
		t.Errorf("the client lost %d connections and made %d: each of the three freezes (1m, 5m, 9m) "+
			"is longer than it waits, and each ends", lost, connected)
	}
}
