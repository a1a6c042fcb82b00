package render

import (
	"halfopen/netmodel"
	"halfopen/sim/belief"
)

// beliefs is what the five parts of one client's connection believe, and where they are wrong.
type beliefs struct {
	lanes belief.Lanes
	lie   belief.Lie
	host  netmodel.HostID // the client's

	firstSession netmodel.Time // when the broker had the client's first session
}

// manner is how a belief is drawn: UX F3's four, and one for things that are merely so.
type manner uint8

const (
	mannerNone    manner = iota // nothing there: a hairline
	mannerSure                  // filled
	mannerWaiting               // striped: it has asked and has no answer yet
	mannerWrong                 // filled and hatched
	mannerKnows                 // hollow: it knows that the line is gone
)

// mannerOf is how a span is drawn where it is not wrong.
func mannerOf(s *belief.Span) manner {
	switch s.State {
	case belief.None, belief.Stopped:
		return mannerNone
	case belief.Waiting, belief.Connecting, belief.TryingAgain, belief.SynSent, belief.SynReceived,
		belief.Retransmitting, belief.Impaired:
		return mannerWaiting
	case belief.GaveUp, belief.Kept, belief.Deaf:
		return mannerKnows
	}
	if s.Up {
		return mannerSure
	}
	return mannerKnows
}

// stateWords are catalogue keys; the states of TCP keep their names in every language.
var stateWords = func() (keys [belief.NumStates]string) {
	for s := range keys {
		if st := belief.State(s); st < belief.SynSent || st > belief.TimeWait ||
			st == belief.Retransmitting {
			keys[s] = "state." + st.String()
		}
	}
	return keys
}()

// forgotten reports whether a span is a broker's that had a session of the client and has none now.
func (f *frame) forgotten(lane belief.Lane, b *beliefs, s *belief.Span) bool {
	return s.State == belief.None && lane == belief.BrokerSession && s.Begin > b.firstSession
}

// stateText is a span's state in the view's language. A broker without a session has forgotten it,
// if there was one before.
func (f *frame) stateText(lane belief.Lane, b *beliefs, s *belief.Span) string {
	if f.forgotten(lane, b, s) {
		return f.word("session.none")
	}
	if key := stateWords[s.State]; key != "" {
		return f.word(key)
	}
	return s.State.String()
}

// findBeliefs computes the lanes of every client.
func (ix *Index) findBeliefs() {
	ix.clients = belief.Clients(ix.tr)
	for _, name := range ix.clients {
		b := beliefs{lanes: belief.Of(ix.tr, name)}
		b.lie = b.lanes.Lie()
		b.firstSession = netmodel.Never
		for _, s := range b.lanes.Lane[belief.BrokerSession] {
			if s.Up {
				b.firstSession = s.Begin
				break
			}
		}
		for i := range ix.tr.Events {
			ev := &ix.tr.Events[i]
			if ev.App != nil && ev.App.Actor == name && ev.Host != 0 {
				b.host = ev.Host
				break
			}
		}
		ix.beliefs = append(ix.beliefs, b)
	}
}

// Clients returns the names of the clients whose lanes can be shown.
func (ix *Index) Clients() []string { return ix.clients }

// believer is the client whose lanes a view shows, or nil in a run without clients.
func (ix *Index) believer(name string) *beliefs {
	for i := range ix.beliefs {
		if name == "" || ix.clients[i] == name {
			return &ix.beliefs[i]
		}
	}
	return nil
}

// wrong reports whether an instant lies in a set of intervals.
func wrong(s belief.Set, t netmodel.Time) bool {
	lo, hi := 0, len(s)
	for lo < hi {
		if mid := (lo + hi) / 2; s[mid].End <= t {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(s) && s[lo].Begin <= t
}
