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

// Pcapng writes a capture: one interface per host, named after it, and one for the loopback traffic
// of a host that has any; nanosecond times of the simulated clock; and on each packet a comment
// that says why it was sent, and when it arrived or where it was lost.
//
// With the name of a host it is what a capture on that host shows: what it sends and what it
// receives. Without, it has each packet once, at the interface of the host that sent it: two
// sightings of one packet in one file would be a retransmission to Wireshark, which joins
// interfaces. A router's interface then has only what the router changed (NAT) or made itself.
func (t *Trace) Pcapng(w io.Writer, at string) error {
	p := &pcapng{t: t, w: w, at: at, fates: t.Fates(), iface: make([]int, 2*len(t.Hosts)+2)}
	if err := p.interfaces(); err != nil {
		return err
	}
	for i := range t.Events {
		ev := &t.Events[i]
		if ev.Seg == nil || ev.Host == 0 {
			continue
		}
		switch {
		case ev.Kind == netmodel.SegmentSent && p.shows(ev, ID(i+1)):
			p.packet(ev, ID(i+1), outbound)
		case ev.Kind == netmodel.SegmentArrived && p.showsArrival(ev):
			p.packet(ev, ev.Of, inbound)
		}
		if p.err != nil {
			return p.err
		}
	}
	return p.err
}

// shows reports whether a sending belongs into the capture. What a link duplicates its sender never
// sees; what died before it reached a link is on no interface.
func (p *pcapng) shows(ev *Event, id ID) bool {
	switch {
	case ev.Reason == netmodel.SendLinkCopy:
		return false
	case ev.Link == 0:
		fate := p.t.Event(p.fates[id])
		return fate == nil || fate.Kind == netmodel.SegmentArrived
	case p.at == "" && ev.Reason == netmodel.SendForward:
		o := p.t.Origin(ev)
		return o == nil || o.Seg == nil || o.Seg.Src != ev.Seg.Src || o.Seg.Dst != ev.Seg.Dst
	}
	return true
}

// showsArrival is shows for arrivals; what was made on the way has no sender's interface. The
// loopback interface shows each packet once.
func (p *pcapng) showsArrival(ev *Event) bool {
	if ev.Link == 0 {
		return false
	}
	o := p.t.Origin(ev)
	return p.at != "" || o == nil || o.Host == 0
}

type pcapng struct {
	t     *Trace
	w     io.Writer
	at    string // the host; empty: all
	fates []ID
	iface []int // interface number plus one by host; the second half: of loopback
	block []byte
	bytes []byte
	err   error
}

// interfaces writes the section's header and the interfaces.
func (p *pcapng) interfaces() error {
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
		if p.at != "" && t.Hosts[i].Name != p.at {
			continue
		}
		n++
		p.iface[i+1] = n
		p.addInterface(t.Hosts[i].Name)
	}
	if n == 0 {
		return fmt.Errorf("no host is called %q; there are %s", p.at, t.hostNames())
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

// packet writes the segment of ev, which was sent by event sent, as the interface of its host saw
// it.
func (p *pcapng) packet(ev *Event, sent ID, direction uint32) {
	slot := int(ev.Host)
	if ev.Link == 0 {
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

// comment says why the packet exists and what became of it.
func (p *pcapng) comment(ev *Event, sent ID, direction uint32) string {
	t := p.t
	from := t.Event(sent)
	s := fmt.Sprintf("%s. Event %d of the trace", t.Describe(from), sent)
	switch fate := t.Event(p.fates[sent]); {
	case direction == inbound:
		s += fmt.Sprintf(", received %v after it was sent", ev.At.Sub(from.At))
	case fate == nil:
		s += ", under way when the run ended"
	case fate.Kind == netmodel.SegmentDropped:
		s += ". LOST " + t.lossPlace(fate) + ": " + ReasonText(fate.Reason)
	default:
		s += fmt.Sprintf(", arrives after %v", fate.At.Sub(from.At))
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
