package sim

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// Load runs the scenario in a file, checks its expect lines, and, if the file has a transcript below
// a line ----, compares it with the run's; -sim.update writes it anew. It returns the trace, for
// checks in Go beyond those. Flags and environment may give another seed: the transcript, which is
// that of one seed, is then not compared.
func Load(t *testing.T, file string) *trace.Trace {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Parse(file, string(text))
	if err != nil {
		t.Fatal(err)
	}
	c := newTestConfig([]TestOption{WithSeed(s.Seed())})
	seeds, err := c.seeds()
	if err != nil {
		t.Fatal(err)
	}
	var tr *trace.Trace
	own := s.Seed()
	for _, seed := range seeds {
		if err := s.Set("seed", fmt.Sprint(seed)); err != nil {
			t.Fatal(err)
		}
		tr, err = RunScenario(s, Options{})
		if err != nil {
			t.Fatalf("%s: %v\n\nseed:      %d\nrepeat:    %s\nin detail: halfopen run %s --seed %d", file,
				err, seed, repeatLine(t.Name(), seed), file, seed)
		}
		if seed == own && s.Transcript != "" {
			compareTranscript(t, file, string(text), s, tr)
		}
	}
	return tr
}

func compareTranscript(t *testing.T, file, text string, s *scenario.Scenario, tr *trace.Trace) {
	t.Helper()
	got := transcript(tr)
	diff := firstDifference(s.Transcript, got)
	if diff == "" {
		return
	}
	if !flags.update {
		t.Errorf("the run is not the transcript of %s:\n%s", file, diff)
		return
	}
	head, _, _ := strings.Cut(text, "\n----")
	if err := os.WriteFile(file, []byte(head+"\n----\n"+got), 0o666); err != nil {
		t.Fatal(fmt.Errorf("writing the transcript: %w", err))
	}
}
