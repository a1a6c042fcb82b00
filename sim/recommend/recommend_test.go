package recommend_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/recommend"
	"halfopen/sim/scenario"
)

// Lesson 8: a mobile network, a NAT of 350 s, AWS, notice within five minutes, at most four radio
// accesses an hour. Nothing satisfies all of it, and each wish has its price.
func TestNothingSatisfiesAll(t *testing.T) {
	w := recommend.Wishes{Silence: 5 * time.Minute, PerHour: 4,
		NATs:   []recommend.NAT{{Name: "the carrier's NAT", Timeout: 350 * time.Second, Source: "UX"}},
		Places: []*netmodel.Preset{netmodel.FindPreset("aws-iot-core")}}
	a, err := w.Answer()
	if err != nil {
		t.Fatal(err)
	}
	if a.Keepalive != 0 || !strings.HasPrefix(a.Sentence, "No setting satisfies all of") {
		t.Fatalf("the answer is %s", a)
	}
	found := false
	for _, c := range a.Changes {
		found = found || strings.Contains(c, "Give up at most 4 radio accesses an hour: 280 s")
	}
	if !found {
		t.Errorf("the way out by more accesses is not told:\n%s", a)
	}
	w.PerHour = 0
	if a, _ = w.Answer(); a.Keepalive != 280 {
		t.Errorf("without the limit on accesses: %d s, want 280 (noticed within 300 s)", a.Keepalive)
	}
	for _, want := range []string{"AWS", "300 s", "Runner-up", "Without"} {
		if !strings.Contains(a.String(), want) {
			t.Errorf("the answer does not mention %q:\n%s", want, a)
		}
	}
}

// Every clause names its source; the bounds are those of their presets.
func TestEveryClauseHasASource(t *testing.T) {
	w := recommend.Wishes{Silence: 10 * time.Minute, Priority: recommend.Data}
	for _, kind := range []netmodel.PresetKind{netmodel.PresetBroker, netmodel.PresetCarrier} {
		w.Places = append(w.Places, netmodel.Presets(kind)...)
	}
	a, err := w.Answer()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range a.Bounds {
		if b.Source == "" || b.Why == "" || b.Wish == "" {
			t.Errorf("a bound without its reason: %+v", b)
		}
	}
}

// Bad wishes are refused with a word on what is wrong.
func TestBadWishes(t *testing.T) {
	w := recommend.Wishes{Client: netmodel.FindPreset("paho-java")}
	if _, err := w.Answer(); err == nil {
		t.Error("a client whose rule is not known got a recommendation")
	}
	w = recommend.Wishes{Priority: "beauty"}
	if _, err := w.Answer(); err == nil {
		t.Error("a priority that does not exist was taken")
	}
}

const idle = `seed %d
run %ds
broker hub tcp-keepalive=off
client device tcp-keepalive=off keepalive=%ds ping-timeout=10s
nat gw timeout=%ds loose=off
link device gw latency=%dms
link gw hub latency=5ms
`

// A recommended keepalive never lets the NAT's entry idle out: 1,000 random settings, each run
// against the real client, with TCP keepalive off at both ends and no other traffic.
func TestRecommendationHoldsTheMapping(t *testing.T) {
	settings := 1000
	if testing.Short() {
		settings = 100
	}
	rng := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for i := range settings {
		timeout := 10 + rng.IntN(20)*rng.IntN(20)*rng.IntN(20)
		w := recommend.Wishes{NATs: []recommend.NAT{{Name: "NAT", Source: "random",
			Timeout: time.Duration(timeout) * time.Second}}}
		if rng.IntN(2) == 0 {
			w.Silence = time.Duration(20+rng.IntN(2000)) * time.Second
		}
		if rng.IntN(3) == 0 {
			w.PerHour = 1 + rng.IntN(400)
		}
		if rng.IntN(3) == 0 {
			w.Priority = recommend.Latency
		}
		if rng.IntN(3) == 0 {
			all := netmodel.Presets(netmodel.PresetBroker)
			w.Places = append(w.Places, all[rng.IntN(len(all))])
		}
		a, err := w.Answer()
		if err != nil {
			t.Fatal(err)
		}
		k := a.Keepalive
		if k == 0 {
			refused++
			continue
		}
		text := fmt.Sprintf(idle, i, 3*k+60, k, timeout, rng.IntN(300))
		if n := forgotten(t, text); n > 0 {
			t.Fatalf("keepalive %d s let a NAT of %d s forget %d times:\n%s", k, timeout, n, text)
		}
	}
	if refused == 0 || refused > settings/2 {
		t.Errorf("%d of %d settings had no answer: the test does not ask what it should", refused,
			settings)
	}
}

func forgotten(t *testing.T, text string) int {
	t.Helper()
	s, err := scenario.Parse("idle", text)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := sim.RunScenario(s, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i := range tr.Events {
		if tr.Events[i].Kind == netmodel.MappingForgotten {
			n++
		}
	}
	return n
}

// The other way round: a keepalive just above the NAT's timeout does lose the mapping, so the test
// above can fail.
func TestTooLongAKeepaliveLosesTheMapping(t *testing.T) {
	if forgotten(t, fmt.Sprintf(idle, 1, 400, 130, 120, 20)) == 0 {
		t.Error("a NAT of 120 s holds a connection that pings each 130 s")
	}
}
