package belief

import "halfopen/sim/trace"

// Clients returns the names of the MQTT clients of a run, in the order in which they first appear.
func Clients(tr *trace.Trace) []string {
	var names []string
	seen := make(map[string]bool)
	for i := range tr.Events {
		ev := &tr.Events[i]
		switch ev.Kind {
		case trace.ClientConnecting, trace.ClientConnected, trace.ClientRefused, trace.ClientLost:
			if ev.App != nil && !seen[ev.App.Actor] {
				seen[ev.App.Actor] = true
				names = append(names, ev.App.Actor)
			}
		}
	}
	return names
}

// Main is the client that a run is about when nobody says: the first that calls over a link. A feed
// beside the broker is not it. A run in which nobody does gives its first client, or nothing.
func Main(tr *trace.Trace) string {
	names := Clients(tr)
	if far := Far(tr); len(far) > 0 {
		return far[0]
	}
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// Far returns the clients that call over a link, in the order of their first calls.
func Far(tr *trace.Trace) []string {
	names := Clients(tr)
	var far []string
	known := make(map[string]bool)
	for _, n := range names {
		known[n] = true
	}
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind != trace.DialStarted || !known[ev.App.Actor] {
			continue
		}
		s := tr.Socket(ev.Socket)
		if h := tr.Host(ev.Host); s != nil && h != nil && s.Remote.Addr != h.Addr &&
			!s.Remote.Addr.IsLoopback() {
			far = append(far, ev.App.Actor)
			known[ev.App.Actor] = false
		}
	}
	return far
}
