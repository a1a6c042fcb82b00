package render

import (
	"slices"
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// world is who is where, as the stage shows it: clients left, brokers right, routers between.
type world struct {
	nodes   []node
	columns int
	rows    []int     // nodes of each column
	ports   [][2]port // of each link: at its A and at its B
	faults  []faultBand

	programs []programBand
}

// port is where among its host's links on the same side a link leaves it.
type port struct {
	right bool
	at, n int
}

// node is a host's place in the stage's grid.
type node struct {
	id          netmodel.HostID
	column, row int
	broker      bool
	server      bool // stands on the right: a broker, or in a world without any whoever listens
	router      bool
	clients     []string // programs that are MQTT clients
	client      int      // the first of them in Index.clients, or -1
}

// faultBand is a fault with its end taken from the events.
type faultBand struct {
	begin, end netmodel.Time
	event      trace.ID
	link       netmodel.LinkID
	from, host netmodel.HostID
	verb       string // first word of its text
	detail     string // its settings: "rate=20%"
	text       string
}

func (ix *Index) findWorld() {
	w := &ix.world
	w.nodes = make([]node, len(ix.tr.Hosts))
	for i := range w.nodes {
		w.nodes[i] = node{id: netmodel.HostID(i + 1), router: ix.tr.Hosts[i].Router}
	}
	ix.findPrograms()
	ix.findServers()
	ix.placeColumns()
	ix.placePorts()
	ix.findFaults()
	ix.findBands()
}

// findPrograms tells brokers and clients by what they did.
func (ix *Index) findPrograms() {
	for _, ev := range ix.events {
		if ev.App == nil || ev.Host <= 0 || int(ev.Host) > len(ix.world.nodes) {
			continue
		}
		n := &ix.world.nodes[ev.Host-1]
		switch {
		case ev.Kind >= trace.BrokerStarted && ev.Kind <= trace.BrokerStopped:
			n.broker = true
		case ev.Kind >= trace.ClientConnecting && ev.Kind <= trace.ClientStopped,
			ev.Kind == trace.Setting:
			if ev.App.Actor != "" && !slices.Contains(n.clients, ev.App.Actor) {
				n.clients = append(n.clients, ev.App.Actor)
			}
		}
	}
}

// findServers decides who stands on the right: brokers; in a world of other programs the hosts with
// a listener, or, failing that, the last host.
func (ix *Index) findServers() {
	w := &ix.world
	found := false
	for i := range w.nodes {
		w.nodes[i].server = w.nodes[i].broker
		found = found || w.nodes[i].broker
	}
	for i := range ix.tr.Sockets {
		s := &ix.tr.Sockets[i]
		if !found && s.Remote.Port == 0 && s.Local.Port != 0 && s.Host > 0 {
			w.nodes[s.Host-1].server = true
		}
	}
	isServer := func(n node) bool { return n.server }
	if last := len(w.nodes) - 1; last > 0 && !slices.ContainsFunc(w.nodes, isServer) {
		w.nodes[last].server = true
	}
}

// placeColumns puts servers into the last column and hosts without one into the first. A router
// stands as many columns from the right as it has links to the nearest broker.
func (ix *Index) placeColumns() {
	w := &ix.world
	dist := ix.distances()
	deepest := 0
	for i := range w.nodes {
		if w.nodes[i].router {
			deepest = max(deepest, dist[i])
		}
	}
	w.columns = deepest + 2
	for i := range w.nodes {
		switch n := &w.nodes[i]; {
		case n.server:
			n.column = w.columns - 1
		case n.router:
			n.column = w.columns - 1 - min(max(dist[i], 1), deepest)
		}
	}
	w.rows = make([]int, w.columns)
	for i := range w.nodes {
		n := &w.nodes[i]
		n.row = w.rows[n.column]
		w.rows[n.column]++
	}
}

// placePorts counts the links on each side of each host.
func (ix *Index) placePorts() {
	w := &ix.world
	count := make([][2]int, len(w.nodes))
	w.ports = make([][2]port, len(ix.tr.Links))
	side := func(right bool) int {
		if right {
			return 1
		}
		return 0
	}
	for i, l := range ix.tr.Links {
		for end, h := range [2]netmodel.HostID{l.A, l.B} {
			right := w.rightward(h, l.A+l.B-h)
			n := &count[h-1][side(right)]
			w.ports[i][end] = port{right: right, at: *n}
			*n++
		}
	}
	for i, l := range ix.tr.Links {
		for end, h := range [2]netmodel.HostID{l.A, l.B} {
			p := &w.ports[i][end]
			p.n = count[h-1][side(p.right)]
		}
	}
}

// rightward reports whether a link from h to o leaves h on its right side. Hosts above each other
// are joined on the side where there is room.
func (w *world) rightward(h, o netmodel.HostID) bool {
	a, b := &w.nodes[h-1], &w.nodes[o-1]
	if a.column != b.column {
		return a.column < b.column
	}
	return a.column < w.columns-1
}

// distances counts the links from each host to the nearest broker; 0 for brokers and for what has
// no way to one.
func (ix *Index) distances() []int {
	dist := make([]int, len(ix.world.nodes))
	var queue []netmodel.HostID
	for i := range ix.world.nodes {
		if ix.world.nodes[i].server {
			queue = append(queue, netmodel.HostID(i+1))
		}
	}
	for len(queue) > 0 {
		h := queue[0]
		queue = queue[1:]
		for _, l := range ix.tr.Links {
			o := l.B
			if o == h {
				o = l.A
			}
			if (l.A != h && l.B != h) || dist[o-1] > 0 || ix.world.nodes[o-1].server {
				continue
			}
			dist[o-1] = dist[h-1] + 1
			queue = append(queue, o)
		}
	}
	return dist
}

// findFaults pairs the begins and ends of faults.
func (ix *Index) findFaults() {
	for id, ev := range ix.events {
		if ev.Fault <= 0 || int(ev.Fault) > len(ix.tr.Faults) {
			continue
		}
		switch ev.Kind {
		case netmodel.FaultBegan:
			f := &ix.tr.Faults[ev.Fault-1]
			b := faultBand{begin: ev.At, end: netmodel.Never, event: id, link: f.Link,
				from: f.From, host: f.Host, text: f.Text}
			b.verb, b.detail = faultWords(f.Text)
			ix.world.faults = append(ix.world.faults, b)
		case netmodel.FaultEnded:
			for j := range ix.world.faults {
				b := &ix.world.faults[j]
				if began := ix.tr.Event(b.event); began.Fault == ev.Fault && b.end == netmodel.Never {
					b.end = ev.At
				}
			}
		}
	}
}

// faultWords takes verb and settings out of a fault's text: "loss", "rate=20%".
func faultWords(text string) (verb, detail string) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return "", ""
	}
	var rest []string
	for _, w := range words[1:] {
		if strings.Contains(w, "=") || w[0] >= '0' && w[0] <= '9' {
			rest = append(rest, w)
		}
	}
	return words[0], strings.Join(rest, " ")
}

// active reports whether the fault is on at t.
func (b *faultBand) active(t netmodel.Time) bool { return b.begin <= t && t < b.end }
