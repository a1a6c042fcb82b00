package scenarios

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

var update = flag.Bool("update", false, "write the transcripts of the built-in scenarios again")

// Every file is in the list, in canonical form, and begins with its title.
func TestFiles(t *testing.T) {
	found, err := filepath.Glob("*.sim")
	if err != nil || len(found) != len(names) {
		t.Errorf("%d files, %d names: %v", len(found), len(names), err)
	}
	for _, name := range Names() {
		s, ok := Get(name)
		if !ok {
			t.Errorf("%s: no such file", name)
			continue
		}
		if err := scenario.Check(s); err != nil {
			t.Error(err)
		}
		text, _ := Text(name)
		if d := cmp.Diff(s.Document(), text); d != "" && !*update {
			t.Errorf("%s.sim is not in canonical form (-canonical +file):\n%s", name, d)
		}
		if len(Title(name)) < 10 || !strings.HasPrefix(text, "# "+Title(name)) {
			t.Errorf("%s: the title %q", name, Title(name))
		}
	}
}

// Each run is the one that was recorded, meets its expectations, and has no tie, so that its hash
// is the same on every platform.
func TestTranscripts(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			s, _ := Get(name)
			tr, err := sim.RunScenario(s, sim.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if tr.Ties > 0 {
				t.Errorf("%d ties", tr.Ties)
			}
			var b strings.Builder
			if err := tr.Transcript(&b); err != nil {
				t.Fatal(err)
			}
			if *update {
				s.Transcript = b.String()
				if err := os.WriteFile(name+".sim", []byte(s.Document()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(s.Transcript, b.String()); d != "" {
				t.Errorf("another run than the recorded one (-recorded +run); if that is wanted, "+
					"go test ./sim/scenarios -update\n%s", d)
			}
		})
	}
}

// Whatever is left to chance, the story of the seed is the same: the subscriber gets three of the
// four readings, with all their fields, and only ...702 is lost.
func TestSeedIsTheStoryOverSeeds(t *testing.T) {
	want := []string{"1419926642, 1767, 1433, 2513, 0", "1419926762, 1771, 1430, 2514, 0",
		"1419926821, 1770, 1432, 2513, 0"}
	s, _ := Get("seed")
	for seed := 1; seed <= 100; seed++ {
		if err := s.Set("seed", strconv.Itoa(seed)); err != nil {
			t.Fatal(err)
		}
		tr, err := sim.RunScenario(s, sim.Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if got := readings(tr); !slices.Equal(got, want) {
			t.Errorf("seed %d: the subscriber prints\n%s", seed, strings.Join(got, "\n"))
		}
	}
}

func readings(tr *trace.Trace) []string {
	var got []string
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.Kind == trace.ClientMessage && ev.App.Actor == "client" {
			got = append(got, string(ev.App.Payload))
		}
	}
	return got
}
