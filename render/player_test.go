package render

import (
	"math/rand/v2"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// A thousand random steps there and back: an instant's picture never depends on how one came there.
func TestRandomStepsGiveIdenticalPictures(t *testing.T) {
	ix := NewIndex(theTunnel())
	moves := []func(Player) Player{
		func(p Player) Player { return p.NextEvent(ix) },
		func(p Player) Player { return p.PreviousEvent(ix) },
		func(p Player) Player { return p.NextDecision(ix) },
		func(p Player) Player { return p.PreviousDecision(ix) },
	}
	dice := rand.New(rand.NewPCG(1, 2))
	v := screen()
	seen := map[netmodel.Time]string{}
	var p Player
	var l List
	for range 1000 {
		p = moves[dice.IntN(len(moves))](p)
		ix.At(p.At, &v, &l)
		got := l.String()
		if want, ok := seen[p.At]; ok && got != want {
			t.Fatalf("at %s:\n%s", p.At.Duration(), firstLine(want, got))
		}
		seen[p.At] = got
	}
	if len(seen) < 30 {
		t.Errorf("the steps visited only %d instants", len(seen))
	}
	fresh := NewIndex(theTunnel())
	for at, want := range seen {
		var l List
		if fresh.At(at, &v, &l); l.String() != want {
			t.Fatalf("at %s a fresh index draws something else", at.Duration())
		}
	}
}

// Forward through all events and back again visits the same instants.
func TestStepsBackAreStepsForward(t *testing.T) {
	ix := NewIndex(theTunnel())
	var there []netmodel.Time
	p := Player{}
	for p.At < ix.Length() {
		there = append(there, p.At)
		p = p.NextEvent(ix)
	}
	for i := len(there) - 1; i >= 0; i-- {
		if p = p.PreviousEvent(ix); p.At != there[i] {
			t.Fatalf("step back to %s, want %s", p.At.Duration(), there[i].Duration())
		}
	}
}

// checkAuto asserts what Auto promises for a run.
func checkAuto(t *testing.T, ix *Index) {
	t.Helper()
	p := &ix.pace
	if d := p.total(); d < autoLeast || d > autoMost {
		t.Errorf("Auto takes %s, want 20 s to 90 s", d)
	}
	for i := 1; i < len(p.at); i++ {
		if d := p.seen[i] - p.seen[i-1]; d > autoSilence {
			t.Errorf("the silence of %s at %s lasts %s on screen", p.at[i].Sub(p.at[i-1]),
				p.at[i-1].Duration(), d)
		}
	}
}

func TestAutoIsSlowAtEventsAndFastThroughSilence(t *testing.T) {
	ix := NewIndex(theTunnel())
	checkAuto(t, ix)
	if slow, fast := ix.pace.rate(ms(1005)), ix.pace.rate(ms(30_000)); slow > 100*time.Millisecond ||
		fast < 10*time.Second {
		t.Errorf("a second shows %s of a handshake and %s of silence", slow, fast)
	}
	for at := netmodel.Time(0); at < ix.Length(); at += ms(777) {
		if back := ix.pace.virtual(ix.pace.real(at)); back < at-ms(1) || back > at+ms(1) {
			t.Fatalf("%s comes back as %s", at.Duration(), back.Duration())
		}
	}
}

// Playing in frames of any length reaches the end, never goes back, and stops there.
func TestPlayingReachesTheEnd(t *testing.T) {
	ix := NewIndex(theTunnel())
	for s := range NumSpeeds {
		p := Player{Speed: s}.Toggle(ix)
		frames := 0
		for ; p.Playing; frames++ {
			next := p.Advance(ix, 16*time.Millisecond)
			if next.At <= p.At {
				t.Fatalf("%s: stuck at %s", s.Key(), p.At.Duration())
			}
			p = next
		}
		if p.At != ix.Length() {
			t.Errorf("%s: stopped at %s", s.Key(), p.At.Duration())
		}
		if s == TenSeconds && (frames < 1870 || frames > 1880) {
			t.Errorf("5 minutes at 10 s a second took %d frames, want 30 s of 16 ms", frames)
		}
	}
}

// While a question is open nothing gets past it.
func TestStopHoldsEveryMove(t *testing.T) {
	ix := NewIndex(theTunnel())
	p := Player{At: ms(139_999), Stop: ms(140_000), Playing: true}
	for name, at := range map[string]netmodel.Time{
		"Advance": p.Advance(ix, time.Hour).At, "Seek": p.Seek(ix, ms(200_000)).At,
		"NextEvent": p.NextEvent(ix).NextEvent(ix).At, "NextDecision": p.NextDecision(ix).At,
	} {
		if at > p.Stop {
			t.Errorf("%s went to %s, past the question at %s", name, at.Duration(), p.Stop.Duration())
		}
	}
}

// With reduced motion nothing changes its place between two events: only the clock, the countdowns
// and what fades go on.
func TestReducedMotionKeepsPlacesBetweenEvents(t *testing.T) {
	ix := NewIndex(theTunnel())
	v := screen()
	v.ReducedMotion = true
	type thing struct {
		role  Role
		event trace.ID
		at    netmodel.Time
	}
	var a, b List
	for i := 1; i < len(ix.steps); i++ {
		from, to := ix.steps[i-1], ix.steps[i]
		if to-from < ms(2) {
			continue
		}
		ix.At(from, &v, &a)
		ix.At(to-ms(1), &v, &b)
		places := map[thing]Rect{}
		for i := range a.Refs {
			if r := &a.Refs[i]; r.Role != RoleRing && !r.panel() {
				places[thing{r.Role, r.Event, r.Time}] = r.Box
			}
		}
		for i := range b.Refs {
			r := &b.Refs[i]
			if was, ok := places[thing{r.Role, r.Event, r.Time}]; ok && was != r.Box && r.Event != 0 {
				t.Fatalf("between %s and %s %q moved from %+v to %+v", from.Duration(), to.Duration(),
					b.Label(r), was, r.Box)
			}
		}
	}
}

// What repeats is told more quickly each time: the fifth SYN into a cut takes less of the watcher's
// time than the first, and the one that gets through as much again.
func TestAutoHurriesThroughWhatRepeats(t *testing.T) {
	ix := NewIndex(theTunnel())
	var dead []time.Duration
	var through time.Duration
	for i := range ix.flights {
		f := &ix.flights[i]
		if f.shape != shapeSyn || f.link == 0 || f.t0 < ms(60_000) {
			continue
		}
		took := ix.pace.real(f.t1) - ix.pace.real(f.t0)
		if f.lost {
			dead = append(dead, took)
		} else if through == 0 {
			through = took
		}
	}
	if len(dead) < 5 || dead[4] > dead[0]/2 || through < 2*dead[4] {
		t.Errorf("SYNs into the cut take %v on the screen, the one that gets through %v", dead, through)
	}
}
