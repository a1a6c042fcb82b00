package netmodel

import (
	"encoding/binary"
	"errors"
)

// Lengths and constants of IPv4 (RFC 791), TCP (RFC 9293, 3.1) and ICMP (RFC 792).
const (
	ipHeaderLen   = 20
	tcpHeaderLen  = 20
	icmpHeaderLen = 8
	protoICMP     = 1
	protoTCP      = 6
	icmpUnreach   = 3
	dontFragment  = 0x4000
)

// Kinds of TCP options.
const (
	optEnd        = 0
	optNOP        = 1
	optMSS        = 2
	optScale      = 3
	optSACKOK     = 4
	optSACK       = 5
	optTimestamps = 8
)

// WireLen is the length of the segment as an IPv4 packet.
func (s *Segment) WireLen() int {
	if s.ICMP != NotICMP {
		return ipHeaderLen + icmpHeaderLen + ipHeaderLen + 8
	}
	return ipHeaderLen + tcpHeaderLen + s.Options.wireLen() + len(s.Payload)
}

// wireLen is the length of the options as appendOptions lays them out.
func (o *Options) wireLen() int {
	n := 0
	if o.MSS > 0 {
		n += 4
	}
	switch {
	case o.HasTimestamps:
		n += 12 // SACK permitted goes where the padding was
	case o.SACKPermitted:
		n += 4
	}
	if o.HasScale {
		n += 4
	}
	if o.NSACK > 0 {
		n += 4 + 8*int(o.NSACK)
	}
	return n
}

// AppendIPv4 appends the segment's bytes as an IPv4 packet, with correct checksums.
func (s *Segment) AppendIPv4(dst []byte) []byte {
	if s.ICMP != NotICMP {
		return s.appendICMP(dst)
	}
	at := len(dst)
	dst = appendIPHeader(dst, s.Src.Addr, s.Dst.Addr, protoTCP, s.TTL, s.IPID, s.WireLen())
	tcp := len(dst)
	be := binary.BigEndian
	dst = be.AppendUint16(dst, s.Src.Port)
	dst = be.AppendUint16(dst, s.Dst.Port)
	dst = be.AppendUint32(dst, s.Seq)
	dst = be.AppendUint32(dst, s.Ack)
	words := (tcpHeaderLen + s.Options.wireLen()) / 4
	dst = append(dst, byte(words<<4), byte(s.Flags))
	dst = be.AppendUint16(dst, s.Window)
	dst = append(dst, 0, 0, 0, 0) // checksum, urgent pointer
	dst = s.Options.append(dst)
	dst = append(dst, s.Payload...)
	sum := checksum(pseudoHeader(dst[at:], protoTCP, len(dst)-tcp), dst[tcp:])
	be.PutUint16(dst[tcp+16:], sum)
	return dst
}

func appendIPHeader(dst []byte, src, to Addr, proto, ttl byte, id uint16, length int) []byte {
	at := len(dst)
	be := binary.BigEndian
	if ttl == 0 {
		ttl = 64
	}
	dst = append(dst, 0x45, 0)
	dst = be.AppendUint16(dst, uint16(length))
	dst = be.AppendUint16(dst, id)
	dst = be.AppendUint16(dst, dontFragment)
	dst = append(dst, ttl, proto, 0, 0)
	dst = be.AppendUint32(dst, uint32(src))
	dst = be.AppendUint32(dst, uint32(to))
	be.PutUint16(dst[at+10:], checksum(0, dst[at:]))
	return dst
}

// append lays options out as Linux does (tcp_options_write): aligned to words by NOPs in front.
func (o *Options) append(dst []byte) []byte {
	be := binary.BigEndian
	if o.MSS > 0 {
		dst = append(dst, optMSS, 4)
		dst = be.AppendUint16(dst, o.MSS)
	}
	switch {
	case o.HasTimestamps && o.SACKPermitted:
		dst = append(dst, optSACKOK, 2, optTimestamps, 10)
	case o.HasTimestamps:
		dst = append(dst, optNOP, optNOP, optTimestamps, 10)
	case o.SACKPermitted:
		dst = append(dst, optNOP, optNOP, optSACKOK, 2)
	}
	if o.HasTimestamps {
		dst = be.AppendUint32(dst, o.TSVal)
		dst = be.AppendUint32(dst, o.TSEcr)
	}
	if o.HasScale {
		dst = append(dst, optNOP, optScale, 3, byte(o.WindowScale))
	}
	if o.NSACK > 0 {
		dst = append(dst, optNOP, optNOP, optSACK, 2+8*o.NSACK)
		for _, b := range o.SACK[:o.NSACK] {
			dst = be.AppendUint32(dst, b.Left)
			dst = be.AppendUint32(dst, b.Right)
		}
	}
	return dst
}

// appendICMP appends a destination unreachable message: it quotes the IP header and the first eight
// bytes of TCP of the packet that it is about.
func (s *Segment) appendICMP(dst []byte) []byte {
	dst = appendIPHeader(dst, s.Src.Addr, s.Dst.Addr, protoICMP, s.TTL, s.IPID, s.WireLen())
	at := len(dst)
	dst = append(dst, icmpUnreach, byte(s.ICMP)-byte(NetUnreachable), 0, 0, 0, 0, 0, 0)
	dst = appendIPHeader(dst, s.InnerSrc.Addr, s.InnerDst.Addr, protoTCP, 63, 0, 40)
	be := binary.BigEndian
	dst = be.AppendUint16(dst, s.InnerSrc.Port)
	dst = be.AppendUint16(dst, s.InnerDst.Port)
	dst = be.AppendUint32(dst, s.InnerSeq)
	be.PutUint16(dst[at+2:], checksum(0, dst[at:]))
	return dst
}

// pseudoHeader is the part of TCP's checksum that covers IP's addresses (RFC 9293, 3.1).
func pseudoHeader(ip []byte, proto byte, length int) uint32 {
	return sum16(uint32(proto)+uint32(length), ip[12:20])
}

func sum16(sum uint32, b []byte) uint32 {
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	return sum
}

// checksum is RFC 1071's.
func checksum(start uint32, b []byte) uint16 {
	sum := sum16(start, b)
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// Errors of ParseIPv4.
var (
	errShort    = errors.New("netmodel: packet is too short")
	errNotTCP   = errors.New("netmodel: not TCP over IPv4, nor ICMP destination unreachable")
	errChecksum = errors.New("netmodel: wrong checksum")
	errOptions  = errors.New("netmodel: malformed TCP options")
)

// ParseIPv4 reads what AppendIPv4 writes, and what real hosts send. The payload is not copied.
func ParseIPv4(b []byte) (Segment, error) {
	var s Segment
	if len(b) < ipHeaderLen {
		return s, errShort
	}
	be := binary.BigEndian
	head, total := int(b[0]&15)*4, int(be.Uint16(b[2:]))
	if b[0]>>4 != 4 || head < ipHeaderLen {
		return s, errNotTCP
	}
	if total < head || total > len(b) {
		return s, errShort
	}
	if checksum(0, b[:head]) != 0 {
		return s, errChecksum
	}
	s.IPID, s.TTL = be.Uint16(b[4:]), b[8]
	s.Src.Addr, s.Dst.Addr = Addr(be.Uint32(b[12:])), Addr(be.Uint32(b[16:]))
	switch b[9] {
	case protoTCP:
		return s, s.parseTCP(b[:head], b[head:total])
	case protoICMP:
		return s, s.parseICMP(b[head:total])
	}
	return s, errNotTCP
}

func (s *Segment) parseTCP(ip, b []byte) error {
	if len(b) < tcpHeaderLen {
		return errShort
	}
	if checksum(pseudoHeader(ip, protoTCP, len(b)), b) != 0 {
		return errChecksum
	}
	be := binary.BigEndian
	s.Src.Port, s.Dst.Port = be.Uint16(b), be.Uint16(b[2:])
	s.Seq, s.Ack = be.Uint32(b[4:]), be.Uint32(b[8:])
	s.Flags = Flags(b[13])
	s.Window = be.Uint16(b[14:])
	offset := int(b[12]>>4) * 4
	if offset < tcpHeaderLen || offset > len(b) {
		return errShort
	}
	if len(b) > offset {
		s.Payload = b[offset:]
	}
	return s.Options.parse(b[tcpHeaderLen:offset])
}

func (o *Options) parse(b []byte) error {
	for len(b) > 0 && b[0] != optEnd {
		if b[0] == optNOP {
			b = b[1:]
			continue
		}
		if len(b) < 2 || b[1] < 2 || int(b[1]) > len(b) {
			return errOptions
		}
		o.parseOne(b[0], b[2:b[1]])
		b = b[b[1]:]
	}
	return nil
}

// parseOne takes one option; unknown ones, and known ones of a wrong length, are skipped
// (RFC 9293, 3.2: MUST-6).
func (o *Options) parseOne(kind byte, v []byte) {
	be := binary.BigEndian
	switch {
	case kind == optMSS && len(v) == 2:
		o.MSS = be.Uint16(v)
	case kind == optScale && len(v) == 1:
		o.HasScale, o.WindowScale = true, int8(min(v[0], maxScale))
	case kind == optSACKOK && len(v) == 0:
		o.SACKPermitted = true
	case kind == optTimestamps && len(v) == 8:
		o.HasTimestamps = true
		o.TSVal, o.TSEcr = be.Uint32(v), be.Uint32(v[4:])
	case kind == optSACK && len(v)%8 == 0 && len(v) <= 8*len(o.SACK):
		o.NSACK = uint8(len(v) / 8)
		for i := range int(o.NSACK) {
			o.SACK[i] = Block{be.Uint32(v[8*i:]), be.Uint32(v[8*i+4:])}
		}
	}
}

func (s *Segment) parseICMP(b []byte) error {
	if len(b) < icmpHeaderLen+ipHeaderLen+8 {
		return errShort
	}
	if checksum(0, b) != 0 {
		return errChecksum
	}
	in := b[icmpHeaderLen:]
	head := int(in[0]&15) * 4
	if b[0] != icmpUnreach || in[9] != protoTCP || head < ipHeaderLen || len(in) < head+8 {
		return errNotTCP
	}
	be := binary.BigEndian
	s.ICMP = NetUnreachable + Unreachable(b[1])
	s.InnerSrc = Endpoint{Addr(be.Uint32(in[12:])), be.Uint16(in[head:])}
	s.InnerDst = Endpoint{Addr(be.Uint32(in[16:])), be.Uint16(in[head+2:])}
	s.InnerSeq = be.Uint32(in[head+4:])
	return nil
}
