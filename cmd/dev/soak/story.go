package soak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// Story is a case of a whole scenario: real brokers and clients. Head must be there; any line of
// Trouble may go.
type Story struct {
	Head, Trouble []string
	healed        time.Duration
}

// recovery is how long after healing everything must have arrived. paho's pause between attempts
// grows to max-reconnect-interval, here one minute; a retransmission may be two minutes away, and
// the keepalive adds to that.
const recovery = 15 * time.Minute

// NewStory draws a case from a seed.
func NewStory(seed uint64) *Story {
	r := rand.New(rand.NewPCG(seed, 0x5709))
	heal := time.Duration(60+r.IntN(400)) * time.Second
	s := &Story{healed: heal}
	head := func(format string, args ...any) { s.Head = append(s.Head, fmt.Sprintf(format, args...)) }
	head("seed %d", seed)
	head("run %v", heal+recovery)
	head("broker hub")
	head("client feed host=hub keepalive=1h start=%v", milliseconds(r, 300))
	for i := range 1 + r.IntN(3) {
		name := fmt.Sprintf("c%d", i+1)
		head("client %s keepalive=%ds ping-timeout=%ds session=kept max-reconnect-interval=1m start=%v",
			name, 5+r.IntN(60), 2+r.IntN(10), milliseconds(r, 2000))
		head("link %s hub latency=%v", name, milliseconds(r, 300)+time.Millisecond)
		head("at 0s %s subscribe t/# qos=1", name)
		s.trouble(r, name)
	}
	head("every %v from %v feed publish t/x \"{n} {unix}\" qos=1", milliseconds(r, 20_000)+time.Second,
		5*time.Second+milliseconds(r, 1000))
	slices.Sort(s.Trouble)
	return s
}

func milliseconds(r *rand.Rand, limit int) time.Duration {
	return time.Duration(r.IntN(limit)) * time.Millisecond
}

// trouble draws what goes wrong between a client and the broker. Everything has ended by the time
// of healing.
func (s *Story) trouble(r *rand.Rand, name string) {
	for range r.IntN(5) {
		at := 5*time.Second + time.Duration(r.Int64N(int64(s.healed-10*time.Second)))
		length := time.Duration(r.Int64N(int64(s.healed-at))) + time.Millisecond
		path := []string{name + " hub", name + " > hub", "hub > " + name}[r.IntN(3)]
		lasts := fmt.Sprintf(" for %v", length.Round(time.Millisecond))
		what := []string{"cut " + path + lasts, "cut " + path + lasts, "reset " + path + lasts,
			"unreachable " + path + lasts,
			fmt.Sprintf("loss %s%s rate=%d%%", path, lasts, 1+r.IntN(40)),
			fmt.Sprintf("duplicate %s%s rate=%d%%", path, lasts, 1+r.IntN(40)),
			fmt.Sprintf("latency %s %v%s", path, milliseconds(r, 900)+time.Millisecond, lasts),
			fmt.Sprintf("jitter %s %v%s reorder=on", path, milliseconds(r, 900)+time.Millisecond, lasts),
			"interface-down " + name + lasts}[r.IntN(9)]
		s.Trouble = append(s.Trouble, fmt.Sprintf("at %v %s", at.Round(time.Millisecond), what))
	}
}

// String is the scenario's text.
func (s *Story) String() string {
	return strings.Join(append(slices.Clone(s.Head), s.Trouble...), "\n") + "\n"
}

// Run runs the case twice and returns what does not hold, or nil.
func (s *Story) Run() error {
	first, err := s.play()
	if err != nil {
		return err
	}
	second, err := s.play()
	if err != nil {
		return err
	}
	if d := trace.Diff(first, second); d != nil && first.Ties == 0 && second.Ties == 0 {
		return fmt.Errorf("two runs differ:\n%v", d)
	}
	var l ledger
	for i := range first.Events {
		l.Record(&first.Events[i].Record)
	}
	if err := l.check(first.Length); err != nil {
		return err
	}
	return s.delivered(first)
}

func (s *Story) play() (*trace.Trace, error) {
	sc, err := scenario.Parse("soak.sim", s.String())
	if err != nil {
		return nil, err
	}
	return sim.RunScenario(sc, sim.Options{})
}

// delivered checks that every QoS 1 message that a client had subscribed to before, and that was
// published before the healing, arrived at least once [MQTT-4.3.2-1, MQTT-3.1.2-5].
func (s *Story) delivered(t *trace.Trace) error {
	since := map[string]netmodel.Time{}
	got := map[string]map[trace.MessageID]bool{}
	var order []string
	for i := range t.Events {
		e := &t.Events[i]
		if e.App == nil {
			continue
		}
		a := e.App.Actor
		switch e.Kind {
		case trace.ClientSubscribed:
			if _, ok := since[a]; !ok {
				since[a], got[a] = e.At, map[trace.MessageID]bool{}
				order = append(order, a)
			}
		case trace.ClientMessage:
			if got[a] != nil {
				got[a][e.App.Message] = true
			}
		}
	}
	for _, who := range order {
		for id, m := range t.Messages {
			e := t.Event(m.Published)
			if m.QoS == 0 || e == nil || e.At <= since[who] || e.At > netmodel.Time(s.healed) {
				continue
			}
			if !got[who][trace.MessageID(id+1)] {
				return fmt.Errorf("message %q of %v never reached %s", m.Payload, e.At.Duration(), who)
			}
		}
	}
	return nil
}

// Shrink leaves lines of trouble out as long as the case fails without them.
func (s *Story) Shrink(fails func(*Story) bool) *Story {
	best := *s
	for i := 0; i < len(best.Trouble); {
		try := best
		try.Trouble = slices.Delete(slices.Clone(best.Trouble), i, i+1)
		if fails(&try) {
			best = try
			continue
		}
		i++
	}
	return &best
}
