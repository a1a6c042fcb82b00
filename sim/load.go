package sim

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// Load runs the scenario in a file as a test: see Play. If the file has a transcript below a line
// ----, it is compared with the run's; -sim.update writes it anew. With another seed than the
// scenario's own there is nothing to compare.
func Load(t *testing.T, file string, opts ...TestOption) *trace.Trace {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Parse(file, string(text))
	if err != nil {
		t.Fatal(err)
	}
	own := s.Seed()
	tr := play(t, s, nil, opts)
	if tr != nil && tr.Seed == own && s.Transcript != "" {
		compareTranscript(t, file, string(text), s, tr)
	}
	return tr
}

// Play runs a scenario as a test: its expect lines are checked, and a failure explains itself as
// any other's. beside, if it is not nil, runs beside the scenario, from its start: programs of your
// own take part by the machines that World.FindHost finds. Play returns the trace, for further
// checks.
func Play(t *testing.T, text string, beside func(t *testing.T, w *World),
	opts ...TestOption) *trace.Trace {
	t.Helper()
	s, err := scenario.Parse("scenario", text)
	if err != nil {
		t.Fatal(err)
	}
	return play(t, s, beside, opts)
}

func play(t *testing.T, s *scenario.Scenario, beside func(t *testing.T, w *World),
	opts []TestOption) *trace.Trace {
	t.Helper()
	if err := scenario.Check(s); err != nil {
		t.Fatal(err)
	}
	c := &testConfig{options: Options{}.from(s)}
	for _, o := range opts {
		o(c)
	}
	seeds, err := c.seeds()
	if err != nil {
		t.Fatal(err)
	}
	var tr *trace.Trace
	for _, seed := range seeds {
		if err := s.Set("seed", fmt.Sprint(seed)); err != nil {
			t.Fatal(err)
		}
		c.options.Scenario = s.String()
		w := runTest(t, c, seed, func(t *testing.T, w *World) { w.stage(t, s, beside) })
		if t.Failed() {
			t.FailNow()
		}
		tr = w.Trace()
	}
	return tr
}

// stage lets a scenario happen in the world of a test.
func (w *World) stage(t *testing.T, s *scenario.Scenario, beside func(t *testing.T, w *World)) {
	t.Helper()
	in := newInterpreter(w, s)
	if err := in.build(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				w.failures.Errorf("%s", w.recovered(p))
			}
		}()
		if beside != nil {
			beside(t, w)
		}
	}()
	in.play()
	<-done
	list, err := expectationsOf(s)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i := range s.Statements {
		if st := &s.Statements[i]; st.Verb == "expect" {
			list[n].at = fmt.Sprintf("%s:%d: ", s.Name, st.Line)
			n++
		}
	}
	w.Expect(&w.failures, list...)
}

func compareTranscript(t *testing.T, file, text string, s *scenario.Scenario, tr *trace.Trace) {
	t.Helper()
	got := transcript(tr)
	head, _, _ := strings.Cut(text, "\n----")
	diff := firstDifference(s.Transcript, got, strings.Count(head, "\n")+2)
	if diff == "" {
		return
	}
	if !flags.update {
		t.Errorf("the run is not the transcript of %s:\n%s\n%s", file, diff, ifWanted)
		return
	}
	if err := os.WriteFile(file, []byte(head+"\n----\n"+got), 0o666); err != nil {
		t.Fatal(err)
	}
}
