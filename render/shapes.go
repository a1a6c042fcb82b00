package render

import (
	"sort"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// shape is the form of a segment: with line style and words it says what the colour says.
type shape uint8

const (
	shapeAck     shape = iota // small dot
	shapeProbe                // dot in a ring: keepalive and window probes
	shapeSyn                  // diamond
	shapeControl              // rounded box: CONNECT, SUBSCRIBE and their answers
	shapePing                 // circle with a pulse
	shapePublish              // envelope
	shapeData                 // plain box: bytes that are not MQTT, or the middle of a packet
	shapeFin                  // half a box
	shapeRst                  // octagon
	shapeICMP                 // triangle
)

// shapeOf is the form of a segment by its header; MQTT packets in it may refine it.
func shapeOf(ev *trace.Event) (shape, Color) {
	seg := ev.Seg
	switch {
	case seg.ICMP != netmodel.NotICMP:
		return shapeICMP, Danger
	case seg.Flags.Has(netmodel.RST):
		return shapeRst, Danger
	case seg.Flags.Has(netmodel.SYN):
		return shapeSyn, TCP
	case len(seg.Payload) > 0:
		return shapeData, Ack
	case seg.Flags.Has(netmodel.FIN):
		return shapeFin, Fin
	}
	switch ev.Reason {
	case netmodel.SendKeepalive, netmodel.SendWindowProbe:
		return shapeProbe, Ack
	}
	return shapeAck, Ack
}

// mqttShape is the form of an MQTT packet by its type (MQTT 3.1.1, 2.2.1).
func mqttShape(kind byte) (shape, Color) {
	switch kind {
	case 3, 4, 5, 6, 7: // PUBLISH and the four acknowledgements of its flows
		return shapePublish, Publish
	case 12, 13:
		return shapePing, Ping
	}
	return shapeControl, MQTT
}

// searchPackets is the index of the first packet that begins at or after an offset.
func searchPackets(ps []trace.Packet, from uint64) int {
	return sort.Search(len(ps), func(i int) bool { return ps[i].Offset >= from })
}

// sortBy sorts indices by a time, keeping the order of equals.
func sortBy(ids []int32, key func(int32) netmodel.Time) {
	sort.SliceStable(ids, func(a, b int) bool { return key(ids[a]) < key(ids[b]) })
}

// searchEvent is the index of the first packet that was written by that event or a later one.
func searchEvent(ps []trace.Packet, id trace.ID) int {
	return sort.Search(len(ps), func(i int) bool { return ps[i].Event >= id })
}
