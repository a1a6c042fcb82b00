package chaos

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

// Kind is what a fault does.
type Kind uint8

// The kinds, the simplest to understand first: that is where shrinking goes.
const (
	Cut         Kind = iota // nothing passes, and nobody is told
	CutOneWay               // nothing passes from the link's first end to its second
	CutOtherWay             // the other way
	Lose                    // a fifth of the segments is lost
	Delay                   // two seconds more, each way
	Duplicate               // every second segment comes twice
	Reset                   // each segment is answered with RST
	Unreachable             // each segment is answered with ICMP host unreachable
	DropPacket              // the next Packet is lost, once
	numKinds
)

var kindNames = [numKinds]string{"Cut", "CutOneWay", "CutOtherWay", "Lose", "Delay", "Duplicate",
	"Reset", "Unreachable", "DropPacket"}

// String is the kind's name in Go.
func (k Kind) String() string { return kindNames[k] }

// Packets are what a DropPacket fault may drop: the steps of MQTT's exchanges.
var Packets = []string{"CONNACK", "SUBACK", "PUBACK", "PUBREC", "PUBCOMP", "PINGRESP", "CONNECT",
	"SUBSCRIBE", "PUBLISH", "PUBREL", "PINGREQ"}

// Fault is one fault of a schedule.
type Fault struct {
	At     time.Duration // after Trouble was called
	Kind   Kind          // what it does
	Link   int           // of the world, in the order of making, from 0
	For    time.Duration // how long it lasts; DropPacket is over when it has dropped one
	Packet string        // of DropPacket
}

// Schedule is the faults of one run.
type Schedule []Fault

// end is when the last fault is over.
func (s Schedule) end() time.Duration {
	var end time.Duration
	for _, f := range s {
		end = max(end, f.At+f.For)
	}
	return end
}

// on is the schedule for a world with so many links: a fault on a further one happens on the first
// again.
func (s Schedule) on(links int) Schedule {
	out := slices.Clone(s)
	for i := range out {
		out[i].Link %= links
	}
	return out
}

// begin makes the fault happen on link l, and returns its handle.
func (f *Fault) begin(l *sim.Link) *sim.Fault {
	a, b := l.Ends()
	worse := func(c netmodel.Conditions) *sim.Fault { return l.Worsen(nil, c) }
	switch f.Kind {
	case CutOneWay:
		return l.CutFrom(a)
	case CutOtherWay:
		return l.CutFrom(b)
	case Lose:
		return worse(netmodel.Conditions{Loss: netmodel.Percent(20, 0)})
	case Delay:
		return worse(netmodel.Conditions{Latency: 2 * time.Second})
	case Duplicate:
		return worse(netmodel.Conditions{Duplicate: netmodel.Percent(50, 0)})
	case Reset:
		return l.Reset()
	case Unreachable:
		return l.Unreachable()
	case DropPacket:
		return l.Drop(nil, sim.Match{Packet: f.Packet, Next: 1})
	}
	return l.Cut()
}

// words say what happens, for people; names are those of the world's links.
func (f *Fault) words(names []string) string {
	what := f.Kind.String()
	if f.Kind == DropPacket {
		what += " " + f.Packet
	}
	return fmt.Sprintf("%s on %s, %v after Trouble, for %v", what, names[f.Link%len(names)], f.At,
		f.For)
}

// GoString prints the schedule as Go.
func (s Schedule) GoString() string {
	var b strings.Builder
	b.WriteString("chaos.Schedule{\n")
	for _, f := range s {
		fmt.Fprintf(&b, "\t{At: %s, Kind: chaos.%s, Link: %d, For: %s", goDuration(f.At), f.Kind, f.Link,
			goDuration(f.For))
		if f.Packet != "" {
			fmt.Fprintf(&b, ", Packet: %q", f.Packet)
		}
		b.WriteString("},\n")
	}
	b.WriteString("}")
	return b.String()
}

// goDuration prints a duration as Go code: 90 * time.Second.
func goDuration(d time.Duration) string {
	switch {
	case d == 0:
		return "0"
	case d%time.Minute == 0:
		return fmt.Sprintf("%d * time.Minute", d/time.Minute)
	case d%time.Second == 0:
		return fmt.Sprintf("%d * time.Second", d/time.Second)
	case d%time.Millisecond == 0:
		return fmt.Sprintf("%d * time.Millisecond", d/time.Millisecond)
	}
	return fmt.Sprintf("%d * time.Nanosecond", d)
}
