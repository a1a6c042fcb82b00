package render

import (
	"slices"
	"testing"
	"time"

	"halfopen/sim/scenario"
)

func small() *scenario.Scenario {
	return &scenario.Scenario{Transcript: "recorded", Statements: []scenario.Statement{
		{Verb: "broker", Args: []string{"hub"}},
		{Verb: "client", Args: []string{"phone"},
			Keys: []scenario.KeyValue{{Key: "keepalive", Value: "60s"}}},
		{Verb: "link", Args: []string{"phone", "hub"}},
		{Verb: "cut", Args: []string{"phone", "hub"}, HasAt: true, At: time.Minute},
		{Verb: "expect", Args: []string{"phone", "lost"}},
	}}
}

// "Cut here" is one more statement, in its place, at a readable time; the scenario it came from
// stays as it was.
func TestCutHere(t *testing.T) {
	s := small()
	c := Cut("phone", "hub", false, ms(30_000.4567)).Apply(s)
	if len(s.Statements) != 5 || s.Transcript == "" {
		t.Fatal("the edit changed the scenario it was applied to")
	}
	st := c.Statements[3]
	if st.Verb != "cut" || st.At != 30*time.Second || !st.HasAt || len(c.Statements) != 6 {
		t.Errorf("got %+v at place 3 of %d", st, len(c.Statements))
	}
	if c.Transcript != "" {
		t.Error("the edited scenario still has the transcript of another run")
	}
	one := Cut("phone", "hub", true, 0).Apply(s).Statements[3]
	if len(one.Args) != 3 || one.Args[1] != ">" {
		t.Errorf("a cut of one direction has the arguments %v", one.Args)
	}
}

func TestSetAddsChangesAndRemoves(t *testing.T) {
	s := small()
	for _, c := range []struct{ key, value, want string }{
		{"keepalive", "30s", "30s"}, {"session", "kept", "kept"}, {"keepalive", "", ""},
	} {
		got := ""
		for _, kv := range Set("client", "phone", c.key, c.value).Apply(s).Statements[1].Keys {
			if kv.Key == c.key {
				got = kv.Value
			}
		}
		if got != c.want {
			t.Errorf("%s set to %q is %q", c.key, c.value, got)
		}
	}
	if s.Statements[1].Keys[0].Value != "60s" {
		t.Error("the edit changed the scenario it was applied to")
	}
}

// Undo and redo walk over the same scenarios; a new edit forgets what was undone.
func TestHistory(t *testing.T) {
	h := NewHistory(small()).Do(Cut("phone", "hub", false, 0)).Do(Heal("phone", "hub", ms(1000)))
	two := h.Now()
	h = h.Undo()
	if len(h.Now().Statements) != 6 {
		t.Errorf("after one undo: %d statements, want 6", len(h.Now().Statements))
	}
	if h = h.Redo(); h.Now() != two {
		t.Error("redo gives another scenario than the one undone")
	}
	h = h.Undo().Undo().Undo()
	if len(h.Now().Statements) != 5 || len(h.Edits()) != 0 {
		t.Errorf("undone to %d statements, %d edits", len(h.Now().Statements), len(h.Edits()))
	}
	if h = h.Do(Act("phone", "kill", 0)).Redo(); len(h.Edits()) != 1 {
		t.Error("redo brought back what a new edit had replaced")
	}
}

// Dropping a segment in flight says which one it is: the second of two PUBLISHes within the
// millisecond is named by skipping the first.
func TestDropSegmentNamesTheSegment(t *testing.T) {
	tl := newTale()
	c, _ := tl.connection(40001)
	for i := range 3 {
		tl.write(ms(1000.2+0.1*float64(i)), c, 3, 10, 0)
	}
	ix := NewIndex(tl.tell())
	e, ok := ix.DropSegment(ix.flights[1].sent)
	if !ok {
		t.Fatal("a segment on a link cannot be dropped")
	}
	s := e.Apply(small())
	st := s.Statements[3]
	want := []scenario.KeyValue{{Key: "match", Value: "PUBLISH"}, {Key: "skip", Value: "1"},
		{Key: "count", Value: "1"}}
	if st.Verb != "drop" || st.At != time.Second || !slices.Equal(st.Keys, want) ||
		!slices.Equal(st.Args, []string{"client", ">", "broker"}) {
		t.Errorf("got %+v", st)
	}
	if _, ok := ix.DropSegment(1 << 20); ok {
		t.Error("what is no segment can be dropped")
	}
}
