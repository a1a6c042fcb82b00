package packetdrill

import "halfopen/netmodel"

// packet parses everything from the direction to the options:
//
//	> P. 1:1001(1000) ack 1 win 257 <nop,nop,TS val 1 ecr 2>
func (p *parser) packet() (*Packet, error) {
	pk := &Packet{Inbound: p.is("<")}
	if err := p.advance(); err != nil {
		return nil, err
	}
	for p.is("(") || p.is("[") {
		if err := p.ipInfo(); err != nil {
			return nil, err
		}
	}
	switch {
	case p.is("icmp"):
		return pk, p.icmp(pk)
	case p.is("udp"), p.is("ipv4"), p.is("ipv6"), p.is("gre"), p.is("mpls"), p.is("encap"):
		return nil, p.errorf("%v packets: %w", p.tok, ErrUnsupported)
	}
	if p.tok.kind == tokInt {
		if err := p.ports(pk); err != nil {
			return nil, err
		}
	}
	if err := p.flags(pk); err != nil {
		return nil, err
	}
	if err := p.sequence(&pk.Seq, &pk.Len); err != nil {
		return nil, err
	}
	if err := p.tail(pk); err != nil {
		return nil, err
	}
	if pk.Inbound && !pk.HasWindow {
		return nil, p.errorf("an injected packet needs a window (win N)")
	}
	if pk.Inbound && pk.AnyOptions {
		return nil, p.errorf("<...> can only stand for options of expected packets")
	}
	return pk, nil
}

// ipInfo passes (ecn ...), [ect0], (tos 0x2), [ttl 3]: the model's IP header has no such field
// that changes what TCP does.
func (p *parser) ipInfo() error {
	end := ")"
	if p.is("[") {
		end = "]"
	}
	for !p.is(end) {
		if p.tok.kind == tokEnd {
			return p.errorf("expected %q", end)
		}
		if err := p.advance(); err != nil {
			return err
		}
	}
	return p.advance()
}

// ports parses 1234 > 8080.
func (p *parser) ports(pk *Packet) error {
	src, err := p.number(16)
	if err != nil {
		return err
	}
	if err := p.expect(">"); err != nil {
		return err
	}
	dst, err := p.number(16)
	pk.SrcPort, pk.DstPort = uint16(src), uint16(dst)
	return err
}

var flagBits = map[rune]netmodel.Flags{'F': netmodel.FIN, 'S': netmodel.SYN, 'R': netmodel.RST,
	'P': netmodel.PSH, '.': netmodel.ACK, 'U': netmodel.URG}

// flags parses S, S., P., FP., . and - (none). E, W and A are ECN's.
func (p *parser) flags(pk *Packet) error {
	if ok, err := p.accept("-"); ok {
		return err
	}
	seen := false
	if p.tok.kind == tokWord {
		for _, c := range p.tok.text {
			switch bit := flagBits[c]; {
			case bit != 0:
				pk.Flags |= bit
			case c == 'E' || c == 'W' || c == 'A':
				pk.ECN += string(c)
			default:
				return p.errorf("%v are no TCP flags", p.tok)
			}
		}
		seen = true
		if err := p.advance(); err != nil {
			return err
		}
	}
	if p.tok.kind == tokFloat && seen {
		return p.errorf("accurate ECN: %w", ErrUnsupported)
	}
	ok, err := p.accept(".")
	if ok {
		pk.Flags |= netmodel.ACK
		seen = true
	}
	if err == nil && !seen {
		err = p.errorf("expected TCP flags, found %v", p.tok)
	}
	return err
}

// sequence parses 1:1001(1000).
func (p *parser) sequence(seq *uint32, n *int) error {
	from, err := p.number(32)
	if err != nil {
		return err
	}
	if err := p.expect(":"); err != nil {
		return err
	}
	to, err := p.number(32)
	if err != nil {
		return err
	}
	if err := p.expect("("); err != nil {
		return err
	}
	length, err := p.number(16)
	if err != nil {
		return err
	}
	if uint32(from)+uint32(length) != uint32(to) {
		return p.errorf("%d:%d(%d) does not add up", from, to, length)
	}
	*seq, *n = uint32(from), int(length)
	return p.expect(")")
}

// tail parses the optional ack, win, urg and options.
func (p *parser) tail(pk *Packet) error {
	for _, f := range []struct {
		name string
		bits int
		set  func(int64)
	}{
		{"ack", 32, func(v int64) { pk.Ack = uint32(v) }},
		{"win", 16, func(v int64) { pk.Window, pk.HasWindow = uint16(v), true }},
		{"urg", 16, func(v int64) { pk.Urgent = uint16(v) }},
	} {
		ok, err := p.accept(f.name)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		v, err := p.number(f.bits)
		if err != nil {
			return err
		}
		f.set(v)
	}
	if ok, err := p.accept("<"); !ok || err != nil {
		return err
	}
	if p.tok.kind == tokEllipsis {
		pk.AnyOptions = true
		if err := p.advance(); err != nil {
			return err
		}
		return p.expect(">")
	}
	for {
		o, err := p.tcpOption()
		if err != nil {
			return err
		}
		pk.Options = append(pk.Options, o)
		more, err := p.accept(",")
		if err != nil {
			return err
		}
		if !more {
			return p.expect(">")
		}
	}
}

func (p *parser) tcpOption() (TCPOption, error) {
	if p.tok.kind != tokWord {
		return TCPOption{}, p.errorf("expected a TCP option, found %v", p.tok)
	}
	o := TCPOption{Name: p.tok.text}
	if err := p.advance(); err != nil {
		return o, err
	}
	var err error
	var v int64
	switch o.Name {
	case "nop", "eol", "sackOK":
	case "mss":
		v, err = p.number(16)
		o.Value = uint32(v)
	case "wscale":
		v, err = p.number(8)
		o.Value = uint32(v)
	case "TS":
		err = p.timestamps(&o)
	case "sack":
		err = p.blocks(&o)
	default:
		err = p.errorf("TCP option %s: %w", o.Name, ErrUnsupported)
	}
	return o, err
}

// timestamps parses val 100 ecr 200.
func (p *parser) timestamps(o *TCPOption) error {
	for _, f := range []struct {
		name string
		to   *uint32
	}{{"val", &o.Value}, {"ecr", &o.Ecr}} {
		if err := p.expect(f.name); err != nil {
			return err
		}
		v, err := p.number(32)
		if err != nil {
			return err
		}
		*f.to = uint32(v)
	}
	return nil
}

// blocks parses 1001:2001 3001:4001.
func (p *parser) blocks(o *TCPOption) error {
	for p.tok.kind == tokInt {
		left, err := p.number(32)
		if err != nil {
			return err
		}
		if err := p.expect(":"); err != nil {
			return err
		}
		right, err := p.number(32)
		if err != nil {
			return err
		}
		o.Blocks = append(o.Blocks, netmodel.Block{Left: uint32(left), Right: uint32(right)})
	}
	if len(o.Blocks) == 0 || len(o.Blocks) > 4 {
		return p.errorf("a SACK option holds 1 to 4 blocks")
	}
	return nil
}
