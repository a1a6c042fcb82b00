package render

import (
	"strings"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// checkRings asserts that every countdown that fired reaches zero in the frame of its event, and
// not before.
func checkRings(t *testing.T, ix *Index) {
	t.Helper()
	fired := map[trace.ID]*timer{}
	stopped := map[trace.ID]bool{}
	for i := range ix.timers {
		tm := &ix.timers[i]
		if !tm.fired {
			stopped[tm.armed] = true
			continue
		}
		fired[tm.ended] = tm
		ev := ix.tr.Event(tm.ended)
		if ev.At != tm.to {
			t.Errorf("the ring of event %d ends at %s, its event is at %s", tm.armed,
				tm.to.Duration(), ev.At.Duration())
		}
		if left := tm.remaining(tm.to, 0); left != 0 {
			t.Errorf("the ring of event %d shows %s when it fires", tm.armed, left.Duration())
		}
		if before := tm.to - 1; before >= tm.from && tm.remaining(before, 0) == 0 {
			t.Errorf("the ring of event %d is at zero before it fires at %s", tm.armed,
				tm.to.Duration())
		}
	}
	for i := range ix.tr.Events {
		ev := &ix.tr.Events[i]
		// A frozen client gives up on a PINGREQ that never left it: Of is then an older, answered one.
		ping := ev.Kind == trace.ClientLost && strings.Contains(ev.App.Text, "pingresp") &&
			!stopped[ev.Of]
		if (ev.Kind == netmodel.TimerFired || ping) && fired[trace.ID(i+1)] == nil {
			t.Errorf("event %d at %s is the end of no ring", i+1, ev.At.Duration())
		}
	}
}

func TestRingsReachZeroAtTheirEvents(t *testing.T) { checkRings(t, NewIndex(theTunnel())) }

// What the picture says of a ring, in words.
func ringLabels(l *List) string {
	var b strings.Builder
	for i := range l.Refs {
		if l.Refs[i].Role == RoleRing {
			b.WriteString(l.Label(&l.Refs[i]) + "; ")
		}
	}
	return b.String()
}

// The story's countdowns, as the learner sees them.
func TestRingsOfTheStory(t *testing.T) {
	ix := NewIndex(theTunnel())
	for _, c := range []struct {
		at   netmodel.Time
		want string
		why  string
	}{
		{ms(31_100), "keepalive: 30 s", "half of the keepalive is left: the ping leaves at 1:01.100"},
		{ms(130_050), "ping timeout: 5.0 s", "the PINGREQ left at 2:05.050"},
		{ms(135_050), "ping timeout: 0.0 s", "the frame in which it gives up"},
		{ms(145_051), "connect: 20 s", "the attempt began at 2:15.051"},
		{ms(165_551), "next try: ", "the pause after a failed attempt"},
		{ms(141_110), "1.5 × keepalive: 15 s", "90 s after the PINGREQ that came at 1:01.110"},
	} {
		var l List
		v := screen()
		ix.At(c.at, &v, &l)
		if got := ringLabels(&l); !strings.Contains(got, c.want) {
			t.Errorf("at %s the rings say %q, want %q: %s", c.at.Duration(), got, c.want, c.why)
		}
	}
}

// What is asked for is not given away: before the answer a ring knows only the settings.
func TestRingsDoNotTellTheFuture(t *testing.T) {
	ix := NewIndex(theTunnel())
	for i := range ix.timers {
		tm := &ix.timers[i]
		if tm.kind != ringKeepalive || !tm.fired {
			continue
		}
		if got, want := tm.due(tm.from), tm.base.Add(time.Minute); got != want {
			t.Errorf("due at %s, want the setting's %s", got.Duration(), want.Duration())
		}
	}
}
