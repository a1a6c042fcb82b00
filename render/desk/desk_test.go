package desk

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/render"
	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/scenarios"
	"halfopen/sim/trace"
)

// run does what the owner of a desk does: it runs what the desk wishes and brings the trace.
func run(t *testing.T, d *Desk) *trace.Trace {
	t.Helper()
	s, ok := d.Wish()
	if !ok {
		t.Fatal("the desk wishes no run")
	}
	tr, err := sim.RunScenario(s, sim.Options{})
	if tr == nil {
		t.Fatal(err)
	}
	d.Load(tr)
	return tr
}

func seed(t *testing.T) *Desk {
	t.Helper()
	s, ok := scenarios.Get("seed")
	if !ok {
		t.Fatal("the built-in scenario seed is gone")
	}
	d := New(s)
	run(t, d)
	return d
}

// While a run is made ready the desk shows the one before: it plays on, and may be forked.
func TestDeskIsUsedWhileARunIsMadeReady(t *testing.T) {
	d := seed(t)
	first := d.Index
	d.Seek(netmodel.Time(30 * time.Second))
	d.Key("c", false)
	s, _ := d.Wish()
	tr, err := sim.RunScenario(s, sim.Options{})
	if tr == nil {
		t.Fatal(err)
	}
	d.Toggle()
	before, rests := d.Player.At, 0
	r := d.Prepare(tr, func() {
		d.Advance(time.Millisecond)
		if rests++; rests == 3 {
			d.Fork()
		}
		if d.Index != first {
			t.Fatal("the new run is shown before it is ready")
		}
	})
	at := d.Player.At
	d.Put(r)
	if at <= before || d.Player.At != at || !d.Player.Playing {
		t.Errorf("the playhead went from %v to %v, and to %v with the new run", before, at, d.Player.At)
	}
	if diff, ok := d.Difference(); !ok || !diff.Found {
		t.Error("the new run is not compared with the one that was kept meanwhile")
	}
}

// What happened before an edit stays as it was, the playhead stays where it was but for the
// millisecond that makes the edit visible, and undo brings the first run back.
func TestCutKeepsThePastAndUndoTheFuture(t *testing.T) {
	d := seed(t)
	first := d.Index.Trace()
	at := netmodel.Time(30 * time.Second)
	d.Seek(at)
	if !d.Key("c", false) {
		t.Fatal("the key C does nothing")
	}
	second := run(t, d)
	if first.Hash() == second.Hash() {
		t.Error("a cut at 30 s changed nothing")
	}
	if diff := render.FirstDifference(first, second); diff.At < at {
		t.Errorf("the runs part at %v, before the cut at %v", diff.At, at)
	}
	if !d.IsCut() {
		t.Error("right after cutting the wire is not cut on the screen")
	}
	d.Key("c", false)
	run(t, d)
	if d.IsCut() {
		t.Error("right after healing the wire is cut on the screen")
	}
	d.Undo()
	d.Undo()
	if got := run(t, d); got.Hash() != first.Hash() {
		t.Error("two undos do not bring the first run back")
	}
}

// A thousand random steps forward and back lead to the same picture each time an instant is met
// again.
func TestStepsThereAndBackGiveTheSamePictures(t *testing.T) {
	d := seed(t)
	rng := rand.New(rand.NewPCG(1, 2))
	var list render.List
	seen := map[netmodel.Time]string{}
	for range 1000 {
		d.Step(rng.IntN(2) == 0, rng.IntN(4) == 0)
		d.Frame(800, 600, 1, &list)
		picture := string(list.SVG())
		if before, ok := seen[d.Player.At]; ok && before != picture {
			t.Fatalf("the picture of %v is another than before", d.Player.At)
		}
		seen[d.Player.At] = picture
	}
	if len(seen) < 10 {
		t.Errorf("a thousand steps met %d instants", len(seen))
	}
}

// While a question hides the future, no way leads there: not playing, not keys, not the scrubber,
// not the table, not an explanation.
func TestNothingHiddenShows(t *testing.T) {
	d := seed(t)
	hide := netmodel.Time(67 * time.Second)
	d.View.HideAfter, d.Player.Stop = hide, hide
	var list render.List
	d.Frame(1280, 700, 1, &list)
	lay := d.View.Layout()
	d.Pointer(Down, lay.X1-1, lay.Scrubber.Y+20, false, &list)
	d.Pointer(Up, lay.X1-1, lay.Scrubber.Y+20, false, &list)
	d.Key("End", false)
	d.Player.Playing = true
	d.Advance(time.Hour)
	if d.Player.At > hide {
		t.Errorf("the playhead got to %v", d.Player.At)
	}
	last := trace.ID(len(d.Index.Trace().Events))
	if d.Show(last); d.Player.At > hide || d.Why(last).Sentence != "" {
		t.Error("an event behind the question can be looked at")
	}
	for _, r := range d.Rows(Query{Count: 1 << 20, All: true}).Rows {
		if r.At > hide.Seconds() {
			t.Fatalf("the table lists what happens at %.3f", r.At)
		}
	}
}

// Pages of the table put together are the table, and the search finds what it names.
func TestRowsComeInPages(t *testing.T) {
	d := seed(t)
	whole := d.Rows(Query{Count: 1 << 20})
	var ids []trace.ID
	for q := (Query{Count: 7}); ; {
		p := d.Rows(q)
		for _, r := range p.Rows {
			ids = append(ids, r.ID)
		}
		if q.From = p.Next; p.Next == 0 {
			break
		}
	}
	if len(ids) != len(whole.Rows) || whole.Total != len(ids) {
		t.Fatalf("%d rows in pages, %d at once, %d counted", len(ids), len(whole.Rows), whole.Total)
	}
	for i, r := range whole.Rows {
		if ids[i] != r.ID {
			t.Fatalf("row %d is event %d in pages and %d at once", i, ids[i], r.ID)
		}
	}
	found := d.Rows(Query{Count: 1000, Find: "pingreq"})
	if len(found.Rows) == 0 {
		t.Error("nothing is found for pingreq")
	}
	for _, r := range found.Rows {
		if !strings.Contains(strings.ToLower(r.What), "pingreq") {
			t.Errorf("found %q", r.What)
		}
	}
}

// A fork keeps a run; with nothing changed there is no difference, with a cut there is one, and it
// is not before the cut.
func TestForkNamesTheFirstDifference(t *testing.T) {
	d := seed(t)
	if !d.Fork() {
		t.Fatal("a fork is not kept")
	}
	if diff, ok := d.Difference(); !ok || diff.Found {
		t.Errorf("before any change there is a difference: %+v", diff)
	}
	at := netmodel.Time(100 * time.Second)
	d.Seek(at)
	d.Do(render.Set("client", "client", "keepalive", "20s"))
	run(t, d)
	if diff, _ := d.Difference(); !diff.Found {
		t.Error("another keepalive makes no difference")
	}
	var list render.List
	d.Frame(1280, 700, 1, &list)
	if d.Fork() {
		t.Error("the second press does not end the comparison")
	}
}

const behindNAT = `seed 7
run 2m
broker hub
nat box
client phone
link phone box
link box hub
at 1s phone subscribe home/#
`

// Every tool adds a statement that the language knows, and whose run can be made.
func TestToolsMakeScenarios(t *testing.T) {
	s, err := scenario.Parse("", behindNAT)
	if err != nil {
		t.Fatal(err)
	}
	nat := New(s)
	run(t, nat)
	if !slices.Contains(nat.Tools(), "forget") || slices.Contains(seed(t).Tools(), "forget") {
		t.Error("what a NAT can forget is offered where there is none, or not where there is one")
	}
	for _, name := range nat.Tools() {
		d := New(s)
		run(t, d)
		d.Seek(netmodel.Time(20 * time.Second))
		if !d.Tool(name) {
			t.Errorf("%s is no tool", name)
			continue
		}
		if _, err := scenario.Parse("", d.History.Now().String()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		run(t, d)
	}
}

// Every act on a segment in flight makes a scenario that the language knows, and a run whose past
// is the old one's; what never arrived, or is no segment, cannot be acted on.
func TestActsOnASegmentInFlight(t *testing.T) {
	base := seed(t)
	id := trace.ID(0)
	for i := range base.Index.Trace().Events {
		ev := &base.Index.Trace().Events[i]
		if ev.At > netmodel.Time(30*time.Second) && len(base.Acts(trace.ID(i+1))) > 0 {
			id = trace.ID(i + 1)
			break
		}
	}
	if id == 0 {
		t.Fatal("no segment can be acted on")
	}
	sent := base.Index.Trace().Event(id)
	base.Seek(sent.At)
	if !slices.Contains(base.Flying(), id) {
		t.Errorf("when it is sent, event %d is not in flight: %v", id, base.Flying())
	}
	for _, a := range base.Acts(id) {
		d := seed(t)
		if !d.Act(a.Name, id) {
			t.Errorf("%s is offered and cannot be done", a.Name)
			continue
		}
		if _, err := scenario.Parse("", d.History.Now().String()); err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
		diff := render.FirstDifference(base.Index.Trace(), run(t, d))
		if !diff.Found || diff.At < sent.At-netmodel.Time(2*time.Millisecond) {
			t.Errorf("%s: the runs part at %v, the segment is sent at %v", a.Name, diff.At, sent.At)
		}
		if a.Name == "drop" && len(d.Acts(id)) > 0 {
			t.Error("a dropped segment can be acted on again")
		}
	}
	if base.Act("drop", 1<<30) || base.Act("juggle", id) || base.Acts(1) != nil {
		t.Error("what is no segment, or no act, can be done")
	}
}

// Who watches the answer come sees, in every frame on the way, nothing that lies behind the
// playhead; at its end the playhead stands still, and a scrub back shows the past only.
func TestWatchShowsNoFuture(t *testing.T) {
	d := seed(t)
	from, until := netmodel.Time(67*time.Second), netmodel.Time(141*time.Second)
	d.Hide(from)
	d.Seek(from)
	d.Watch(until)
	if !d.Player.Playing {
		t.Fatal("watching does not play")
	}
	for d.Player.Playing {
		d.Advance(50 * time.Millisecond)
		if d.View.HideAfter != d.Player.At {
			t.Fatalf("at %v everything up to %v may be seen", d.Player.At, d.View.HideAfter)
		}
	}
	if d.Player.At != until {
		t.Errorf("watching ends at %v, want %v", d.Player.At, until)
	}
	d.Seek(100 * netmodel.Time(time.Second))
	for _, r := range d.Rows(Query{Count: 1 << 20}).Rows {
		if r.At > 100 {
			t.Errorf("back at 100 s the table lists %.3f s: %s", r.At, r.What)
			break
		}
	}
	d.Hide(0)
	if d.View.HideAfter != 0 || d.Player.Stop != 0 {
		t.Error("after the answer something is still hidden")
	}
}

// Before finds where to begin so that Auto needs that long.
func TestBeforeIsTheWatchersTime(t *testing.T) {
	d := seed(t)
	at := netmodel.Time(67 * time.Second)
	from := d.Before(at, 6*time.Second)
	d.Seek(from)
	d.Toggle()
	d.Advance(6 * time.Second)
	if diff := max(at-d.Player.At, d.Player.At-at); diff > netmodel.Time(time.Millisecond) {
		t.Errorf("6 s from %v the playhead is at %v, want %v", from, d.Player.At, at)
	}
	if d.Before(at, time.Hour) != 0 {
		t.Error("an hour before the cut the run has not begun")
	}
}

// What a tool does by hand is what its line in a scenario does: the same run, by hash.
func TestAToolIsALineOfTheScenario(t *testing.T) {
	for _, name := range []string{"cut", "reset", "kill", "power-off", "loss"} {
		d := seed(t)
		d.Seek(netmodel.Time(20 * time.Second))
		d.Tool(name)
		byHand := run(t, d)
		s, err := scenario.Parse("", d.History.Now().String())
		if err != nil {
			t.Fatal(err)
		}
		byText, err := sim.RunScenario(s, sim.Options{})
		if byText == nil {
			t.Fatal(err)
		}
		if byHand.Hash() != byText.Hash() {
			t.Errorf("%s by hand is another run than its text", name)
		}
	}
}

// Three ways to end a connection, and when the client knows: silence, after its keepalive; a FIN or
// an RST, at once.
func TestSilenceAndGoodbyesAreNoticedDifferently(t *testing.T) {
	base := seed(t)
	at := netmodel.Time(20 * time.Second)
	noticed := func(edit render.Edit) time.Duration {
		d := seed(t)
		d.Do(edit)
		tr := run(t, d)
		for i := range tr.Events {
			if ev := &tr.Events[i]; ev.Kind == trace.ClientLost && ev.At >= at {
				return ev.At.Sub(at)
			}
		}
		t.Fatalf("after %s the client never notices", edit.Key)
		return 0
	}
	a, b, _ := base.Ends()
	keepalive := time.Minute
	if d := noticed(render.Cut(a, b, false, at)); d < keepalive/2 {
		t.Errorf("silence is noticed after %v, before the keepalive of %v has run out", d, keepalive)
	}
	if d := noticed(render.Act(b, "kill", at)); d > 100*time.Millisecond {
		t.Errorf("the FIN of a broker that was killed is noticed after %v", d)
	}
	// An RST is the answer to something: the next probe of the kernel (15 s) brings it.
	reset := render.Fault("reset", []string{a, b}, nil, at, 20*time.Second)
	if d := noticed(reset); d > 16*time.Second {
		t.Errorf("an RST is noticed after %v", d)
	}
}
