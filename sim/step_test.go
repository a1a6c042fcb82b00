package sim

import (
	"strings"
	"testing"

	"halfopen/sim/trace"
)

// A payload is filled up with dots to the size that is asked for; a longer one stays as it is.
func TestPayloadSize(t *testing.T) {
	tr := runText(t, `
run 10s
broker hub
client cam
link cam hub
at 1s cam publish a "{n} " size=5B
at 2s cam publish b "long enough" size=5B
`)
	var got []string
	for _, m := range tr.Messages {
		got = append(got, string(m.Payload))
	}
	if s := strings.Join(got, "|"); s != "1 ...|long enough" {
		t.Errorf("payloads %q", s)
	}
	if tr.Events[len(tr.Events)-1].Kind != trace.End {
		t.Error("the run did not end")
	}
}

// A TCP keepalive probe that arrives is left out of a story only if its answer arrives, too.
func TestUnansweredProbesAreTold(t *testing.T) {
	tr := runText(t, `
run 70s
broker hub tcp-keepalive=off
client cam keepalive=0s
link cam hub
at 40s cut hub > cam
`)
	var b strings.Builder
	if err := tr.Transcript(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "keepalive probe\n"); n == 0 {
		t.Errorf("no probe is told of, but nobody answered any:\n%s", b.String())
	}
	if !strings.Contains(b.String(), "ACK  x the link is cut") {
		t.Errorf("the lost answers are not told of:\n%s", b.String())
	}
}

// A client that comes back with unfinished publishes has two things to send: these, by the library,
// and SUBSCRIBE, by its program. They do not meet, so that the runtime has nothing to choose.
func TestResumingRepeats(t *testing.T) {
	const text = `
run 2m
broker hub
client pump keepalive=10s max-reconnect-interval=2s
link pump hub
at 1s pump subscribe cmd
every 2s from 3s pump publish state "{n}" qos=1
at 30s cut pump hub for 30s
`
	first := runText(t, text)
	if first.Ties > 0 {
		t.Errorf("%d ties", first.Ties)
	}
	for range 15 {
		if h := runText(t, text).Hash(); h != first.Hash() {
			t.Fatalf("one run gave %s, another %s", first.Hash(), h)
		}
	}
}
