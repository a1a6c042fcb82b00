package packetdrill

import "fmt"

// icmp parses icmp unreachable host_unreachable [1:1001(1000)].
func (p *parser) icmp(pk *Packet) error {
	if !pk.Inbound {
		return fmt.Errorf("%d: the stack under test sends no ICMP: %w", p.tok.line, ErrUnsupported)
	}
	if err := p.advance(); err != nil {
		return err
	}
	m := &ICMP{Type: p.tok.text}
	pk.ICMP = m
	if err := p.advance(); err != nil {
		return err
	}
	if p.tok.kind == tokWord && !p.is("mtu") && !p.is("id") {
		m.Code = p.tok.text
		if err := p.advance(); err != nil {
			return err
		}
	}
	if ok, err := p.accept("mtu"); err != nil {
		return err
	} else if ok {
		v, err := p.number(32)
		if err != nil {
			return err
		}
		m.MTU = int(v)
	}
	if ok, err := p.accept("["); !ok || err != nil {
		return err
	}
	var n int
	if err := p.sequence(&m.Seq, &n); err != nil {
		return err
	}
	return p.expect("]")
}
