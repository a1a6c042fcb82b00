package trace

import (
	"strconv"
	"strings"

	"halfopen/netmodel"
)

// capture writes the lines of one interface.
type capture struct {
	t        *Trace
	host     netmodel.HostID
	zero     netmodel.Time
	clients  map[[2]netmodel.Endpoint]bool // client, server
	arrivals []ID
	flows    map[[2]netmodel.Endpoint]*flowView // looked up by client and server, never iterated
	conns    int
	buf      []byte
}

// flowView is what an observer at the interface knows of a connection; index 0 is what the client
// sends, 1 what the server sends.
type flowView struct {
	conn int
	side [2]sideView
}

type sideView struct {
	begun     bool
	isn       uint32
	scale     int8 // -1: no window scaling offered
	next      uint32
	lastAck   uint32
	lastWin   uint16
	acked     bool // it sent an ACK before
	ackedAt   netmodel.Time
	repeats   int  // duplicates of its last ACK
	keepAlive bool // its last segment was a keepalive probe
}

// remarks are what Wireshark would say of a segment.
type remarks struct {
	retx bool
	an   []string
}

func (c *capture) line(id ID, ev *Event) {
	seg := ev.Seg
	src, dst := seg.Src, seg.Dst
	if seg.ICMP != netmodel.NotICMP {
		src, dst = seg.InnerDst, seg.InnerSrc // it travels against the packet that it is about
	}
	fromClient := c.fromClient(src, dst)
	dir, me, client, server := "c>b", 0, src, dst
	if !fromClient {
		dir, me, client, server = "b>c", 1, dst, src
	}
	f := c.flow(client, server, seg, fromClient)
	b := append(c.buf[:0], `{"t": `...)
	b = c.seconds(b, ev.At)
	b = append(b, `, "dir": "`+dir+`", "conn": `...)
	b = strconv.AppendInt(b, int64(f.conn), 10)
	if seg.ICMP != netmodel.NotICMP {
		b = append(b, `, "flags": "ICMP", "seq": 0, "ack": 0, "len": 0, "mqtt": [], "retx": false, `...)
		b = append(b, `"icmp": "type 3 code `...)
		b = strconv.AppendInt(b, int64(seg.ICMP)-1, 10)
		c.buf = append(b, " from "+seg.Src.Addr.String()+`"}`...)
		return
	}
	c.buf = c.segment(b, id, ev, f, me, client.Port)
}

func (c *capture) segment(b []byte, id ID, ev *Event, f *flowView, me int, port uint16) []byte {
	seg := ev.Seg
	s, other := &f.side[me], &f.side[1-me]
	r := observe(seg, ev.At, s, other)
	b = append(b, `, "flags": "`...)
	b = append(b, captureFlags(seg.Flags)...)
	b = append(b, `", "seq": `...)
	b = strconv.AppendUint(b, uint64(seg.Seq-s.isn), 10)
	b = append(b, `, "ack": `...)
	ack := uint32(0)
	if seg.Flags.Has(netmodel.ACK) {
		ack = seg.Ack - other.isn
	}
	b = strconv.AppendUint(b, uint64(ack), 10)
	b = append(b, `, "len": `...)
	b = strconv.AppendInt(b, int64(len(seg.Payload)), 10)
	packets := c.t.PacketsIn(ev)
	b = append(b, `, "mqtt": `...)
	b = appendWords(b, packets, (*Packet).Name)
	b = append(b, `, "retx": `...)
	b = strconv.AppendBool(b, r.retx)
	b = append(b, `, "win": `...)
	b = strconv.AppendUint(b, scaled(seg, s, other), 10)
	b = append(b, `, "port": `...)
	b = strconv.AppendUint(b, uint64(port), 10)
	if len(r.an) > 0 {
		b = append(b, `, "an": ["`+strings.Join(r.an, `", "`)+`"]`...)
	}
	b = appendSACK(b, seg, other.isn)
	if info := c.infos(packets); info != nil {
		b = append(b, `, "info": [`...)
		for i, s := range info {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendQuoted(b, s)
		}
		b = append(b, ']')
	}
	return append(c.fate(b, id, ev), '}')
}

// fate adds what the interface cannot know: whether a segment arrived at the other end, and whether
// one that came in was made on the way.
func (c *capture) fate(b []byte, id ID, ev *Event) []byte {
	if ev.Kind == netmodel.SegmentArrived {
		if o := c.t.Origin(ev); o == nil || o.Reason == netmodel.SendRouterReset || o.Host == 0 {
			b = append(b, `, "from_router": true`...)
		}
		return b
	}
	b = append(b, `, "arr": `...)
	if got := c.t.Event(c.arrivals[id]); got != nil {
		return c.seconds(b, got.At)
	}
	return append(b, "null"...)
}

// seconds writes an instant with microseconds, and at least one decimal, as the recordings have it.
func (c *capture) seconds(b []byte, t netmodel.Time) []byte {
	us := (int64(t-c.zero) + 500) / 1000
	if us < 0 {
		b, us = append(b, '-'), -us
	}
	b = strconv.AppendInt(b, us/1e6, 10)
	frac := strconv.Itoa(int(1e6 + us%1e6))[1:]
	frac = strings.TrimRight(frac, "0")
	if frac == "" {
		frac = "0"
	}
	return append(append(b, '.'), frac...)
}

// fromClient says which end of a connection src is. Without its SYN the lower port is the server's.
func (c *capture) fromClient(src, dst netmodel.Endpoint) bool {
	switch {
	case c.clients[[2]netmodel.Endpoint{src, dst}]:
		return true
	case c.clients[[2]netmodel.Endpoint{dst, src}]:
		return false
	}
	return dst.Port < src.Port
}

// flow finds the connection, or begins one: also for a SYN that reuses the ports of an old one.
func (c *capture) flow(client, server netmodel.Endpoint, seg *netmodel.Segment,
	fromClient bool) *flowView {
	k := [2]netmodel.Endpoint{client, server}
	f := c.flows[k]
	syn := seg.ICMP == netmodel.NotICMP && seg.Flags.Has(netmodel.SYN) && !seg.Flags.Has(netmodel.ACK)
	if f == nil || syn && fromClient && f.side[0].begun && f.side[0].isn != seg.Seq {
		c.conns++
		f = &flowView{conn: c.conns}
		c.flows[k] = f
	}
	return f
}

// captureFlags has PSH before the other bits, as the recordings have it.
func captureFlags(f netmodel.Flags) string {
	if s := (f &^ netmodel.PSH).String(); f.Has(netmodel.PSH) && s != "" {
		return "PSH," + s
	}
	return f.String()
}

func appendSACK(b []byte, seg *netmodel.Segment, isn uint32) []byte {
	n := min(int(seg.Options.NSACK), len(seg.Options.SACK))
	if n == 0 {
		return b
	}
	b = append(b, `, "sack": [`...)
	for i, k := range seg.Options.SACK[:n] {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendUint(append(b, '['), uint64(k.Left-isn), 10)
		b = strconv.AppendUint(append(b, ", "...), uint64(k.Right-isn), 10)
		b = append(b, ']')
	}
	return append(b, ']')
}

func appendWords(b []byte, packets []*Packet, word func(*Packet) string) []byte {
	b = append(b, '[')
	for i, p := range packets {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendQuoted(b, word(p))
	}
	return append(b, ']')
}

// infos are what is in the packets, or nil if nothing is.
func (c *capture) infos(packets []*Packet) []string {
	var list []string
	any := false
	for _, p := range packets {
		s := c.info(p)
		any = any || s != ""
		list = append(list, s)
	}
	if !any {
		return nil
	}
	return list
}

// info puts what is in a packet into the words of the recordings.
func (c *capture) info(p *Packet) string {
	switch p.Name() {
	case "CONNECT":
		return strings.TrimSpace(wordsWith(p.Info, "clean=", "keepalive=") + " proto=4")
	case "CONNACK":
		s := wordsWith(p.Info, "session-present=", "code=")
		return strings.NewReplacer("session-present", "sp", "code", "rc").Replace(s)
	case "PUBLISH":
		s := qosWords(p.Info)
		if p.ID > 0 {
			s = "mid=" + strconv.Itoa(int(p.ID)) + " " + s
		}
		if m := int(p.Message); m > 0 && m <= len(c.t.Messages) {
			s += " " + string(c.t.Messages[m-1].Payload)
		}
		return s
	}
	if p.ID > 0 {
		return "mid=" + strconv.Itoa(int(p.ID))
	}
	return ""
}

// wordsWith keeps the words of a text that begin in one of the given ways.
func wordsWith(text string, beginnings ...string) string {
	var kept []string
	for _, w := range strings.Fields(text) {
		for _, b := range beginnings {
			if strings.HasPrefix(w, b) {
				kept = append(kept, w)
			}
		}
	}
	return strings.Join(kept, " ")
}

// qosWords keeps the QoS and the mark of a duplicate from what stands behind a PUBLISH's topic.
func qosWords(info string) string {
	var kept []string
	words := strings.Fields(info)
	for i, w := range words {
		if i > 0 && (w == "q0" || w == "q1" || w == "q2" || w == "dup") {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}
