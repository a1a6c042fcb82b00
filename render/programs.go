package render

import (
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// programBand is a time in which a program did not run: frozen (SIGSTOP), or stopped or killed.
type programBand struct {
	host       netmodel.HostID
	begin, end netmodel.Time
	key        string
}

// findBands collects when programs were frozen or stopped. A host is told by its programs' names;
// a second program on the same host would be veiled with the first.
func (ix *Index) findBands() {
	hosts := map[string]netmodel.HostID{}
	running := map[string]int{} // place of an actor's band that has not ended, plus 1
	for _, ev := range ix.events {
		if ev.App == nil {
			continue
		}
		if ev.Host > 0 {
			hosts[ev.App.Actor] = ev.Host
		}
		host, known := hosts[ev.App.Actor]
		if !known {
			continue
		}
		key, begins, ends := bandOf(ev)
		n := running[ev.App.Actor]
		if n > 0 && ev.Kind < trace.BrokerStarted && ev.Kind > trace.Note {
			// What a frozen client still does by itself does not thaw it.
			ends = ends && ix.world.programs[n-1].key == "program.stopped"
		}
		if n > 0 && (begins || ends) {
			b := &ix.world.programs[n-1]
			b.end = min(b.end, ev.At)
			running[ev.App.Actor] = 0
		}
		if begins {
			ix.world.programs = append(ix.world.programs,
				programBand{host: host, begin: ev.At, end: bandEnd(ev), key: key})
			running[ev.App.Actor] = len(ix.world.programs)
		}
	}
}

// bandOf says whether an event begins or ends such a time.
func bandOf(ev *trace.Event) (key string, begins, ends bool) {
	switch {
	case ev.Kind == trace.Action && ev.App.Name == "freeze":
		return "program.frozen", true, false
	case ev.Kind == trace.BrokerStopped, ev.Kind == trace.ClientStopped:
		return "program.stopped", true, false
	case ev.Kind == trace.Action && (ev.App.Name == "thaw" || ev.App.Name == "start"),
		ev.Kind == trace.BrokerStarted, ev.Kind == trace.ClientConnecting && ev.App.Attempt <= 1:
		return "", false, true
	}
	return "", false, false
}

// bandEnd is when a step that says how long it lasts ends: "client freeze for 180s".
func bandEnd(ev *trace.Event) netmodel.Time {
	_, length, ok := strings.Cut(ev.App.Text, " for ")
	if !ok {
		return netmodel.Never
	}
	d, err := time.ParseDuration(strings.Fields(length + " ")[0])
	if err != nil {
		return netmodel.Never
	}
	return ev.At.Add(d)
}

// band is the time without a running program that a host is in, or nil.
func (f *frame) band(h netmodel.HostID) *programBand {
	for i := range f.ix.world.programs {
		if b := &f.ix.world.programs[i]; b.host == h && b.begin <= f.t && f.t < b.end {
			return b
		}
	}
	return nil
}
