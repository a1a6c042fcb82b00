package trace

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"halfopen/netmodel"
)

// The numbers of the capture format (draft-ietf-opsawg-pcapng, sections 4 and 3.5).
const (
	blockSection   = 0x0A0D0D0A
	blockInterface = 1
	blockPacket    = 6 // enhanced packet block
	byteOrderMagic = 0x1A2B3C4D

	optEnd      = 0
	optComment  = 1
	optHardware = 2 // of a section: shb_hardware
	optUserAppl = 4 // of a section: shb_userappl
	optName     = 2 // of an interface: if_name
	optTSResol  = 9 // of an interface: if_tsresol
	optFlags    = 2 // of a packet: epb_flags

	linkTypeIPv4 = 228 // LINKTYPE_IPV4: packets begin with the IP header
	inbound      = 1   // epb_flags: received by the interface's host
	outbound     = 2
)

// Pcapng writes a capture: one interface per host, named after it, and one for the loopback traffic of
// a host that has any; nanosecond times of the simulated clock; and on each packet a comment that says
// why it was sent, or where it was lost. at limits it to one host; empty: all.
//
// A packet between two hosts is seen twice, as by two captures on real hosts. Wireshark analyses both
// as one and takes the second sighting for a retransmission: look at one interface at a time
// (frame.interface_id), or write the capture of one host.
func (t *Trace) Pcapng(w io.Writer, at string) error {
	p := &pcapng{t: t, w: w, fates: t.Fates(), iface: make([]int, 2*len(t.Hosts)+2)}
	if err := p.interfaces(at); err != nil {
		return err
	}
	for i := range t.Events {
		ev := &t.Events[i]
		if ev.Seg == nil || ev.Host == 0 {
			continue
		}
		lo := ev.Link == 0
		switch ev.Kind {
		case netmodel.SegmentSent:
			if !lo || p.isLoopback(ID(i+1)) {
				p.packet(ev, ID(i+1), ev.Host, lo, outbound)
			}
		case netmodel.SegmentArrived:
			if !lo { // the loopback interface shows each packet once, when it is sent
				p.packet(ev, ev.Of, ev.Host, false, inbound)
			}
		}
		if p.err != nil {
			return p.err
		}
	}
	return p.err
}

type pcapng struct {
	t     *Trace
	w     io.Writer
	fates []ID
	iface []int // interface number plus one by host; the second half: of loopback
	block []byte
	bytes []byte
	err   error
}

// isLoopback tells loopback traffic from what died before it reached any link.
func (p *pcapng) isLoopback(sent ID) bool {
	fate := p.t.Event(p.fates[sent])
	return fate == nil || fate.Kind == netmodel.SegmentArrived
}

// interfaces writes the section's header and the interfaces.
func (p *pcapng) interfaces(at string) error {
	t := p.t
	p.begin(blockSection)
	p.u32(byteOrderMagic)
	p.u32(1)                         // version 1.0, little endian
	p.block = append(p.block, ff...) // length of the section: not said
	p.option(optComment, "halfopen, simulated: "+sectionComment(t))
	p.option(optHardware, "none: no machine and no network took part")
	p.option(optUserAppl, "halfopen")
	p.end()
	n := 0
	for i := range t.Hosts {
		if at != "" && t.Hosts[i].Name != at {
			continue
		}
		n++
		p.iface[i+1] = n
		p.addInterface(t.Hosts[i].Name)
	}
	if n == 0 {
		return fmt.Errorf("no host is called %q; there are %s", at, t.hostNames())
	}
	for i := range t.Hosts {
		if p.iface[i+1] > 0 && p.hasLoopback(netmodel.HostID(i+1)) {
			n++
			p.iface[len(t.Hosts)+1+i] = n
			p.addInterface(t.Hosts[i].Name + " lo")
		}
	}
	return p.err
}

var ff = []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

func sectionComment(t *Trace) string {
	return fmt.Sprintf("seed %d\n%s", t.Seed, strings.TrimRight(t.Scenario, "\n"))
}

func (t *Trace) hostNames() string {
	names := make([]string, len(t.Hosts))
	for i := range t.Hosts {
		names[i] = t.Hosts[i].Name
	}
	return strings.Join(names, ", ")
}

func (p *pcapng) hasLoopback(h netmodel.HostID) bool {
	for i := range p.t.Events {
		ev := &p.t.Events[i]
		if ev.Kind == netmodel.SegmentArrived && ev.Host == h && ev.Link == 0 {
			return true
		}
	}
	return false
}

func (p *pcapng) addInterface(name string) {
	p.begin(blockInterface)
	p.u32(linkTypeIPv4)
	p.u32(0) // no snapshot length
	p.option(optName, name)
	p.option(optTSResol, "\x09") // 10^-9 s
	p.end()
}

// packet writes the segment of ev, which was sent by event sent, as host's interface saw it.
func (p *pcapng) packet(ev *Event, sent ID, host netmodel.HostID, lo bool, direction uint32) {
	slot := int(host)
	if lo {
		slot += len(p.t.Hosts)
	}
	if slot >= len(p.iface) || p.iface[slot] == 0 {
		return
	}
	p.bytes = ev.Seg.AppendIPv4(p.bytes[:0])
	at := uint64(p.t.Epoch.UnixNano()) + uint64(ev.At)
	p.begin(blockPacket)
	p.u32(uint32(p.iface[slot] - 1))
	p.u32(uint32(at >> 32))
	p.u32(uint32(at))
	p.u32(uint32(len(p.bytes)))
	p.u32(uint32(len(p.bytes)))
	p.block = append(p.block, p.bytes...)
	p.pad()
	p.option(optComment, p.comment(ev, sent, direction))
	var flags [4]byte
	binary.LittleEndian.PutUint32(flags[:], direction)
	p.option(optFlags, string(flags[:]))
	p.end()
}

// comment says why the packet exists and, at its sender, what became of it.
func (p *pcapng) comment(ev *Event, sent ID, direction uint32) string {
	t := p.t
	s := fmt.Sprintf("%s. Event %d of the trace", t.Describe(t.Event(sent)), sent)
	if direction == inbound {
		return s + "."
	}
	switch fate := t.Event(p.fates[sent]); {
	case fate == nil:
		return s + ", under way when the run ended."
	case fate.Kind == netmodel.SegmentDropped:
		return s + ". LOST " + t.lossPlace(fate) + ": " + ReasonText(fate.Reason) + "."
	}
	return s + "."
}

// lossPlace says where a segment died: "on the link client - broker", "at client".
func (t *Trace) lossPlace(drop *Event) string {
	if drop.Link > 0 && int(drop.Link) <= len(t.Links) {
		l := &t.Links[drop.Link-1]
		return "on the link " + t.hostName(l.A) + " - " + t.hostName(l.B)
	}
	return "at " + t.hostName(drop.Host)
}

// begin and end write one block around what is appended in between.
func (p *pcapng) begin(kind uint32) {
	p.block = p.block[:0]
	p.u32(kind)
	p.u32(0) // the length, see end
}

func (p *pcapng) u32(n uint32) { p.block = binary.LittleEndian.AppendUint32(p.block, n) }

func (p *pcapng) pad() {
	for len(p.block)%4 != 0 {
		p.block = append(p.block, 0)
	}
}

// option appends an option; all blocks here end with options.
func (p *pcapng) option(code uint16, value string) {
	if len(value) > 0xff00 {
		value = value[:0xff00]
	}
	p.block = binary.LittleEndian.AppendUint16(p.block, code)
	p.block = binary.LittleEndian.AppendUint16(p.block, uint16(len(value)))
	p.block = append(p.block, value...)
	p.pad()
}

func (p *pcapng) end() {
	p.u32(optEnd)
	n := uint32(len(p.block) + 4)
	p.u32(n)
	binary.LittleEndian.PutUint32(p.block[4:], n)
	if p.err == nil {
		_, p.err = p.w.Write(p.block)
	}
}
