package netmodel

import (
	"encoding/hex"
	"reflect"
	"testing"
)

// What is written is read back, with every option.
func TestHeaderRoundTrip(t *testing.T) {
	a, b := Endpoint{AddrFrom4(10, 0, 0, 1), 40000}, Endpoint{AddrFrom4(10, 0, 0, 2), 1883}
	for name, want := range map[string]Segment{
		"SYN": {Src: a, Dst: b, Seq: 1, Flags: SYN, Window: 64240, TTL: 64, Options: Options{MSS: 1460,
			SACKPermitted: true, HasTimestamps: true, TSVal: 7, HasScale: true, WindowScale: 7}},
		"SYN without timestamps": {Src: a, Dst: b, Flags: SYN, TTL: 64, Options: Options{MSS: 536,
			SACKPermitted: true}},
		"data": {Src: a, Dst: b, Seq: 1, Ack: 2, Flags: ACK | PSH, TTL: 3, IPID: 9,
			Payload: []byte("odd")},
		"SACK": {Src: a, Dst: b, Flags: ACK, TTL: 64, Options: Options{HasTimestamps: true, TSVal: 1,
			TSEcr: 2, NSACK: 2, SACK: [4]Block{{1, 2}, {5, 9}}}},
		"ICMP": {Src: Endpoint{Addr: 5}, Dst: Endpoint{Addr: a.Addr}, TTL: 64, ICMP: HostUnreachable,
			InnerSrc: a, InnerDst: b, InnerSeq: 77},
	} {
		bytes := want.AppendIPv4(nil)
		if len(bytes) != want.WireLen() {
			t.Errorf("%s: %d bytes, WireLen says %d", name, len(bytes), want.WireLen())
		}
		got, err := ParseIPv4(bytes)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v\nwant %+v", name, got, err, want)
		}
		bytes[len(bytes)-1] ^= 1
		if _, err := ParseIPv4(bytes); err == nil {
			t.Errorf("%s: a flipped bit was not noticed", name)
		}
	}
}

// A Linux SYN has its options in this order and padding: 20 bytes of MSS, SACK permitted,
// timestamps, NOP, window scale (tcp_options_write).
func TestHeaderLayoutOfLinuxSYN(t *testing.T) {
	s := Segment{Flags: SYN, Options: Options{MSS: 1460, SACKPermitted: true, HasTimestamps: true,
		TSVal: 1, HasScale: true, WindowScale: 7}}
	got := hex.EncodeToString(s.AppendIPv4(nil)[40:])
	if want := "020405b40402080a000000010000000001030307"; got != want {
		t.Errorf("options %s, want %s", got, want)
	}
}

// Bytes from anywhere never crash the parser, and what it accepts can be written again.
func FuzzParseIPv4(f *testing.F) {
	s := Segment{Flags: SYN, Options: Options{MSS: 1460, HasScale: true}}
	f.Add(s.AppendIPv4(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := ParseIPv4(b); err == nil {
			s.AppendIPv4(nil)
		}
	})
}
