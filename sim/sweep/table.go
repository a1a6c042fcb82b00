package sweep

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tableGroups are the text table's columns behind those of the axes: the heads of each group, below
// a head of its own.
var tableGroups = []struct {
	top   string
	heads []string
}{
	{"client notices, s", []string{"of", "p5", "p50", "p95", "max", "bound"}},
	{"broker notices, s", []string{"of", "p5", "p50", "p95", "max", "bound"}},
	{"p95, s", []string{"lie", "down"}},
	{"", []string{"lost"}},
	{"radio, a day", []string{"awake h", "wakes"}},
}

// WriteTable prints a line for each cell: the detection of client and broker as a band beside its
// bound, the lie, the downtime, what was lost, what it costs. Each TCP keepalive has a part of its
// own. What is wider than so many columns is folded; 0: nothing is.
func WriteTable(w io.Writer, p *Plan, rows []Row, columns int) error {
	tcp := slices.IndexFunc(p.Axes, func(a Axis) bool { return a.Name == "tcp-keepalive" })
	if tcp < 0 {
		_, err := io.WriteString(w, p.table(p.Groups(rows), -1).fold(columns))
		return err
	}
	for i, v := range p.Axes[tcp].Values {
		var part []Row
		for _, r := range rows {
			if r.Values[tcp] == v.Text {
				part = append(part, r)
			}
		}
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(w, "tcp-keepalive %s\n%s", p.label(tcp, v.Text),
			p.table(p.Groups(part), tcp).fold(columns)); err != nil {
			return err
		}
	}
	return nil
}

// table has the cells of groups, without one of the axes.
func (p *Plan) table(groups []Group, without int) *textTable {
	t := &textTable{}
	var head []string
	for i, a := range p.Axes {
		if i != without {
			head = append(head, a.Name)
		}
	}
	t.fixed = len(head)
	for _, g := range tableGroups {
		t.groups = append(t.groups, textGroup{g.top, len(head)})
		head = append(head, g.heads...)
	}
	t.add(head...)
	for _, g := range groups {
		var line []string
		for i, v := range g.Values {
			if i != without {
				line = append(line, p.label(i, v))
			}
		}
		b := p.boundsAt(&g.Rows[0])
		line = append(line, bandCells(Spread(g.Rows, "detect_s"), b.Client)...)
		line = append(line, bandCells(Spread(g.Rows, "broker_detect_s"), b.Broker)...)
		for _, column := range []string{"lie_s", "down_s"} {
			s := Spread(g.Rows, column)
			line = append(line, cell(s, s.P95))
		}
		awake, wakes := Spread(g.Rows, "awake_h_per_day"), Spread(g.Rows, "wakes_per_day")
		t.add(append(line, lost(g.Rows), cell(awake, awake.P50), cell(wakes, wakes.P50))...)
	}
	return t
}

func bandCells(b Band, limit time.Duration) []string {
	return []string{fmt.Sprintf("%d/%d", b.N, b.Of), cell(b, b.P5), cell(b, b.P50), cell(b, b.P95),
		cell(b, b.Most), bound(limit.Seconds())}
}

// boundsAt computes the bounds of a row's scenario.
func (p *Plan) boundsAt(r *Row) Bounds {
	s, err := p.Scenario(r.Point)
	if err != nil {
		return Bounds{}
	}
	for _, st := range devices(s) {
		if p.Client == "" || st.Args[0] == p.Client {
			return BoundsOf(s, st.Args[0])
		}
	}
	return Bounds{}
}

func cell(b Band, q Quantile) string {
	if b.N == 0 {
		return "-"
	}
	return number3(q.Value)
}

func bound(seconds float64) string {
	if seconds == 0 {
		return "none"
	}
	return number3(seconds)
}

// number3 prints three or four digits: 74.7, 924, 12345.
func number3(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 10:
		return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(x, 'f', 2, 64), "0"), ".")
	case x < 1000:
		return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// lost is the share of messages that never came, over all rows, of those that somebody had asked
// for; "-" if nobody ever had.
func lost(rows []Row) string {
	sent, gone := 0.0, 0.0
	for i := range rows {
		r := &rows[i]
		n, _ := r.Get("msg_sent")
		unasked, _ := r.Get("msg_lost_nobody_subscribed")
		sent += (n - unasked) * r.Weight
		for _, c := range Columns {
			if strings.HasPrefix(c.Name, "msg_lost_") && c.Name != "msg_lost_under_way" &&
				c.Name != "msg_lost_nobody_subscribed" {
				x, _ := r.Get(c.Name)
				gone += x * r.Weight
			}
		}
	}
	if sent == 0 {
		return "-"
	}
	return number3(100*gone/sent) + "%"
}
