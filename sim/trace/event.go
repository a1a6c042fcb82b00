package trace

import (
	"slices"

	"halfopen/netmodel"
)

// ID numbers the events of a trace from 1; 0 means none.
type ID = netmodel.EventID

// Event is one thing that happened: a record of the network, or, with a Kind of FirstApp or above,
// of an application or of the run itself. Its ID is its place in Trace.Events plus one.
// Host says where, Socket on which connection, Cause why, Of what it is about; see netmodel.Record.
type Event struct {
	netmodel.Record
	App *App // set for application events only
}

// FirstApp is the lowest Kind that is not the network's.
const FirstApp netmodel.Kind = 128

// The kinds of application event. Comments name the fields of App that are set beside Actor.
const (
	// Start is the first event of every trace; chains of causes end here, at a Setting, or at a fault.
	Start netmodel.Kind = FirstApp + iota
	// Setting: one setting of the scenario that can explain something (Name, Text: its value).
	Setting
	// Action: a step of the scenario or of a test: subscribe, publish, stop ... (Name, Text).
	Action
	// Note: text by a test or a user's program.
	Note

	// DialStarted, DialDone, DialFailed: a program called Dial (Text: the address or the error).
	DialStarted
	DialDone
	DialFailed
	// Accepted: a listener handed out a connection.
	Accepted
	// Wrote: a program wrote N bytes; the MQTT packets in them are Socket's Packets with Event set
	// to this event.
	Wrote
	// ReadFailed, WriteFailed: the error that a program's Read or Write saw (Text; "EOF" included).
	ReadFailed
	WriteFailed
	// ClosedByApp: a program closed the connection. HalfClosed: it closed its writing side.
	ClosedByApp
	HalfClosed

	// The MQTT client's view.
	ClientConnecting   // an attempt to connect begins (Attempt, from 1 in each outage)
	ClientConnected    // CONNACK accepted (SessionPresent)
	ClientRefused      // the attempt failed (Text)
	ClientLost         // connection lost, with the library's reason (Text)
	ClientReconnecting // the library begins to reconnect
	ClientSubscribed   // SUBACK (Topic, QoS)
	ClientMessage      // a message was handed to the program (Message, Topic, Payload, QoS, Dup)
	ClientPublish      // the program asked to publish (Message, Topic, Payload, QoS)
	ClientPublished    // the library reported the publish as complete (Message; Text: an error)
	ClientDisconnect   // the program asked to disconnect
	ClientStopped      // the program ended

	// The broker's view.
	BrokerStarted      // it listens
	BrokerConnect      // CONNECT read (Client, Text: clean=... keepalive=...)
	BrokerSession      // session established (Client, SessionPresent)
	BrokerTakeover     // the client's new connection took its session over (Client)
	BrokerSubscribed   // (Client, Topic, QoS)
	BrokerUnsubscribed // (Client, Topic)
	BrokerReceived     // PUBLISH read, or published inline (Client, Message, Topic, Payload, QoS)
	BrokerQueued       // handed to a subscriber's connection or queue (Client, Message)
	BrokerDropped      // not handed on (Client, Message, Text)
	BrokerDisconnect   // the connection of Client ended (Text: the error; Expired: session gone)
	BrokerExpired      // the session of Client was forgotten
	BrokerStopped      // it stopped serving

	// The run itself.
	ExpectationMet    // (Name: the expectation, Text: what was found)
	ExpectationFailed // the same
	Tie               // two events of one host coincided: the order is not portable (Text)
	End               // the last event
)

// App is what an application event says beyond when and where.
type App struct {
	Actor          string // the client, broker or program
	Name           string
	Text           string
	Client         string // the broker's events: the MQTT client id
	Topic          string
	Payload        []byte
	Message        MessageID
	QoS            byte
	Dup            bool
	SessionPresent bool
	Expired        bool
	Attempt        int
	N              int
}

// MessageID numbers published messages from 1, in the order in which programs asked to publish.
type MessageID int32

// Packet is one MQTT control packet in the byte stream that a socket sends.
type Packet struct {
	Event   ID     // the Wrote that produced it
	Offset  uint64 // of its first byte in the stream, from 0
	Len     int
	Type    byte // MQTT control packet type, 1 (CONNECT) to 15 (AUTH); MQTT 3.1.1, 2.2.1
	Info    string
	ID      uint16 // packet identifier, 0 if it has none
	Message MessageID
}

var packetNames = [...]string{"", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL",
	"PUBCOMP", "SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT",
	"AUTH"}

// IsPacketName reports whether a control packet type has the name, as the standard spells it.
func IsPacketName(name string) bool { return slices.Contains(packetNames[1:], name) }

// Name is the packet's type as the standard spells it.
func (p *Packet) Name() string { return packetNames[p.Type&15] }
