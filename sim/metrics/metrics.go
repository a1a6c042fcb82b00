package metrics

import (
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/flow"
	"halfopen/sim/trace"
)

// Options are the limits that a measure depends on. The zero value means the defaults.
type Options struct {
	// LateAfter is the delay from which a delivered message counts as late. Default 1 s: longer than
	// a retransmission or two on a healthy path, shorter than any outage that a person would notice.
	LateAfter time.Duration
	// Tail is how long a radio stays awake after a packet: packets that are closer wake it once.
	// Default 10 s, a usual inactivity timer of LTE (RRC).
	Tail time.Duration
}

func (o Options) withDefaults() Options {
	if o.LateAfter <= 0 {
		o.LateAfter = time.Second
	}
	if o.Tail <= 0 {
		o.Tail = 10 * time.Second
	}
	return o
}

// Run is the measures of one client in one run.
type Run struct {
	Client     string        // its name
	Length     time.Duration // of the run
	Notices    []Notice      // in order: who found out that a connection was over
	Lie        belief.Lie    // when somebody believed in a dead line
	Lanes      belief.Lanes  // what each part believed, all the time
	Hearing    belief.Set    // when a message could have reached the program at once
	Downtime   time.Duration // what is not Hearing: from its first instant, or the first wish, on
	Longest    time.Duration // the longest such stretch
	Deafness   time.Duration // connected, without a subscription at the broker
	Forgotten  int           // connections that a NAT forgot for their silence, while they were whole
	Reconnects int           // connections after the first
	Attempts   int           // all attempts to connect
	Balance    Balance       // of the messages for it
	Traffic    Traffic       // of its host
}

// Of measures a client, by name, or the first client of the run if the name is empty.
func Of(tr *trace.Trace, client string, o Options) Run {
	o = o.withDefaults()
	lanes := belief.Of(tr, client)
	flows := flow.Of(tr)
	r := Run{Client: lanes.Client, Length: lanes.End.Duration(), Lanes: lanes, Lie: lanes.Lie(),
		Hearing: lanes.Hearing(), Deafness: lanes.Deafness().Total()}
	r.Downtime, r.Longest = downtime(r.Hearing, wished(tr, r.Client), lanes.End)
	r.Forgotten = forgotten(&lanes)
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.App == nil || ev.App.Actor != r.Client {
			continue
		}
		switch ev.Kind {
		case trace.ClientConnecting:
			r.Attempts++
		case trace.ClientConnected:
			r.Reconnects++
		}
	}
	r.Reconnects = max(r.Reconnects-1, 0)
	r.Notices = notices(tr, flows, &lanes)
	r.Balance = balance(tr, flows, o)
	r.Traffic = traffic(tr, flows, r.Client, o)
	return r
}

// wished is when a client's program first asked for messages; Never if it did not.
func wished(tr *trace.Trace, client string) netmodel.Time {
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind == trace.Action && ev.App.Actor == client && ev.App.Name == "subscribe" {
			return ev.At
		}
	}
	return netmodel.Never
}

// downtime is how long the subscriber could not hear, once it had heard, and the longest stretch.
// One that never could is down from the moment at which it first wished to.
func downtime(hearing belief.Set, wish, end netmodel.Time) (total, longest time.Duration) {
	if len(hearing) > 0 {
		wish = hearing[0].Begin
	}
	if wish >= end {
		return 0, 0
	}
	for _, i := range (belief.Set{{Begin: wish, End: end}}).Minus(hearing) {
		total += i.Length()
		longest = max(longest, i.Length())
	}
	return total, longest
}

// forgotten counts how often a NAT forgot a path that was open until that moment. What it forgets
// behind a cut it would have forgotten with any keepalive.
func forgotten(l *belief.Lanes) int {
	n := 0
	path := l.Lane[belief.Path]
	for i := 1; i < len(path); i++ {
		if path[i].State == belief.Forgotten && path[i-1].Up {
			n++
		}
	}
	return n
}

// Noticed returns the first time that a side found out about a connection that had died before, and
// false if it never did.
func (r *Run) Noticed(who Side) (Notice, bool) {
	for _, n := range r.Notices {
		if n.Who == who && n.Dead {
			return n, true
		}
	}
	return Notice{}, false
}
