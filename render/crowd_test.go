package render

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// behindNAT is a client, a NAT and a broker: one message crosses two links, the NAT forgets, the
// next message dies at it, and a fault answers from the middle of a link.
func behindNAT() *trace.Trace {
	var rec trace.Recorder
	rec.Trace = trace.Trace{Length: ms(400_000),
		Hosts: []trace.Host{{Name: "phone", Addr: netmodel.AddrFrom4(10, 0, 0, 1), Profile: "linux",
			Real: "github.com/eclipse/paho.mqtt.golang v1.5.1"},
			{Name: "home-nat", Addr: netmodel.AddrFrom4(10, 0, 0, 2), Router: true, Profile: "linux"},
			{Name: "hub", Addr: netmodel.AddrFrom4(10, 0, 0, 3), Profile: "linux"}},
		Links: []trace.Link{{A: 1, B: 2, Latency: 5 * time.Millisecond},
			{A: 2, B: 3, Latency: 20 * time.Millisecond}}}
	inside := netmodel.Endpoint{Addr: rec.Trace.Hosts[0].Addr, Port: 40001}
	outside := netmodel.Endpoint{Addr: rec.Trace.Hosts[1].Addr, Port: 50001}
	hub := netmodel.Endpoint{Addr: rec.Trace.Hosts[2].Addr, Port: 1883}
	rec.Trace.Sockets = []trace.Socket{
		{Host: 1, Local: inside, Remote: hub, Peer: 2, Actor: "phone"},
		{Host: 3, Local: hub, Remote: outside, Peer: 1, Actor: "hub"}}
	app := func(at netmodel.Time, k netmodel.Kind, h netmodel.HostID, a trace.App) {
		rec.App(trace.Event{Record: netmodel.Record{At: at, Kind: k, Host: h}, App: &a})
	}
	app(0, trace.BrokerStarted, 3, trace.App{Actor: "hub"})
	app(0, trace.ClientConnecting, 1, trace.App{Actor: "phone", Attempt: 1})
	sent := rec.Record(&netmodel.Record{At: ms(10), Kind: netmodel.SegmentSent, Host: 1, Peer: 2,
		Socket: 1, Link: 1, Due: ms(15), Reason: netmodel.SendHandshake,
		Seg: &netmodel.Segment{Src: inside, Dst: hub, Flags: netmodel.SYN}})
	arrived := rec.Record(&netmodel.Record{At: ms(15), Kind: netmodel.SegmentArrived, Host: 2,
		Link: 1, Of: sent, Seg: &netmodel.Segment{}})
	flow := &netmodel.Segment{Src: inside, Dst: hub}
	rec.Record(&netmodel.Record{At: ms(15), Kind: netmodel.MappingMade, Host: 2, Seg: flow})
	rec.Record(&netmodel.Record{At: ms(15), Kind: netmodel.TimerArmed, Host: 2, Seg: flow,
		Timer: netmodel.TimerNAT, Due: ms(350_015)})
	forwarded := rec.Record(&netmodel.Record{At: ms(15), Kind: netmodel.SegmentSent, Host: 2, Peer: 3,
		Link: 2, Due: ms(35), Reason: netmodel.SendForward, Cause: arrived, Of: sent,
		Seg: &netmodel.Segment{Src: outside, Dst: hub, Flags: netmodel.SYN}})
	rec.Record(&netmodel.Record{At: ms(35), Kind: netmodel.SegmentArrived, Host: 3, Link: 2,
		Of: forwarded, Seg: &netmodel.Segment{}})
	rec.Record(&netmodel.Record{At: ms(40), Kind: netmodel.SegmentSent, Peer: 1, Link: 1,
		Due: ms(42.5), Reason: netmodel.SendRouterReset,
		Seg: &netmodel.Segment{Src: hub, Dst: inside, Flags: netmodel.RST}})
	rec.Record(&netmodel.Record{At: ms(50), Kind: netmodel.SegmentSent, Host: 1, Socket: 1,
		Due: netmodel.Never, Seg: &netmodel.Segment{Src: inside, Dst: hub, Flags: netmodel.FIN}})
	rec.Record(&netmodel.Record{At: ms(50), Kind: netmodel.SegmentDropped, Host: 1,
		Reason: netmodel.DropInterface, Of: netmodel.EventID(len(rec.Trace.Events)),
		Seg: &netmodel.Segment{}})
	return &rec.Trace
}

// A router stands between; its hops are two flights with one name; a RST of nobody begins in the
// middle of its link, and what could not leave its host is seen at the host.
func TestPathOverANAT(t *testing.T) {
	tr := behindNAT()
	ix := NewIndex(tr)
	checkArrows(t, tr, false)
	if got := ix.flights[1].name; got != "SYN" || ix.flights[1].conn != ix.flights[0].conn {
		t.Errorf("the second hop of the SYN is a %q of another connection", got)
	}
	if f := ix.flights[2]; !f.middle || f.from != 2 || f.to != 1 {
		t.Errorf("the fault's RST is %+v, want it to come from the middle towards the phone", f)
	}
	if f := ix.flights[3]; f.link != 1 || !f.lost || f.died > 0.2 {
		t.Errorf("the FIN that could not leave is %+v, want it at the beginning of link 1", f)
	}
	v := screen()
	var l List
	ix.At(ms(25), &v, &l)
	picture(t, "nat", &l)
	if got, want := ringLabels(&l), "NAT idle: 350 s"; !strings.Contains(got, want) {
		t.Errorf("the rings say %q, want %q", got, want)
	}
	for i := range ix.world.nodes {
		if ix.world.nodes[i].column != i {
			t.Errorf("%s stands in column %d, want %d", tr.Hosts[i].Name, ix.world.nodes[i].column, i)
		}
	}
}

// aCrowd is n clients of one broker, all sending their SYN within a second.
func aCrowd(n int) *trace.Trace {
	var rec trace.Recorder
	tr := &rec.Trace
	tr.Length = ms(60_000)
	tr.Hosts = []trace.Host{{Name: "hub", Addr: netmodel.AddrFrom4(10, 0, 0, 1), Profile: "linux"}}
	hub := netmodel.Endpoint{Addr: tr.Hosts[0].Addr, Port: 1883}
	rec.App(trace.Event{Record: netmodel.Record{Kind: trace.BrokerStarted, Host: 1},
		App: &trace.App{Actor: "hub"}})
	for i := range n {
		name := fmt.Sprintf("sensor-%d", i+1)
		h := netmodel.HostID(len(tr.Hosts) + 1)
		tr.Hosts = append(tr.Hosts, trace.Host{Name: name, Profile: "linux",
			Addr: netmodel.AddrFrom4(10, 0, byte(1+i/256), byte(i))})
		tr.Links = append(tr.Links, trace.Link{A: h, B: 1, Latency: 10 * time.Millisecond})
		local := netmodel.Endpoint{Addr: tr.Hosts[h-1].Addr, Port: 40000}
		tr.Sockets = append(tr.Sockets, trace.Socket{Host: h, Local: local, Remote: hub, Actor: name})
	}
	for i := range n {
		at := ms(1000 + 2*float64(i))
		h := netmodel.HostID(i + 2)
		rec.App(trace.Event{Record: netmodel.Record{At: at, Kind: trace.ClientConnecting, Host: h},
			App: &trace.App{Actor: tr.Hosts[h-1].Name, Attempt: 1}})
		s := tr.Sockets[i]
		rec.Record(&netmodel.Record{At: at, Kind: netmodel.StateChanged, Host: h,
			Socket: netmodel.SocketID(i + 1), To: netmodel.SynSent})
		rec.Record(&netmodel.Record{At: at, Kind: netmodel.SegmentSent, Host: h, Peer: 1,
			Socket: netmodel.SocketID(i + 1), Link: netmodel.LinkID(i + 1), Due: at + ms(10),
			Seg: &netmodel.Segment{Src: s.Local, Dst: s.Remote, Flags: netmodel.SYN}})
	}
	return tr
}

// Many clients fit: names as far as there is room, every box inside the stage, none over another.
func TestCrowdsFitTheStage(t *testing.T) {
	for _, n := range []int{1, 3, 8, 40, 250} {
		ix := NewIndex(aCrowd(n))
		v := screen()
		v.Client = fmt.Sprintf("sensor-%d", n)
		var l List
		ix.At(ms(1006), &v, &l)
		picture(t, fmt.Sprintf("crowd-%d", n), &l)
		stage := v.Layout().Stage
		var boxes []Rect
		for i := range l.Refs {
			if l.Refs[i].Role == RoleHost {
				boxes = append(boxes, l.Refs[i].Box)
			}
		}
		if len(boxes) != n+1 {
			t.Fatalf("%d hosts are drawn, want %d", len(boxes), n+1)
		}
		for i, a := range boxes {
			if a.X < stage.X || a.Y < stage.Y || a.X+a.W > stage.X+stage.W ||
				a.Y+a.H > stage.Y+stage.H+0.1 {
				t.Errorf("%d clients: box %d %+v leaves the stage %+v", n, i, a, stage)
			}
			for _, b := range boxes[i+1:] {
				if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H-0.1 && b.Y < a.Y+a.H-0.1 {
					t.Errorf("%d clients: %+v and %+v overlap", n, a, b)
				}
			}
		}
	}
}

// In a world without MQTT whoever listens stands on the right, and wires have two ends.
func TestWorldsWithoutBrokers(t *testing.T) {
	for _, listens := range []bool{true, false} {
		tr := &trace.Trace{Length: ms(1000),
			Hosts: []trace.Host{{Name: "server", Addr: 1}, {Name: "cab", Addr: 2}},
			Links: []trace.Link{{A: 1, B: 2, Latency: time.Millisecond}}}
		want := []int{0, 1}
		if listens {
			tr.Sockets = []trace.Socket{{Host: 1, Local: netmodel.Endpoint{Port: 80}}}
			want = []int{1, 0}
		}
		ix := NewIndex(tr)
		v := screen()
		var l List
		ix.At(0, &v, &l)
		for i, column := range want {
			if got := ix.world.nodes[i].column; got != column {
				t.Errorf("listener %v: %s stands in column %d, want %d", listens, tr.Hosts[i].Name, got,
					column)
			}
		}
		if w := l.spare.wires[0]; w.q.X-w.p.X < wireLeast {
			t.Errorf("listener %v: the wire runs from %v to %v", listens, w.p, w.q)
		}
	}
	var l List
	v := screen()
	NewIndex(&trace.Trace{}).At(0, &v, &l) // nothing at all is a picture, too
	if len(l.Items) == 0 {
		t.Error("an empty trace has no picture")
	}
}
