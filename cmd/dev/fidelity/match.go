package fidelity

import (
	"fmt"
	"slices"
	"strings"
)

// Tolerances of the comparison: an interval may differ by 5 %, by 40 ms, or by a granule of the
// kernel's timer wheel, whatever is most.
const (
	tolerancePart = 0.05
	toleranceTime = 0.040
	// needed is the part of the segments with a flag or data that must match, in order.
	needed = 0.97
)

// granule is that of Linux' timer wheel for a timeout (kernel/time/timer.c): one tick for the
// first 64, then eight times as much per level.
func granule(d float64, hz int) float64 {
	g := 1 / float64(hz)
	for limit := 63 * g; d > limit && limit < 1e4; limit *= 8 {
		g *= 8
	}
	return g
}

func within(want, got float64, hz int) bool {
	diff := max(want-got, got-want)
	return diff <= max(tolerancePart*want, toleranceTime, granule(want, hz))
}

// telling reports whether a packet carries a flag or data; the others are pure ACKs, which are only
// counted.
func telling(p *Packet) bool {
	return p.Flags != "ICMP" && (p.Len > 0 || p.has("SYN") || p.has("FIN") || p.has("RST"))
}

// key names a packet apart from its time. PSH is left out: it says where the sender's buffer
// ended, and depends on the instant of a write.
func (p *Packet) key() string {
	var f []string
	for x := range strings.SplitSeq(p.Flags, ",") {
		if x != "PSH" && x != "ECN-ECHO" && x != "CWR" {
			f = append(f, x)
		}
	}
	slices.Sort(f)
	return fmt.Sprintf("%s %d %s %d(%d)", p.Dir, p.Port, strings.Join(f, ","), p.Seq, p.Len)
}

// String shows a packet in a line of a report.
func (p *Packet) String() string {
	return fmt.Sprintf("%11.6f %s :%d %s seq %d len %d %s", p.T, p.Dir, p.Port, p.Flags, p.Seq,
		p.Len, strings.Join(p.MQTT, ","))
}

// Match is the comparison of what one interface saw.
type Match struct {
	Side        Side
	Real, Model int // segments that carry a flag or data
	Same        int // in order, with their interval
	ACKs        [2]int
	Worst       float64 // the largest difference of an interval among the matched
	First       string  // the first mismatch
}

// Part is the part that matched.
func (m Match) Part() float64 {
	if n := max(m.Real, m.Model); n > 0 {
		return float64(m.Same) / float64(n)
	}
	return 1
}

// OK reports whether enough matched.
func (m Match) OK() bool { return m.Part() >= needed }

// compareSide matches the packets of one interface, connection by connection, because two
// connections may overlap in time.
func compareSide(s Side, real, model []Packet, hz int) Match {
	m := Match{Side: s}
	r, o := split(real, &m.ACKs[0]), split(model, &m.ACKs[1])
	var before [2]*Packet
	for _, port := range r.ports {
		m.conn(r.of[port], o.of[port], before, hz)
		if a, b := r.of[port], o.of[port]; len(a) > 0 && len(b) > 0 {
			before = [2]*Packet{&a[0], &b[0]}
		}
	}
	for _, port := range o.ports {
		if r.of[port] == nil {
			m.conn(nil, o.of[port], before, hz)
		}
	}
	return m
}

// byPort are the telling packets of each connection, in the order of their appearance.
type byPort struct {
	ports []int
	of    map[int][]Packet
}

func split(packets []Packet, acks *int) byPort {
	b := byPort{of: map[int][]Packet{}}
	for i := range packets {
		p := &packets[i]
		if !telling(p) {
			if p.Flags != "ICMP" {
				*acks++
			}
			continue
		}
		if b.of[p.Port] == nil {
			b.ports = append(b.ports, p.Port)
		}
		b.of[p.Port] = append(b.of[p.Port], *p)
	}
	return b
}

// conn matches one connection; before are the first packets of the connection before it, from which
// the interval of its own first packet counts.
func (m *Match) conn(real, model []Packet, before [2]*Packet, hz int) {
	m.Real += len(real)
	m.Model += len(model)
	pairs := align(real, model)
	for i, p := range pairs {
		if p.model < 0 {
			m.mismatch("missing", &real[p.real], nil)
			continue
		}
		if p.real < 0 {
			m.mismatch("extra", nil, &model[p.model])
			continue
		}
		want, got, ok := interval(pairs[:i], p, real, model)
		if !ok && before[0] != nil {
			want, got, ok = real[p.real].T-before[0].T, model[p.model].T-before[1].T, true
		}
		if ok && !within(want, got, hz) {
			m.mismatch(fmt.Sprintf("interval %.3f s, not %.3f s:", got, want), &real[p.real],
				&model[p.model])
			continue
		}
		m.Same++
		m.Worst = max(m.Worst, want-got, got-want)
	}
}

// interval is the time since the last pair that both lists have; the first of a connection has
// none.
func interval(before []pair, p pair, real, model []Packet) (want, got float64, ok bool) {
	for i := len(before) - 1; i >= 0; i-- {
		if q := before[i]; q.real >= 0 && q.model >= 0 {
			return real[p.real].T - real[q.real].T, model[p.model].T - model[q.model].T, true
		}
	}
	return 0, 0, false
}

func (m *Match) mismatch(what string, real, model *Packet) {
	if m.First != "" {
		return
	}
	m.First = fmt.Sprintf("at %s's interface, %s", m.Side, what)
	if real != nil {
		m.First += "\n      real   " + real.String()
	}
	if model != nil {
		m.First += "\n      model  " + model.String()
	}
}

// pair is a place in both lists; -1 where one has nothing.
type pair struct{ real, model int }

// align pairs the two lists, direction by direction, and puts the pairs into the order of time: two
// segments that pass each other on the wire have no order of their own. That they come at the right
// time is for the intervals to say.
func align(real, model []Packet) []pair {
	var out []pair
	for _, dir := range []string{"c>b", "b>c"} {
		r, m := places(real, dir), places(model, dir)
		out = append(out, common(real, model, r, m)...)
	}
	when := func(p pair) float64 {
		if p.real >= 0 {
			return real[p.real].T
		}
		return model[p.model].T
	}
	slices.SortStableFunc(out, func(a, b pair) int { return compare(when(a), when(b)) })
	return out
}

func places(l []Packet, dir string) []int {
	var out []int
	for i := range l {
		if l[i].Dir == dir {
			out = append(out, i)
		}
	}
	return out
}

// common finds the longest common subsequence of two lists by their keys; r and m are the places
// that count.
func common(real, model []Packet, r, m []int) []pair {
	rk, mk := keys(real), keys(model)
	n, k := len(r), len(m)
	table := make([][]int32, n+1)
	for i := range table {
		table[i] = make([]int32, k+1)
	}
	same := func(i, j int) bool { return rk[r[i]] == mk[m[j]] }
	for i := n - 1; i >= 0; i-- {
		for j := k - 1; j >= 0; j-- {
			if same(i, j) {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	var out []pair
	i, j := 0, 0
	for i < n || j < k {
		switch {
		case i < n && j < k && same(i, j):
			out = append(out, pair{r[i], m[j]})
			i, j = i+1, j+1
		case j == k || i < n && table[i+1][j] >= table[i][j+1]:
			out = append(out, pair{r[i], -1})
			i++
		default:
			out = append(out, pair{-1, m[j]})
			j++
		}
	}
	return out
}

// keys names the packets of a connection.
func keys(l []Packet) []string {
	out := make([]string, len(l))
	for i := range l {
		out[i] = l[i].key()
	}
	return out
}
