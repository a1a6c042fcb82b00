package trace

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"halfopen/netmodel"
)

// MaxJSON is the largest document that DecodeJSON reads.
const MaxJSON = 1 << 30

// DecodeJSON reads a trace that JSON wrote.
func DecodeJSON(r io.Reader) (*Trace, error) {
	var doc jsonTrace
	if err := json.NewDecoder(io.LimitReader(r, MaxJSON)).Decode(&doc); err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	if doc.Version != formatVersion {
		return nil, fmt.Errorf("trace: version %d of the format; this program reads version %d",
			doc.Version, formatVersion)
	}
	d := &decoder{t: &Trace{Scenario: doc.Scenario, Length: netmodel.Time(doc.Length),
		Ties: doc.Ties}, hosts: make(map[string]netmodel.HostID)}
	d.header(&doc)
	d.tables(&doc)
	d.t.Events = make([]Event, len(doc.Events))
	for i := range doc.Events {
		d.event(&d.t.Events[i], &doc.Events[i])
	}
	if d.err != nil {
		return nil, fmt.Errorf("trace: %w", d.err)
	}
	return d.t, d.check()
}

// seconds is an instant; it is read without floating point.
type seconds netmodel.Time

// UnmarshalJSON implements json.Unmarshaler.
func (s *seconds) UnmarshalJSON(b []byte) error {
	text := string(b)
	if text == `"never"` {
		*s = seconds(netmodel.Never)
		return nil
	}
	whole, frac, _ := strings.Cut(text, ".")
	if len(frac) > 9 {
		return fmt.Errorf("%s is finer than a nanosecond", text)
	}
	n, err := strconv.ParseInt(whole+frac+"000000000"[len(frac):], 10, 64)
	if err != nil {
		return fmt.Errorf("%s is not an instant", text)
	}
	*s = seconds(n)
	return nil
}

// decoder turns names back into numbers. The first error is kept.
type decoder struct {
	t     *Trace
	hosts map[string]netmodel.HostID
	err   error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
}

func (d *decoder) host(name string) netmodel.HostID {
	id, ok := d.hosts[name]
	if !ok && name != "" {
		d.fail("no host is called %q", name)
	}
	return id
}

func (d *decoder) addr(s string) netmodel.Addr {
	a, err := netmodel.ParseAddr(s)
	if err != nil {
		d.fail("%v", err)
	}
	return a
}

func (d *decoder) endpoint(s string) netmodel.Endpoint {
	if s == "" {
		return netmodel.Endpoint{}
	}
	host, port, _ := strings.Cut(s, ":")
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		d.fail("%q is not an address with a port", s)
	}
	return netmodel.Endpoint{Addr: d.addr(host), Port: uint16(n)}
}

// numbers turn the names of the first n numbers of a type around.
func numbers[T ~uint8](n int, name func(T) string) map[string]T {
	m := make(map[string]T, n)
	for i := n - 1; i >= 0; i-- {
		m[name(T(i))] = T(i)
	}
	return m
}

var (
	kindNumbers   = sync.OnceValue(func() map[string]netmodel.Kind { return numbers(256, KindName) })
	reasonNumbers = sync.OnceValue(func() map[string]netmodel.Reason {
		return numbers(256, ReasonName)
	})
	timerNumbers = sync.OnceValue(func() map[string]netmodel.Timer {
		return numbers(int(netmodel.TimerOrphan)+1, netmodel.Timer.String)
	})
	stateNumbers = sync.OnceValue(func() map[string]netmodel.State {
		return numbers(int(netmodel.TimeWait)+1, netmodel.State.String)
	})
	errnoNumbers = sync.OnceValue(func() map[string]netmodel.Errno {
		return numbers(int(netmodel.EBADF)+1, netmodel.Errno.Error)
	})
	packetNumbers = sync.OnceValue(func() map[string]byte {
		return numbers(len(packetNames), func(k byte) string { return packetNames[k] })
	})
)

// named finds the number of a name; none is 0.
func named[T ~uint8](d *decoder, s string, among func() map[string]T) T {
	if s == "" {
		return 0
	}
	n, ok := among()[s]
	if !ok {
		d.fail("unknown name %q", s)
	}
	return n
}

func (d *decoder) header(doc *jsonTrace) {
	seed, err := strconv.ParseUint(doc.Seed, 10, 64)
	if err != nil {
		d.fail("the seed %q", doc.Seed)
	}
	d.t.Seed, d.t.Epoch = seed, doc.Epoch
}

func (d *decoder) tables(doc *jsonTrace) {
	t := d.t
	for i, h := range doc.Hosts {
		t.Hosts = append(t.Hosts, Host{Name: h.Name, Addr: d.addr(h.Addr), Profile: h.Profile,
			Router: h.Router, Real: h.Real})
		d.hosts[h.Name] = netmodel.HostID(i + 1)
	}
	for _, l := range doc.Links {
		t.Links = append(t.Links, Link{A: d.host(l.A), B: d.host(l.B),
			Latency: time.Duration(l.Latency)})
	}
	for _, s := range doc.Sockets {
		o := Socket{Host: d.host(s.Host), Local: d.endpoint(s.Local), Remote: d.endpoint(s.Remote),
			Peer: s.Peer, ISS: s.ISS, Actor: s.Actor}
		for _, p := range s.Packets {
			o.Packets = append(o.Packets, Packet{Event: p.Event, Offset: p.Offset, Len: p.Len,
				Type: named(d, p.Type, packetNumbers), Info: p.Info, ID: p.ID, Message: p.Message})
		}
		t.Sockets = append(t.Sockets, o)
	}
	for _, f := range doc.Faults {
		t.Faults = append(t.Faults, Fault{Text: f.Text, Link: f.Link, From: d.host(f.From),
			Host: d.host(f.Host), Begin: netmodel.Time(f.Begin), End: netmodel.Time(f.End)})
	}
	for _, m := range doc.Messages {
		t.Messages = append(t.Messages, Message{Publisher: m.Publisher, Topic: m.Topic,
			Payload: payload(m.Payload, m.Payload64), QoS: m.QoS, Retain: m.Retain,
			Published: m.Published})
	}
}

func payload(text *string, data []byte) []byte {
	if text != nil {
		return []byte(*text)
	}
	return data
}

func (d *decoder) event(ev *Event, j *jsonEvent) {
	ev.Record = netmodel.Record{At: netmodel.Time(j.T),
		Kind: named(d, j.Kind, kindNumbers), Host: d.host(j.Host), Peer: d.host(j.Peer),
		Reason: named(d, j.Reason, reasonNumbers), Timer: named(d, j.Timer, timerNumbers),
		From: named(d, j.From, stateNumbers), To: named(d, j.To, stateNumbers),
		Errno:  named(d, j.Errno, errnoNumbers),
		Socket: j.Socket, Link: j.Link, Fault: j.Fault, Cause: j.Cause, Of: j.Of, Copies: j.Copies,
		Due: netmodel.Time(j.Due), Period: time.Duration(j.Period), Limit: j.Limit}
	if j.Seg != nil {
		ev.Seg = d.segment(j.Seg)
	} else if of := d.t.Event(j.Of); of != nil && (ev.Kind == netmodel.SegmentArrived ||
		ev.Kind == netmodel.SegmentDropped) {
		ev.Seg = of.Seg
	}
	if ev.Kind < FirstApp {
		ev.Attempt = int16(min(max(j.Attempt, 0), math.MaxInt16))
		return
	}
	ev.App = &App{Actor: j.Actor, Name: j.Name, Text: j.Text, Client: j.Client, Topic: j.Topic,
		Payload: payload(j.Payload, j.Payload64), Message: j.Message, QoS: j.QoS, Dup: j.Dup,
		SessionPresent: j.SessionPresent, Expired: j.Expired, Attempt: j.Attempt, N: j.N}
}

func (d *decoder) segment(j *jsonSegment) *netmodel.Segment {
	s := &netmodel.Segment{Src: d.endpoint(j.Src), Dst: d.endpoint(j.Dst), Seq: j.Seq, Ack: j.Ack,
		Window: j.Win, IPID: j.IPID, TTL: j.TTL, Payload: j.Data, ICMP: j.ICMP,
		InnerSrc: d.endpoint(j.InnerSrc), InnerDst: d.endpoint(j.InnerDst), InnerSeq: j.InnerSeq}
	for f := netmodel.FIN; f <= netmodel.URG; f <<= 1 {
		if strings.Contains(","+j.Flags+",", ","+f.String()+",") {
			s.Flags |= f
		}
	}
	o := &s.Options
	o.MSS, o.SACKPermitted = j.MSS, j.SACKOK
	if j.WS != nil {
		o.HasScale, o.WindowScale = true, *j.WS
	}
	if j.TS != nil {
		o.HasTimestamps, o.TSVal, o.TSEcr = true, j.TS[0], j.TS[1]
	}
	for i, k := range j.SACK {
		if i < len(o.SACK) {
			o.SACK[i] = netmodel.Block{Left: k[0], Right: k[1]}
			o.NSACK++
		}
	}
	return s
}

// check makes sure that all numbers name something, so that no view needs to.
func (d *decoder) check() error {
	t := d.t
	bad := errors.New("trace: a number that names nothing")
	for i := range t.Events {
		ev := &t.Events[i]
		if ev.Cause < 0 || ev.Of < 0 || int(ev.Cause) > i || int(ev.Of) > i ||
			ev.Socket < 0 || int(ev.Socket) > len(t.Sockets) || ev.Link < 0 ||
			int(ev.Link) > len(t.Links) || ev.Fault < 0 || int(ev.Fault) > len(t.Faults) ||
			i > 0 && ev.At < t.Events[i-1].At {
			return bad
		}
		if ev.App != nil && (ev.App.Message < 0 || int(ev.App.Message) > len(t.Messages)) {
			return bad
		}
		if ev.Kind == netmodel.SegmentSent && ev.Seg == nil {
			return bad
		}
	}
	for i := range t.Sockets {
		if s := &t.Sockets[i]; s.Peer < 0 || int(s.Peer) > len(t.Sockets) || s.Host == 0 {
			return bad
		}
	}
	return nil
}
