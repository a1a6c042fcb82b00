package explain_test

import (
	"errors"
	"strings"
	"testing"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/belief"
	"halfopen/sim/explain"
	"halfopen/sim/metrics"
	"halfopen/sim/scenario"
	"halfopen/sim/scenarios"
	"halfopen/sim/trace"
)

// eachBuiltin runs f on the trace of every built-in scenario.
func eachBuiltin(t *testing.T, f func(t *testing.T, tr *trace.Trace)) {
	for _, name := range scenarios.Names() {
		t.Run(name, func(t *testing.T) {
			s, ok := scenarios.Get(name)
			if !ok {
				t.Fatalf("%s is not there", name)
			}
			f(t, play(t, s))
		})
	}
}

func play(t *testing.T, s *scenario.Scenario) *trace.Trace {
	t.Helper()
	tr, err := sim.RunScenario(s, sim.Options{})
	if err != nil && !errors.As(err, new(*sim.ExpectationError)) { // which sim's own tests judge
		t.Fatal(err)
	}
	return tr
}

// Every event of every built-in scenario has a sentence in both languages, and a chain of causes
// that ends in a setting, a fault or the start. Causes are older than what they cause: there is no
// cycle.
func TestEveryChainEnds(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, tr *trace.Trace) {
		x := explain.New(tr)
		bad := 0
		for i := range tr.Events {
			id := trace.ID(i + 1)
			chain := append([]trace.ID{id}, x.Chain(id)...)
			end := chain[len(chain)-1]
			if c := x.Because(end); c >= end {
				t.Errorf("event %d is caused by %d, which came later", end, c)
			}
			if !explain.Terminal(tr.Event(end).Kind) {
				if bad++; bad < 5 {
					t.Errorf("event %d: %s: its chain ends at event %d: %s", id, x.Sentence(id, explain.EN),
						end, x.Sentence(end, explain.EN))
				}
			}
			for _, other := range x.Beside(id) {
				if tr.Event(other).At > tr.Events[i].At {
					t.Errorf("%s rests on what came later: %s", x.Sentence(id, explain.EN),
						x.Sentence(other, explain.EN))
				}
			}
			for l := range explain.NumLangs {
				said := x.Sentence(id, l)
				if a := tr.Event(id).App; a != nil && a.Text != "" {
					said = strings.ReplaceAll(said, a.Text, "...") // it may hold anything
				}
				checkSentence(t, said)
			}
		}
		if bad > 0 {
			t.Errorf("%d of %d chains do not end", bad, len(tr.Events))
		}
		for l := range explain.NumLangs {
			if s := explain.Summary(tr, "", l); strings.ContainsAny(s, "{}[]") {
				t.Errorf("a gap is open in the summary:\n%s", s)
			}
		}
	})
}

// The balance of every built-in scenario comes out, and the lie is what the lanes say, instant by
// instant: somebody believes in a connection of which an end, or the path, is gone.
func TestMeasuresOfTheBuiltin(t *testing.T) {
	eachBuiltin(t, func(t *testing.T, tr *trace.Trace) {
		r := metrics.Of(tr, "", metrics.Options{})
		sum := r.Balance.Delivered + r.Balance.Late + r.Balance.Duplicated
		for _, n := range r.Balance.Lost {
			sum += n
		}
		if sum != r.Balance.Sent {
			t.Errorf("%d sent, but the parts add up to %d", r.Balance.Sent, sum)
		}
		for _, sp := range r.Lie.Spans {
			for _, at := range []netmodel.Time{sp.Begin, (sp.Begin + sp.End) / 2, sp.End - 1} {
				if !lying(&r.Lanes, at) {
					t.Errorf("at %v nobody is wrong, inside the lie %v", at.Duration(), sp)
				}
			}
		}
	})
}

// lying asks the lanes directly: a side takes its line for good, and the path is shut, or the other
// kernel does not hold the same connection any more.
func lying(l *belief.Lanes, at netmodel.Time) bool {
	path := l.At(belief.Path, at)
	client, broker := l.At(belief.ClientTCP, at), l.At(belief.BrokerTCP, at)
	for _, lane := range []belief.Lane{belief.ClientApp, belief.ClientTCP, belief.BrokerTCP,
		belief.BrokerSession} {
		if sp := l.At(lane, at); sp.Up {
			if !path.Up || sp.Socket != client.Socket && sp.Socket != broker.Socket ||
				!client.Up || !broker.Up {
				return true
			}
		}
	}
	return false
}

// The experiment of the blog, as the summary tells it: the client called because its PINGREQ was
// not answered; one message was lost, on the wire; the ghost had no FIN.
func TestSummaryOfTheBlog(t *testing.T) {
	s, _ := scenarios.Get("seed")
	text := explain.Summary(play(t, s), "", explain.EN)
	for _, want := range []string{"PINGREQ was written at", "s passed without PINGRESP",
		"1.5 times its keepalive", "session present=0", "subscribed again at", "1 lost",
		"Lost on the wire: 1419926702", "of the old connection reached", "It carried no FIN"} {
		if !strings.Contains(text, want) {
			t.Errorf("the summary does not say %q:\n%s", want, text)
		}
	}
}

// paho's own settings: the path is whole at 183 s and the client is back some ten seconds later.
// The summary says which SYN was lost, that the call ended before the next one, and how long the
// back-off was; or, with another check tick, which SYN got through.
func TestSummaryOfTheGoDefaults(t *testing.T) {
	s, _ := scenarios.Get("seed-go")
	text := explain.Summary(play(t, s), "", explain.EN)
	for _, want := range []string{"after the path was whole again (3:03.", "Why not sooner?"} {
		if !strings.Contains(text, want) {
			t.Errorf("the summary does not say %q:\n%s", want, text)
		}
	}
}

// In ghost-fin the broker stops in order: it noticed nothing, and its FIN went out.
func TestSummaryOfAStoppedBroker(t *testing.T) {
	s, _ := scenarios.Get("ghost-fin")
	text := explain.Summary(play(t, s), "", explain.EN)
	for _, want := range []string{"It had ended the connection itself at 0:30.600.",
		"It carried a FIN: broker had closed it at 0:30.600"} {
		if !strings.Contains(text, want) {
			t.Errorf("the summary does not say %q:\n%s", want, text)
		}
	}
}
