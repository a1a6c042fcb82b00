package render

import (
	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/trace"
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

// manyClients is how many clients' beliefs are worked out in full: each costs a walk over the whole
// trace. In a larger crowd only those of the clients that a view asks for are; of the others the
// picture says what their program is doing, and not whether it is right.
const manyClients = 64

// findClients names the clients and finds what their programs were doing.
func (ix *Index) findClients() {
	ix.clients = belief.Clients(ix.tr)
	ix.beliefs = make([]*beliefs, len(ix.clients))
	ix.moods = make([]mood, len(ix.clients))
	ix.number = make(map[string]int, len(ix.clients))
	for i, name := range ix.clients {
		ix.number[name] = i
	}
	for _, ev := range ix.events {
		if ev.App == nil || ev.Kind < trace.ClientConnecting || ev.Kind > trace.ClientStopped {
			continue
		}
		if n, ok := ix.number[ev.App.Actor]; ok {
			ix.moods[n].take(ev)
		}
	}
	for i := range ix.world.nodes {
		n := &ix.world.nodes[i]
		n.client = -1
		for _, name := range n.clients {
			if c, ok := ix.number[name]; ok {
				n.client = c
				break
			}
		}
	}
}

// mood is what one client's program was doing, by its own events alone.
type mood struct {
	host  netmodel.HostID
	at    []netmodel.Time
	state []belief.State
}

func (m *mood) take(ev *trace.Event) {
	var s belief.State
	switch ev.Kind {
	case trace.ClientConnecting, trace.ClientReconnecting:
		s = belief.Connecting
		if len(m.state) > 0 && m.state[len(m.state)-1] != belief.Connecting {
			s = belief.TryingAgain
		}
	case trace.ClientConnected:
		s = belief.Connected
	case trace.ClientLost:
		s = belief.GaveUp
	case trace.ClientDisconnect, trace.ClientStopped:
		s = belief.Stopped
	default:
		return
	}
	m.at, m.state, m.host = append(m.at, ev.At), append(m.state, s), ev.Host
}

// now is the program's state at t.
func (m *mood) now(t netmodel.Time) belief.Span {
	i := searchTime(m.at, t) - 1
	if i < 0 {
		return belief.Span{}
	}
	return belief.Span{State: m.state[i], Up: m.state[i] == belief.Connected}
}

// Clients returns the names of the clients whose lanes can be shown.
func (ix *Index) Clients() []string { return ix.clients }

// believer is the client whose lanes a view shows, or nil in a run without clients. If the view
// names none it is the first that does not run on a broker's own host.
func (ix *Index) believer(name string) *beliefs {
	if name == "" && len(ix.clients) > 0 {
		for i := range ix.moods {
			if h := ix.moods[i].host; h > 0 && !ix.world.nodes[h-1].broker {
				return ix.belief(i)
			}
		}
		return ix.belief(0)
	}
	if i, ok := ix.number[name]; ok {
		return ix.belief(i)
	}
	return nil
}

// belief is what the parts of client i's connection believe, worked out when first asked for.
func (ix *Index) belief(i int) *beliefs {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if b := ix.beliefs[i]; b != nil {
		return b
	}
	b := &beliefs{lanes: belief.Of(ix.tr, ix.clients[i]), host: ix.moods[i].host,
		firstSession: netmodel.Never}
	b.lie = b.lanes.Lie()
	for _, s := range b.lanes.Lane[belief.BrokerSession] {
		if s.Up {
			b.firstSession = s.Begin
			break
		}
	}
	ix.beliefs[i] = b
	return b
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
