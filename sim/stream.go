package sim

import (
	"bytes"
	"fmt"

	"github.com/mochi-mqtt/server/v2/packets"

	"halfopen/sim/trace"
)

// stream finds the MQTT control packets in the bytes that one side of a connection writes, for the
// trace. Whether it is MQTT at all shows in the first byte: a client's first packet is CONNECT
// [MQTT-3.1.0-1]. Streams that a program of the user's encrypts by itself have no names: see
// veil.go.
type stream struct {
	buf     []byte
	offset  uint64 // of buf[0] in the stream
	version byte
	known   bool
	mqtt    bool
	found   []control    // scratch
	body    bytes.Reader // scratch
}

// control is one packet found, with what the causes of later events need.
type control struct {
	trace.Packet
	pk packets.Packet
}

// feed takes the bytes of one write and returns the packets that begin in it, valid until the next
// call. A packet that is longer than the write is reported with the write that completes it. The
// bytes of buf are never written again: the codec's strings point into them.
func (s *stream) feed(p []byte) []control {
	if s.known && !s.mqtt || len(p) == 0 {
		return nil
	}
	s.buf = append(s.buf, p...)
	s.found = s.found[:0]
	for len(s.buf) > 0 {
		s.found = append(s.found, control{})
		last := len(s.found) - 1
		c := &s.found[last]
		n, ok := s.next(c)
		if !ok || n == 0 {
			if ok {
				s.known, s.mqtt, s.buf = true, false, nil
			}
			return s.found[:last]
		}
		c.Offset, c.Len = s.offset, n
		s.offset += uint64(n)
		s.buf = s.buf[n:]
	}
	return s.found
}

// next decodes the packet at the front of buf: n is 0 if that is no MQTT, ok false if it is not
// complete.
func (s *stream) next(c *control) (n int, ok bool) {
	if len(s.buf) < 2 {
		return 0, false
	}
	if err := c.pk.FixedHeader.Decode(s.buf[0]); err != nil || !s.plausible(c.pk.FixedHeader.Type) {
		return 0, true
	}
	s.body.Reset(s.buf[1:])
	length, used, err := packets.DecodeLength(&s.body)
	if err != nil {
		return 0, len(s.buf) > 5
	}
	n = 1 + used + length
	if len(s.buf) < n {
		return 0, false
	}
	c.pk.FixedHeader.Remaining = length
	c.pk.ProtocolVersion = s.version
	if err := decodeBody(&c.pk, s.buf[1+used:n:n]); err != nil {
		return 0, true
	}
	s.known, s.mqtt = true, true
	if c.pk.FixedHeader.Type == packets.Connect {
		s.version = c.pk.ProtocolVersion
	}
	c.Type, c.ID, c.Info = c.pk.FixedHeader.Type, c.pk.PacketID, describe(&c.pk)
	return n, true
}

func (s *stream) plausible(kind byte) bool {
	return kind != 0 && (s.known || kind == packets.Connect || kind == packets.Connack)
}

func decodeBody(pk *packets.Packet, b []byte) error {
	switch pk.FixedHeader.Type {
	case packets.Connect:
		return pk.ConnectDecode(b)
	case packets.Connack:
		return pk.ConnackDecode(b)
	case packets.Publish:
		return pk.PublishDecode(b)
	case packets.Puback:
		return pk.PubackDecode(b)
	case packets.Pubrec:
		return pk.PubrecDecode(b)
	case packets.Pubrel:
		return pk.PubrelDecode(b)
	case packets.Pubcomp:
		return pk.PubcompDecode(b)
	case packets.Subscribe:
		return pk.SubscribeDecode(b)
	case packets.Suback:
		return pk.SubackDecode(b)
	case packets.Unsubscribe:
		return pk.UnsubscribeDecode(b)
	case packets.Unsuback:
		return pk.UnsubackDecode(b)
	}
	return nil
}

// describe says in a few words what matters in a packet.
func describe(pk *packets.Packet) string {
	h := &pk.FixedHeader
	switch h.Type {
	case packets.Connect:
		return fmt.Sprintf("%s clean=%d keepalive=%d", pk.Connect.ClientIdentifier,
			digit(pk.Connect.Clean), pk.Connect.Keepalive)
	case packets.Connack:
		return fmt.Sprintf("session-present=%d code=%d", digit(pk.SessionPresent), pk.ReasonCode)
	case packets.Publish:
		text := pk.TopicName + [...]string{" q0", " q1", " q2", " q3"}[h.Qos&3]
		if h.Qos > 0 {
			text += fmt.Sprintf(" mid=%d", pk.PacketID)
		}
		if h.Dup {
			text += " dup"
		}
		if h.Retain {
			text += " retain"
		}
		return text
	case packets.Subscribe, packets.Unsubscribe:
		text := fmt.Sprintf("mid=%d", pk.PacketID)
		for i := range pk.Filters {
			text += " " + pk.Filters[i].Filter
		}
		return text
	}
	if pk.PacketID > 0 {
		return fmt.Sprintf("mid=%d", pk.PacketID)
	}
	return ""
}

func digit(b bool) int {
	if b {
		return 1
	}
	return 0
}
