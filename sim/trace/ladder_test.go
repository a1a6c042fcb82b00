package trace_test

import (
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/scenarios"
	"halfopen/sim/trace"
)

var update = flag.Bool("update", false, "write the golden ladders again")

func ladder(t *testing.T, tr *trace.Trace, o trace.LadderOptions) string {
	t.Helper()
	return text(t, func(w io.Writer) error { return tr.Ladder(w, o) })
}

// The ladder of a connection that ends in order, as people see it.
func TestLadderGolden(t *testing.T) {
	const file = "testdata/goodbye.ladder"
	got := ladder(t, run(t, "goodbye"), trace.LadderOptions{})
	// The second line has the versions of the real programs, where the binary knows them.
	lines := strings.SplitN(got, "\n", 3)
	got = lines[0] + "\n" + lines[2]
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("(-golden +ladder):\n%s", d)
	}
}

// Whatever the width, lines keep to it, lifelines stay where they are, and each lost segment is
// seen to be lost.
func TestLadderKeepsItsColumns(t *testing.T) {
	for _, name := range scenarios.Names() {
		tr := run(t, name)
		lost := 0
		for i := range tr.Events {
			if tr.Events[i].Kind == netmodel.SegmentDropped {
				lost++
			}
		}
		for _, width := range []int{80, 100, 120} {
			out := ladder(t, tr, trace.LadderOptions{Width: width})
			crosses := 0
			for _, line := range strings.Split(out, "\n") {
				if n := utf8.RuneCountInString(line); n > width {
					t.Errorf("%s at %d columns: %d in %q", name, width, n, line)
				}
				crosses += strings.Count(line, "✗") - strings.Count(line, "✗ lost")
			}
			if crosses != lost {
				t.Errorf("%s at %d columns: %d segments shown as lost, want %d", name, width, crosses, lost)
			}
			if strings.Contains(out, "\x1b") {
				t.Errorf("%s: colours that nobody asked for", name)
			}
		}
	}
	if !strings.Contains(ladder(t, run(t, "seed"), trace.LadderOptions{Color: true}), "\x1b[31m") {
		t.Error("no red in a ladder with losses")
	}
}

// A message in Japanese takes two columns a character, and a path over a NAT has a line for each
// host.
func TestLadderOfAPath(t *testing.T) {
	tr := runText(t, `run 10s
broker hub
client phone
nat box
link phone box
link box hub
at 1s phone subscribe a
at 2s hub publish a "こんにちは、世界"
at 3s cut phone > box for 2s
`)
	out := ladder(t, tr, trace.LadderOptions{})
	column := -1
	for _, line := range strings.Split(out, "\n") {
		i := strings.IndexAny(line, "│├●┊╪")
		if i < 0 || strings.Contains(line, "cut phone") || strings.Contains(line, "● program") {
			continue
		}
		wide := 0
		for _, r := range line[:i] {
			if r >= 0x3000 {
				wide++
			}
		}
		at := utf8.RuneCountInString(line[:i]) + wide
		if column < 0 {
			column = at
		}
		if at != column {
			t.Errorf("the first lifeline is in column %d, not %d:\n%s", at, column, line)
		}
	}
	for _, want := range []string{"こんにちは", "phone", "box", "hub", "├─ SUBSCRIBE",
		"cut phone > box for 2s"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// The seven hundred segments of a large message are few rows, and hosts that have no lifeline leave
// no traces on those of others.
func TestLadderFoldsBulkAndForgetsHiddenHosts(t *testing.T) {
	var b strings.Builder
	b.WriteString("run 30s\nbroker hub\nclient cam\nlink cam hub\n")
	for _, name := range strings.Fields("a b c d e f g") {
		b.WriteString("client " + name + "\nlink " + name + " hub\n")
	}
	b.WriteString("at 5s cam publish photo x size=1MiB qos=1\n")
	tr := runText(t, b.String())
	out := ladder(t, tr, trace.LadderOptions{})
	if n := strings.Count(out, "─ rest"); n == 0 || n > 40 {
		t.Errorf("%d rows of a large message, want some", n)
	}
	if strings.Contains(out, "loopback\n") || strings.Contains(out, "● loop") {
		t.Errorf("what went to a host that is not shown is called loopback:\n%.3000s", out)
	}
	if !strings.Contains(out, "Not shown: 3 more hosts.") {
		t.Errorf("the legend does not tell of hidden hosts:\n%s", out[len(out)-300:])
	}
}

func runText(t *testing.T, text string) *trace.Trace {
	t.Helper()
	s, err := scenario.Parse(t.Name(), text)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := sim.RunScenario(s, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}
