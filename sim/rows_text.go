package sim

import (
	"fmt"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

var againText = map[netmodel.Reason]string{
	netmodel.SendRTO: "no acknowledgement in time", netmodel.SendTLP: "tail loss probe",
	netmodel.SendFast: "missing at the receiver", netmodel.SendRecovery: "recovery",
	netmodel.SendKeepalive: "keepalive probe", netmodel.SendWindowProbe: "window probe",
	netmodel.SendLinkCopy: "duplicated by the link", netmodel.SendFin: "FIN",
}

var lossText = map[netmodel.Reason]string{
	netmodel.DropCut: "the link is cut", netmodel.DropLoss: "at random",
	netmodel.DropQueue: "queue full", netmodel.DropMatch: "chosen by the test",
	netmodel.DropInterface: "interface down", netmodel.DropHostDown: "no power",
	netmodel.DropNoRoute: "no route", netmodel.DropFiltered: "filtered",
	netmodel.DropNAT: "the NAT knows no such flow", netmodel.DropNoHost: "nobody has the address",
	netmodel.DropChecksum: "bad checksum", netmodel.DropBacklog: "listen queue full",
	netmodel.DropTTL: "too many hops",
}

// appText says what an application's event is, in a few words.
func appText(ev *trace.Event) string {
	a := ev.App
	switch ev.Kind {
	case trace.ClientConnecting:
		return fmt.Sprintf("connects, attempt %d", a.Attempt)
	case trace.ClientConnected:
		if a.SessionPresent {
			return "is connected; the broker kept its session"
		}
		return "is connected; the broker has no session for it"
	case trace.ClientLost:
		return "gives the connection up: " + a.Text
	case trace.ClientSubscribed:
		return "has subscribed to " + a.Topic
	case trace.ClientMessage:
		return fmt.Sprintf("gets %s %.20q", a.Topic, a.Payload)
	case trace.ClientPublish:
		return fmt.Sprintf("publishes %s %.20q, QoS %d", a.Topic, a.Payload, a.QoS)
	case trace.ClientStopped:
		return "its program ends"
	case trace.DialFailed:
		return "dialling failed: " + a.Text
	case trace.BrokerTakeover:
		return "lets the new connection of " + a.Client + " take the session over"
	case trace.BrokerDisconnect:
		return "ends the connection of " + a.Client + ": " + a.Text
	case trace.BrokerExpired:
		return "forgets the session of " + a.Client
	case trace.BrokerDropped:
		return "drops a message for " + a.Client + ": " + a.Text
	case trace.BrokerStarted:
		return "starts"
	case trace.BrokerStopped:
		return "stops"
	}
	return strings.TrimSpace(a.Name + " " + a.Text)
}
