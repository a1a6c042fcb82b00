package recommend_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
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
	for _, want := range []string{"AWS", "300 s", "Runner-up", "Without", "paho.mqtt.golang"} {
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

// The sentence says why, with sources. What is known of a carrier is used, or it is said that it
// does not help; sources that contradict each other, or that nobody checked, are named as such.
func TestSentence(t *testing.T) {
	preset := netmodel.FindPreset
	for _, c := range []struct {
		w    recommend.Wishes
		want []string
	}{
		{recommend.Wishes{NATs: []recommend.NAT{{Name: "the NAT", Timeout: 350 * time.Second,
			Source: "its manual"}}}, []string{"Use keepalive 290 s: ", "noticed within 310 s [paho",
			"because the NAT forgets an idle connection after 350 s [its manual].",
			"If latency mattered most: 30 s", "Go's own TCP keepalive of 15 s left on: 65400 s",
			"wakes the radio 5760 times a day"}},
		{recommend.Wishes{Places: []*netmodel.Preset{preset("cellular-2011")}},
			[]string{"Use keepalive 190 s", "confidence unverified"}},
		{recommend.Wishes{Places: []*netmodel.Preset{preset("gsma-ts34")}},
			[]string{"Use keepalive 1740 s"}},
		{recommend.Wishes{Places: []*netmodel.Preset{preset("whatsapp")}},
			[]string{"Use keepalive 280 s"}},
		{recommend.Wishes{Places: []*netmodel.Preset{preset("azure-iot-hub"), preset("emqx")}},
			[]string{"Use keepalive 1140 s", "1767 s according to Nordic", "EMQX: what is known of it"}},
		{recommend.Wishes{Silence: 20 * time.Second}, // up to 10 s paho looks more often
			[]string{"Use keepalive 6 s: a dead line is noticed within 19 s"}},
		{recommend.Wishes{PerHour: 10, Client: preset("esp-mqtt")}, // it pings at half the keepalive
			[]string{"at least 720 s"}},
		{recommend.Wishes{PerHour: 10, Client: preset("coremqtt")},
			[]string{"No setting satisfies all of: at most 10 radio accesses an hour (no keepalive does).",
				"pings each 30 s whatever"}},
		{recommend.Wishes{PerHour: 4, KeepAlive: 15 * time.Second},
			[]string{"No setting", "TCP keepalive alone is one in 15 s", "TCP keepalive off"}},
		{recommend.Wishes{Priority: recommend.Latency, NATs: []recommend.NAT{{Name: "the NAT",
			Timeout: 20 * time.Second, Source: "its manual"}}},
			[]string{"Use keepalive 10 s", "If battery mattered most: the same."}},
		{recommend.Wishes{Silence: time.Hour, Priority: recommend.Data},
			[]string{"Use keepalive 3540 s", "24 pings a day (1 an hour), 4 kB"}},
	} {
		a, err := c.w.Answer()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(a.String(), want) {
				t.Errorf("the answer does not say %q:\n%s", want, a)
			}
		}
	}
}

// What would change the answer really does: without the wish that is named, the answer is the one
// that was told; and every answer satisfies all bounds.
func TestChangesAreTrue(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	told := regexp.MustCompile(`^(?:Without|Give up) (.*?): (\d+) s:`)
	for range 500 {
		w := recommend.Wishes{Priority: []recommend.Priority{"", "data", "latency"}[rng.IntN(3)],
			Silence: time.Duration(20+rng.IntN(2000)) * time.Second, PerHour: 1 + rng.IntN(100),
			NATs: []recommend.NAT{{Name: "NAT", Source: "random",
				Timeout: time.Duration(10+rng.IntN(4000)) * time.Second}}}
		a, err := w.Answer()
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range a.Bounds {
			if k := a.Keepalive; k > 0 && (k < b.Least || b.Most != 0 && k > b.Most) {
				t.Fatalf("%d s does not satisfy %+v", k, b)
			}
		}
		for _, c := range a.Changes {
			m := told.FindStringSubmatch(c)
			if m == nil || strings.Contains(m[1], ", and ") {
				continue
			}
			less := w
			switch {
			case strings.HasPrefix(m[1], "noticing"):
				less.Silence = 0
			case strings.HasPrefix(m[1], "at most"):
				less.PerHour = 0
			case strings.HasPrefix(m[1], "being reachable"):
				less.NATs = nil
			default:
				continue
			}
			if o, err := less.Answer(); err != nil || strconv.Itoa(o.Keepalive) != m[2] {
				t.Fatalf("%s\nbut then it is %d s (%v)", c, o.Keepalive, err)
			}
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
		for _, kind := range []netmodel.PresetKind{netmodel.PresetBroker, netmodel.PresetCarrier} {
			if all := netmodel.Presets(kind); rng.IntN(3) == 0 {
				w.Places = append(w.Places, all[rng.IntN(len(all))])
			}
		}
		for _, nat := range w.AllNATs() {
			timeout = min(timeout, int(nat.Timeout/time.Second))
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
