package metrics

import (
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/flow"
	"halfopen/sim/trace"
)

// Place is where a message is when it is not delivered: where it was lost, or where it still is.
type Place uint8

// The places, on the way from the publisher's program to the subscriber's.
const (
	Delivered        Place = iota // not lost
	ClientQueue                   // in the publishing library: it never wrote it
	SocketBuffer                  // in a kernel's buffer of a connection that ended, either side
	Wire                          // sent, and never arrived whole at a connection that still wanted it
	BrokerQueue                   // with the broker: queued for the subscriber, or dropped there
	Offline                       // with the broker: QoS 0, while the kept session had no connection
	ForgottenSession              // with the broker: it had forgotten the subscriber's session
	NobodySubscribed              // with the broker: nobody had asked for it yet
	UnderWay                      // not lost: the run ended while it was on its way
	NumPlaces
)

var placeNames = [NumPlaces]string{"delivered", "client_queue", "socket_buffer", "wire",
	"broker_queue", "offline", "forgotten_session", "nobody_subscribed", "under_way"}

// String is the place's name in column names.
func (p Place) String() string { return placeNames[p] }

// Fate is what became of one message for one receiver. A message that nobody had asked for has one
// Fate without a Receiver.
type Fate struct {
	Message  trace.MessageID
	Receiver string        // a client's name
	Place    Place         // Delivered if Copies > 0
	Copies   int           // how often the program got it
	Delay    time.Duration // from publishing to the first copy
	Event    trace.ID      // the first delivery, or the last that is known of it
}

// Balance counts fates. It always holds that
//
//	Sent = Delivered + Late + Duplicated + the sum of Lost
//
// where each fate is counted once: Delivered came once and in time, Late once and late, Duplicated
// more than once, and Lost never, by the place where it ended.
type Balance struct {
	Sent, Delivered, Late, Duplicated int            // fates: see above
	Extra                             int            // copies beyond the first, of the duplicated
	Lost                              [NumPlaces]int // fates without a copy, by place
	MaxDelay                          time.Duration  // of all that were delivered
	Fates                             []Fate         // one for each message and receiver
}

// LostTotal is the number of fates that are lost for good: without those under way, and without the
// messages that nobody had asked for.
func (b *Balance) LostTotal() int {
	n := 0
	for p := ClientQueue; p < NumPlaces; p++ {
		if p != UnderWay && p != NobodySubscribed {
			n += b.Lost[p]
		}
	}
	return n
}

func (b *Balance) add(f Fate, late time.Duration) {
	b.Sent++
	switch {
	case f.Copies > 1:
		b.Duplicated++
		b.Extra += f.Copies - 1
	case f.Copies == 1 && f.Delay > late:
		b.Late++
	case f.Copies == 1:
		b.Delivered++
	default:
		b.Lost[f.Place]++
	}
	if f.Copies > 0 {
		b.MaxDelay = max(b.MaxDelay, f.Delay)
	}
	b.Fates = append(b.Fates, f)
}

func balance(tr *trace.Trace, f *flow.Flows, o Options) Balance {
	l := newLedger(tr, f)
	var b Balance
	for i := range tr.Messages {
		m := trace.MessageID(i + 1)
		receivers := l.receivers(m)
		for _, r := range receivers {
			b.add(l.fate(m, r), o.LateAfter)
		}
		if len(receivers) == 0 {
			b.add(Fate{Message: m, Place: l.unheard(m), Event: tr.Messages[i].Published}, o.LateAfter)
		}
	}
	return b
}

// subscriber is a client that asked for topics at some time.
type subscriber struct {
	name    string
	ids     map[string]bool // its MQTT client ids
	asked   []asked
	lanes   belief.Lanes
	sockets []netmodel.SocketID // the broker's ends of its connections
	got     map[trace.MessageID]*delivery
}

type asked struct {
	filter     string
	from, till netmodel.Time
}

type delivery struct {
	copies int
	first  trace.ID
}

// wants reports whether the subscriber had asked for a topic at t.
func (s *subscriber) wants(topic string, t netmodel.Time) bool {
	for _, a := range s.asked {
		if a.from <= t && t < a.till && Match(a.filter, topic) {
			return true
		}
	}
	return false
}

// Match reports whether a topic filter covers a topic (MQTT 3.1.1, 4.7).
func Match(filter, topic string) bool {
	if len(topic) > 0 && topic[0] == '$' && len(filter) > 0 && filter[0] != '$' {
		return false // [MQTT-4.7.2-1]
	}
	for {
		f, restF, moreF := cutLevel(filter)
		t, restT, moreT := cutLevel(topic)
		switch {
		case f == "#":
			return true
		case f != "+" && f != t:
			return false
		case !moreF && !moreT:
			return true
		case moreF && !moreT:
			return restF == "#" // "a/#" covers "a" [MQTT-4.7.1-2]
		case !moreF:
			return false
		}
		filter, topic = restF, restT
	}
}

func cutLevel(s string) (level, rest string, more bool) {
	for i := range len(s) {
		if s[i] == '/' {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}
