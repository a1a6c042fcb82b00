package belief

import (
	"sort"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Lane is one part of the connection.
type Lane uint8

// The lanes, from the client's program to the broker's.
const (
	ClientApp Lane = iota
	ClientTCP
	Path
	BrokerTCP
	BrokerSession
	NumLanes
)

var laneNames = [NumLanes]string{"client app", "client TCP", "path and NAT", "broker TCP",
	"broker session"}

func (l Lane) String() string { return laneNames[l] }

// State is what a part of the connection is in.
type State uint8

// The states.
const (
	None           State = iota // nothing there: not started, no connection, no session
	Connecting                  // client app: the first attempt
	Connected                   // client app
	Waiting                     // client app: a PINGREQ is not answered yet
	GaveUp                      // client app: the connection is lost, and nothing is done about it yet
	TryingAgain                 // client app: reconnecting, back-off included
	Stopped                     // client app: it disconnected, or its program ended
	SynSent                     // a kernel's states, as RFC 9293, 3.3.2, names them
	SynReceived                 //
	Established                 //
	Retransmitting              // ESTABLISHED, but data was sent again: no answer so far
	FinWait1                    //
	FinWait2                    //
	CloseWait                   //
	Closing                     //
	LastAck                     //
	TimeWait                    //
	Open                        // path: segments can pass both ways
	Impaired                    // path: loss, delay and the like; what passes is chance
	CutUp                       // path: nothing passes from the client to the broker
	CutDown                     // path: nothing passes from the broker to the client
	Cut                         // path: nothing passes
	Rejecting                   // path: a router answers with RST or ICMP instead of passing on
	HostDown                    // path: a host on it has no power or no interface
	Forgotten                   // path: the NAT has forgotten the connection
	Moved                       // path: the client's address changed under the connection
	Session                     // broker: a session with a connection and subscriptions
	Deaf                        // broker: a session with a connection, and no subscription
	Kept                        // broker: a session without a connection, kept for later
	NumStates
)

var stateNames = [NumStates]string{"none", "connecting", "connected", "waiting", "gave-up",
	"trying-again", "stopped", "SYN_SENT", "SYN_RECEIVED", "ESTABLISHED", "retransmitting",
	"FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT", "open", "impaired",
	"cut-up", "cut-down", "cut", "rejecting", "host-down", "forgotten", "moved", "session", "deaf",
	"kept"}

// String is a key for catalogues of words; TCP states are the RFC's own names.
func (s State) String() string { return stateNames[s] }

// Span is a time during which nothing changed in a lane: [Begin, End).
type Span struct {
	Begin, End netmodel.Time
	State      State
	// Up: the part takes its line for good. For the path: segments can pass both ways.
	Up     bool
	Cause  trace.ID          // the event that began it, 0 at the start
	Socket netmodel.SocketID // the connection it is about, the lane's own end of it; 0: none
}

// Lanes is what the five parts of one client's connection were in during a run.
type Lanes struct {
	Client string
	End    netmodel.Time // of the run
	Lane   [NumLanes][]Span
	conns  []connection
}

// At returns the span of a lane at t, or nil if the run has none there.
func (l *Lanes) At(lane Lane, t netmodel.Time) *Span {
	s := l.Lane[lane]
	i := sort.Search(len(s), func(i int) bool { return s[i].End > t })
	if i == len(s) || s[i].Begin > t {
		return nil
	}
	return &s[i]
}

// track builds one lane.
type track struct {
	spans []Span
	now   Span // the span that has not ended yet
}

func (k *track) set(t netmodel.Time, s State, up bool, cause trace.ID, sock netmodel.SocketID) {
	if k.now.State == s && k.now.Up == up && k.now.Socket == sock {
		return
	}
	k.cut(t)
	k.now = Span{Begin: t, State: s, Up: up, Cause: cause, Socket: sock}
}

// cut ends the present span at t; what lasted no time at all is forgotten.
func (k *track) cut(t netmodel.Time) {
	if t > k.now.Begin {
		k.now.End = t
		if n := len(k.spans); n > 0 && k.spans[n-1].same(&k.now) {
			k.spans[n-1].End = t
			return
		}
		k.spans = append(k.spans, k.now)
	}
}

func (s *Span) same(o *Span) bool {
	return s.State == o.State && s.Up == o.Up && s.Socket == o.Socket && s.End == o.Begin
}
