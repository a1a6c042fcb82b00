package explain

import (
	"regexp"
	"slices"
	"testing"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

var gap = regexp.MustCompile(`\{[a-z0-9]*\}`)

// Both catalogues have the same keys, and the same gaps in each sentence.
func TestLanguagesAgree(t *testing.T) {
	c := catalogues()
	for key, en := range c[EN] {
		ja, ok := c[JA][key]
		if !ok {
			t.Errorf("%s is missing in Japanese", key)
			continue
		}
		a, b := gap.FindAllString(en, -1), gap.FindAllString(ja, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s: gaps %v in English, %v in Japanese", key, a, b)
		}
	}
	for key := range c[JA] {
		if _, ok := c[EN][key]; !ok {
			t.Errorf("%s is missing in English", key)
		}
	}
}

// Every kind of event, every reason to send and to drop has a sentence; every source belongs to
// one.
func TestNothingWithoutWords(t *testing.T) {
	words := catalogues()[EN]
	for r := netmodel.SendData; r <= netmodel.SendInjected; r++ {
		if _, ok := words["sent."+sentKeys[r]]; !ok {
			t.Errorf("no words for sending reason %d", r)
		}
	}
	for r := netmodel.DropCut; r <= netmodel.DropTTL; r++ {
		if _, ok := words["dropped."+dropKeys[r]]; !ok {
			t.Errorf("no words for drop reason %d", r)
		}
	}
	special := []netmodel.Kind{netmodel.SegmentSent, netmodel.SegmentDropped, netmodel.TimerArmed,
		netmodel.TimerFired, netmodel.SocketError, trace.ClientLost, trace.BrokerDisconnect, trace.Wrote,
		trace.ClientPublished, trace.ClientStopped, trace.BrokerStopped, trace.BrokerReceived}
	for _, from := range [][2]netmodel.Kind{{netmodel.SegmentSent, netmodel.MappingForgotten},
		{trace.Start, trace.End}} {
		for k := from[0]; k <= from[1]; k++ {
			if _, ok := words[kindKeys[k]]; !ok && !slices.Contains(special, k) {
				t.Errorf("no words for event kind %d", k)
			}
		}
	}
	for key := range sources {
		if _, ok := words[key]; !ok && key != "lost" {
			t.Errorf("a source for %q, which nobody says", key)
		}
	}
}

// Forty terms, each in both languages.
func TestGlossary(t *testing.T) {
	terms := Glossary()
	if len(terms) < 40 {
		t.Errorf("%d terms, want at least 40", len(terms))
	}
	seen := make(map[string]bool)
	for _, term := range terms {
		if seen[term.ID] || term.EN == "" || term.JA == "" || term.TextEN == "" || term.TextJA == "" {
			t.Errorf("%q is incomplete, or twice", term.ID)
		}
		seen[term.ID] = true
	}
}
